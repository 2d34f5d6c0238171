package desk

import (
	"context"
	"errors"
	"slices"

	"baton/core"
)

// SetAgent changes what an agent says of himself: status, capacity, name. Away and offline stop offers at once:
// the change is written first, then his open offers are taken back.
func (d *Desk) SetAgent(ctx context.Context, by core.Actor, change core.AgentChange) (*core.Agent, error) {
	if err := d.checkAgentChange(&change); err != nil {
		return nil, err
	}
	agent, err := d.dir.SetStatus(ctx, by.ID, change)
	if err != nil {
		return nil, err
	}
	if change.Status != nil && !change.Status.Takes() {
		if err := d.withdrawOffers(ctx, by.ID, string(*change.Status)); err != nil {
			return nil, err
		}
	}
	return agent, nil
}

func (d *Desk) checkAgentChange(c *core.AgentChange) error {
	if c.Status != nil && !slices.Contains([]core.AgentStatus{core.Available, core.BusyAgent, core.Away, core.Offline}, *c.Status) {
		return core.RefuseField("/status", "status is available, busy, away or offline, not %q", *c.Status)
	}
	if c.Capacity != nil && (*c.Capacity < 1 || *c.Capacity > d.cfg.CapacityMax) {
		return core.RefuseField("/capacity", "capacity is a whole number from 1 to %d, not %d", d.cfg.CapacityMax, *c.Capacity)
	}
	if c.Name != nil {
		name, err := core.CheckName("/name", *c.Name)
		if err != nil {
			return err
		}
		c.Name = &name
	}
	return nil
}

// withdrawOffers takes the open offers to an agent back. One that was answered meanwhile is left alone.
func (d *Desk) withdrawOffers(ctx context.Context, agent, why string) error {
	page, _, err := d.reader.Sessions(ctx, core.SessionFilter{OfferedTo: agent, Limit: offersAtOnce})
	if err != nil {
		return err
	}
	for _, s := range page {
		if !s.OfferedTo(agent) {
			continue // answered since the list was read
		}
		if err := harmless(d.Withdraw(ctx, s.ID, s.Offer.Seq, why)); err != nil {
			return err
		}
	}
	return nil
}

// offersAtOnce is more open offers than an agent can have, and chatsAtOnce how many of his chats are listed at once.
const (
	offersAtOnce = 100
	chatsAtOnce  = 500
)

// Relieve takes offers and chats from an agent who may have none any more; the chats are back in the queue at their
// old places.
func (d *Desk) Relieve(ctx context.Context, agent core.Ref) error {
	if err := d.withdrawOffers(ctx, agent.ID, "removed"); err != nil {
		return err
	}
	his := core.SessionFilter{Agents: []string{agent.ID}, Statuses: []core.Status{core.StatusActive}, Limit: chatsAtOnce}
	for {
		page, next, err := d.reader.Sessions(ctx, his)
		if err != nil {
			return err
		}
		for _, s := range page {
			if err := harmless(d.requeue(ctx, s.ID, agent, takesNone)); err != nil {
				return err
			}
		}
		if his.After = next; next == "" {
			return nil
		}
	}
}

// takesNone is why an agent's chats were taken from him.
const takesNone = "takes no chats any more"

// Withdraw takes one open offer back; the session is decided again. Seq names the offer by its event.
func (d *Desk) Withdraw(ctx context.Context, session string, seq int64, why string) error {
	_, err := d.change(ctx, core.Desk, session, func(s *core.Session, _ core.Tx) ([]core.Data, error) {
		return s.Expire(seq, why)
	})
	return err
}

// Reopen makes a new session that continues an ended one, active with the agent who asks for it. It is a
// Conflict when the conversation is open again or the agent has no room.
func (d *Desk) Reopen(ctx context.Context, by core.Actor, session string) (*core.Session, error) {
	old, err := d.reader.Session(ctx, session)
	if err != nil {
		return nil, err
	}
	if !d.MayRead(by, old) {
		return nil, core.Missing()
	}
	if old.Open() {
		return nil, core.Refuse(core.Conflict, "the chat is still open")
	}
	opening := &core.Requested{
		Customer: old.Customer, Queue: old.Queue, Bot: old.Bot, ConversationID: old.ConversationID, Channel: old.Channel,
		Subject: old.Subject, Language: old.Language, Priority: old.Priority, Tags: old.Tags, Reason: old.Reason, Summary: old.Summary,
		Tried: old.Tried, Intent: old.Intent, Sentiment: old.Sentiment, Context: old.Context, Continues: old.ID,
	}
	committed, err := d.store.Begin(ctx, by, core.NewID(core.SessionPrefix), func(s *core.Session, tx core.Tx) error {
		tx.Need(core.Place{Agent: by.ID})
		tx.Emit(by.Ref(), opening, &core.Assigned{Agent: self(by)})
		keep(ctx, tx, s.ID, "")
		return nil
	})
	if open := (*core.AlreadyOpen)(nil); errors.As(err, &open) {
		return nil, core.Refuse(core.Conflict, "this conversation is open again already")
	}
	return sessionOf(committed, err)
}
