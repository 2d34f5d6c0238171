package simulate_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"baton/core"
	"baton/core/simulate"
	"baton/core/stats"
)

// past is a source whose facts were made by a known process.
type past struct {
	facts  []*stats.Fact
	states []stats.State
	agents []*core.Agent
	logs   map[string][]*core.Event
}

func (*past) Account(context.Context) (core.Account, error) {
	return core.Account{TimeZone: "Europe/Berlin"}, nil
}
func (p *past) Agents(context.Context) ([]*core.Agent, error) { return p.agents, nil }

func (*past) Queues(context.Context, time.Time) ([]*core.QueueState, error) {
	queue := func(id, name string) *core.QueueState {
		return &core.QueueState{Queue: core.Queue{ID: id, Name: name, Strategy: "least_busy", HoldLimit: time.Minute}}
	}
	return []*core.QueueState{queue("que_a", "sales"), queue("que_b", "empty")}, nil
}

func (p *past) FactsOf(_ context.Context, in stats.Span, _ []string, created int64, session string, limit int) ([]*stats.Fact, error) {
	var page []*stats.Fact
	for _, f := range p.facts {
		if f.CreatedAt >= in.From && f.CreatedAt < in.To && (f.CreatedAt > created || f.CreatedAt == created && f.Session > session) && len(page) < limit {
			page = append(page, f)
		}
	}
	return page, nil
}

func (p *past) States(context.Context, stats.Span) ([]stats.State, error) { return p.states, nil }

func (p *past) Logs(_ context.Context, ids []string) (map[string][]*core.Event, error) {
	logs := map[string][]*core.Event{}
	for _, id := range ids {
		logs[id] = p.logs[id]
	}
	return logs, nil
}

// fourWeeks is a past of 28 days from a Monday: ten chats an hour from 9 to 17 on weekdays, five minutes each on
// average, people who would wait four minutes on average, answered after two minutes at most; Ada is there from 9 to 17
// on Mondays to Fridays, Ben from 9 to 13 on every second Monday.
func fourWeeks() (p *past, now time.Time) {
	zone, _ := time.LoadLocation("Europe/Berlin")
	first := time.Date(2026, 9, 7, 0, 0, 0, 0, zone)
	p = &past{logs: map[string][]*core.Event{}, agents: []*core.Agent{
		{ID: "agt_a", Name: "Ada", Role: core.AgentRole, Capacity: 3, Queues: []string{"que_a"}, Skills: []string{"refund"}},
		{ID: "agt_b", Name: "Ben", Role: core.Supervisor, Capacity: 2, Queues: []string{"que_a", "que_b"}},
		{ID: "agt_c", Name: "Cleo", Role: core.Viewer, Capacity: 2, Queues: []string{"que_a"}},
	}}
	r := rand.New(rand.NewPCG(1, 2))
	at := func(day, hour int) time.Time { return first.AddDate(0, 0, day).Add(time.Duration(hour) * time.Hour) }
	for day := range 28 {
		if day%7 > 4 {
			continue
		}
		p.states = append(p.states, stats.State{Agent: "agt_a", Since: at(day, 9).UnixMilli(), State: "available"}, stats.State{Agent: "agt_a", Since: at(day, 17).UnixMilli(), State: "offline"})
		for t := at(day, 9); ; {
			t = t.Add(time.Duration(r.ExpFloat64() * float64(6*time.Minute)))
			if !t.Before(at(day, 17)) {
				break
			}
			p.chat(t, r)
		}
	}
	for _, day := range []int{0, 14} {
		p.states = append(p.states, stats.State{Agent: "agt_b", Since: at(day, 9).UnixMilli(), State: "busy"}, stats.State{Agent: "agt_b", Since: at(day, 13).UnixMilli(), State: "gone"})
	}
	slices.SortStableFunc(p.states, func(a, b stats.State) int { return strings.Compare(a.Agent, b.Agent) })
	return p, at(28, 0)
}

// chat keeps a chat that came then.
func (p *past) chat(t time.Time, r *rand.Rand) {
	f := &stats.Fact{Session: fmt.Sprintf("ses_%06d", len(p.facts)), Queue: core.Ref{ID: "que_a"}, CreatedAt: t.UnixMilli()}
	patience, wait, handle := int64(r.ExpFloat64()*240_000), int64(r.Float64()*120_000), int64(r.ExpFloat64()*300_000)
	if patience < wait {
		f.EndedAt, f.EndedBy, f.EndReason = f.CreatedAt+patience, core.CustomerRole, "abandoned"
	} else {
		f.JoinedAt, f.EndedAt = f.CreatedAt+wait, f.CreatedAt+wait+handle
		f.Agents = []stats.Served{{Agent: core.Ref{ID: "agt_a"}, Offered: 1, Spans: []stats.Span{{From: f.JoinedAt, To: f.EndedAt}}}}
		if len(p.facts)%10 == 0 {
			f.Agents = append([]stats.Served{{Agent: core.Ref{ID: "agt_b"}, Offered: 1, Missed: 1}}, f.Agents...)
		}
	}
	language := "en"
	if len(p.facts)%4 == 0 {
		language = "de"
	}
	p.logs[f.Session] = []*core.Event{
		{At: t, Data: &core.Requested{Priority: core.Normal, Channel: "web", Language: language}},
		{At: t.Add(time.Second), Data: &core.Offered{}}, {At: t.Add(5 * time.Second), Data: &core.Accepted{}},
	}
	p.facts = append(p.facts, f)
}

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if math.Abs(got-want) > within {
		t.Errorf("%s is %.3f, made with %.3f", what, got, want)
	}
}

