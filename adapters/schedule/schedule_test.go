package schedule

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"
	_ "time/tzdata"

	"baton/adapters/sqlstore"
	"baton/adapters/sqlstore/sqltest"
	"baton/core"
	"baton/core/coretest"
	"baton/core/hours"
)

// book notes what was run, in order.
type book struct {
	mu   sync.Mutex // guards runs and fail
	runs []time.Time
	fail int // how many runs are to go wrong yet
}

func (b *book) run(_ context.Context, due time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fail > 0 {
		b.fail--
		return errors.New("the disk is full")
	}
	b.runs = append(b.runs, due.UTC())
	return nil
}

// took gives what was run since it was asked last.
func (b *book) took() []time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	runs := b.runs
	b.runs = nil
	return runs
}

// nightly is a job that is due at 02:30 in Berlin, which the clock there jumps over once a year and shows twice once.
func nightly(t *testing.T, missed core.Missed, b *book) core.Job {
	t.Helper()
	daily, err := hours.NewDaily("Europe/Berlin", "02:30")
	if err != nil {
		t.Fatal(err)
	}
	return core.Job{Name: "nightly", Missed: missed, Due: daily.Due, Run: b.run}
}

func store(t *testing.T, dsn string) *coretest.Node {
	t.Helper()
	s, err := sqlstore.Open(t.Context(), sqlstore.Config{DSN: dsn})
	if err != nil {
		t.Fatal(err)
	}
	return coretest.Start(t, s, coretest.Options{})
}

func runner(t *testing.T, runs core.JobRuns, jobs ...core.Job) *Runner {
	return New(runs, slog.New(slog.NewTextHandler(t.Output(), nil)), jobs...)
}

func at(text string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", text)
	if err != nil {
		panic(err)
	}
	return t
}

func TestC01JobRunsOnceADayThroughBothChangesOfTheClock(t *testing.T) {
	var b book
	r := runner(t, store(t, "sqlite::memory:"), nightly(t, core.MissedSkip, &b))
	for _, season := range []struct {
		from, to string
		want     []time.Time
	}{
		{"2026-03-27 12:00", "2026-03-30 12:00", []time.Time{at("2026-03-28 01:30"), at("2026-03-29 01:00"), at("2026-03-30 00:30")}},
		{"2026-10-23 12:00", "2026-10-26 12:00", []time.Time{at("2026-10-24 00:30"), at("2026-10-25 00:30"), at("2026-10-26 01:30")}},
	} {
		for now := at(season.from); !now.After(at(season.to)); now = now.Add(5 * time.Minute) {
			r.Look(t.Context(), now)
		}
		if got := b.took(); !slices.Equal(got, season.want) {
			t.Errorf("from %s it ran at %v, want %v", season.from, got, season.want)
		}
	}
}

func TestC03ThreeNodesOnOneDatabaseRunEachJobOnce(t *testing.T) {
	dsn := sqltest.DSN(t)
	var b book
	var runners []*Runner
	for range 3 {
		runners = append(runners, runner(t, store(t, dsn), nightly(t, core.MissedAll, &b)))
	}
	start := at("2026-03-01 00:00")
	runners[0].Look(t.Context(), start)
	for day := 1; day <= 40; day++ {
		var looks sync.WaitGroup
		for i, r := range runners {
			// Their clocks are not quite alike.
			looks.Go(func() { r.Look(t.Context(), start.AddDate(0, 0, day).Add(time.Duration(i)*300*time.Millisecond)) })
		}
		looks.Wait()
	}
	ran := b.took()
	slices.SortFunc(ran, time.Time.Compare)
	if once := slices.Compact(slices.Clone(ran)); len(ran) != 40 || len(once) != 40 {
		t.Errorf("in 40 days three nodes ran the job %d times, for %d days", len(ran), len(once))
	}
}

