package live

import (
	"context"
	"time"

	"baton/core"
	"baton/core/desk"
)

// visit says of an open session whether a connection of its customer follows it, and since when that is so. A
// customer who never followed it, such as one who talks over a bot's platform, has none.
type visit struct {
	here bool
	at   time.Time
}

// came notes that a customer follows his session, and tells the staff who look at it. h.mu is held.
func (h *Hub) came(in *room) {
	if in.session == nil || !in.session.Open() || h.several || h.visits[in.id].here {
		return
	}
	h.visits[in.id] = visit{here: true, at: time.Now()}
	h.tellVisit(in)
}

// went notes that a connection of a customer no longer follows his session. With the last one he is gone, since it
// was last heard of. h.mu is held.
func (h *Hub) went(s *sub) {
	if v := h.visits[s.room.id]; !v.here || h.closing != 0 || s.room.customerHere() {
		return
	}
	h.visits[s.room.id] = visit{at: time.UnixMilli(s.c.heard.Load())}
	h.tellVisit(s.room)
}

func (in *room) customerHere() bool {
	for _, s := range in.subs {
		if s.admitted && s.to == desk.ForCustomer {
			return true
		}
	}
	return false
}

// tellVisit tells staff in a room whether the customer is there. h.mu is held.
func (h *Hub) tellVisit(in *room) {
	for _, s := range in.subs {
		h.tellVisitTo(s)
	}
}

// tellVisitTo tells one reader, if he is one of the staff and anything is known. h.mu is held.
func (h *Hub) tellVisitTo(s *sub) {
	if v, known := h.visits[s.room.id]; known && s.admitted && s.to == desk.ForStaff {
		s.c.push(appendPresence(nil, s.room.id, v))
	}
}

// endVisit forgets what is known of the customer of a session that has ended. h.mu is held.
func (h *Hub) endVisit(s *core.Session) {
	if !s.Open() {
		delete(h.visits, s.ID)
	}
}

// countNodes finds out whether other servers live. Then nothing is said of customers: they may be connected there.
func (h *Hub) countNodes(ctx context.Context) error {
	live, _, err := h.nodes.Nodes(ctx)
	if err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.several = len(live) > 1; h.several {
		clear(h.visits)
	}
	return nil
}
