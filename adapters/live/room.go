package live

import (
	"context"
	"time"

	"baton/core"
	"baton/core/desk"
)

// room is a session that somebody here has subscribed to.
type room struct {
	id string
	// told is the seq up to which events were handed to those who are up to date, or unknown.
	told    int64
	session *core.Session // the newest picture that came by, or nil
	subs    []*sub
}

// unknown is the told of a room that has just been opened.
const unknown int64 = -1

// sub is one reader of a room.
type sub struct {
	c    *conn
	room *room
	to   desk.Audience
	at   int64 // the seq up to which he was told
	// admitted: he may read the session. Before that he gets nothing at all.
	admitted bool
	// upToDate: the log was read to him, so that he is told what happens as it happens.
	upToDate bool
	// meanwhile is what happened while a page of the log was read to him.
	meanwhile []*core.Event
	crowded   bool // too much happened meanwhile: another page is read
}

// meanwhileMost is how many events are kept for a reader while a page is written to him.
const meanwhileMost = 500

// keep remembers an event for a reader who is still reading the log.
func (s *sub) keep(e *core.Event) {
	if s.crowded = s.crowded || len(s.meanwhile) >= meanwhileMost; !s.crowded {
		s.meanwhile = append(s.meanwhile, e)
	}
}

// maxSubscriptions is how many sessions one person follows at once on a connection; a bot has a session for each
// of its customers.
const (
	maxSubscriptions    = 500
	maxBotSubscriptions = 20000
)

// subscribeTo starts to tell a connection what happens in a session, from a seq on, or on the desk.
func (h *Hub) subscribeTo(ctx context.Context, c *conn, r *request) (reply, error) {
	if (r.Session == "") == (r.Feed == "") {
		return reply{}, core.RefuseField("/session", "subscribe to a session or to a feed, one of the two")
	}
	if r.Feed != "" {
		return h.followDesk(ctx, c, r)
	}
	if r.After < 0 {
		return reply{}, core.RefuseField("/after", "after is the seq of the last event that you have, 0 for none")
	}
	actor := c.actor.Load()
	s, err := h.join(c, r.Session, r.After)
	if err != nil {
		return reply{}, err
	}
	session, err := h.desk.Session(ctx, *actor, r.Session)
	if err != nil {
		h.quit(s)
		return reply{}, err
	}
	if session.Seq-r.After > int64(h.cfg.MissedEvents) {
		h.quit(s)
		return reply{then: func() { c.push(appendResync(nil, r.Session)) }}, nil
	}
	return reply{then: func() { h.admit(s, session) }}, nil
}

// join puts a reader into a room before anything is read, so that nothing falls between log and room. A second
// subscription of one connection replaces the first.
func (h *Hub) join(c *conn, session string, after int64) (*sub, error) {
	actor := c.actor.Load()
	most := maxSubscriptions
	if actor.Role == core.BotRole {
		most = maxBotSubscriptions
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	in := h.rooms[session]
	if in == nil {
		in = &room{id: session, told: unknown}
		h.rooms[session] = in
	}
	if old := in.of(c); old != nil {
		h.unsubscribe(old)
		h.rooms[session] = in
	}
	if len(c.subs) >= most {
		h.dropEmpty(in)
		return nil, core.Refuse(core.TooMany, "one connection follows at most %d sessions; unsubscribe from some", most)
	}
	s := &sub{c: c, room: in, to: desk.AudienceOf(*actor), at: after}
	in.subs = append(in.subs, s)
	c.subs = append(c.subs, s)
	return s, nil
}

// admit lets a reader in who may read, and has the log read to him.
func (h *Hub) admit(s *sub, session *core.Session) {
	h.mu.Lock()
	in := s.room
	s.admitted = true
	if in.told == unknown {
		in.told = session.Seq
	}
	if in.session == nil || in.session.Seq < session.Seq {
		in.session = session
	}
	if s.to == desk.ForStaff {
		h.tellViewers(in)
		h.tellVisitTo(s)
	}
	if s.to == desk.ForCustomer {
		h.came(in)
	}
	h.standInLine(session)
	h.mu.Unlock()
	c := s.c
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.code == 0 {
		c.behind = append(c.behind, s)
		c.startLocked()
	}
}

// quit ends a subscription that its connection still has.
func (h *Hub) quit(s *sub) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.unsubscribe(s)
}

