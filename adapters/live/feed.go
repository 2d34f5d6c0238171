package live

import (
	"context"
	"slices"
	"time"

	"baton/core"
	"baton/core/desk"
)

// glance is what was last told of a session: enough to see who lost it. That of an ended one is kept for a while.
type glance struct {
	endedAt  time.Time
	seq      int64
	status   core.Status
	queue    string
	agent    string
	offer    *core.Offer
	receipts core.Receipts
}

func glanceAt(s *core.Session) glance {
	owner, _ := s.Holders()
	return glance{endedAt: s.EndedAt, seq: s.Seq, status: s.Status, queue: s.Queue.ID, agent: owner, offer: s.Offer, receipts: s.Receipts}
}

// glanceKept is how long an ended session is remembered.
const glanceKept = time.Minute

// forgetEnded drops the glances of sessions that ended a while ago. h.mu is held.
func (h *Hub) forgetEnded(now time.Time) {
	for id, g := range h.glances {
		if g.status == core.StatusEnded && now.Sub(g.endedAt) > glanceKept {
			delete(h.glances, id)
		}
	}
}

// session is the part of the session as it was that says who could read it.
func (g glance) session() *core.Session {
	s := &core.Session{Status: g.status, Queue: core.Ref{ID: g.queue}, Offer: g.offer}
	if g.agent != "" {
		s.Agent = &core.Ref{ID: g.agent}
	}
	return s
}

// moved says whether a change is more than talk to this audience: its row is told at once then.
func moved(ch *core.Change, to desk.Audience, was glance, known bool) bool {
	for _, e := range ch.Events {
		switch e.Data.(type) {
		case *core.Posted, *core.NoteAdded:
		case *core.TagAdded, *core.TagRemoved, *core.PriorityChanged:
			if to == desk.ForStaff {
				return true
			}
		default:
			return true
		}
	}
	now := glanceAt(ch.Session)
	return !known || now.status != was.status || now.queue != was.queue || now.agent != was.agent
}

// feed tells those who follow the desk how a session stands. Rows after mere talk wait for the next look.
func (r *round) feed(ch *core.Change, was glance, known bool) {
	h, s := r.h, ch.Session
	r.offers(s, was)
	switch {
	case len(h.feeds) == 0:
	case moved(ch, desk.ForStaff, was, known):
		delete(h.stale, s.ID)
		r.rows(s)
		if known {
			r.gone(s, was)
		}
	default:
		h.stale[s.ID] = s
	}
}

// offers tells the agents concerned of an offer that was made or that is gone.
func (r *round) offers(s *core.Session, was glance) {
	if was.offer != nil && (s.Offer == nil || s.Offer.Seq != was.offer.Seq) {
		r.sayToFollower(was.offer.Agent.ID, appendOfferGone(nil, s.ID))
	}
	if s.Offer != nil && (was.offer == nil || s.Offer.Seq != was.offer.Seq) {
		r.sayToFollower(s.Offer.Agent.ID, appendOffer(nil, s.ID, s.Offer))
	}
}

// sayToFollower says something to an agent on those connections that follow the desk.
func (r *round) sayToFollower(agent string, frame []byte) {
	if p := r.h.agents[agent]; p != nil {
		for _, c := range p.conns {
			if _, follows := r.h.feeds[c]; follows {
				r.say(c, frame)
			}
		}
	}
}

// rows tells a session's row to every follower of the desk who may read it; all of them see the same one.
func (r *round) rows(s *core.Session) {
	var frame []byte
	for c := range r.h.feeds {
		a := c.actor.Load()
		if !r.h.desk.MayRead(*a, s) {
			continue
		}
		if frame == nil {
			var err error
			if frame, err = rowFrame("session", desk.Row(*a, s)); err != nil {
				r.h.log.Error("a row could not be worded", "session", s.ID, "error", err)
				return
			}
		}
		r.say(c, frame)
	}
}

// gone tells those who could read the session before and no longer may.
func (r *round) gone(s *core.Session, was glance) {
	before := was.session()
	for c := range r.h.feeds {
		if a := *c.actor.Load(); r.h.desk.MayRead(a, before) && !r.h.desk.MayRead(a, s) {
			r.say(c, appendSessionGone(nil, s.ID))
		}
	}
}

