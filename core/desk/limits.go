package desk

import (
	"context"
	"time"

	"baton/core"
)

// RuleBound is what the keeper reads of the chats that queues' rules are about. The store is one.
type RuleBound interface {
	// Parked are the sessions of a queue that are kept until it opens, in the order in which they came.
	Parked(ctx context.Context, queue string, limit int) ([]*core.Session, error)
	// InLine are the waiting sessions of a queue that came there until a time, or all with zero; the longest first.
	InLine(ctx context.Context, queue string, since time.Time, limit int) ([]*core.Session, error)
	// TooLong are those of which it was not noted yet that they wait too long.
	TooLong(ctx context.Context, queue string, since time.Time, limit int) ([]*core.Session, error)
	// Unanswered are the active sessions of a queue whose agents joined until a time and have said nothing yet.
	Unanswered(ctx context.Context, queue string, since time.Time, limit int) ([]*core.Session, error)
	// Silent are the active sessions of a queue in which nothing has happened since a time, after their agents spoke; those
	// that were active last come first. After is the last of the page before, or nil.
	Silent(ctx context.Context, queue string, since time.Time, after *core.Session, limit int) ([]*core.Session, error)
}

// MindQueues does once what the rules of each queue say about the chats in it.
func (k *Keeper) MindQueues(ctx context.Context) error {
	queues, err := k.desk.dir.Queues(ctx, k.seenAfter())
	if err != nil {
		return err
	}
	for _, state := range queues {
		q, now := &state.Queue, k.desk.now()
		why, err := k.desk.closureOf(ctx, q, now)
		if err != nil {
			return err
		}
		if why == nil && state.Kept > 0 {
			if err := k.takeUp(ctx, q, now); err != nil {
				return err
			}
		}
		for _, duty := range []func(context.Context, *core.Queue, *closure, time.Time) error{k.close, k.relieveTooLong, k.takeBack, k.mindSilence} {
			if err := duty(ctx, q, why, now); err != nil {
				return err
			}
		}
	}
	return nil
}

// each does something to each of some sessions; that somebody else was faster is no trouble.
func each(page []*core.Session, err error, do func(*core.Session) error) error {
	for _, s := range page {
		if err := harmless(do(s)); err != nil {
			return err
		}
	}
	return err
}

// takeUp puts what was kept into line once somebody is there, in the order in which it came.
func (k *Keeper) takeUp(ctx context.Context, q *core.Queue, now time.Time) error {
	page, err := k.limits.Parked(ctx, q.ID, keepAtMost)
	return each(page, err, func(s *core.Session) error {
		if a := s.AfterHours; a.Reason == core.ClosedSoon && a.NextOpening != nil && now.Before(time.Time(*a.NextOpening)) {
			return nil // the opening in which there was no time for it is not over
		}
		_, err := k.desk.change(ctx, core.Desk, s.ID, func(s *core.Session, _ core.Tx) ([]core.Data, error) { return s.TakeUp() })
		return err
	})
}

// close treats those who wait in a queue that has closed, unless they may stay.
func (k *Keeper) close(ctx context.Context, q *core.Queue, why *closure, _ time.Time) error {
	if why == nil || q.Rules.Closing == core.ClosingKeep {
		return nil
	}
	page, err := k.limits.InLine(ctx, q.ID, time.Time{}, keepAtMost)
	return each(page, err, func(s *core.Session) error {
		t := k.desk.treat(ctx, q, s, why)
		t.end = false
		if q.Rules.Closing == core.ClosingTicket {
			t.told.Ask, t.ticket = textOf(core.AskEmail), true
			t.end = s.Customer.Email != ""
		}
		return k.desk.command(ctx, s.ID, t.apply)
	})
}

