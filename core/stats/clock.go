package stats

import (
	"context"
	"time"

	"baton/core"
)

// clockDays takes the states and messages of days that are over into pages, one day after the other.
func (r *Rollup) clockDays(ctx context.Context) error {
	for done := false; !done; {
		err := r.change(ctx, func(p Progress) (Change, error) {
			done = true
			zone, err := time.LoadLocation(p.Zone)
			if err != nil {
				return Change{}, err
			}
			day, err := r.unclocked(ctx, p, zone)
			if err != nil || day == "" || r.now().Before(day.End(zone).Add(clockDelay)) {
				return Change{}, orNothing(err)
			}
			done = false
			b := newBook(zone, r.sketch)
			if err := r.clock(ctx, b, day); err != nil {
				return Change{}, err
			}
			c := Change{Progress: p, Pages: map[Place][]byte{}}
			c.Progress.Clocked = day
			return c, r.addUp(ctx, b, c.Pages)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func orNothing(err error) error {
	if err != nil {
		return err
	}
	return errNothing
}

// unclocked is the first day whose states and messages are in no page, or "" when nothing has happened yet.
func (r *Rollup) unclocked(ctx context.Context, p Progress, zone *time.Location) (Day, error) {
	if p.Clocked != "" {
		return p.Clocked.Plus(1), nil
	}
	begun, err := r.store.Begun(ctx)
	if err != nil || begun == 0 {
		return "", err
	}
	return DayOf(time.UnixMilli(begun), zone), nil
}

// clock adds what agents were and who wrote how much on a day.
func (r *Rollup) clock(ctx context.Context, b *book, day Day) error {
	in := Span{day.Start(b.zone).UnixMilli(), day.End(b.zone).UnixMilli()}
	states, messages := b.page(byState, "", day), b.page(byMessages, "", day)
	if err := clockStates(ctx, r.store, in, r.now(), states); err != nil {
		return err
	}
	return clockMessages(ctx, r.store, in, messages)
}

// clockStates adds how long agents were in each state during a time, as far as it has passed.
func clockStates(ctx context.Context, store Ledger, in Span, now time.Time, to page) error {
	in.To = min(in.To, now.UnixMilli())
	list, err := store.States(ctx, in)
	if err != nil {
		return err
	}
	for i, s := range list {
		until := in.To
		if i+1 < len(list) && list[i+1].Agent == s.Agent {
			until = list[i+1].Since
		}
		n, known := map[string]count{string(core.Available): available, string(core.BusyAgent): busy, string(core.Away): away, Gone: gone}[s.State]
		if ms := (Span{s.Since, until}).within(in); known && ms > 0 {
			to.at(s.Agent).counts[n] += ms
		}
	}
	return nil
}

// clockMessages adds how many messages were written during a time.
func clockMessages(ctx context.Context, store Ledger, in Span, to page) error {
	counted, err := store.Counted(ctx, in)
	if err != nil {
		return err
	}
	b := to.at("")
	for role, n := range counted {
		switch role {
		case core.CustomerRole:
			b.counts[fromCustomer] += n
		case core.BotRole:
			b.counts[fromBot] += n
		case core.System:
			b.counts[fromSystem] += n
		default:
			b.counts[fromAgent] += n
		}
	}
	return nil
}
