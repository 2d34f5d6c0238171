package live

import (
	"time"

	"baton/core"
	"baton/core/desk"
)

// pageEvents is how many events a page of the log has.
const pageEvents = 200

// catchUp writes one page of the log to a reader, straight to the connection: it waits for the reader and counts
// for no queue. Whoever has read to the end is told from there on what happens as it happens.
func (h *Hub) catchUp(c *conn, s *sub) {
	at, told, wanted := h.whereIs(s)
	if !wanted {
		c.caughtUp(s)
		return
	}
	events, err := h.desk.Events(c.ctx, *c.actor.Load(), s.room.id, at, pageEvents)
	if err == nil {
		err = c.writePage(s.to, events)
	}
	if err != nil {
		c.caughtUp(s)
		h.quit(s)
		if payload := h.cutShort(c, s, err); payload != nil {
			c.push(payload)
		}
		return
	}
	if h.advance(s, events, told) {
		c.caughtUp(s)
	}
}

// whereIs says where a reader is and how far his room was told, and begins to keep what happens from now on. Not
// wanted is one who has left meanwhile.
func (h *Hub) whereIs(s *sub) (at, told int64, wanted bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s.meanwhile, s.crowded = s.meanwhile[:0], false
	return s.at, s.room.told, s.admitted
}

// advance notes what a page brought. A reader who has the whole log is told what happened meanwhile, is up to date
// then, and done with the log.
func (h *Hub) advance(s *sub, events []*core.Event, told int64) (done bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(events) > 0 {
		s.at = max(s.at, events[len(events)-1].Seq)
	}
	if len(events) == pageEvents {
		return !s.admitted
	}
	// The log was read to its end, so all that was told before is in it, also what this reader may not see.
	s.at = max(s.at, told)
	if s.crowded || !s.admitted {
		return !s.admitted
	}
	s.upToDate = true
	r := round{h: h, now: time.Now()}
	for _, e := range s.meanwhile {
		if s.admitted {
			r.toOne(s, s.room.session, e, new(wording))
		}
	}
	s.meanwhile = nil
	return true
}

// cutShort says what became of a subscription whose log could not be read to its end, or nil when the connection
// is ending anyway.
func (h *Hub) cutShort(c *conn, s *sub, err error) []byte {
	switch {
	case c.ctx.Err() != nil:
		return nil
	case core.KindOf(err) == core.NotFound:
		return problemFrame("", s.room.id, core.Missing())
	}
	h.log.Warn("a reader could not catch up", "session", s.room.id, "error", err)
	return appendResync(nil, s.room.id)
}

// writePage writes events to the reader. The writer calls it, so nothing is written beside it.
func (c *conn) writePage(to desk.Audience, events []*core.Event) (err error) {
	page, frame := c.hub.buffer(), c.hub.buffer()
	defer c.hub.release(page)
	defer c.hub.release(frame)
	for i, e := range events {
		if *frame, err = appendEventFrame((*frame)[:0], to, e); err != nil {
			return err
		}
		*page = appendFrame(*page, opText, *frame)
		if len(*page) < pageBytes && i < len(events)-1 {
			continue
		}
		if err := c.writeNow(*page); err != nil {
			return err
		}
		*page = (*page)[:0]
	}
	return nil
}

// pageBytes is about how much of a page is written at once.
const pageBytes = 64 << 10

// caughtUp takes a subscription off the list of those that are behind.
func (c *conn) caughtUp(s *sub) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.behind = without(c.behind, s)
	if len(c.behind) == 0 {
		c.behind = nil
	}
}
