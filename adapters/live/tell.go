package live

import (
	"context"
	"sync"
	"time"

	"baton/core"
	"baton/core/desk"
)

// inbox is what the committer left for the hub's teller.
type inbox struct {
	mu       sync.Mutex // guards answers and changes
	answers  []answer
	changes  []core.Change
	changed  chan struct{} // of one: there are changes
	answered chan struct{} // of one: there are answers
}

// answer is what became of a message.
type answer struct {
	flight *flight
	sent   desk.Sent
	err    error
}

// Follow takes note of what was committed and returns at once; the teller does the rest.
func (h *Hub) Follow(changes []core.Change) {
	h.inbox.mu.Lock()
	h.inbox.changes = append(h.inbox.changes, changes...)
	h.inbox.mu.Unlock()
	ring(h.inbox.changed)
}

// answer takes note of what became of a message and returns at once.
func (h *Hub) answer(a answer) {
	h.inbox.mu.Lock()
	h.inbox.answers = append(h.inbox.answers, a)
	h.inbox.mu.Unlock()
	ring(h.inbox.answered)
}

// ring wakes whoever waits on a channel of one.
func ring(bell chan struct{}) {
	select {
	case bell <- struct{}{}:
	default:
	}
}

// changesFollow is how long the teller waits for the changes that answers are about: the committer brings both,
// one right after the other, and a sender's answer and event are then written in one piece.
const changesFollow = 300 * time.Microsecond

// tell hands out answers and changes until ctx ends.
func (h *Hub) tell(ctx context.Context) {
	soon := time.NewTimer(time.Hour)
	defer soon.Stop()
	var answers []answer
	var changes []core.Change
	for {
		select {
		case <-ctx.Done():
			return
		case <-h.inbox.answered:
			soon.Reset(changesFollow)
			select {
			case <-ctx.Done():
			case <-h.inbox.changed:
			case <-soon.C:
			}
		case <-h.inbox.changed:
		}
		h.inbox.mu.Lock()
		answers, h.inbox.answers = h.inbox.answers, answers[:0]
		changes, h.inbox.changes = h.inbox.changes, changes[:0]
		h.inbox.mu.Unlock()
		h.handOut(answers, changes)
		clear(answers)
		clear(changes)
	}
}

// round is one going about of the teller: frames are queued for everybody first and written afterwards.
type round struct {
	h     *Hub
	now   time.Time
	ready []*conn // whose writer must be started
	frame []byte  // to word answers in
}

func (r *round) say(c *conn, payload []byte) {
	if c.queue(opText, payload, r.now, false) {
		r.ready = append(r.ready, c)
	}
}

func (h *Hub) handOut(answers []answer, changes []core.Change) {
	r := round{h: h, now: time.Now()}
	for i := range answers {
		r.answer(&answers[i])
	}
	if len(changes) > 0 {
		h.mu.Lock()
		for i := range changes {
			r.change(&changes[i])
		}
		h.mu.Unlock()
	}
	for _, c := range r.ready {
		c.start()
	}
}

// answer tells a sender what became of his message.
func (r *round) answer(a *answer) {
	c, id := a.flight.c, a.flight.id
	defer c.touchDown(a.flight)
	switch {
	case a.flight.wasLate():
	case a.err != nil:
		if payload := c.problem(id, a.err); payload != nil {
			r.say(c, payload)
		}
	default:
		r.frame = appendOK(r.frame[:0], id, reply{message: a.sent.ID, seq: a.sent.Seq})
		r.say(c, r.frame)
	}
}

// change tells everybody concerned what happened. h.mu is held.
func (r *round) change(ch *core.Change) {
	h := r.h
	if ch.Session != nil {
		r.session(ch)
	}
	for _, subject := range ch.Revoked {
		h.revoke(subject)
	}
	h.switched = h.switched || ch.Session == nil && len(ch.Queues) > 0
	if len(ch.Agents)+len(ch.Queues) > 0 {
		h.concern(ch.Agents, ch.Queues)
	}
}

