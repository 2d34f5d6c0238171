package stats

import (
	"context"
	"fmt"
	"time"
)

// followZone makes pages for the account's zone when that has changed, and then answers from those; and takes the
// states and messages of closed days into pages.
func (r *Rollup) followZone(ctx context.Context) error {
	account, err := r.store.Account(ctx)
	if err != nil {
		return err
	}
	p, err := r.store.Progress(ctx)
	if err != nil {
		return err
	}
	if p.Zone != "" && p.Zone != account.TimeZone {
		if err := r.rezone(ctx, account.TimeZone); err != nil {
			return fmt.Errorf("making the figures for the zone %s: %w", account.TimeZone, err)
		}
	}
	return r.clockDays(ctx)
}

// rezone makes the pages of another zone beside those in use, and then those of all others go.
func (r *Rollup) rezone(ctx context.Context, zone string) error {
	err := r.change(ctx, func(p Progress) (Change, error) {
		if p.Next == zone {
			return Change{}, errNothing
		}
		c := Change{Progress: p, Drop: []string{zone, p.Next}}
		c.Progress.Next, c.Progress.NextAt, c.Progress.NextFact = zone, 0, ""
		return c, nil
	})
	for done := false; err == nil && !done; {
		err = r.change(ctx, func(p Progress) (Change, error) {
			facts, err := r.store.FactsAfter(ctx, p.NextAt, p.NextFact, rezoneAtOnce)
			if err != nil {
				return Change{}, err
			}
			if done = len(facts) == 0; done {
				c := Change{Progress: p, Drop: []string{p.Zone}}
				c.Progress.Zone, c.Progress.Next, c.Progress.NextAt, c.Progress.NextFact = p.Next, "", 0, ""
				c.Progress.Clocked = ""
				if p.Newest != "" {
					c.Progress.Newest = p.Newest.Plus(1)
				}
				return c, nil
			}
			return r.entered(ctx, p, facts)
		})
	}
	return err
}

// rezoneAtOnce is how many facts one transaction brings into another zone.
const rezoneAtOnce = 2000

// entered puts facts into the pages of the next zone.
func (r *Rollup) entered(ctx context.Context, p Progress, facts []*Fact) (Change, error) {
	c := Change{Progress: p, Pages: map[Place][]byte{}}
	zone, err := time.LoadLocation(p.Next)
	if err != nil {
		return c, err
	}
	b := newBook(zone, r.sketch)
	for _, f := range facts {
		b.add(f, 1)
	}
	last := facts[len(facts)-1]
	c.Progress.NextAt, c.Progress.NextFact = last.CreatedAt, last.Session
	return c, r.addUp(ctx, b, c.Pages)
}