func TestAPlanIsWhatThePastWasMadeWith(t *testing.T) {
	source, now := fourWeeks()
	p, err := simulate.Estimate(t.Context(), source, simulate.Period{From: "2026-09-07", To: "2026-10-04"}, now)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	if p.From != "2026-09-07" || p.Days != 28 || len(p.Queues) != 2 || p.Queues[1].Name != "empty" || len(p.Queues[1].Arrivals) != 0 {
		t.Fatalf("the plan is of %s, %d days and %d queues", p.From, p.Days, len(p.Queues))
	}
	near(t, "the number of chats", p.Expected(), float64(len(source.facts)), 1)
	q := p.Queues[0]
	var handle float64
	for _, v := range q.Handle {
		handle += v / float64(len(q.Handle))
	}
	near(t, "the mean time of a chat", handle, 300, 15)
	gone := map[bool]float64{}
	for _, g := range q.Patience.Gone {
		if g.After <= 60 {
			gone[true] = g.Share
		}
	}
	near(t, "the share of those who would not wait a minute", gone[true], 1-math.Exp(-60.0/240), 0.04)
	near(t, "the patience beyond what was seen", q.Patience.Mean, 240, 30)
	if len(q.Kinds) != 2 || q.Kinds[0].Language != "en" || math.Abs(q.Kinds[1].Share/(q.Kinds[0].Share+q.Kinds[1].Share)-0.25) > 0.03 {
		t.Errorf("the kinds are %+v", q.Kinds)
	}
	for _, s := range p.Answers.Seconds {
		near(t, "the time to accept", s, 4, 0)
	}
	agentsOfThePast(t, p)
	m := p.Measured
	if m.Chats != len(source.facts) || m.Answered < 500 || m.Wait.P50 < 40 || m.Wait.P50 > 65 || m.Abandoned < 0.15 || m.Abandoned > 0.27 {
		t.Errorf("measured is %+v of %d", m, len(source.facts))
	}
}

func agentsOfThePast(t *testing.T, p *simulate.Plan) {
	t.Helper()
	if len(p.Agents) != 2 {
		t.Fatalf("there are %d agents, and a viewer is none", len(p.Agents))
	}
	ada, ben := p.Agents[0], p.Agents[1]
	if len(ada.Shifts) != 1 || strings.Join(ada.Shifts[0].Days, " ") != "mon tue wed thu fri" || ada.Shifts[0].From != "09:00" || ada.Shifts[0].To != "17:00" ||
		ada.Shifts[0].Works != 0 || ada.Shifts[0].Present != 0 || ada.Capacity != 3 || ada.Skills[0] != "refund" {
		t.Errorf("Ada is %+v", ada)
	}
	if len(ben.Shifts) != 1 || strings.Join(ben.Shifts[0].Days, " ") != "mon" || ben.Shifts[0].To != "13:00" || ben.Shifts[0].Works != 0.5 || ben.Shifts[0].Busy != 1 {
		t.Errorf("Ben is %+v", ben)
	}
	if *ben.Missed != 1 || *ada.Missed != 0 {
		t.Errorf("Ada missed %v of her offers, and Ben %v", *ada.Missed, *ben.Missed)
	}
}

// TestThePresentIsSimulatedAsItWas estimates a plan from what a simulation of a known plan would have left behind, and
// has it simulate itself.
func TestThePresentIsSimulatedAsItWas(t *testing.T) {
	source, now := fourWeeks()
	p, err := simulate.Estimate(t.Context(), source, simulate.Period{}, now)
	if err != nil {
		t.Fatal(err)
	}
	r := run(t, compared(t, p, nil))
	if len(r.Error) != 4 || r.Error[0].Figure != "wait_p50" || r.Error[0].Measured != p.Measured.Wait.P50 {
		t.Fatalf("the error on the present is %+v", r.Error)
	}
	near(t, "the number of chats a day", r.Error[3].Simulated.Mean, r.Error[3].Measured, 1)
}

func TestTooLittleIsKnown(t *testing.T) {
	source, now := fourWeeks()
	for _, row := range []struct {
		in   simulate.Period
		says string
	}{
		{simulate.Period{From: "2026-10-03", To: "2026-10-04"}, "0 chats were answered"},
		{simulate.Period{From: "2026-10-03", To: "2026-10-02"}, "which is after"},
		{simulate.Period{From: "soon"}, "is a date"},
		{simulate.Period{From: "2020-01-01"}, "at most 366 days"},
	} {
		if _, err := simulate.Estimate(t.Context(), source, row.in, now); err == nil || !strings.Contains(err.Error(), row.says) {
			t.Errorf("%+v: %v", row.in, err)
		}
	}
}