func TestC04MissedRunsAreCaughtUpAsTheJobDeclares(t *testing.T) {
	for _, row := range []struct {
		missed core.Missed
		want   []time.Time
	}{
		{core.MissedSkip, nil},
		{core.MissedOnce, []time.Time{at("2026-06-05 00:30")}},
		{core.MissedAll, []time.Time{at("2026-06-03 00:30"), at("2026-06-04 00:30"), at("2026-06-05 00:30")}},
	} {
		t.Run(string(row.missed), func(t *testing.T) {
			var b book
			runs := store(t, "sqlite::memory:")
			runner(t, runs, nightly(t, row.missed, &b)).Look(t.Context(), at("2026-06-02 12:00"))
			// Nobody looks for three days; then a new server starts.
			r := runner(t, runs, nightly(t, row.missed, &b))
			for range 2 {
				r.Look(t.Context(), at("2026-06-05 12:00"))
			}
			if got := b.took(); !slices.Equal(got, row.want) {
				t.Errorf("what was missed ran at %v, want %v", got, row.want)
			}
			r.Look(t.Context(), at("2026-06-06 00:30"))
			if got := b.took(); !slices.Equal(got, []time.Time{at("2026-06-06 00:30")}) {
				t.Errorf("the next run was %v", got)
			}
		})
	}
}

func TestC04WhatWasMissedLongAgoIsNotCaughtUp(t *testing.T) {
	var b book
	r := runner(t, store(t, "sqlite::memory:"), nightly(t, core.MissedAll, &b))
	r.Look(t.Context(), at("2026-01-02 12:00"))
	r.Look(t.Context(), at("2026-06-05 12:00"))
	if got := b.took(); len(got) != 7 {
		t.Errorf("after half a year %d runs were caught up, want those of a week", len(got))
	}
}

func TestC05ClockThatJumpsRunsNothingTwice(t *testing.T) {
	var b book
	r := runner(t, store(t, "sqlite::memory:"), nightly(t, core.MissedOnce, &b))
	for _, step := range []struct {
		story, now string
		want       []time.Time
	}{
		{"the first look", "2026-06-02 12:00", nil},
		{"the night", "2026-06-03 00:31", []time.Time{at("2026-06-03 00:30")}},
		{"set back by an hour", "2026-06-02 23:31", nil},
		{"the same night again", "2026-06-03 00:30", nil},
		{"set back by two days", "2026-06-01 12:00", nil},
		{"and the night again", "2026-06-03 00:32", nil},
		{"set forward by three days", "2026-06-06 12:00", []time.Time{at("2026-06-06 00:30")}},
		{"set right again", "2026-06-03 12:00", nil},
		{"the nights that it had jumped over", "2026-06-04 00:30", []time.Time{at("2026-06-04 00:30")}},
		{"and the next", "2026-06-05 00:30", []time.Time{at("2026-06-05 00:30")}},
		{"the one that ran when it was set wrong", "2026-06-06 00:30", nil},
		{"and on", "2026-06-07 00:30", []time.Time{at("2026-06-07 00:30")}},
		{"far into the future", "2040-01-01 12:00", []time.Time{at("2040-01-01 01:30")}},
		{"and back", "2026-06-08 00:30", []time.Time{at("2026-06-08 00:30")}},
	} {
		r.Look(t.Context(), at(step.now))
		if got := b.took(); !slices.Equal(got, step.want) {
			t.Errorf("%s, at %s: it ran at %v, want %v", step.story, step.now, got, step.want)
		}
	}
}

func TestRunThatFailedIsTriedAgain(t *testing.T) {
	b := book{fail: 2}
	r := runner(t, store(t, "sqlite::memory:"), nightly(t, core.MissedOnce, &b))
	r.Look(t.Context(), at("2026-06-02 12:00"))
	for minute := range 4 {
		r.Look(t.Context(), at("2026-06-03 00:30").Add(time.Duration(minute)*time.Minute))
	}
	if got := b.took(); !slices.Equal(got, []time.Time{at("2026-06-03 00:30")}) {
		t.Errorf("after two failures it ran at %v, want once", got)
	}
}

