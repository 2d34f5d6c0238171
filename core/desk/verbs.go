package desk

import (
	"context"
	"encoding/json"
	"strings"

	"baton/core"
)

// Accept lets the offered agent join. Accepting what he already has changes nothing. It is a Conflict when the
// chat is no longer offered to him.
func (d *Desk) Accept(ctx context.Context, by core.Actor, session string) (*core.Session, error) {
	return sessionOf(d.change(ctx, by, session, func(s *core.Session, tx core.Tx) ([]core.Data, error) {
		if !s.OwnedBy(by.ID) {
			tx.Answered(by.ID)
		}
		return s.Accept(self(by))
	}))
}

// Decline passes the chat on to the next agent; it is not offered to this one again for a while.
func (d *Desk) Decline(ctx context.Context, by core.Actor, session, reason string) (*core.Session, error) {
	if err := d.checkText("/reason", reason, true); err != nil {
		return nil, err
	}
	return sessionOf(d.change(ctx, by, session, func(s *core.Session, tx core.Tx) ([]core.Data, error) {
		tx.Answered(by.ID)
		return s.Decline(self(by), reason)
	}))
}

// Assign gives the chat to an agent at once. It is a Conflict when the agent has no room, when a colleague has
// the chat and the actor does not lead, or when somebody was faster. Force lets the load go above the capacity.
func (d *Desk) Assign(ctx context.Context, by core.Actor, session, agent string, force bool) (*core.Session, error) {
	if force && !Allows(by, ActForce) {
		return nil, core.Refuse(core.Forbidden, "going above the capacity is for supervisors and above; ask one, or make room first")
	}
	to, err := d.colleague(ctx, agent)
	if err != nil {
		return nil, err
	}
	return sessionOf(d.change(ctx, by, session, func(s *core.Session, tx core.Tx) ([]core.Data, error) {
		if s.Status == core.StatusActive && !s.OwnedBy(to.ID) && !by.Leads() {
			return nil, core.Refuse(core.Conflict, "%s has this chat; ask for a transfer", s.Agent.Name)
		}
		if !s.OwnedBy(to.ID) && !s.OfferedTo(to.ID) {
			tx.Need(core.Place{Agent: to.ID, Forced: force})
		}
		if !s.OwnedBy(to.ID) {
			tx.Audit("session.assigned", s.ID, map[string]any{"agent": to.ID, "forced": force})
		}
		return s.Assign(to.Ref(), force)
	}))
}

// TakeOver is Assign to oneself.
func (d *Desk) TakeOver(ctx context.Context, by core.Actor, session string, force bool) (*core.Session, error) {
	return d.Assign(ctx, by, session, by.ID, force)
}

// Transfer offers the chat to a colleague while the giver keeps it. It is for its owner and for those who lead.
func (d *Desk) Transfer(ctx context.Context, by core.Actor, session, agent, note string) (*core.Session, error) {
	if err := d.checkText("/note", note, true); err != nil {
		return nil, err
	}
	to, err := d.colleague(ctx, agent)
	if err != nil {
		return nil, err
	}
	return sessionOf(d.change(ctx, by, session, func(s *core.Session, tx core.Tx) ([]core.Data, error) {
		if err := mayHandOver(by, s); err != nil {
			return nil, err
		}
		tx.Need(core.Place{Agent: to.ID, Offer: true, SeenAfter: tx.At().Add(-d.cfg.GoneAfter)})
		return s.TransferTo(to.Ref(), note, tx.At().Add(d.cfg.OfferExpiresAfter))
	}))
}

