package live

import (
	"context"
	"slices"
	"time"

	"baton/core"
)

// sweepEvery is how often connections are looked over; every so many times ended sessions are forgotten.
const (
	sweepEvery  = time.Second
	forgetEvery = 30
)

// frameWithin is how long a frame may take from its first byte to its last.
const frameWithin = 15 * time.Second

// sweep pings those who are silent and ends those who are gone or no longer signed in, until ctx ends.
func (h *Hub) sweep(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for sweeps := 1; ; sweeps++ {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			h.sweepOnce(ctx, now)
			if sweeps%forgetEvery == 0 {
				h.mu.Lock()
				h.forgetEnded(now)
				h.mu.Unlock()
			}
		}
	}
}

func (h *Hub) sweepOnce(ctx context.Context, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.conns {
		c.tellOverdue(now)
		silent := now.Sub(time.UnixMilli(c.heard.Load()))
		reading := c.reading.Load()
		switch {
		case h.access.Check(ctx, *c.actor.Load()) != nil:
			c.stop(closeNotSigned)
		case reading != 0 && now.Sub(time.UnixMilli(reading)) > frameWithin:
			c.stop(closeTooFast)
		case silent > h.cfg.DeadAfter && c.waiting() == 0:
			c.stop(closeGone)
		case silent > h.cfg.PingAfter && now.Sub(c.pinged) > h.cfg.PingAfter/2:
			c.pinged = now
			c.queue(opPing, nil, now, true)
		}
	}
}

// How often a credential is looked up again while its connection is open. What is revoked ends at once without
// it, and a person whose row changed is looked up soon; this finds credentials that grew too old.
const (
	lookUpOthers = time.Minute
	lookUpPeople = 15 * time.Second
)

// seenEvery is how often the sign of life of a connected agent is written.
const seenEvery = 15 * time.Second

// presence is an agent with his connections to this process.
type presence struct {
	conns   []*conn
	seen    time.Time // when his sign of life was last written; zero is due now
	changed bool      // his row changed, so he may be another actor now
}

// arrive and depart note that an agent opened or closed a connection; the first and the last are signs of life
// that are written at once. h.mu is held.
func (h *Hub) arrive(agent string, c *conn) {
	p := h.agents[agent]
	if p == nil {
		p = &presence{}
		h.agents[agent] = p
	}
	if len(p.conns) == 0 {
		p.seen = time.Time{}
		ring(h.chores.presence)
	}
	p.conns = append(p.conns, c)
	// He may have changed between being admitted and arriving here, when nobody knew whom to look up.
	p.changed = true
}

func (h *Hub) depart(agent string, c *conn) {
	p := h.agents[agent]
	if p.conns = without(p.conns, c); len(p.conns) == 0 {
		p.seen = time.Time{}
		ring(h.chores.presence)
	}
}

// checkEvery is how soon people whose row changed are looked up; each so many times everybody is looked over.
const (
	checkEvery = 250 * time.Millisecond
	checkAll   = 4
)

// check writes signs of life and looks up connected people again, until ctx ends.
func (h *Hub) check(ctx context.Context) {
	tick := time.NewTicker(checkEvery)
	defer tick.Stop()
	for ticks := 1; ; ticks++ {
		select {
		case <-ctx.Done():
			return
		case <-h.chores.presence:
			h.do(ctx, "note who is here", h.noteSeen)
		case now := <-tick.C:
			due := h.changedPeople()
			if ticks%checkAll == 0 {
				h.do(ctx, "note who is here", h.noteSeen)
				due = append(due, h.dueToLookUp(now)...)
			}
			h.do(ctx, "look up who is connected", func(ctx context.Context) error { return h.lookUp(ctx, due, now) })
		}
	}
}

// noteSeen writes the signs of life that are due, all in one call.
func (h *Hub) noteSeen(ctx context.Context) error {
	now := time.Now()
	due := h.dueToBeSeen(now)
	if len(due) == 0 {
		return nil
	}
	err := h.store.Seen(ctx, due, time.Now())
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, id := range due {
		p := h.agents[id]
		switch {
		case p == nil:
		case err != nil:
			p.seen = time.Time{}
		case len(p.conns) == 0 && !p.seen.IsZero():
			delete(h.agents, id)
		}
	}
	return err
}

func (h *Hub) dueToBeSeen(now time.Time) (due []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for id, p := range h.agents {
		if now.Sub(p.seen) >= seenEvery {
			p.seen = now
			due = append(due, id)
		}
	}
	return due
}

// lookUp reads again who the people at the other ends are: once for all connections of one credential.
func (h *Hub) lookUp(ctx context.Context, due []*conn, now time.Time) error {
	type refreshed struct {
		actor core.Actor
		err   error
	}
	known := map[string]refreshed{}
	for i, c := range due {
		was := c.actor.Load()
		is, asked := known[was.Credential]
		if !asked {
			is.actor, is.err = h.access.Refresh(ctx, *was)
			known[was.Credential] = is
		}
		switch kind := core.KindOf(is.err); {
		case kind == core.Unauthorized:
			c.stop(closeNotSigned)
		case is.err != nil:
			h.lookUpAgain(due[i:])
			return is.err
		default:
			c.actor.Store(&is.actor)
			c.checked.Store(now.UnixMilli())
			h.narrow(c, was, &is.actor)
		}
	}
	return nil
}

// lookUpAgain keeps people in mind who could not be looked up.
func (h *Hub) lookUpAgain(missed []*conn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, c := range missed {
		if p := h.agents[c.actor.Load().ID]; p != nil {
			p.changed = true
		}
	}
}

// narrow takes from a connection what its person may no longer see, before anything more happens there.
func (h *Hub) narrow(c *conn, was, is *core.Actor) {
	if was.Role == is.Role && slices.Equal(was.Queues, is.Queues) {
		return
	}
	r := round{h: h, now: time.Now()}
	h.mu.Lock()
	for _, s := range slices.Clone(c.subs) {
		if s.admitted && s.room.session != nil && !h.desk.MayRead(*is, s.room.session) {
			r.stop(s, core.Missing())
		}
	}
	if _, follows := h.feeds[c]; follows {
		for id, g := range h.glances {
			if seen := g.session(); h.desk.MayRead(*was, seen) && !h.desk.MayRead(*is, seen) {
				r.say(c, appendSessionGone(nil, id))
			}
		}
	}
	h.mu.Unlock()
	for _, ready := range r.ready {
		ready.start()
	}
}

// changedPeople gives the connections of people whose row changed.
func (h *Hub) changedPeople() (due []*conn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, p := range h.agents {
		if p.changed {
			p.changed = false
			due = append(due, p.conns...)
		}
	}
	return due
}

// dueToLookUp gives the connections whose credential has not been looked up for long enough.
func (h *Hub) dueToLookUp(now time.Time) (due []*conn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.conns {
		every := lookUpOthers
		if c.actor.Load().Login() {
			every = lookUpPeople
		}
		if now.Sub(time.UnixMilli(c.checked.Load())) >= every {
			due = append(due, c)
		}
	}
	return due
}
