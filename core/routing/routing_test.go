package routing

import (
	"testing"
	"time"

	"baton/core"
)

func TestTheLeastBusyAgentIsChosen(t *testing.T) {
	early, late := time.UnixMilli(1000), time.UnixMilli(2000)
	agent := func(id string, load, capacity int, last time.Time) *core.Agent {
		return &core.Agent{ID: id, Load: load, Capacity: capacity, LastAssigned: last}
	}
	for _, c := range []struct {
		name       string
		preferred  string
		candidates []*core.Agent
		want       string
	}{
		{"the smallest part of places taken", "", []*core.Agent{agent("a", 1, 2, early), agent("b", 2, 10, late)}, "b"},
		{"among equals who waited longest", "", []*core.Agent{agent("a", 1, 2, late), agent("b", 2, 4, early)}, "b"},
		{"who never had one before all", "", []*core.Agent{agent("a", 0, 2, early), agent("b", 0, 4, time.Time{})}, "b"},
		{"at last the older id", "", []*core.Agent{agent("b", 0, 2, early), agent("a", 0, 4, early)}, "a"},
		{"whom the request prefers", "b", []*core.Agent{agent("a", 0, 2, early), agent("b", 1, 2, late)}, "b"},
		{"a preferred agent who may not take it is no answer", "x", []*core.Agent{agent("a", 0, 2, early)}, "a"},
	} {
		got, why := LeastBusy{}.Assign(&core.Session{PreferredAgent: c.preferred}, c.candidates)
		if got != c.want || why == "" {
			t.Errorf("%s: %s was chosen (%s), want %s", c.name, got, why, c.want)
		}
	}
}