// TransferToQueue puts the chat into another queue, where it waits with its first arrival time.
func (d *Desk) TransferToQueue(ctx context.Context, by core.Actor, session, queue, note string) (*core.Session, error) {
	if err := d.checkText("/note", note, true); err != nil {
		return nil, err
	}
	to, err := d.queue(ctx, "/queue", queue)
	if err != nil {
		return nil, err
	}
	committed, err := d.change(ctx, by, session, func(s *core.Session, _ core.Tx) ([]core.Data, error) {
		if err := mayHandOver(by, s); err != nil {
			return nil, err
		}
		return s.TransferToQueue(to, note)
	})
	if err != nil {
		return nil, err
	}
	return d.firstDecision(ctx, committed.Session), nil
}

// Note adds a remark that colleagues see, and gives its id and seq.
func (d *Desk) Note(ctx context.Context, by core.Actor, session, text string) (id string, seq int64, err error) {
	if err := d.checkText("/text", text, false); err != nil {
		return "", 0, err
	}
	id = core.NewID(core.NotePrefix)
	committed, err := d.change(ctx, by, session, func(s *core.Session, _ core.Tx) ([]core.Data, error) {
		return s.Note(id, text)
	})
	if err != nil {
		return "", 0, err
	}
	return id, committed.Events[0].Seq, nil
}

// maxTagBytes and maxTags bound what one session is tagged with.
const (
	maxTagBytes = 64
	maxTags     = 50
)

// Tag puts a tag on the session. A tag that is there already changes nothing.
func (d *Desk) Tag(ctx context.Context, by core.Actor, session, tag string) error {
	tag, err := cleanTag("/tag", tag)
	if err != nil {
		return err
	}
	_, err = d.change(ctx, by, session, func(s *core.Session, _ core.Tx) ([]core.Data, error) {
		data, err := s.Tag(tag)
		if len(data) > 0 && len(s.Tags) >= maxTags {
			return nil, core.Refuse(core.Conflict, "a chat has at most %d tags; take one off first", maxTags)
		}
		return data, err
	})
	return err
}

// Untag takes a tag off the session. A tag that is not there changes nothing.
func (d *Desk) Untag(ctx context.Context, by core.Actor, session, tag string) error {
	_, err := d.change(ctx, by, session, func(s *core.Session, _ core.Tx) ([]core.Data, error) {
		return s.Untag(core.CleanName(tag))
	})
	return err
}

// Update is what may be changed about a request afterwards; nil leaves a part as it is.
type Update struct {
	Priority *core.Priority
	Subject  *string
	Context  json.RawMessage
}

// Update changes priority, subject or context of an open session: staff in their queues, or its own bot.
func (d *Desk) Update(ctx context.Context, by core.Actor, session string, u Update) (*core.Session, error) {
	if err := d.checkUpdate(&u); err != nil {
		return nil, err
	}
	return sessionOf(d.change(ctx, by, session, func(s *core.Session, _ core.Tx) ([]core.Data, error) {
		data, err := s.Update(u.Subject, u.Context)
		if err != nil || u.Priority == nil {
			return data, err
		}
		more, err := s.Prioritise(*u.Priority)
		return append(data, more...), err
	}))
}

// Read moves the watermarks of the actor's side: what is read is delivered too. On the agent side only the
// owner moves them; a bot that relays moves the customer's.
func (d *Desk) Read(ctx context.Context, by core.Actor, session string, seq int64) error {
	return d.receive(ctx, by, session, core.Receipt{Delivered: seq, Read: seq})
}

// Delivered says up to which seq the messages have reached the actor's side.
func (d *Desk) Delivered(ctx context.Context, by core.Actor, session string, seq int64) error {
	return d.receive(ctx, by, session, core.Receipt{Delivered: seq})
}

func (d *Desk) receive(ctx context.Context, by core.Actor, session string, r core.Receipt) error {
	return d.store.Receive(ctx, by, session, func(s *core.Session) (core.Side, core.Receipt, error) {
		switch {
		case !d.MayRead(by, s):
			return "", r, core.Missing()
		case by.Login() && !s.OwnedBy(by.ID) && !(s.Status == core.StatusEnded && s.Agent != nil && s.Agent.ID == by.ID):
			return "", r, core.Refuse(core.NotOwner, "only the agent who has the chat marks it as read")
		case by.Login():
			return core.AgentSide, r, nil
		}
		return core.CustomerSide, r, nil
	})
}

