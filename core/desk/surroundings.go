package desk

import (
	"context"
	"sync"
	"time"

	"baton/core"
)

const (
	// pastsKept is how many sessions are known with their customers' past: those that scripts are asked about now.
	pastsKept = 4096
	// zoneKept is how long the account's time zone is taken to be what it was.
	zoneKept = 5 * time.Second
)

// surroundings remembers what cases need beside their sessions, since scripts are asked about each message.
type surroundings struct {
	mu     sync.Mutex // guards the rest
	zone   *time.Location
	zoneAt time.Time
	pasts  map[string]past // by session; what was before it does not change any more
}

// past is what a customer had before a session.
type past struct {
	lastAgent string
	returning bool
}

// around gathers what a case needs beside its session: the account's time zone, and who had this customer's chat
// before. What cannot be read is left out: nobody waits for it.
func (d *Desk) around(ctx context.Context, s *core.Session, at time.Time) core.Surroundings {
	before := d.pastOf(ctx, s)
	return core.Surroundings{At: at, Zone: d.zone(ctx, at), LastAgent: before.lastAgent, Returning: before.returning}
}

func (d *Desk) zone(ctx context.Context, at time.Time) *time.Location {
	known := &d.known
	known.mu.Lock()
	defer known.mu.Unlock()
	if known.zone != nil && at.Sub(known.zoneAt) < zoneKept {
		return known.zone
	}
	known.zone, known.zoneAt = time.UTC, at
	if account, err := d.dir.Account(ctx); err == nil {
		if zone, err := time.LoadLocation(account.TimeZone); err == nil {
			known.zone = zone
		}
	}
	return known.zone
}

func (d *Desk) pastOf(ctx context.Context, s *core.Session) past {
	if s.Customer.ID == "" {
		return past{}
	}
	d.known.mu.Lock()
	before, there := d.known.pasts[s.ID]
	d.known.mu.Unlock()
	if there {
		return before
	}
	before, err := d.readPast(ctx, s)
	if err != nil {
		return past{}
	}
	d.known.mu.Lock()
	defer d.known.mu.Unlock()
	if len(d.known.pasts) >= pastsKept || d.known.pasts == nil {
		d.known.pasts = map[string]past{}
	}
	d.known.pasts[s.ID] = before
	return before
}

// pastSearched is how many of a customer's newest sessions are looked through for an agent.
const pastSearched = 5

func (d *Desk) readPast(ctx context.Context, s *core.Session) (before past, err error) {
	list, _, err := d.reader.Sessions(ctx, core.SessionFilter{Customers: []string{s.Customer.ID}, Limit: pastSearched})
	for _, e := range list {
		if e.ID == s.ID || e.CreatedAt.After(s.CreatedAt) {
			continue
		}
		before.returning = true
		if e.Agent != nil {
			before.lastAgent = e.Agent.ID
			break
		}
	}
	return before, err
}
