package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"sync"
	"time"

	"baton/core"
)

const (
	// scriptsPerLook is how long scripts may take in one look. What is left in line then gets the built-in choice: the
	// last one must not wait for what scripts do with the first.
	scriptsPerLook = 500 * time.Millisecond
	// sayAgainAfter is how often the ledger hears that nothing has changed for a session that waits.
	sayAgainAfter = 30 * time.Second
	// sayAnewAfter is how often it hears that something has, and yet nobody gets the session.
	sayAnewAfter = 5 * time.Second
)

// choice is what the desk decided about a waiting session: an agent, or nobody now.
type choice struct {
	*consultation
	session *core.Session
	agent   *core.Agent
}

// choose decides who gets a session. Scripts are asked first, and whoever they name is checked; where none has an
// opinion that counts, the built-in choice answers.
func (x *Dispatcher) choose(ctx context.Context, p *picture, s *core.Session) choice {
	candidates, passed := p.candidates(s)
	c := choice{session: s}
	if len(candidates) > 0 {
		queue := p.queue(ctx, s.Queue.ID)
		if x.desk.rules.answers(core.HookAssign, queue.Strategy) && p.scripts < scriptsPerLook {
			c.consultation = x.askAgent(ctx, p, s, queue, candidates)
		}
	}
	if c.consultation == nil {
		c.consultation = &consultation{decision: &core.Decision{Session: s.ID, Queue: s.Queue.ID, Hook: core.HookAssign}}
	}
	d := c.decision
	switch {
	case c.answer.Hold:
		d.Outcome = core.OutcomeHold
	case c.answer.Given:
		c.agent = byID(candidates, c.answer.Agent)
	case len(candidates) > 0:
		var id string
		id, d.Why = x.builtIn.Assign(s, candidates)
		c.agent, d.Answered = byID(candidates, id), core.BuiltIn
	default:
		d.Outcome = core.OutcomeNobody
	}
	if c.agent != nil {
		d.Outcome = c.agent.ID
	}
	if x.desk.rules.Ledger != nil { // without a ledger, as in a simulation, nobody asks why somebody was passed over
		d.List(p.fates(ctx, s, candidates, passed, c.agent))
	}
	return c
}

func byID(agents []*core.Agent, id string) *core.Agent {
	if i := slices.IndexFunc(agents, func(a *core.Agent) bool { return a.ID == id }); i >= 0 {
		return agents[i]
	}
	return nil
}

// askAgent puts the question to the scripts. They may keep the session waiting for the queue's hold limit.
func (x *Dispatcher) askAgent(ctx context.Context, p *picture, s *core.Session, queue *core.Queue, candidates []*core.Agent) *consultation {
	began := x.desk.now()
	defer func() { p.scripts += x.desk.now().Sub(began) }()
	c := core.NewCase(core.HookAssign, s, x.desk.around(ctx, s, p.now))
	c.ForAgents(s, candidates, p.now)
	return x.desk.rules.consult(ctx, c, s, queue.Strategy, p.values, func(a core.Answer) string {
		switch {
		case a.Hold && p.now.Sub(s.QueuedAt) >= queue.HoldLimit:
			return fmt.Sprintf("the chat was kept waiting for the queue's hold limit of %s; the next answer counts", queue.HoldLimit)
		case !a.Hold && byID(candidates, a.Agent) == nil:
			return fmt.Sprintf("%q is not one of the offered agents", a.Agent)
		}
		return ""
	})
}

// offer writes an offer without waiting for it. When the picture was wrong, a new look follows.
func (x *Dispatcher) offer(ctx context.Context, c choice, offers *sync.WaitGroup) {
	offers.Add(1)
	err := x.desk.offer(ctx, c, func(err error) {
		defer offers.Done()
		if err != nil && core.KindOf(err) == core.Conflict {
			x.Wake()
		}
	})
	if err != nil {
		offers.Done()
	}
}

// sayNobody writes session.waiting for those whom the look left without an agent, and why; for the others it is
// refused.
func (x *Dispatcher) sayNobody(ctx context.Context, p *picture, undecided []string) error {
	if len(undecided) == 0 {
		return nil
	}
	everybody, err := p.everybody(ctx)
	if err != nil {
		return err
	}
	var said sync.WaitGroup
	for _, id := range undecided {
		said.Add(1)
		known := p.left[id]
		ledger := func(s *core.Session, tx core.Tx) {
			if known == nil {
				known = &consultation{decision: &core.Decision{Queue: s.Queue.ID, Hook: core.HookAssign, Outcome: core.OutcomeNobody}}
				known.decision.List(fatesOf(s, everybody, p.now, x.desk.cfg))
			}
			known.keep(tx, s.ID)
		}
		if err := x.desk.wait(ctx, id, x.desk.promise(ctx, id), ledger, func(error) { said.Done() }); err != nil {
			said.Done()
		}
	}
	said.Wait()
	return nil
}

// sayAgain lets the ledger hear now and then of a session that goes on waiting though somebody is free. Its first
// decision is written with session.waiting.
func (x *Dispatcher) sayAgain(ctx context.Context, p *picture, c choice, pending *sync.WaitGroup) {
	if !c.session.Decided {
		p.left[c.session.ID] = c.consultation
		return
	}
	if x.desk.rules.Ledger == nil && len(c.decision.Opinions) == 0 || !x.said.worth(c.decision, p.now) {
		return
	}
	pending.Add(1)
	err := x.desk.store.Submit(ctx, core.Desk, c.session.ID, func(s *core.Session, tx core.Tx) error {
		c.keep(tx, s.ID)
		return nil
	}, func(*core.Committed, error) { pending.Done() })
	if err != nil {
		pending.Done()
	}
}

// said remembers what the ledger heard last of each session that waits.
type said map[string]lastSaid

type lastSaid struct {
	id     string
	digest uint64
	at     time.Time
}

// worth says whether the ledger should hear of a decision; one that equals the last only raises its count.
func (m said) worth(d *core.Decision, now time.Time) bool {
	last, known := m[d.Session]
	digest := digestOf(d)
	same := known && digest == last.digest
	if known && now.Sub(last.at) < sayAnewAfter || same && now.Sub(last.at) < sayAgainAfter {
		return false
	}
	if same {
		d.ID, d.Again = last.id, true
	}
	d.Name()
	m[d.Session] = lastSaid{id: d.ID, digest: digest, at: now}
	return true
}

// forget drops sessions of which nothing was said for long.
func (m said) forget(now time.Time) {
	maps.DeleteFunc(m, func(_ string, last lastSaid) bool { return now.Sub(last.at) > 2*sayAgainAfter })
}

// digestOf names what came of a decision and why, but not what changes from second to second.
func digestOf(d *core.Decision) uint64 {
	type part struct{ Script, Result, Error string }
	parts := make([]part, len(d.Opinions))
	for i, o := range d.Opinions {
		parts[i] = part{Script: o.Script, Result: o.Result}
		if o.Error != nil {
			parts[i].Error = o.Error.Message
		}
	}
	fates := make([]core.Fate, len(d.Candidates))
	for i, c := range d.Candidates {
		fates[i] = c.Fate
	}
	h := fnv.New64a()
	_ = json.NewEncoder(h).Encode([]any{d.Outcome, parts, fates, d.Others})
	return h.Sum64()
}
