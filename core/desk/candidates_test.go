package desk

import (
	"slices"
	"testing"
	"time"

	"baton/core"
)

func TestCandidatesAreThoseWhoMayTakeAChatNow(t *testing.T) {
	now := time.Now()
	old, fresh := now.Add(-time.Hour), now.Add(-time.Second)
	agent := func(id string, status core.AgentStatus, load int) *core.Agent {
		return &core.Agent{ID: id, Status: status, Load: load, Capacity: 2, Queues: []string{"que"}}
	}
	ann, bob, busy, full := agent("ann", core.Available, 1), agent("bob", core.Available, 0), agent("busy", core.BusyAgent, 0), agent("full", core.Available, 2)
	for _, c := range []struct {
		name   string
		agents []*core.Agent
		queue  string
		passes []core.Pass
		want   []string
	}{
		{"all who are available", []*core.Agent{ann, bob}, "que", nil, []string{"ann", "bob"}},
		{"not who is full", []*core.Agent{ann, full}, "que", nil, []string{"ann"}},
		{"not who is in another queue", []*core.Agent{ann}, "other", nil, nil},
		{"busy ones only without an available one", []*core.Agent{ann, busy}, "que", nil, []string{"ann"}},
		{"a busy one when the available one is full", []*core.Agent{full, busy}, "que", nil, []string{"busy"}},
		{"a busy one when the available one has just passed", []*core.Agent{ann, busy}, "que", []core.Pass{{Agent: "ann", Count: 1, At: fresh}}, []string{"busy"}},
		{"not who has just passed", []*core.Agent{ann, bob}, "que", []core.Pass{{Agent: "ann", Count: 1, At: fresh}}, []string{"bob"}},
		{"nobody when all have just passed", []*core.Agent{ann}, "que", []core.Pass{{Agent: "ann", Count: 1, At: fresh}}, nil},
		{"later again, when nobody passed less often", []*core.Agent{ann, bob}, "que", []core.Pass{{Agent: "ann", Count: 1, At: old}, {Agent: "bob", Count: 1, At: old}}, []string{"ann", "bob"}},
		{"later who passed less often", []*core.Agent{ann, bob}, "que", []core.Pass{{Agent: "ann", Count: 2, At: old}, {Agent: "bob", Count: 1, At: old}}, []string{"bob"}},
		{"who passed often, when the others have just passed", []*core.Agent{ann, bob}, "que", []core.Pass{{Agent: "ann", Count: 2, At: old}, {Agent: "bob", Count: 1, At: fresh}}, []string{"ann"}},
	} {
		p := &picture{desk: &Desk{cfg: Config{}.withDefaults()}, agents: c.agents, now: now}
		var got []string
		able, _ := p.candidates(&core.Session{Queue: core.Ref{ID: c.queue}, Passes: c.passes})
		for _, a := range able {
			got = append(got, a.ID)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: the candidates are %v, want %v", c.name, got, c.want)
		}
	}
}
