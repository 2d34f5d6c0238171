package desk

import (
	"context"
	"slices"

	"baton/core"
)

// Speaker says in whose name a bot posts.
type Speaker string

// A bot relays its customer's words by default, speaks itself, or whispers to staff.
const (
	AsCustomer Speaker = "customer"
	AsBot      Speaker = "bot"
	AsWhisper  Speaker = "whisper"
)

// Message is what somebody wants to say. ClientID names it for its author: the same one again gets the first
// answer.
type Message struct {
	ClientID    string
	Text        string
	Attachments []string
	As          Speaker
	Epoch       int64
}

// Sent is the answer to a message: what it is called and where it stands in the log.
type Sent struct {
	ID  string
	Seq int64
}

// maxClientID and maxAttachments bound one message.
const (
	maxClientID    = 64
	maxAttachments = 10
)

// Post adds a message to a session and returns when it is durable. The same client id again gives the first
// answer, also after the end. It is NotOwner for an agent who does not have the chat and for a bot that would
// talk over a human, and SessionEnded after the end.
func (d *Desk) Post(ctx context.Context, by core.Actor, session string, m Message) (Sent, error) {
	files, err := d.prepare(ctx, by, session, m)
	if err != nil {
		return Sent{}, err
	}
	committed, err := d.store.Change(ctx, by, session, d.post(ctx, by, m, files))
	return sentOf(committed, err)
}

// PostAsync is Post for those who do not wait: messages of one caller are kept in the order of the calls, and
// done is called once, after the commit; it must not block. PostAsync blocks while the queue is full, as long as
// ctx allows. An error from it means that done will not be called.
func (d *Desk) PostAsync(ctx context.Context, by core.Actor, session string, m Message, done func(Sent, error)) error {
	files, err := d.prepare(ctx, by, session, m)
	if err != nil {
		return err
	}
	return d.store.Submit(ctx, by, session, d.post(ctx, by, m, files), func(c *core.Committed, err error) {
		done(sentOf(c, err))
	})
}

// prepare does what must not be done in the committer: it checks the message and finds its files.
func (d *Desk) prepare(ctx context.Context, by core.Actor, session string, m Message) ([]core.Attachment, error) {
	if err := d.checkMessage(by, m); err != nil {
		return nil, err
	}
	if len(m.Attachments) == 0 {
		return nil, nil
	}
	return d.attachments(ctx, session, m.Attachments)
}

// post is the command of one message.
func (d *Desk) post(ctx context.Context, by core.Actor, m Message, files []core.Attachment) core.Work {
	id := core.NewID(core.MessagePrefix)
	return func(s *core.Session, tx core.Tx) error {
		if !d.MayRead(by, s) {
			return core.Missing()
		}
		author := authorOf(by, s, m.As)
		if err := tx.Repeated(author, m.ClientID); err != nil {
			return err
		}
		posted := &core.Posted{ID: id, ClientID: m.ClientID, Author: author, Text: m.Text, Attachments: files, Whisper: m.As == AsWhisper}
		data, err := s.Post(posted, m.Epoch)
		if err != nil {
			return err
		}
		tx.Emit(author, data...)
		keep(ctx, tx, s.ID, id)
		return nil
	}
}

// sentOf reads the answer to a message from what its command left behind.
func sentOf(c *core.Committed, err error) (Sent, error) {
	if err != nil {
		return Sent{}, err
	}
	first := c.Events[0]
	posted, ok := first.Data.(*core.Posted)
	if !ok {
		return Sent{}, core.Refuse(core.Internal, "the log answered a message with %s", first.Type())
	}
	return Sent{ID: posted.ID, Seq: first.Seq}, nil
}

func (d *Desk) checkMessage(by core.Actor, m Message) error {
	if m.ClientID == "" || len(m.ClientID) > maxClientID {
		return core.RefuseField("/client_id", "client_id has 1 to %d characters; make a new one for each message and keep it for repeats", maxClientID)
	}
	if err := d.checkText("/client_id", m.ClientID, false); err != nil {
		return err
	}
	if len(m.Attachments) > maxAttachments {
		return core.RefuseField("/attachments", "a message has at most %d attachments", maxAttachments)
	}
	if m.As != "" && by.Role != core.BotRole {
		return core.RefuseField("/as", "only a bot says in whose name it posts")
	}
	if !slices.Contains([]Speaker{"", AsCustomer, AsBot, AsWhisper}, m.As) {
		return core.RefuseField("/as", "as is customer, bot or whisper, not %q", m.As)
	}
	return d.checkText("/text", m.Text, len(m.Attachments) > 0)
}

// authorOf says whose words these are: a bot relays its customer unless it says otherwise.
func authorOf(by core.Actor, s *core.Session, as Speaker) core.ActorRef {
	if by.Role == core.BotRole && (as == "" || as == AsCustomer) {
		return core.ActorRef{Role: core.CustomerRole, ID: s.Customer.ID, Name: s.Customer.Name}
	}
	return by.Ref()
}

// attachments finds the uploaded files of a message; all must have been uploaded for this session.
func (d *Desk) attachments(ctx context.Context, session string, ids []string) ([]core.Attachment, error) {
	files, err := d.dir.AttachmentsOf(ctx, session, ids)
	if err != nil {
		return nil, err
	}
	if len(files) == len(ids) {
		// Before the message, not after it: a file without its message is waste, a message without its file is a loss.
		err = d.dir.PostAttachments(ctx, ids)
	}
	if len(files) != len(ids) || core.KindOf(err) == core.NotFound {
		return nil, core.RefuseField("/attachments", "an attachment must have been uploaded for this session first (POST /v1/attachments)")
	}
	return files, err
}
