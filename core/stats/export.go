package stats

import (
	"context"
	"time"
)

// Sessions gives the facts of all sessions of a period, line by line as SessionsHeader names them: those that have
// ended, by the time of their request, and then those that have not. It reads on as the lines are taken.
func (f *Figures) Sessions(ctx context.Context, a Ask, line func([]string) error) error {
	x, err := f.open(ctx, a)
	if err != nil {
		return err
	}
	if err := f.endedLines(ctx, x, line); err != nil {
		return err
	}
	return f.openLines(ctx, x, line)
}

// Check says what is wrong with a question, before an answer is begun.
func (f *Figures) Check(ctx context.Context, a Ask) error {
	_, err := f.open(ctx, a)
	return err
}

func (f *Figures) endedLines(ctx context.Context, x *period, line func([]string) error) error {
	created, session := int64(0), ""
	for {
		facts, err := f.store.FactsOf(ctx, x.span, x.queues, created, session, foldAtOnce)
		if err != nil || len(facts) == 0 {
			return err
		}
		if err := lines(facts, x.zone, line); err != nil {
			return err
		}
		last := facts[len(facts)-1]
		created, session = last.CreatedAt, last.Session
	}
}

func (f *Figures) openLines(ctx context.Context, x *period, line func([]string) error) error {
	for after := ""; ; {
		ids, err := f.store.OpenIDs(ctx, x.span, x.queues, after, foldAtOnce)
		if err != nil || len(ids) == 0 {
			return err
		}
		logs, err := f.store.Logs(ctx, ids)
		if err != nil {
			return err
		}
		facts := make([]*Fact, 0, len(ids))
		for _, id := range ids {
			if fact := Fold(logs[id]); fact.Session == id && !fact.Ended() {
				facts = append(facts, fact)
			}
		}
		if err := lines(facts, x.zone, line); err != nil {
			return err
		}
		after = ids[len(ids)-1]
	}
}

func lines(facts []*Fact, zone *time.Location, line func([]string) error) error {
	for _, fact := range facts {
		if err := line(fact.Line(zone)); err != nil {
			return err
		}
	}
	return nil
}
