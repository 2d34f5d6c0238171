package desk

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"baton/core"
)

// Deadlines is what the keeper reads: what is overdue, by the database's clock. The store is one.
type Deadlines interface {
	// DueOffers are the sessions whose open offer has run out.
	DueOffers(ctx context.Context, limit int) ([]*core.Session, error)
	// IdleOffers are the sessions that are offered to an agent who may take nothing now: disabled, away, offline,
	// or not seen after seenAfter.
	IdleOffers(ctx context.Context, seenAfter time.Time, limit int) ([]*core.Session, error)
	// LeftBehind are the active sessions of agents who were not seen after seenAfter or are disabled.
	LeftBehind(ctx context.Context, seenAfter time.Time, limit int) ([]*core.Session, error)
	// Looked moves the deadlines of sessions that were looked at and stay as they are.
	Looked(ctx context.Context) error
	// NextDue is when the next offer runs out, or zero.
	NextDue(ctx context.Context) (time.Time, error)
	// Stranded counts the open sessions that nobody owns or whose deadline passed long ago; it must be 0.
	Stranded(ctx context.Context, overdueBy time.Duration) (int, error)
	// Nodes are the ids of the nodes that live now, and this one's own.
	Nodes(ctx context.Context) (live []string, own string, err error)
}

const (
	keepEvery   = time.Second
	keepSoonest = 5 * time.Millisecond
	keepLate    = 100 * time.Millisecond
	keepAtMost  = 200
	sweepAfter  = 10 * time.Second
	overdueLong = 2 * time.Minute
)

// Keeper keeps deadlines: offers that run out, agents who are gone, sessions that were looked at for the last
// time long ago. It proves with a sweep that no session is stranded.
type Keeper struct {
	desk      *Desk
	due       Deadlines
	limits    RuleBound
	log       *slog.Logger
	startedAt time.Time
	stranded  atomic.Int64
	sweptAt   time.Time
}

// NewKeeper makes the keeper of a desk.
func NewKeeper(d *Desk, due Deadlines, limits RuleBound, log *slog.Logger) *Keeper {
	return &Keeper{desk: d, due: due, limits: limits, log: log}
}

// Stranded is the last count of sessions without an owner or a deadline. It is 0 unless Baton has a bug.
func (k *Keeper) Stranded() int { return int(k.stranded.Load()) }

// Run keeps deadlines until ctx ends.
func (k *Keeper) Run(ctx context.Context) error {
	k.startedAt = time.Now()
	pause := time.NewTimer(0)
	defer pause.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-pause.C:
		}
		for _, duty := range []func(context.Context) error{k.expireOffers, k.withdrawIdle, k.requeueLeftBehind, k.MindQueues, k.due.Looked, k.sweep} {
			if err := duty(ctx); err != nil && ctx.Err() == nil {
				k.log.Warn("keeping deadlines", "error", err)
			}
		}
		pause.Reset(k.untilNext(ctx))
	}
}

// untilNext is the time until the next offer runs out, a second at most.
func (k *Keeper) untilNext(ctx context.Context) time.Duration {
	next, err := k.due.NextDue(ctx)
	if err != nil || next.IsZero() {
		return keepEvery
	}
	// An offer that is still there after its end could not be ended: the next try is not worth a rush.
	if wait := time.Until(next); wait > -keepLate {
		return min(keepEvery, max(wait, keepSoonest))
	}
	return keepEvery
}

// expireOffers ends the offers that ran out. Those that did so while no node ran are taken back instead: the
// agents could not answer them.
func (k *Keeper) expireOffers(ctx context.Context) error {
	page, err := k.due.DueOffers(ctx, keepAtMost)
	if err != nil || len(page) == 0 {
		return err
	}
	live, _, err := k.due.Nodes(ctx)
	if err != nil {
		return err
	}
	for _, s := range page {
		if len(live) < 2 && s.Offer.ExpiresAt.Before(k.startedAt) {
			err = k.desk.Withdraw(ctx, s.ID, s.Offer.Seq, "restart")
		} else {
			err = k.desk.Expire(ctx, s.ID, s.Offer.Seq)
		}
		if err := harmless(err); err != nil {
			return err
		}
	}
	return nil
}

// withdrawIdle takes back what is offered to agents who may take nothing now.
func (k *Keeper) withdrawIdle(ctx context.Context) error {
	page, err := k.due.IdleOffers(ctx, k.seenAfter(), keepAtMost)
	if err != nil {
		return err
	}
	for _, s := range page {
		if err := harmless(k.desk.Withdraw(ctx, s.ID, s.Offer.Seq, "away")); err != nil {
			return err
		}
	}
	return nil
}