// session tells what happened in a session: its events to the room, its row to those who follow the desk and to
// its customer.
func (r *round) session(ch *core.Change) {
	h, s := r.h, ch.Session
	in := h.rooms[s.ID]
	if in != nil {
		r.events(in, s, ch.Events)
	}
	was, known := h.glances[s.ID]
	switch {
	case known && was.seq > s.Seq:
		return // an older picture, read while a newer one was told
	case known && was.seq == s.Seq && was.receipts == s.Receipts && len(ch.Events) == 0:
		return // the same picture again, as a look at other nodes gives it
	}
	h.glances[s.ID] = glanceAt(s)
	h.endVisit(s)
	if ch.Receipt || known && was.receipts != s.Receipts {
		r.receipts(in, s, was.receipts)
	}
	r.feed(ch, was, known)
	r.customer(ch, was, known)
}

// events hands events to the readers of a room, in order and each once. A gap means that another node wrote what
// is missing: it is read from the log, and so is what came after.
func (r *round) events(in *room, s *core.Session, events []*core.Event) {
	if in.session == nil || in.session.Seq <= s.Seq {
		in.session = s
	}
	for _, e := range events {
		switch {
		case e.Seq <= in.told:
		case in.told != unknown && e.Seq > in.told+1:
			r.h.lookAt(in.id)
			return
		default:
			in.told = e.Seq
			r.event(in, s, e)
		}
	}
	if in.told != unknown && s.Seq > in.told {
		r.h.lookAt(in.id)
	}
}

// wording is an event as each audience sees it, made when the first of them is told.
type wording [3][]byte

// event hands one event to the readers of a room.
func (r *round) event(in *room, s *core.Session, e *core.Event) {
	var words wording
	for i := 0; i < len(in.subs); i++ {
		if reader := in.subs[i]; !r.toOne(reader, s, e, &words) {
			i-- // he is no longer among them
		}
	}
}

// toOne tells a reader of an event, once and if he may see it. It is false when he may no longer read the session
// and was taken out of the room.
func (r *round) toOne(reader *sub, s *core.Session, e *core.Event, words *wording) bool {
	switch {
	case !reader.upToDate:
		reader.keep(e)
		return true
	case e.Seq <= reader.at:
		return true
	case !r.h.desk.MayRead(*reader.c.actor.Load(), s):
		r.stop(reader, core.Missing())
		return false
	}
	reader.at = e.Seq
	if !reader.to.Sees(e) {
		return true
	}
	if words[reader.to] == nil {
		frame, err := appendEventFrame(make([]byte, 0, frameHead+len(e.JSON)), reader.to, e)
		if err != nil {
			r.h.log.Error("an event could not be worded", "session", e.Session, "seq", e.Seq, "error", err)
			return true
		}
		words[reader.to] = frame
	}
	r.say(reader.c, words[reader.to])
	return true
}

// frameHead is about how much an event's frame holds beside its data.
const frameHead = 256

// stop ends the stream of a reader who may not read any more.
func (r *round) stop(s *sub, why *core.Error) {
	r.h.unsubscribe(s)
	r.say(s.c, problemFrame("", s.room.id, why))
}

// receipts tells a session's readers and its customer how far each side has got. A side that is known to be where
// it was is not told.
func (r *round) receipts(in *room, s *core.Session, was core.Receipts) {
	for _, side := range []struct {
		name     core.Side
		was, now core.Receipt
	}{{core.CustomerSide, was.Customer, s.Receipts.Customer}, {core.AgentSide, was.Agent, s.Receipts.Agent}} {
		if side.was == side.now {
			continue
		}
		frame := appendReceipt(nil, s.ID, side.name, side.now)
		if in != nil {
			for _, reader := range in.subs {
				if reader.admitted && reader.to != desk.ForCustomer && r.h.desk.MayRead(*reader.c.actor.Load(), s) {
					r.say(reader.c, frame)
				}
			}
		}
		for _, c := range r.h.customers[s.Customer.ID] {
			r.say(c, frame)
		}
	}
}

// revoke closes the connections of a credential, or of a person whose earlier credentials no longer count.
// h.mu is held.
func (h *Hub) revoke(subject string) {
	for c := range h.conns {
		a := c.actor.Load()
		if (a.Credential == subject || a.ID == subject) && h.access.Check(c.ctx, *a) != nil {
			c.stop(closeNotSigned)
		}
	}
}
