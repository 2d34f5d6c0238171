package live

import (
	"context"
	"encoding/json"
	"time"

	"baton/core"
	"baton/core/desk"
)

// answerWithin is how long a frame may wait for its answer.
const answerWithin = 10 * time.Second

// verb is one type of frame: who may send it is the policy's rule for its act, what it takes, and what it does.
// A nil do is a message, which is not waited for.
type verb struct {
	act   desk.Act
	needs field
	takes field // beside what it needs
	do    func(context.Context, *conn, *request) (reply, error)
}

// allVerbs are the frames that clients may send: the verbs of HTTP with the same fields.
func (h *Hub) allVerbs() map[string]verb {
	return map[string]verb{
		"message":     {desk.ActPost, fSession, fClientID | fText | fAttachments | fAs | fEpoch, nil},
		"subscribe":   {desk.ActEvents, 0, fSession | fAfter | fFeed, h.subscribeTo},
		"unsubscribe": {desk.ActSocket, 0, fSession | fFeed, h.unsubscribeFrom},
		"ping":        {desk.ActSocket, 0, 0, h.pong},
		"typing":      {desk.ActTyping, fSession, 0, h.relayTyping},
		"read":        {desk.ActReceipt, fSession, fSeq, h.read},
		"delivered":   {desk.ActReceipt, fSession, fSeq, h.delivered},
		"status":      {desk.ActChangeMe, fMe, 0, h.changeMe},
		"accept":      {desk.ActAccept, fSession, 0, h.accept},
		"decline":     {desk.ActDecline, fSession, fReason, h.decline},
		"assign":      {desk.ActAssign, fSession | fAgentID, fForce, h.assign},
		"takeover":    {desk.ActTakeOver, fSession, fForce, h.takeOver},
		"transfer":    {desk.ActTransfer, fSession, fAgentID | fQueue | fNote, h.transfer},
		"end":         {desk.ActEnd, fSession, fReason | fEnd, h.finish},
		"reopen":      {desk.ActReopen, fSession, 0, h.reopen},
		"note":        {desk.ActNote, fSession, fText, h.note},
		"tag":         {desk.ActTag, fSession, fTag, h.tag},
		"untag":       {desk.ActTag, fSession, fTag, h.untag},
		"rate":        {desk.ActRate, fSession, fRating, h.rate},
		"update":      {desk.ActUpdate, fSession, fPriority | fUpdate, h.update},
		"priority":    {desk.ActUpdate, fSession | fPriority, 0, h.update},
	}
}

// act does what a frame asks for. Frames of one connection are acted on one after the other; only messages are
// queued without waiting for those before, in the same order.
func (c *conn) act(r *request) error {
	v, known := c.hub.verbs[r.Type]
	if !known {
		return core.RefuseField("/type", "there is no frame of type %q", r.Type)
	}
	if err := c.hub.rules[v.act].Admits(*c.actor.Load()); err != nil {
		return err
	}
	if err := fits(r, v); err != nil {
		return err
	}
	if v.do == nil {
		return c.post(r)
	}
	ctx, cancel := context.WithTimeout(c.ctx, answerWithin)
	defer cancel()
	answer, err := v.do(ctx, c, r)
	if err != nil {
		return err
	}
	if r.ID != "" {
		c.push(appendOK(nil, r.ID, answer))
	}
	if answer.then != nil {
		answer.then()
	}
	return nil
}

// fits says whether a frame has what its verb needs, and nothing that belongs to others.
func fits(r *request, v verb) error {
	has := r.fields()
	switch {
	case v.needs&fSession&^has != 0:
		return core.RefuseField("/session", "say which session this is about")
	case v.needs&^has != 0:
		return core.Refuse(core.Invalid, "a frame of type %q needs more than this one has", r.Type)
	case has&^(v.needs|v.takes) != 0:
		return core.Refuse(core.Invalid, "this frame has a field that does not belong in one of type %q", r.Type)
	}
	return nil
}

// sessionReply answers with the session that an act left behind.
func sessionReply(a *core.Actor, s *core.Session, err error) (reply, error) {
	if err != nil {
		return reply{}, err
	}
	seq := s.Seq
	if desk.AudienceOf(*a) != desk.ForStaff {
		seq = s.PublicSeq
	}
	return reply{session: s.ID, seq: seq, epoch: s.Epoch}, nil
}

