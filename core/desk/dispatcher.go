package desk

import (
	"context"
	"hash/fnv"
	"log/slog"
	"slices"
	"sync"
	"time"

	"baton/core"
)

// Line is what the dispatcher reads: who waits and who is free. The store is one.
type Line interface {
	// FreeAgents are those who may be offered a chat now: not disabled, available or busy, seen after seenAfter and
	// with room.
	FreeAgents(ctx context.Context, seenAfter time.Time) ([]*core.Agent, error)
	// Agents are all agents, for what the ledger says of those who are not free.
	Agents(ctx context.Context) ([]*core.Agent, error)
	Queue(ctx context.Context, nameOrID string) (*core.Queue, error)
	// Waiting lists the waiting sessions of these queues in order of service: by their keys in line. After
	// is the last session of the page before, or nil.
	Waiting(ctx context.Context, queues []string, after *core.Session, limit int) ([]*core.Session, error)
	// Undecided names the waiting sessions on which no decision was made yet.
	Undecided(ctx context.Context, limit int) ([]string, error)
	// Nodes are the ids of the nodes that live now, in order, and this one's own.
	Nodes(ctx context.Context) (live []string, own string, err error)
}

const (
	// lookEvery is how often the dispatcher looks even when nothing woke it.
	lookEvery = time.Second
	// linePage is how many waiting sessions are read at once.
	linePage = 200
	// anyonesAfter is when a session that its own node did not decide is anyone's.
	anyonesAfter = 2 * time.Second
)

// Dispatcher gives waiting sessions to agents, the moment anything changes. It follows the store and may be
// woken as often as one likes. What it decides is checked again when it is written, so two of them on one
// database do no harm.
type Dispatcher struct {
	desk    *Desk
	line    Line
	builtIn core.Assigner
	log     *slog.Logger
	wake    chan struct{}
	said    said // the look's own

	mu      sync.Mutex      // guards waiters
	waiters []chan struct{} // closed after the look that they asked for
}

var _ core.Follower = (*Dispatcher)(nil)

// NewDispatcher makes the dispatcher of a desk, which from then on asks it for first decisions. Where no script has an
// opinion, builtIn chooses.
func NewDispatcher(d *Desk, line Line, log *slog.Logger, builtIn core.Assigner) *Dispatcher {
	x := &Dispatcher{desk: d, line: line, builtIn: builtIn, log: log, wake: make(chan struct{}, 1), said: said{}}
	d.decide = x.Decide
	return x
}

// Run looks until ctx ends.
func (x *Dispatcher) Run(ctx context.Context) error {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		woken := true
		select {
		case <-ctx.Done():
			return nil
		case <-x.wake:
		case <-tick.C:
			woken = false
		}
		asked := x.takeWaiters()
		if err := x.look(ctx, woken); err != nil && ctx.Err() == nil {
			x.log.Warn("looking at the line", "error", err)
		}
		for _, waiter := range asked {
			close(waiter)
		}
	}
}

// Look looks at the line once, and the offers that come of it are written when it returns. It is for those who move the
// desk's clock; beside Run nobody needs it.
func (x *Dispatcher) Look(ctx context.Context) error { return x.look(ctx, true) }

// Decide asks for a look and waits until it is over, as long as ctx allows.
func (x *Dispatcher) Decide(ctx context.Context, _ string) {
	if x.desk.paced {
		return
	}
	waiter := make(chan struct{})
	x.mu.Lock()
	x.waiters = append(x.waiters, waiter)
	x.mu.Unlock()
	x.Wake()
	select {
	case <-waiter:
	case <-ctx.Done():
	}
}

func (x *Dispatcher) takeWaiters() []chan struct{} {
	x.mu.Lock()
	defer x.mu.Unlock()
	asked := x.waiters
	x.waiters = nil
	return asked
}

// Wake makes the dispatcher look soon.
func (x *Dispatcher) Wake() {
	select {
	case x.wake <- struct{}{}:
	default:
	}
}

// Follow wakes the dispatcher when a place may have come free, a session waits for a decision, or a queue itself changed,
// as it does when it opens.
func (x *Dispatcher) Follow(changes []core.Change) {
	for _, c := range changes {
		// Queues are named when more happened than talk.
		if len(c.Agents) > 0 || c.Session == nil && len(c.Queues) > 0 || c.Session != nil && c.Session.Status == core.StatusWaiting && len(c.Queues) > 0 {
			x.Wake()
			return
		}
	}
}

// look offers waiting sessions to free agents, the first in line first, and says nobody is free where that is so.
// A look that nothing on this node woke leaves the sessions of other live nodes to them for a while.
func (x *Dispatcher) look(ctx context.Context, woken bool) error {
	// Read before the agents: a session that comes during the look is for the next one, which sees it in line.
	undecided, err := x.line.Undecided(ctx, linePage)
	if err != nil {
		return err
	}
	if len(undecided) == linePage {
		x.Wake()
	}
	now := x.desk.now()
	free, err := x.line.FreeAgents(ctx, now.Add(-x.desk.cfg.GoneAfter))
	if err != nil {
		return err
	}
	own := func(string) bool { return true }
	if !woken {
		if own, err = x.share(ctx); err != nil {
			return err
		}
	}
	mine := func(s *core.Session) bool { return now.Sub(s.LastAt) > anyonesAfter || own(s.ID) }
	p := newPicture(x.desk, x.line, free, now)
	if err := x.offerLine(ctx, p, mine); err != nil {
		return err
	}
	x.said.forget(now)
	return x.sayNobody(ctx, p, slices.DeleteFunc(undecided, func(id string) bool { return p.offered[id] || !own(id) }))
}

// share says which sessions are this node's to decide when nothing else speaks for one, by their ids.
func (x *Dispatcher) share(ctx context.Context) (func(session string) bool, error) {
	live, own, err := x.line.Nodes(ctx)
	if err != nil {
		return nil, err
	}
	place := slices.Index(live, own)
	return func(session string) bool {
		if len(live) < 2 || place < 0 {
			return true
		}
		h := fnv.New32a()
		_, _ = h.Write([]byte(session))
		return int(h.Sum32()%uint32(len(live))) == place
	}, nil
}

// offerLine walks the line as long as somebody is free.
func (x *Dispatcher) offerLine(ctx context.Context, p *picture, mine func(*core.Session) bool) error {
	var last *core.Session
	for queues := p.freeQueues(); len(queues) > 0; queues = p.freeQueues() {
		page, err := x.line.Waiting(ctx, queues, last, linePage)
		if err != nil || len(page) == 0 {
			return err
		}
		var offers sync.WaitGroup
		for _, s := range page {
			if !mine(s) {
				continue
			}
			if c := x.choose(ctx, p, s); c.agent != nil {
				p.reserve(ctx, c)
				x.offer(ctx, c, &offers)
			} else {
				x.sayAgain(ctx, p, c, &offers)
			}
		}
		offers.Wait()
		last = page[len(page)-1]
		if len(page) < linePage {
			return nil
		}
	}
	return nil
}
