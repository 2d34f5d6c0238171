package sqlstore

import (
	"slices"
	"sync"

	"baton/core"
)

// audience are those who are told of changes.
type audience struct {
	mu        sync.RWMutex // guards followers
	followers []core.Follower
}

// Follow lets somebody know of every change after its commit, from now on.
func (s *Store) Follow(f core.Follower) {
	s.audience.mu.Lock()
	defer s.audience.mu.Unlock()
	s.audience.followers = append(slices.Clone(s.audience.followers), f)
}

// tell lets all followers know, in order. Only what follows from a commit is told.
func (s *Store) tell(changes []core.Change) {
	s.audience.mu.RLock()
	followers := s.audience.followers
	s.audience.mu.RUnlock()
	for _, f := range followers {
		f.Follow(changes)
	}
}