func (h *Hub) accept(ctx context.Context, c *conn, r *request) (reply, error) {
	a := c.actor.Load()
	s, err := h.desk.Accept(ctx, *a, r.Session)
	return sessionReply(a, s, err)
}

func (h *Hub) decline(ctx context.Context, c *conn, r *request) (reply, error) {
	a := c.actor.Load()
	s, err := h.desk.Decline(ctx, *a, r.Session, r.Reason)
	return sessionReply(a, s, err)
}

func (h *Hub) assign(ctx context.Context, c *conn, r *request) (reply, error) {
	a := c.actor.Load()
	s, err := h.desk.Assign(ctx, *a, r.Session, r.AgentID, r.Force)
	return sessionReply(a, s, err)
}

func (h *Hub) takeOver(ctx context.Context, c *conn, r *request) (reply, error) {
	a := c.actor.Load()
	s, err := h.desk.TakeOver(ctx, *a, r.Session, r.Force)
	return sessionReply(a, s, err)
}

func (h *Hub) transfer(ctx context.Context, c *conn, r *request) (reply, error) {
	a := c.actor.Load()
	switch {
	case (r.AgentID == "") == (r.Queue == ""):
		return reply{}, core.RefuseField("/agent_id", "a transfer names an agent_id or a queue, one of the two")
	case r.Queue != "":
		s, err := h.desk.TransferToQueue(ctx, *a, r.Session, r.Queue, r.Note)
		return sessionReply(a, s, err)
	}
	s, err := h.desk.Transfer(ctx, *a, r.Session, r.AgentID, r.Note)
	return sessionReply(a, s, err)
}

func (h *Hub) finish(ctx context.Context, c *conn, r *request) (reply, error) {
	a := c.actor.Load()
	s, err := h.desk.End(ctx, *a, r.Session, desk.End{Reason: r.Reason, ReturnTo: r.ReturnTo, Disposition: r.Disposition, Summary: r.Summary})
	return sessionReply(a, s, err)
}

func (h *Hub) reopen(ctx context.Context, c *conn, r *request) (reply, error) {
	a := c.actor.Load()
	s, err := h.desk.Reopen(ctx, *a, r.Session)
	return sessionReply(a, s, err)
}

func (h *Hub) update(ctx context.Context, c *conn, r *request) (reply, error) {
	a := c.actor.Load()
	s, err := h.desk.Update(ctx, *a, r.Session, desk.Update{Priority: r.Priority, Subject: r.Subject, Context: json.RawMessage(r.Context)})
	return sessionReply(a, s, err)
}

func (h *Hub) rate(ctx context.Context, c *conn, r *request) (reply, error) {
	a := c.actor.Load()
	s, err := h.desk.Rate(ctx, *a, r.Session, r.Score, r.Comment)
	return sessionReply(a, s, err)
}

func (h *Hub) note(ctx context.Context, c *conn, r *request) (reply, error) {
	id, seq, err := h.desk.Note(ctx, *c.actor.Load(), r.Session, r.Text)
	return reply{note: id, seq: seq}, err
}

func (h *Hub) tag(ctx context.Context, c *conn, r *request) (reply, error) {
	return reply{}, h.desk.Tag(ctx, *c.actor.Load(), r.Session, r.Tag)
}

func (h *Hub) untag(ctx context.Context, c *conn, r *request) (reply, error) {
	return reply{}, h.desk.Untag(ctx, *c.actor.Load(), r.Session, r.Tag)
}

func (h *Hub) read(ctx context.Context, c *conn, r *request) (reply, error) {
	return reply{}, h.desk.Read(ctx, *c.actor.Load(), r.Session, r.Seq)
}

func (h *Hub) delivered(ctx context.Context, c *conn, r *request) (reply, error) {
	return reply{}, h.desk.Delivered(ctx, *c.actor.Load(), r.Session, r.Seq)
}

// pong answers a client that wants to know whether the server is there: browsers cannot send a ping of the protocol.
func (h *Hub) pong(context.Context, *conn, *request) (reply, error) { return reply{}, nil }

func (h *Hub) changeMe(ctx context.Context, c *conn, r *request) (reply, error) {
	_, err := h.desk.SetAgent(ctx, *c.actor.Load(), core.AgentChange{Status: r.Status, Capacity: r.Capacity, Name: r.Name})
	return reply{}, err
}
