package stats

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"time"

	"baton/core"
	"baton/core/hours"
)

// repairDays is how many days before today a repair looks at.
const repairDays = 2

// repairAt is when a day's repair is due, in the account's zone.
const repairAt = "03:00"

// Nightly repairs once on each day, on one server. A night without a server is made up for when one is back.
func (r *Rollup) Nightly() core.Job {
	return core.Job{
		Name: "figures", Missed: core.MissedOnce,
		Due: func(ctx context.Context, after, until time.Time) ([]time.Time, error) {
			account, err := r.store.Account(ctx)
			if err != nil {
				return nil, err
			}
			daily, err := hours.NewDaily(account.TimeZone, repairAt)
			if err != nil {
				return nil, err
			}
			return daily.Due(ctx, after, until)
		},
		Run: func(ctx context.Context, _ time.Time) error { return r.Repair(ctx) },
	}
}

// Repair makes the facts of all sessions that ended since the day before yesterday anew from their logs, counts their
// messages anew, and then the pages of those days. What is right already is not written again.
func (r *Rollup) Repair(ctx context.Context) error {
	end, err := r.take(ctx)
	if err != nil {
		return err
	}
	defer end()
	if err := r.fold(ctx); err != nil {
		return err
	}
	p, err := r.store.Progress(ctx)
	if err != nil {
		return err
	}
	zone, err := time.LoadLocation(p.Zone)
	if err != nil {
		return err
	}
	today := DayOf(r.now(), zone)
	first := today.Plus(-repairDays)
	if err := r.refold(ctx, first.Start(zone).UnixMilli()); err != nil {
		return err
	}
	if err := r.recount(ctx, Span{first.Start(zone).UnixMilli(), r.now().Add(-QuarterLength).UnixMilli()}); err != nil {
		return err
	}
	for _, day := range daysBetween(first, today) {
		if err := r.run(ctx, day); err != nil {
			return err
		}
	}
	return nil
}

// refold folds the logs of what ended since a time again.
func (r *Rollup) refold(ctx context.Context, since int64) error {
	for after := ""; ; {
		ids, err := r.store.EndedSince(ctx, since, after, foldAtOnce)
		if err != nil || len(ids) == 0 {
			return err
		}
		err = r.change(ctx, func(p Progress) (Change, error) {
			facts, err := r.foldThese(ctx, ids)
			if err != nil {
				return Change{}, err
			}
			c, err := r.booked(ctx, p, facts)
			if err == nil && len(c.Facts) == 0 {
				err = errNothing
			}
			return c, err
		})
		if err != nil {
			return err
		}
		after = ids[len(ids)-1]
	}
}

// recount counts the messages of whole quarters anew from the logs of all that was active since then.
func (r *Rollup) recount(ctx context.Context, in Span) error {
	length := QuarterLength.Milliseconds()
	in = Span{in.From / length * length, in.To / length * length}
	counts := map[Quarter]int64{}
	for after := ""; ; {
		ids, err := r.store.ActiveSince(ctx, in.From, after, foldAtOnce)
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			break
		}
		logs, err := r.store.Logs(ctx, ids)
		if err != nil {
			return err
		}
		for _, log := range logs {
			for _, e := range log {
				if role, counted := CountsAs(e); counted && e.At.UnixMilli() >= in.From && e.At.UnixMilli() < in.To {
					counts[Quarter{QuarterOf(e.At.UnixMilli()), role}]++
				}
			}
		}
		after = ids[len(ids)-1]
	}
	return r.store.Recount(ctx, in, counts)
}

// CountsAs says whose message an event is. What was said before the handoff, and what the customer does not see, is
// not counted.
func CountsAs(e *core.Event) (core.Role, bool) {
	p, is := e.Data.(*core.Posted)
	if !is || p.History || p.Whisper {
		return "", false
	}
	return p.Author.Role, true
}

// Run makes the pages of a day anew from facts, states and counters, and writes those that are not right.
func (r *Rollup) Run(ctx context.Context, day Day) error {
	end, err := r.take(ctx)
	if err != nil {
		return err
	}
	defer end()
	return r.run(ctx, day)
}

func (r *Rollup) run(ctx context.Context, day Day) error {
	return r.change(ctx, func(p Progress) (Change, error) {
		zone, err := time.LoadLocation(p.Zone)
		if err != nil {
			return Change{}, err
		}
		b := newBook(zone, r.sketch)
		if err := r.gather(ctx, b, Span{day.Start(zone).UnixMilli(), day.End(zone).UnixMilli()}); err != nil {
			return Change{}, err
		}
		if day <= p.Clocked {
			if err := r.clock(ctx, b, day); err != nil {
				return Change{}, err
			}
		}
		c := Change{Progress: p}
		if c.Pages, err = r.wrong(ctx, b, p.Zone, day); err != nil {
			return c, err
		}
		if len(c.Pages) == 0 {
			return c, errNothing
		}
		return c, nil
	})
}

// gather adds the facts of all sessions that touch a time; only the pages of that time's day are whole then.
func (r *Rollup) gather(ctx context.Context, b *book, in Span) error {
	for after := ""; ; {
		facts, err := r.store.FactsIn(ctx, in, after, foldAtOnce)
		if err != nil || len(facts) == 0 {
			return err
		}
		for _, f := range facts {
			b.add(f, 1)
		}
		after = facts[len(facts)-1].Session
	}
}

// wrong gives the pages of a day, and of its month, that are not kept as they must be.
func (r *Rollup) wrong(ctx context.Context, b *book, zone string, day Day) (map[Place][]byte, error) {
	month := day.month()
	first, last := month.ofMonth()
	days, err := r.store.PagesOn(ctx, zone, Stretch{first, last})
	if err != nil {
		return nil, err
	}
	kept, err := r.store.PagesOn(ctx, zone, Stretch{month, month})
	if err != nil {
		return nil, err
	}
	pages := map[Place][]byte{}
	for place := range days {
		if _, there := b.pages[place]; place.Day == day && !there {
			pages[place] = nil
		}
	}
	for place, p := range b.pages {
		if data := p.bytes(); place.Day == day && !bytes.Equal(data, days[place]) {
			pages[place] = data
		}
	}
	maps.Copy(days, pages)
	return pages, r.addMonth(days, kept, pages)
}

// addMonth adds the pages of a month that are not what its days come to.
func (r *Rollup) addMonth(days, kept, to map[Place][]byte) error {
	sums := map[Place]page{}
	for place, data := range days {
		if err := pageOf(sums, place.month()).merge(data, r.sketch); err != nil {
			return err
		}
	}
	for place := range kept {
		pageOf(sums, place)
	}
	for place, sum := range sums {
		if data := sum.bytes(); !bytes.Equal(data, kept[place]) {
			to[place] = data
		}
	}
	return nil
}

// Rebuild forgets all facts and pages and makes them anew from the log.
func (r *Rollup) Rebuild(ctx context.Context) error {
	end, err := r.take(ctx)
	if err != nil {
		return err
	}
	defer end()
	err = r.change(ctx, func(Progress) (Change, error) {
		account, err := r.store.Account(ctx)
		return Change{Reset: true, Progress: Progress{Zone: account.TimeZone}}, err
	})
	if err != nil {
		return err
	}
	return errors.Join(r.fold(ctx), r.followZone(ctx))
}

// Import counts facts that come from elsewhere and not from the log, as a measurement brings them.
func (r *Rollup) Import(ctx context.Context, facts []*Fact) error {
	end, err := r.take(ctx)
	if err != nil {
		return err
	}
	defer end()
	return r.change(ctx, func(p Progress) (Change, error) { return r.booked(ctx, p, facts) })
}
