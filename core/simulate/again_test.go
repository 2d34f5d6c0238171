package simulate

import (
	"context"
	"math"
	"slices"
	"testing"
	"time"

	"baton/core"
	"baton/core/desk"
	"baton/core/stats"
)

// lived is a past that a simulated desk has lived through: its logs and what its agents were.
type lived struct {
	zone   string
	agents []*core.Agent
	queues []*core.QueueState
	facts  []*stats.Fact
	logs   map[string][]*core.Event
	states []stats.State
}

func (l *lived) Account(context.Context) (core.Account, error) {
	return core.Account{TimeZone: l.zone}, nil
}
func (l *lived) Agents(context.Context) ([]*core.Agent, error) { return l.agents, nil }
func (l *lived) Queues(context.Context, time.Time) ([]*core.QueueState, error) {
	return l.queues, nil
}
func (l *lived) States(context.Context, stats.Span) ([]stats.State, error) { return l.states, nil }
func (l *lived) Logs(context.Context, []string) (map[string][]*core.Event, error) {
	return l.logs, nil
}

func (l *lived) FactsOf(_ context.Context, _ stats.Span, _ []string, created int64, _ string, _ int) ([]*stats.Fact, error) {
	if created > 0 {
		return nil, nil
	}
	return l.facts, nil
}

// live lets a plan happen once and keeps what it left behind.
func live(t *testing.T, p *Plan, seed uint64) *lived {
	t.Helper()
	zone, err := time.LoadLocation(p.TimeZone)
	if err != nil {
		t.Fatal(err)
	}
	l := &lived{zone: p.TimeZone, logs: map[string][]*core.Event{}}
	w := newWorld(p, &Variant{Agents: p.Agents}, desk.Config{}, zone, seed)
	foresee := w.memory.told
	w.memory.told = func(s *core.Session, events []*core.Event) {
		foresee(s, events)
		l.logs[s.ID] = append(l.logs[s.ID], events...)
	}
	for _, a := range w.memory.agents {
		l.agents = append(l.agents, &a.Agent)
	}
	for _, q := range w.memory.queues {
		l.queues = append(l.queues, &core.QueueState{Queue: *q})
	}
	for n, a := range p.each() {
		for _, c := range a.draw(w.seed, p.days(), zone) {
			l.states = append(l.states, stats.State{Agent: w.memory.agents[n].ID, Since: c.at, State: string(c.status)})
		}
	}
	if _, err := w.run(t.Context(), func(float64) {}); err != nil {
		t.Fatal(err)
	}
	for _, log := range l.logs {
		if f := stats.Fold(log); f.Ended() {
			l.facts = append(l.facts, f)
		}
	}
	slices.SortFunc(l.facts, func(a, b *stats.Fact) int { return int(a.CreatedAt - b.CreatedAt) })
	return l
}

// shop is a desk with mornings and evenings, two queues, and people who pause.
func shop() *Plan {
	week := []string{"mon", "tue", "wed", "thu", "fri"}
	shifts := []Shift{{Days: week, From: "08:00", To: "12:00", Present: 0.9}, {Days: week, From: "13:00", To: "17:00", Present: 0.9}}
	evening := []Shift{{From: "12:00", To: "20:00", Works: 0.7}}
	minutes := func(all ...float64) []float64 {
		for i := range all {
			all[i] *= 60
		}
		return all
	}
	return &Plan{
		From: "2026-09-07", Days: 28, TimeZone: "Europe/Berlin", Answers: Answers{Seconds: []float64{2, 4, 6, 9, 15}, Missed: 0.05, Declined: 0.03},
		Queues: []Queue{
			{Name: "sales", Arrivals: []Rate{{From: "08:00", To: "12:00", PerHour: 14}, {From: "12:00", To: "20:00", PerHour: 9}},
				Handle: minutes(2, 4, 6, 8, 10, 14, 20, 35), Patience: Patience{Mean: 200}},
			{Name: "help", Arrivals: []Rate{{Days: week, From: "09:00", To: "18:00", PerHour: 8}}, Handle: minutes(5, 9, 12, 16, 25, 45), Patience: Patience{Gone: []Gone{{60, 0.1}, {300, 0.4}}, Mean: 600}},
		},
		Agents: []Agent{
			{Name: "Ada", Queues: []string{"sales", "help"}, Capacity: 3, Shifts: shifts}, {Name: "Ben", Queues: []string{"help"}, Capacity: 2, Shifts: shifts},
			{Name: "Cem", Queues: []string{"sales"}, Capacity: 2, Shifts: evening}, {Name: "Dana", Queues: []string{"sales", "help"}, Capacity: 3, Shifts: evening},
		},
	}
}

// TestAnEstimateOfALivedPastSimulatesItAgain holds the error that the simulation states of itself small where the past is
// one that the simulation can know: four weeks that a desk of the same kind has lived through.
func TestAnEstimateOfALivedPastSimulatesItAgain(t *testing.T) {
	l := live(t, shop(), 11)
	p, err := Estimate(t.Context(), l, Period{From: "2026-09-07", To: "2026-10-04"}, time.Date(2026, 10, 6, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	r, err := Run(t.Context(), Setup{Plan: p, Variants: []Variant{{Agents: p.Agents}}, Seed: 1, Runs: 3})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range r.Error {
		t.Logf("%s: measured %.3f, simulated %.3f ± %.3f, off by %+.1f %%", d.Figure, d.Measured, d.Simulated.Mean, *d.Simulated.PlusMinus, *d.Off*100)
		if math.Abs(*d.Off) > 0.15 {
			t.Errorf("the simulation of the present says %s is %.3f, and it was %.3f", d.Figure, d.Simulated.Mean, d.Measured)
		}
	}
}
