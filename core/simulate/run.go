package simulate

import (
	"context"
	"errors"
	"math"
	"slices"
	"time"

	"baton/core"
	"baton/core/desk"
)

// Setup says how a plan is run.
type Setup struct {
	Plan     *Plan
	Variants []Variant
	Seed     uint64
	// Notes are what is known already that one should know of the result.
	Notes []Note
	// Runs is how often each variant is run; 0 is 5, and more when few chats come.
	Runs int
	// Most is how many chats all runs may have together; 0 does not bound them. Days are left out beyond it, whole weeks
	// first, and then runs.
	Most int
	// Within is how long it may take; 0 does not bound it. What is done by then counts, if there are two runs at least.
	Within time.Duration
	Desk   desk.Config
	// Progress is told how much is done, from 0 to 1. It may be nil.
	Progress func(float64)
}

const (
	usualRuns  = 5
	mostRuns   = 20
	fewestRuns = 2
	// enoughChats is how many chats the runs of a variant should have together.
	enoughChats = 3000
)

// Run simulates all variants. The same setup gives the same result.
func Run(ctx context.Context, s Setup) (*Result, error) {
	if err := s.Plan.Check(); err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(s.Plan.TimeZone)
	if err != nil {
		return nil, err
	}
	plan, runs, notes, err := s.bounded()
	if err != nil {
		return nil, err
	}
	notes = append(slices.Clone(s.Notes), notes...)
	within := ctx
	if s.Within > 0 {
		var cancel context.CancelFunc
		within, cancel = context.WithTimeout(ctx, s.Within)
		defer cancel()
	}
	tallies, done, err := s.runAll(within, plan, zone, runs)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, context.DeadlineExceeded) && done >= fewestRuns:
		notes = append(notes, Note{Code: FewerRuns, N: done, Of: runs})
	case errors.Is(err, context.DeadlineExceeded):
		return nil, core.Refuse(core.Invalid, "the simulation was not done within %s; take fewer days, or run `baton simulate`, which has no such bound", s.Within)
	case err != nil:
		return nil, err
	}
	return s.result(plan, tallies, done, notes), nil
}

// bounded says which days are simulated and how often, so that it does not become too much.
func (s *Setup) bounded() (plan *Plan, runs int, notes []Note, err error) {
	plan, runs = s.Plan, s.Runs
	expected := plan.Expected()
	if runs == 0 {
		runs = min(max(usualRuns, int(math.Ceil(enoughChats/expected))), mostRuns)
	}
	most := float64(s.Most) / float64(len(s.Variants))
	if s.Most == 0 || expected*float64(runs) <= most {
		return plan, runs, nil, nil
	}
	shorter := *plan
	for days := plan.Days; days >= 1 && shorter.Expected()*float64(usualRuns) > most; {
		if days--; days > 7 {
			days -= days % 7
		}
		shorter.Days = max(1, days)
	}
	runs = min(max(fewestRuns, int(most/shorter.Expected())), runs)
	if shorter.Expected()*float64(fewestRuns) > most {
		return nil, 0, nil, core.Refuse(core.Invalid, "one day has about %.0f chats, which is too many for %d here; run `baton simulate`, which has no such bound", shorter.Expected(), s.Most)
	}
	if shorter.Days < plan.Days {
		notes = append(notes, Note{Code: FewerDays, N: shorter.Days, Of: plan.Days})
	}
	return &shorter, runs, notes, nil
}

// runAll runs all variants once, then once more, and so on, and says how often all of them were run.
func (s *Setup) runAll(ctx context.Context, plan *Plan, zone *time.Location, runs int) (tallies [][]*tally, done int, err error) {
	tallies = make([][]*tally, len(s.Variants))
	step := 1 / float64(runs*len(s.Variants))
	for ; done < runs; done++ {
		for i := range s.Variants {
			before := float64(done*len(s.Variants)+i) * step
			progress := func(part float64) {
				if s.Progress != nil {
					s.Progress(before + part*step)
				}
			}
			w := newWorld(plan, &s.Variants[i], s.Desk, zone, mixed(s.Seed, done))
			t, err := w.run(ctx, progress)
			if err != nil {
				return tallies, done, err
			}
			tallies[i] = append(tallies[i], t)
		}
	}
	return tallies, done, nil
}

// mixed is the seed of a run.
func mixed(seed uint64, run int) uint64 { return stream(seed, "run", uint64(run)).Uint64() }

func (s *Setup) result(plan *Plan, tallies [][]*tally, runs int, notes []Note) *Result {
	r := &Result{From: plan.From, To: plan.From.Plus(plan.Days - 1), TimeZone: plan.TimeZone, Seed: s.Seed, Runs: runs, Notes: append([]Note{}, notes...)}
	for i := range s.Variants {
		mine := tallies[i][:runs]
		o := outcome(&s.Variants[i], plan, mine)
		if i > 0 {
			o.Change = compare(mine, tallies[0][:runs])
		}
		r.Variants = append(r.Variants, o)
	}
	r.Error = deviations(plan.Measured, r.Variants[0].ServedChats, plan.Days)
	return r
}