// End is how a session is to end. Empty fields get what suits who ends it.
type End struct {
	Reason, ReturnTo, Disposition, Summary string
}

// End closes the session for ever and gives the conversation back to its bot, if it has one and nothing else
// is wished. It is for the owner, those who lead, the bot and the customer.
func (d *Desk) End(ctx context.Context, by core.Actor, session string, e End) (*core.Session, error) {
	if err := d.checkEnd(e); err != nil {
		return nil, err
	}
	return sessionOf(d.change(ctx, by, session, func(s *core.Session, tx core.Tx) ([]core.Data, error) {
		if s.Open() && by.Login() && !s.OwnedBy(by.ID) && !by.Leads() {
			return nil, core.Refuse(core.Conflict, "only the agent who has the chat, or a supervisor, ends it")
		}
		return s.Finish(e.by(by, s))
	}))
}

// by fills in what the caller left open.
func (e End) by(by core.Actor, s *core.Session) *core.Ended {
	ended := &core.Ended{By: by.Ref().Role, Reason: e.Reason, ReturnTo: e.ReturnTo, Disposition: e.Disposition, Summary: e.Summary}
	if ended.Reason == "" {
		switch {
		case by.Login():
			ended.Reason = "resolved"
		case by.Role == core.BotRole:
			ended.Reason = "bot"
		case s.Status == core.StatusActive:
			ended.Reason = "customer_left"
		default:
			ended.Reason = "abandoned"
		}
	}
	if ended.ReturnTo == "" {
		ended.ReturnTo = "none"
		if s.Bot != nil {
			ended.ReturnTo = "bot"
		}
	}
	return ended
}

// Rate keeps the customer's judgement of a session, once, also after its end.
func (d *Desk) Rate(ctx context.Context, by core.Actor, session string, score int, comment string) (*core.Session, error) {
	if score < 1 || score > 5 {
		return nil, core.RefuseField("/score", "a score is a whole number from 1 to 5, not %d", score)
	}
	if err := d.checkText("/comment", comment, true); err != nil {
		return nil, err
	}
	return sessionOf(d.change(ctx, by, session, func(s *core.Session, _ core.Tx) ([]core.Data, error) {
		return s.Rate(score, comment)
	}))
}

// self names the actor as an agent.
func self(by core.Actor) core.Ref { return core.Ref{ID: by.ID, Name: by.Name} }

// mayHandOver says who passes a chat on: its owner, and those who lead.
func mayHandOver(by core.Actor, s *core.Session) error {
	if s.Open() && !s.OwnedBy(by.ID) && !by.Leads() {
		return core.Refuse(core.Conflict, "only the agent who has the chat, or a supervisor, passes it on")
	}
	return nil
}

// colleague finds the agent whom an order names.
func (d *Desk) colleague(ctx context.Context, agent string) (*core.Agent, error) {
	a, err := d.dir.Agent(ctx, agent)
	if core.KindOf(err) == core.NotFound {
		return nil, core.RefuseField("/agent_id", "there is no agent %q; GET /v1/agents lists them", agent)
	}
	if err != nil {
		return nil, err
	}
	if !a.TakesChats() {
		return nil, core.RefuseField("/agent_id", "%s takes no chats", a.Name)
	}
	return a, nil
}

// queue finds the queue that a request names by its name or id.
func (d *Desk) queue(ctx context.Context, pointer, name string) (*core.Queue, error) {
	if strings.TrimSpace(name) == "" {
		name = "general"
	}
	q, err := d.dir.Queue(ctx, name)
	if core.KindOf(err) == core.NotFound {
		return nil, core.RefuseField(pointer, "there is no queue %q; GET /v1/queues lists them", name)
	}
	return q, err
}
