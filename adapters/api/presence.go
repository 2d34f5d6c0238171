package api

import (
	"context"
	"sync"
	"time"
)

// seenEvery is how often a sign of life is written down.
const seenEvery = 15 * time.Second

// presence remembers when the last sign of life of each agent was written down.
type presence struct {
	mu   sync.Mutex // guards seen
	seen map[string]time.Time
}

// due says whether a sign of life now is to be written down.
func (p *presence) due(agent string, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now.Sub(p.seen[agent]) < seenEvery {
		return false
	}
	p.seen[agent] = now
	return true
}

// sawAlive takes a person's call as a sign of life. The call goes on when that cannot be written down.
func (s *Server) sawAlive(ctx context.Context, c *call) {
	now := time.Now()
	if !s.presence.due(c.actor.ID, now) {
		return
	}
	if err := s.dir.Seen(ctx, []string{c.actor.ID}, now); err != nil {
		s.log.Warn("a sign of life was not written down", "request_id", c.id, "error", err)
	}
}
