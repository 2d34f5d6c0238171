package simulate

import (
	"context"
	"strconv"

	"baton/core"
	"baton/core/desk"
)

// bot hands over all chats of a simulation.
var bot = core.Actor{Role: core.BotRole, ID: core.BotPrefix + "simulation", Name: "Simulation"}

// happen lets an event happen.
func (w *world) happen(ctx context.Context, e event) error {
	switch e.what {
	case asks:
		return w.ask(ctx)
	case givesUp:
		return w.giveUp(ctx, e.who)
	case answers:
		return w.answer(ctx, e)
	case expires:
		if s := w.open(e); s != nil {
			return w.expire(ctx, s)
		}
	case finishes:
		s := w.memory.sessions[sessionID(e.who)]
		_, err := w.desk.End(ctx, w.as(s.Agent.ID), s.ID, desk.End{})
		return err
	case changes:
		return w.change(ctx, w.memory.agents[e.who], e.status)
	case returns:
		if a := w.memory.agents[e.who]; a.Status == core.Away {
			return w.change(ctx, a, core.Available)
		}
	case minds:
		return w.keeper.MindQueues(ctx)
	case ticks:
		w.ticking, w.stale = false, true
	}
	return nil
}

// as is an agent as the desk sees him who acts on his chats.
func (w *world) as(id string) core.Actor {
	a := w.memory.agent(id)
	return core.Actor{Role: core.AgentRole, ID: a.ID, Name: a.Name, Queues: a.Queues}
}

// ask lets the next chat come, and foresees the one after it.
func (w *world) ask(ctx context.Context) error {
	n := w.memory.next
	c := &w.chats[n]
	w.byID[sessionID(n)] = n
	h := core.Handoff{ConversationID: "c" + strconv.Itoa(n), Queue: w.plan.Queues[c.queue].Name, Customer: core.Customer{ExternalID: w.customer(n, c)}}
	if k := c.kind; k != nil {
		h.Priority, h.Channel, h.Language, h.Tags, h.Skills = k.Priority, k.Channel, k.Language, k.Tags, k.Skills
		if k.Reason != "" {
			h.Reason = &core.Reason{Code: k.Reason}
		}
	}
	w.tally.open++
	if _, err := w.desk.Request(ctx, bot, h); err != nil {
		return err
	}
	w.memory.next++
	if c.patience >= 0 {
		w.foresee(event{at: c.at + c.patience, what: givesUp, who: n})
	}
	if n+1 < len(w.chats) {
		w.foresee(event{at: w.chats[n+1].at, what: asks})
	}
	return nil
}

// customer says who asks: somebody new, or one of those who were here before.
func (w *world) customer(n int, c *chat) string {
	if c.kind != nil && c.returning < c.kind.Returning && len(w.customers) > 0 {
		return w.customers[stream(w.seed, "customer", uint64(n)).IntN(len(w.customers))]
	}
	id := core.CustomerPrefix + strconv.Itoa(n)
	w.customers = append(w.customers, id)
	return id
}

// giveUp lets somebody go away if nobody has joined him.
func (w *world) giveUp(ctx context.Context, n int) error {
	s := w.memory.line[sessionID(n)]
	if s == nil {
		return nil
	}
	w.chats[n].gone = true
	_, err := w.desk.End(ctx, core.Actor{Role: core.CustomerRole, ID: s.Customer.ID}, s.ID, desk.End{})
	return err
}

// open gives the session whose offer is meant, if that is still open.
func (w *world) open(e event) *core.Session {
	s := w.memory.line[sessionID(e.who)]
	if s == nil || s.Offer == nil || s.Offer.Seq != e.offer {
		return nil
	}
	return s
}

// answer lets an agent accept or decline what he is offered.
func (w *world) answer(ctx context.Context, e event) error {
	s := w.open(e)
	if s == nil {
		return nil
	}
	id := s.Offer.Agent.ID
	declines := w.memory.agent(id).declinedShare
	var err error
	if chance(w.seed, "declines "+strconv.Itoa(w.chats[e.who].tries), uint64(e.who)) < declines {
		_, err = w.desk.Decline(ctx, w.as(id), s.ID, "")
	} else {
		_, err = w.desk.Accept(ctx, w.as(id), s.ID)
	}
	return err
}

// expire ends an offer that nobody answered. Whom the desk sets away for it comes back.
func (w *world) expire(ctx context.Context, s *core.Session) error {
	offered := s.Offer.Agent.ID
	if err := w.desk.Expire(ctx, s.ID, s.Offer.Seq); err != nil {
		return err
	}
	for n, a := range w.memory.agents {
		if a.ID == offered && a.Status == core.Away {
			w.foresee(event{at: w.clock.ms + backAfter.Milliseconds(), what: returns, who: n})
		}
	}
	return nil
}

// change makes an agent what he is now. What he is offered goes back when he takes no chats; those that he has he ends.
func (w *world) change(ctx context.Context, a *agent, status core.AgentStatus) error {
	w.memory.setStatus(a, status)
	a.Missed = 0
	w.stale = true
	if status.Takes() {
		return nil
	}
	for _, s := range w.memory.offeredTo(a.ID) {
		if err := w.desk.Withdraw(ctx, s.ID, s.Offer.Seq, "away"); err != nil {
			return err
		}
	}
	return nil
}
