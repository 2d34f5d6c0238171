package api

import "sync"

// room counts the sockets that are open, up to a limit, until it closes.
type room struct {
	limit int

	mu     sync.Mutex // guards the rest
	count  int
	closed bool
	empty  chan struct{} // closed when the room is closed and empty
}

func newRoom(limit int) *room { return &room{limit: limit, empty: make(chan struct{})} }

// full says whether nobody may enter now.
func (r *room) full() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.closed || r.count >= r.limit
}

// enter takes a place, if there is one.
func (r *room) enter() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed || r.count >= r.limit {
		return false
	}
	r.count++
	return true
}

func (r *room) leave() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.count--; r.closed && r.count == 0 {
		close(r.empty)
	}
}

// close lets nobody in any more, and gives what is closed when the last has left.
func (r *room) close() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.closed {
		if r.closed = true; r.count == 0 {
			close(r.empty)
		}
	}
	return r.empty
}

// size is how many are in.
func (r *room) size() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.count
}

// shut says whether the room was closed.
func (r *room) shut() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.closed
}