// customer tells a customer how his own session stands, and remembers a session in line so that he learns of its
// place.
func (r *round) customer(ch *core.Change, was glance, known bool) {
	h, s := r.h, ch.Session
	if !h.listened(s) {
		return
	}
	if in := h.line[s.ID]; in != nil && in.session.Priority != s.Priority {
		in.session, in.placeDue = s, true // he is not told why his place is another one
	}
	if !moved(ch, desk.ForCustomer, was, known) {
		return
	}
	h.standInLine(s)
	if s.InLine() {
		h.line[s.ID].rowDue = true
		h.chores.urge()
		return
	}
	r.customerRow(s, desk.Standing{})
}

// customerRow tells the connections of a session's customer how it stands.
func (r *round) customerRow(s *core.Session, at desk.Standing) {
	conns := r.h.customers[s.Customer.ID]
	if len(conns) == 0 {
		return
	}
	row := desk.Row(*conns[0].actor.Load(), s)
	row.Stand(at)
	frame, err := rowFrame("session", row)
	if err != nil {
		r.h.log.Error("a row could not be worded", "session", s.ID, "error", err)
		return
	}
	for _, c := range conns {
		r.say(c, frame)
	}
}

// followDesk starts to tell a person of the team what changes on the desk: first the offers open to him.
func (h *Hub) followDesk(ctx context.Context, c *conn, r *request) (reply, error) {
	actor := c.actor.Load()
	if err := h.rules[desk.ActFeed].Admits(*actor); err != nil {
		return reply{}, err
	}
	if r.Feed != "desk" || r.After != 0 {
		return reply{}, core.RefuseField("/feed", "the one feed is desk, and it has no after")
	}
	h.mu.Lock()
	h.feeds[c] = struct{}{}
	h.mu.Unlock()
	open, _, err := h.store.Sessions(ctx, core.SessionFilter{OfferedTo: actor.ID, Limit: openOffers})
	if err != nil {
		h.mu.Lock()
		delete(h.feeds, c)
		h.mu.Unlock()
		return reply{}, err
	}
	return reply{then: func() { h.showOffers(c, open) }}, nil
}

// openOffers is more offers than one agent can have open.
const openOffers = 100

func (h *Hub) showOffers(c *conn, open []*core.Session) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, s := range open {
		was, known := h.glances[s.ID]
		if known && was.seq > s.Seq || s.Offer == nil {
			continue
		}
		h.glances[s.ID] = glanceAt(s)
		c.push(appendOffer(nil, s.ID, s.Offer))
	}
}

// standing is a session in line of which somebody here is told the place: its customer, its bot, or an agent who looks.
type standing struct {
	session  *core.Session
	told     desk.Standing // last, all of it
	untold   bool          // somebody was not told yet
	rowDue   bool          // the customer has not been told how the session stands
	placeDue bool          // somebody in its queue moved, or somebody came who was not told yet
}

// listened says whether anybody here is told how a session stands in line. h.mu is held.
func (h *Hub) listened(s *core.Session) bool {
	if len(h.customers[s.Customer.ID]) > 0 {
		return true
	}
	in := h.rooms[s.ID]
	return in != nil && slices.ContainsFunc(in.subs, func(r *sub) bool { return r.admitted })
}

// standInLine remembers or forgets a session of which somebody here is told the place. h.mu is held.
func (h *Hub) standInLine(s *core.Session) {
	if !s.InLine() {
		delete(h.line, s.ID)
		return
	}
	if in := h.line[s.ID]; in != nil {
		in.session, in.untold, in.placeDue = s, true, true
		return
	}
	h.line[s.ID] = &standing{session: s, untold: true, placeDue: true}
}

// leaveLine forgets the sessions of a customer who is no longer connected here. h.mu is held.
func (h *Hub) leaveLine(customer string) {
	for id, in := range h.line {
		if in.session.Customer.ID == customer && !h.listened(in.session) {
			delete(h.line, id)
		}
	}
}

// lookEvery is how often rows after mere talk, and agents, queues and places that changed, are told.
const lookEvery = 250 * time.Millisecond

// flushRows tells the rows that wait.
func (h *Hub) flushRows() {
	h.mu.Lock()
	if len(h.stale) == 0 {
		h.mu.Unlock()
		return
	}
	r := round{h: h, now: time.Now()}
	for id, s := range h.stale {
		delete(h.stale, id)
		r.rows(s)
	}
	h.mu.Unlock()
	for _, c := range r.ready {
		c.start()
	}
}