func TestRunOfANodeThatDiedIsBegunAgainOnce(t *testing.T) {
	dsn := sqltest.DSN(t)
	var b book
	died, others := store(t, dsn), []*Runner{}
	for range 2 {
		others = append(others, runner(t, store(t, dsn), nightly(t, core.MissedOnce, &b)))
	}
	others[0].Look(t.Context(), at("2026-06-02 12:00"))
	if mine, err := died.ClaimRun(t.Context(), "nightly", at("2026-06-03 00:30")); err != nil || !mine {
		t.Fatalf("the run could not be claimed: %v", err)
	}
	for _, r := range others {
		r.Look(t.Context(), at("2026-06-03 00:31"))
	}
	if got := b.took(); len(got) != 0 {
		t.Fatalf("the run of a node that lives was begun again: %v", got)
	}
	died.Stop(t)
	var looks sync.WaitGroup
	for _, r := range others {
		looks.Go(func() { r.Look(t.Context(), at("2026-06-03 00:32")) })
	}
	looks.Wait()
	if got := b.took(); !slices.Equal(got, []time.Time{at("2026-06-03 00:30")}) {
		t.Errorf("the run of the dead node ran at %v, want once", got)
	}
}

func TestJobThatPanicsIsLookedAtAgainAndHoldsNoOtherUp(t *testing.T) {
	panics, looked := 0, make(chan struct{}, 1)
	bad := core.Job{Name: "bad", Due: func(context.Context, time.Time, time.Time) ([]time.Time, error) {
		panics++
		panic("no")
	}}
	good := core.Job{Name: "good", Due: func(context.Context, time.Time, time.Time) ([]time.Time, error) {
		select {
		case looked <- struct{}{}:
		default:
		}
		return nil, nil
	}}
	r := runner(t, store(t, "sqlite::memory:"), bad, good)
	look := r.looking(t.Context(), bad)
	for range 3 {
		look.Run()
	}
	if panics != 3 {
		t.Errorf("a job that panics was looked at %d times, want 3", panics)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	<-looked
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("the runner ended with %v", err)
	}
}

// A queue that opens and closes is told of at each boundary, and has a new revision by which other nodes hear of it.
func TestQueuesAreSwitchedAtEachBoundaryOfTheirCalendars(t *testing.T) {
	n := store(t, "sqlite::memory:")
	ctx := t.Context()
	kept, err := n.AddSchedule(ctx, core.Desk, hours.Schedule{
		Name: "Office", TimeZone: "Europe/Berlin", Week: []hours.Weekday{{Day: "mon", Spans: []hours.Span{{From: "09:00", To: "17:00"}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	general, err := n.Queue(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := n.ChangeQueue(ctx, core.Desk, general.ID, core.QueueChange{Schedule: &kept.ID}); err != nil {
		t.Fatal(err)
	}
	if _, err := n.MakeQueue(ctx, core.Desk, "always"); err != nil {
		t.Fatal(err)
	}
	r := runner(t, n, n.Desk.Switching(n))
	told := &told{}
	n.Follow(told)
	r.Look(ctx, at("2026-06-01 06:00"))
	before, err := n.Queue(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		now  string
		want int64
	}{{"2026-06-01 06:59", 0}, {"2026-06-01 07:00", 1}, {"2026-06-01 07:01", 1}, {"2026-06-01 15:00", 2}, {"2026-06-08 06:00", 2}, {"2026-06-08 18:00", 4}} {
		r.Look(ctx, at(step.now))
		q, err := n.Queue(ctx, "")
		if err != nil || q.Rev-before.Rev != step.want || told.of(q.ID) != int(step.want) {
			t.Errorf("at %s general was switched %d times and told of %d times (%v), want %d", step.now, q.Rev-before.Rev, told.of(q.ID), err, step.want)
		}
	}
	if always, err := n.Queue(ctx, "always"); err != nil || always.Rev != 1 {
		t.Errorf("a queue that is always open has revision %d (%v)", always.Rev, err)
	}
}

// told counts how often queues were told of.
type told struct {
	mu     sync.Mutex // guards counts
	counts map[string]int
}

func (f *told) Follow(changes []core.Change) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range changes {
		for _, id := range c.Queues {
			if f.counts == nil {
				f.counts = map[string]int{}
			}
			f.counts[id]++
		}
	}
}

func (f *told) of(id string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.counts[id]
}

func Example_sortOut() {
	minute := func(n int) time.Time { return time.Unix(int64(n*60), 0).UTC() }
	due := []time.Time{minute(1), minute(2), minute(9)}
	for _, policy := range []core.Missed{core.MissedOnce, core.MissedSkip, core.MissedAll} {
		run, skip := sortOut(policy, due, minute(8))
		fmt.Println(policy, len(run), len(skip))
	}
	// Output:
	// run_once 1 0
	// skip 1 1
	// all 3 0
}