// relieveTooLong does something about those who wait longer than their queue allows.
func (k *Keeper) relieveTooLong(ctx context.Context, q *core.Queue, _ *closure, now time.Time) error {
	limit := q.Rules.MaxWait.Duration()
	if limit == 0 {
		return nil
	}
	page, err := k.limits.TooLong(ctx, q.ID, now.Add(-limit), keepAtMost)
	return each(page, err, func(s *core.Session) error {
		return k.desk.command(ctx, s.ID, k.desk.relieve(ctx, s, q.Rules.WhenTooLong).apply)
	})
}

// takeBack puts chats whose agents joined and then said nothing back into line.
func (k *Keeper) takeBack(ctx context.Context, q *core.Queue, _ *closure, now time.Time) error {
	limit := q.Rules.FirstReply.Duration()
	if limit == 0 {
		return nil
	}
	page, err := k.limits.Unanswered(ctx, q.ID, now.Add(-limit), keepAtMost)
	return each(page, err, func(s *core.Session) error {
		agent, joined := *s.Agent, s.AcceptedAt
		_, err := k.desk.change(ctx, core.Desk, s.ID, func(s *core.Session, _ core.Tx) ([]core.Data, error) {
			if !s.RepliedAt.IsZero() || !s.AcceptedAt.Equal(joined) {
				return nil, core.Refuse(core.Conflict, "the agent has answered")
			}
			return s.Requeue(agent.ID, core.WaitNoReply, agent.Name+" did not answer within "+limit.String()+"; the chat is back in the queue at its old place.")
		})
		return err
	})
}

// mindSilence warns customers who do not answer, and ends their chats after that.
func (k *Keeper) mindSilence(ctx context.Context, q *core.Queue, _ *closure, now time.Time) error {
	warn, end := q.Rules.IdleWarning.Duration(), q.Rules.IdleClose.Duration()
	if warn == 0 {
		return nil
	}
	soonest := warn
	if end > 0 {
		soonest = min(warn, end)
	}
	var last *core.Session
	for {
		page, err := k.limits.Silent(ctx, q.ID, now.Add(-soonest), last, keepAtMost)
		err = each(page, err, func(s *core.Session) error {
			switch closes := s.ClosesAt(); {
			case !closes.IsZero() && !closes.After(now):
				return k.desk.command(ctx, s.ID, endSilent(now))
			case closes.IsZero() && !s.LastAt.After(now.Add(-warn)) && (s.Warning == nil || end > 0):
				return k.desk.command(ctx, s.ID, warnSilent(now.Add(-warn), end))
			}
			return nil
		})
		if err != nil || len(page) < keepAtMost {
			return err
		}
		last = page[len(page)-1]
	}
}

// warnSilent asks a customer who has been silent since a time whether he is still there. Without a time to the end, he
// is asked once.
func warnSilent(since time.Time, end time.Duration) core.Work {
	return func(s *core.Session, tx core.Tx) error {
		closes := tx.At().Add(end)
		if end == 0 {
			closes = tx.At().Add(core.IdleLookAfter)
		}
		data, err := s.Warn(since, closes)
		if err != nil {
			return err
		}
		if end > 0 {
			words := phrasesIn(languageOf(s))
			tx.Emit(core.Desk.Ref(), deskSays(words.stillThereIn(end)))
		}
		tx.Emit(core.Desk.Ref(), data...)
		return nil
	}
}

// endSilent ends the chat of a customer who was warned and did not answer.
func endSilent(now time.Time) core.Work {
	return func(s *core.Session, tx core.Tx) error {
		if closes := s.ClosesAt(); closes.IsZero() || closes.After(now) {
			return core.Refuse(core.Conflict, "the customer is not silent any more")
		}
		tx.Emit(core.Desk.Ref(), deskSays(phrasesIn(languageOf(s)).silent), s.EndBy("no_answer"))
		return nil
	}
}

// command lets the desk do something to a session.
func (d *Desk) command(ctx context.Context, session string, work core.Work) error {
	_, err := d.store.Change(ctx, core.Desk, session, work)
	return err
}
