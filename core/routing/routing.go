// Package routing holds the assigners that are written in Go. They answer when no script does.
package routing

import "baton/core"

// LeastBusy chooses the agent with the smallest part of his places taken; among equals the one who has waited
// longest for a chat. A preferred agent who may take the chat comes first.
type LeastBusy struct{}

var _ core.Assigner = LeastBusy{}

// Assign chooses among candidates; it always has an opinion.
func (LeastBusy) Assign(s *core.Session, candidates []*core.Agent) (agent, why string) {
	best := candidates[0]
	for _, a := range candidates {
		if a.ID == s.PreferredAgent {
			return a.ID, "asked for by the request"
		}
		if before(a, best) {
			best = a
		}
	}
	return best.ID, "least busy"
}

// before says whether a is to be chosen rather than b.
func before(a, b *core.Agent) bool {
	// load/capacity compared without dividing
	switch x, y := a.Load*b.Capacity, b.Load*a.Capacity; {
	case x != y:
		return x < y
	case !a.LastAssigned.Equal(b.LastAssigned):
		return a.LastAssigned.Before(b.LastAssigned)
	}
	return a.ID < b.ID
}