// requeueLeftBehind puts the chats of agents who are gone or disabled back to their place in line. After a start
// everybody has time to come back, but those who may not.
func (k *Keeper) requeueLeftBehind(ctx context.Context) error {
	seenAfter := k.seenAfter()
	if time.Since(k.startedAt) < k.desk.cfg.GoneAfter {
		seenAfter = beforeAnybody
	}
	page, err := k.due.LeftBehind(ctx, seenAfter, keepAtMost)
	if err != nil {
		return err
	}
	for _, s := range page {
		if err := harmless(k.desk.leftBehind(ctx, s.ID, *s.Agent)); err != nil {
			return err
		}
	}
	return nil
}

// beforeAnybody is a time after which everybody was seen, also those who never were.
var beforeAnybody = time.UnixMilli(-1)

func (k *Keeper) seenAfter() time.Time { return time.Now().Add(-k.desk.cfg.GoneAfter) }

// sweep counts stranded sessions now and then.
func (k *Keeper) sweep(ctx context.Context) error {
	if time.Since(k.sweptAt) < sweepAfter {
		return nil
	}
	n, err := k.due.Stranded(ctx, overdueLong)
	if err != nil {
		return err
	}
	k.sweptAt = time.Now()
	k.stranded.Store(int64(n))
	if n > 0 {
		return fmt.Errorf("%d sessions are stranded: each open session must have an owner and a deadline", n)
	}
	return nil
}

// harmless drops the refusals that only say that somebody else was faster.
func harmless(err error) error {
	switch core.KindOf(err) {
	case core.Conflict, core.SessionEnded, core.NotFound:
		return nil
	}
	return err
}

// Expire ends an offer that ran out; it counts as missed, and enough of them in a row set the agent away. It is
// a Conflict when the offer was answered.
func (d *Desk) Expire(ctx context.Context, session string, seq int64) error {
	_, err := d.change(ctx, core.Desk, session, func(s *core.Session, tx core.Tx) ([]core.Data, error) {
		data, err := s.Expire(seq, "")
		if err == nil {
			tx.Missed(s.Offer.Agent.ID, d.cfg.MissedLimit)
		}
		return data, err
	})
	return err
}

// Requeue takes a chat from an agent who is gone and puts it back to its old place in line, with a note.
func (d *Desk) Requeue(ctx context.Context, session string, agent core.Ref) error {
	return d.requeue(ctx, session, agent, "was gone for "+d.cfg.GoneAfter.String())
}

func (d *Desk) requeue(ctx context.Context, session string, agent core.Ref, why string) error {
	_, err := d.change(ctx, core.Desk, session, func(s *core.Session, _ core.Tx) ([]core.Data, error) {
		return s.Requeue(agent.ID, core.WaitAgentGone, agent.Name+" "+why+"; the chat is back in the queue at its old place.")
	})
	return err
}

// leftBehind requeues a chat of an agent who is gone, or who may have none any more.
func (d *Desk) leftBehind(ctx context.Context, session string, agent core.Ref) error {
	now, err := d.dir.Agent(ctx, agent.ID)
	if err != nil {
		return err
	}
	if !now.TakesChats() {
		return d.requeue(ctx, session, agent, takesNone)
	}
	return d.Requeue(ctx, session, agent)
}

// offer offers a waiting session to an agent; done is told when it is written, or why not.
func (d *Desk) offer(ctx context.Context, c choice, done func(error)) error {
	to := c.agent.Ref()
	return d.store.Submit(ctx, core.Desk, c.session.ID, func(s *core.Session, tx core.Tx) error {
		data, err := s.MakeOffer(to, tx.At().Add(d.cfg.OfferExpiresAfter))
		if err != nil {
			return err
		}
		tx.Need(core.Place{Agent: to.ID, Offer: true, Queue: s.Queue.ID, SeenAfter: tx.At().Add(-d.cfg.GoneAfter)})
		tx.Emit(core.Desk.Ref(), data...)
		c.keep(tx, s.ID)
		return nil
	}, func(_ *core.Committed, err error) { done(err) })
}

// wait says that nobody is free for a session, and lets the ledger know why; done is told when it is written.
func (d *Desk) wait(ctx context.Context, session string, told *core.Range, ledger func(*core.Session, core.Tx), done func(error)) error {
	return d.store.Submit(ctx, core.Desk, session, func(s *core.Session, tx core.Tx) error {
		data, err := s.Wait(told)
		if err != nil {
			return err
		}
		tx.Emit(core.Desk.Ref(), data...)
		if len(data) > 0 {
			ledger(s, tx)
		}
		return nil
	}, func(_ *core.Committed, err error) { done(err) })
}
