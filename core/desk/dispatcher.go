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
	// Waiting lists the waiting sessions of these queues in order of service: by priority, then first arrival. After
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
	desk      *Desk
	line      Line
	assigners []core.Assigner
	log       *slog.Logger
	wake      chan struct{}

	mu      sync.Mutex      // guards waiters
	waiters []chan struct{} // closed after the look that they asked for
}

var _ core.Follower = (*Dispatcher)(nil)

// NewDispatcher makes the dispatcher of a desk, which from then on asks it for first decisions. Assigners are
// asked in this order until one has an opinion.
func NewDispatcher(d *Desk, line Line, log *slog.Logger, assigners ...core.Assigner) *Dispatcher {
	x := &Dispatcher{desk: d, line: line, assigners: assigners, log: log, wake: make(chan struct{}, 1)}
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

// Decide asks for a look and waits until it is over, as long as ctx allows.
func (x *Dispatcher) Decide(ctx context.Context, _ string) {
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

// Follow wakes the dispatcher when a place may have come free or a session waits for a decision.
func (x *Dispatcher) Follow(changes []core.Change) {
	for _, c := range changes {
		// Queues are named when more happened than talk.
		if len(c.Agents) > 0 || c.Session != nil && c.Session.Status == core.StatusWaiting && len(c.Queues) > 0 {
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
	now := time.Now()
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
	p := &picture{desk: x.desk, agents: free, now: now, offered: map[string]bool{}}
	if err := x.offerLine(ctx, p, mine); err != nil {
		return err
	}
	x.sayNobody(ctx, slices.DeleteFunc(undecided, func(id string) bool { return p.offered[id] || !own(id) }))
	return nil
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
	for queues := p.queues(); len(queues) > 0; queues = p.queues() {
		page, err := x.line.Waiting(ctx, queues, last, linePage)
		if err != nil || len(page) == 0 {
			return err
		}
		var offers sync.WaitGroup
		for _, s := range page {
			if !mine(s) {
				continue
			}
			if agent := x.choose(ctx, p, s); agent != nil {
				p.reserve(agent, s)
				x.offer(ctx, s, agent, &offers)
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

// choose asks the assigners who gets a session; nil means that nobody may take it now. An assigner that goes
// wrong has no opinion.
func (x *Dispatcher) choose(ctx context.Context, p *picture, s *core.Session) *core.Agent {
	candidates := p.candidates(s)
	if len(candidates) == 0 {
		return nil
	}
	for _, assigner := range x.assigners {
		id, _, err := assigner.Assign(ctx, s, candidates, p.now)
		if err != nil {
			x.log.Warn("choosing an agent", "session", s.ID, "error", err)
			continue
		}
		// An assigner proposes: whoever is not a candidate is no answer.
		if i := slices.IndexFunc(candidates, func(a *core.Agent) bool { return a.ID == id }); i >= 0 {
			return candidates[i]
		}
	}
	return nil
}

// offer writes an offer without waiting for it. When the picture was wrong, a new look follows.
func (x *Dispatcher) offer(ctx context.Context, s *core.Session, agent *core.Agent, offers *sync.WaitGroup) {
	offers.Add(1)
	err := x.desk.offer(ctx, s.ID, agent.Ref(), func(err error) {
		defer offers.Done()
		if err != nil && core.KindOf(err) == core.Conflict {
			x.Wake()
		}
	})
	if err != nil {
		offers.Done()
	}
}

// sayNobody writes session.waiting for those whom the look left without an agent; for the others it is refused.
func (x *Dispatcher) sayNobody(ctx context.Context, undecided []string) {
	var said sync.WaitGroup
	for _, id := range undecided {
		said.Add(1)
		if err := x.desk.wait(ctx, id, func(error) { said.Done() }); err != nil {
			said.Done()
		}
	}
	said.Wait()
}

// picture is what one look knows of the free agents, with its own choices counted in.
type picture struct {
	desk   *Desk
	agents []*core.Agent
	now    time.Time
	// offered are the sessions that this look gave to somebody.
	offered map[string]bool
}

// queues are those in which somebody is free.
func (p *picture) queues() []string {
	var list []string
	for _, a := range p.agents {
		if a.Free() > 0 {
			list = append(list, a.Queues...)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func (p *picture) reserve(a *core.Agent, s *core.Session) {
	a.Load++
	p.offered[s.ID] = true
}

// candidates are the agents who may take a session now: in its queue and with room, available before busy. Who
// passed it within the last while is left out, and then whoever passed it more often than others.
func (p *picture) candidates(s *core.Session) []*core.Agent {
	var able []*core.Agent
	fewest := -1
	for _, a := range p.agents {
		pass := s.PassOf(a.ID)
		if a.Free() == 0 || !slices.Contains(a.Queues, s.Queue.ID) || pass.Count > 0 && p.now.Sub(pass.At) < p.desk.cfg.OfferAgainAfter {
			continue
		}
		able = append(able, a)
		if fewest < 0 || pass.Count < fewest {
			fewest = pass.Count
		}
	}
	able = slices.DeleteFunc(able, func(a *core.Agent) bool { return s.PassOf(a.ID).Count > fewest })
	available := slices.DeleteFunc(slices.Clone(able), func(a *core.Agent) bool { return a.Status != core.Available })
	if len(available) > 0 {
		return available
	}
	return able
}