// unsubscribe takes a reader out of his room, and an empty room off the list. h.mu is held.
func (h *Hub) unsubscribe(s *sub) {
	in := s.room
	before := len(in.subs)
	in.subs = without(in.subs, s)
	s.c.subs = without(s.c.subs, s)
	if len(in.subs) == before {
		return
	}
	admitted := s.admitted
	s.upToDate, s.admitted = false, false
	h.dropEmpty(in)
	switch {
	case admitted && s.to == desk.ForStaff:
		h.tellViewers(in)
	case admitted && s.to == desk.ForCustomer:
		h.went(s)
	}
}

func (h *Hub) dropEmpty(in *room) {
	if len(in.subs) == 0 && h.rooms[in.id] == in {
		delete(h.rooms, in.id)
	}
}

// unsubscribeFrom stops telling a connection of a session or of the desk.
func (h *Hub) unsubscribeFrom(_ context.Context, c *conn, r *request) (reply, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if r.Feed != "" {
		delete(h.feeds, c)
	}
	if in := h.rooms[r.Session]; in != nil {
		if s := in.of(c); s != nil {
			h.unsubscribe(s)
		}
	}
	return reply{}, nil
}

// of finds a connection's subscription.
func (in *room) of(c *conn) *sub {
	for _, s := range in.subs {
		if s.c == c {
			return s
		}
	}
	return nil
}

// tellViewers tells staff in a room which colleagues look at the session. h.mu is held.
func (h *Hub) tellViewers(in *room) {
	var agents []core.Ref
	seen := map[string]bool{}
	for _, s := range in.subs {
		if a := s.c.actor.Load(); s.admitted && s.to == desk.ForStaff && !seen[a.ID] {
			seen[a.ID] = true
			agents = append(agents, core.Ref{ID: a.ID, Name: a.Name})
		}
	}
	frame := appendViewers(nil, in.id, agents)
	for _, s := range in.subs {
		if s.admitted && s.to == desk.ForStaff {
			s.c.push(frame)
		}
	}
}

// Typing tells the others in a session that somebody is typing. Nothing is stored, and nobody hears it who is
// not connected here.
func (h *Hub) Typing(ctx context.Context, by core.Actor, session string) error {
	h.mu.Lock()
	var picture *core.Session
	if in := h.rooms[session]; in != nil {
		picture = in.session
	}
	h.mu.Unlock()
	if picture == nil || !h.desk.MayRead(by, picture) {
		var err error
		if picture, err = h.desk.Session(ctx, by, session); err != nil {
			return err
		}
	}
	switch {
	case !picture.Open():
		return core.Refuse(core.SessionEnded, "this chat has ended")
	case by.Login() && !picture.OwnedBy(by.ID):
		return core.Refuse(core.NotOwner, "you do not have this chat")
	}
	frame := appendTyping(nil, session, by.Ref())
	h.mu.Lock()
	defer h.mu.Unlock()
	if in := h.rooms[session]; in != nil {
		for _, s := range in.subs {
			if reader := s.c.actor.Load(); s.admitted && reader.ID != by.ID && h.desk.MayRead(*reader, picture) {
				s.c.push(frame)
			}
		}
	}
	return nil
}

// How often a connection may say that somebody types.
const (
	typingsPerSecond = 2
	typingsBurst     = 10
)

// relayTyping is Typing for a frame; what comes too often is dropped without a word.
func (h *Hub) relayTyping(ctx context.Context, c *conn, r *request) (reply, error) {
	if !c.typings.take(time.Now(), typingsPerSecond, typingsBurst) {
		return reply{}, nil
	}
	return reply{}, h.Typing(ctx, *c.actor.Load(), r.Session)
}
