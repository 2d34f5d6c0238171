package live

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"baton/core"
	"baton/core/desk"
)

// chores is what has to be read from the store before it can be told.
type chores struct {
	wake     chan struct{} // of one: something should not wait for the next look
	presence chan struct{} // of one: an agent came or left

	mu     sync.Mutex          // guards what follows
	behind map[string]struct{} // rooms that another node wrote into
	agents map[string]struct{} // whose row changed
	queues map[string]struct{} // in which something moved
}

// urge has the chores done now.
func (d *chores) urge() { ring(d.wake) }

// takeAll empties one of the sets.
func (d *chores) takeAll(set *map[string]struct{}) []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(*set) == 0 {
		return nil
	}
	all := slices.Collect(maps.Keys(*set))
	clear(*set)
	return all
}

// lookAt has a room's log read. h.mu may be held.
func (h *Hub) lookAt(session string) {
	h.chores.mu.Lock()
	h.chores.behind[session] = struct{}{}
	h.chores.mu.Unlock()
	h.chores.urge()
}

// concern notes agents and queues that changed: rows and places are told with the next look, and connected agents
// are looked up again. h.mu is held.
func (h *Hub) concern(agents, queues []string) {
	for _, id := range agents {
		if p := h.agents[id]; p != nil {
			p.changed = true
		}
	}
	if len(h.line) > 0 {
		for _, id := range queues {
			h.moved[id] = struct{}{}
		}
	}
	if len(h.feeds) == 0 {
		return
	}
	h.chores.mu.Lock()
	defer h.chores.mu.Unlock()
	for _, id := range agents {
		h.chores.agents[id] = struct{}{}
	}
	for _, id := range queues {
		h.chores.queues[id] = struct{}{}
	}
}

// look does the chores until ctx ends. What goes wrong in one of them is logged and not tried again: the rows
// come with the next change, and rooms with the next look at other nodes.
func (h *Hub) look(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for looks := 0; ; {
		select {
		case <-ctx.Done():
			return
		case <-h.chores.wake:
			h.do(ctx, "read what other nodes wrote", h.readBehind)
			h.do(ctx, "tell customers how they stand", h.tellStandings)
		case <-tick.C:
			h.flushRows()
			h.do(ctx, "tell of agents", h.tellAgents)
			h.do(ctx, "tell of queues", h.tellQueues)
			h.do(ctx, "tell of openings", h.tellOpenings)
			if looks++; looks%2 == 0 {
				h.do(ctx, "tell places", func(ctx context.Context) error { return h.tellPlaces(ctx, looks%waitsMove == 0) })
			}
		}
	}
}

func (h *Hub) do(ctx context.Context, what string, chore func(context.Context) error) {
	within, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	if err := chore(within); err != nil && ctx.Err() == nil {
		h.log.Warn("a chore of the sockets", "chore", what, "error", err)
	}
}

