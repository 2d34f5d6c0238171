package api

import (
	"context"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/time/rate"

	"baton/core"
)

// limits counts what each caller does. Buckets that have filled up again are forgotten.
type limits struct {
	calls, customers, agents, visitors pace

	mu      sync.Mutex // guards the rest
	buckets map[string]*bucket
	swept   time.Time
}

// pace is how fast a bucket fills and how much it holds.
type pace struct {
	rate  rate.Limit
	burst int
}

type bucket struct {
	*rate.Limiter
	used time.Time
	full time.Duration // how long it takes to fill up
}

// sweepBuckets is how often buckets are looked through.
const sweepBuckets = time.Minute

func newLimits(cfg Config) *limits {
	return &limits{
		calls:     pace{rate.Limit(cfg.Calls), cfg.CallsBurst},
		customers: pace{rate.Limit(cfg.CustomerMessages), cfg.CustomerBurst},
		agents:    pace{rate.Limit(cfg.AgentMessages), cfg.AgentBurst},
		visitors:  pace{rate.Limit(float64(cfg.Visitors) / 60), cfg.Visitors},
		buckets:   make(map[string]*bucket),
	}
}

// checkLimits refuses a caller who is too fast, and says when to come again. A bot's messages have no limit but
// the desk's own pace.
func (s *Server) checkLimits(_ context.Context, _ *fiber.Ctx, c *call) error {
	switch c.route.Limit {
	case visitorLimit:
		return s.limits.take("visitors "+subnet(c.address), s.limits.visitors)
	case messageLimit:
		switch {
		case c.actor.Role == core.CustomerRole:
			return s.limits.take("messages "+c.actor.ID, s.limits.customers)
		case c.actor.Login():
			return s.limits.take("messages "+c.actor.ID, s.limits.agents)
		}
	case callLimit:
		return s.limits.take("calls "+c.actor.ID, s.limits.calls)
	}
	return nil
}

func (l *limits) take(who string, p pace) error {
	now := time.Now()
	l.mu.Lock()
	l.sweep(now)
	b, there := l.buckets[who]
	if !there {
		b = &bucket{Limiter: rate.NewLimiter(p.rate, p.burst), full: time.Duration(float64(p.burst) / float64(p.rate) * float64(time.Second))}
		l.buckets[who] = b
	}
	b.used = now
	l.mu.Unlock()
	reserved := b.ReserveN(now, 1)
	wait := reserved.DelayFrom(now)
	if wait == 0 {
		return nil
	}
	reserved.CancelAt(now)
	return &core.Error{Kind: core.TooMany, Detail: "too many of these in too short a time; wait a moment", RetryAfter: wait}
}

func (l *limits) sweep(now time.Time) {
	if now.Sub(l.swept) < sweepBuckets {
		return
	}
	l.swept = now
	for who, b := range l.buckets {
		if now.Sub(b.used) > b.full {
			delete(l.buckets, who)
		}
	}
}
