// Package membus is the bus of a single process: what one part of it hints at, the others of the same process
// hear. Hints get lost when nobody listens, as on every bus.
package membus

import "baton/core"

var _ core.Bus = (*Bus)(nil)

// waiting is how many hints may wait for the listener before new ones are dropped.
const waiting = 1024

// Bus carries hints inside one process.
type Bus struct{ hints chan core.Hint }

// New makes a bus.
func New() *Bus { return &Bus{hints: make(chan core.Hint, waiting)} }

// Hint passes a hint on, or drops it when too many wait. It never blocks.
func (b *Bus) Hint(h core.Hint) {
	select {
	case b.hints <- h:
	default:
	}
}

// Hints gives the hints in order; each is heard by one listener.
func (b *Bus) Hints() <-chan core.Hint { return b.hints }