// readBehind reads what rooms miss and hands it out like anything else.
func (h *Hub) readBehind(ctx context.Context) error {
	for _, id := range h.chores.takeAll(&h.chores.behind) {
		if err := h.readRoom(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

func (h *Hub) readRoom(ctx context.Context, id string) error {
	for {
		told, open := h.toldIn(id)
		if !open {
			return nil
		}
		events, err := h.store.Events(ctx, id, told, false, pageEvents)
		if err != nil || len(events) == 0 {
			return err
		}
		session, err := h.store.Session(ctx, id)
		if err != nil {
			return err
		}
		if last := events[len(events)-1].Seq; session.Seq < last {
			// The columns of the row may lag behind the log; who may read the session does not.
			picture := *session
			picture.Seq = last
			session = &picture
		}
		h.handOut(nil, []core.Change{{Session: session, Events: events}})
		if len(events) < pageEvents {
			return nil
		}
	}
}

// toldIn says up to which seq a room was told. A room that nobody has read to yet needs nothing.
func (h *Hub) toldIn(id string) (told int64, open bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	in := h.rooms[id]
	if in == nil || in.told == unknown {
		return 0, false
	}
	return in.told, true
}

// tellAgents tells those who follow the desk how agents stand.
func (h *Hub) tellAgents(ctx context.Context) error {
	for _, id := range h.chores.takeAll(&h.chores.agents) {
		a, err := h.store.Agent(ctx, id)
		if core.KindOf(err) == core.NotFound {
			continue
		}
		if err != nil {
			return err
		}
		frame, err := rowFrame("agent", h.desk.ViewAgent(a, time.Now()))
		if err != nil {
			return err
		}
		h.sayToFollowers(frame, func(core.Actor) bool { return true })
	}
	return nil
}

// tellQueues tells those who follow the desk how their queues stand.
func (h *Hub) tellQueues(ctx context.Context) error {
	changed := h.chores.takeAll(&h.chores.queues)
	if len(changed) == 0 {
		return nil
	}
	states, err := h.desk.Queues(ctx)
	if err != nil {
		return err
	}
	for _, q := range states {
		if !slices.Contains(changed, q.ID) {
			continue
		}
		frame, err := rowFrame("queue", desk.ViewQueue(q))
		if err != nil {
			return err
		}
		h.sayToFollowers(frame, func(a core.Actor) bool { return a.Role != core.AgentRole || a.In(q.ID) })
	}
	return nil
}

func (h *Hub) sayToFollowers(frame []byte, may func(core.Actor) bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.feeds {
		if may(*c.actor.Load()) {
			c.push(frame)
		}
	}
}

// tellStandings tells customers whose session came into line how it stands, with its place.
func (h *Hub) tellStandings(ctx context.Context) error {
	return h.tellLine(ctx, func(in *standing) bool { return in.rowDue })
}

// placesPerLook is how many places are counted with one look; in a long line the others come with the next ones.
const placesPerLook = 200

// waitsMove is the number of looks after which places are told even where nobody moved: waits get shorter by waiting.
const waitsMove = 40

// tellPlaces tells those in whose line somebody moved, or all, how they stand now.
func (h *Hub) tellPlaces(ctx context.Context, all bool) error {
	h.mu.Lock()
	for _, in := range h.line {
		if _, moved := h.moved[in.session.Queue.ID]; moved || all {
			in.placeDue = true
		}
	}
	clear(h.moved)
	h.mu.Unlock()
	return h.tellLine(ctx, func(in *standing) bool { return in.placeDue })
}

func (h *Hub) tellLine(ctx context.Context, due func(*standing) bool) error {
	h.mu.Lock()
	var sessions []*core.Session
	for _, in := range h.line {
		if due(in) && len(sessions) < placesPerLook {
			sessions = append(sessions, in.session)
		}
	}
	h.mu.Unlock()
	if len(sessions) == placesPerLook {
		defer h.chores.urge()
	}
	for _, s := range sessions {
		at, err := h.desk.Standing(ctx, desk.ForStaff, s)
		if err != nil {
			return err
		}
		h.tellPlace(s, at, h.desk.Told(ctx, desk.ForCustomer, s, at))
	}
	return nil
}

// tellPlace tells everybody who listens the place of a session, staff all of it and the others what they are told, and
// before it a customer his session's row if that is due.
func (h *Hub) tellPlace(s *core.Session, all, public desk.Standing) {
	h.mu.Lock()
	defer h.mu.Unlock()
	in := h.line[s.ID]
	if in == nil || in.session != s {
		return // it moved on meanwhile, and what came after is told for itself
	}
	if !h.listened(s) {
		delete(h.line, s.ID)
		return
	}
	r := round{h: h, now: time.Now()}
	if in.rowDue {
		r.customerRow(s, public)
	}
	if in.untold || !in.told.Equal(all) {
		r.place(s, all, public)
	}
	in.untold = false
	in.told, in.rowDue, in.placeDue = all, false, false
	for _, c := range r.ready {
		c.start()
	}
}

// place tells the place of a session to its customer, and to bots and staff who follow it. h.mu is held.
func (r *round) place(s *core.Session, all, public desk.Standing) {
	outside, inside := placeFrame(s.ID, public), placeFrame(s.ID, all)
	for _, c := range r.h.customers[s.Customer.ID] {
		r.say(c, outside)
	}
	in := r.h.rooms[s.ID]
	if in == nil {
		return
	}
	for _, reader := range in.subs {
		switch {
		case !reader.admitted || reader.to == desk.ForCustomer || !r.h.desk.MayRead(*reader.c.actor.Load(), s):
		case reader.to == desk.ForStaff:
			r.say(reader.c, inside)
		default:
			r.say(reader.c, outside)
		}
	}
}
