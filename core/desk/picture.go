package desk

import (
	"context"
	"slices"
	"time"

	"baton/core"
)

// picture is what one look knows of the agents, with its own choices counted in.
type picture struct {
	desk   *Desk
	line   Line
	agents []*core.Agent // those who are free
	now    time.Time
	// offered are the sessions that this look gave to somebody, left those about which it could not.
	offered map[string]bool
	left    map[string]*consultation
	queues  map[string]*core.Queue
	all     []*core.Agent
	values  *valuesOver
	scripts time.Duration // what scripts took until now
}

func newPicture(d *Desk, line Line, free []*core.Agent, now time.Time) *picture {
	return &picture{
		desk: d, line: line, agents: free, now: now, offered: map[string]bool{}, left: map[string]*consultation{},
		queues: map[string]*core.Queue{}, values: &valuesOver{below: d.rules.Store, put: map[string]core.ScriptWrite{}},
	}
}

// freeQueues are those in which somebody is free.
func (p *picture) freeQueues() []string {
	var list []string
	for _, a := range p.agents {
		if a.Free() > 0 {
			list = append(list, a.Queues...)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// queue gives a queue with its rules; one that cannot be read has none.
func (p *picture) queue(ctx context.Context, id string) *core.Queue {
	q := p.queues[id]
	if q == nil {
		var err error
		if q, err = p.line.Queue(ctx, id); err != nil {
			q = &core.Queue{ID: id}
		}
		p.queues[id] = q
	}
	return q
}

// everybody are all agents, read once a look, and only if somebody wants to know.
func (p *picture) everybody(ctx context.Context) ([]*core.Agent, error) {
	if p.all == nil {
		all, err := p.line.Agents(ctx)
		if err != nil {
			return nil, err
		}
		p.all = all
	}
	return p.all, nil
}

// reserve counts a choice of this look in, and what its scripts want kept.
func (p *picture) reserve(ctx context.Context, c choice) {
	c.agent.Load++
	p.offered[c.session.ID] = true
	p.values.lay(ctx, c.writes)
}

// candidates are the agents who may take a session now: in its queue and with room, available before busy. Who
// passed it within the last while is left out, and then whoever passed it more often than others. Passed says what
// keeps the free ones from being candidates.
func (p *picture) candidates(s *core.Session) (able []*core.Agent, passed map[string]core.Fate) {
	passed = map[string]core.Fate{}
	fewest := -1
	for _, a := range p.agents {
		pass := s.PassOf(a.ID)
		switch {
		case !slices.Contains(a.Queues, s.Queue.ID):
		case a.Free() == 0:
			passed[a.ID] = core.FateFull
		case justPassed(pass, p.now, p.desk.cfg):
			passed[a.ID] = core.FatePassed
		default:
			able = append(able, a)
			if fewest < 0 || pass.Count < fewest {
				fewest = pass.Count
			}
		}
	}
	able = leave(able, passed, core.FatePassedOft, func(a *core.Agent) bool { return s.PassOf(a.ID).Count > fewest })
	if slices.ContainsFunc(able, available) {
		able = leave(able, passed, core.FateBusy, func(a *core.Agent) bool { return !available(a) })
	}
	return able, passed
}

func available(a *core.Agent) bool { return a.Status == core.Available }

func justPassed(pass core.Pass, now time.Time, cfg Config) bool {
	return pass.Count > 0 && now.Sub(pass.At) < cfg.OfferAgainAfter
}

// leave takes out of a list those that out says, and notes why.
func leave(list []*core.Agent, passed map[string]core.Fate, why core.Fate, out func(*core.Agent) bool) []*core.Agent {
	return slices.DeleteFunc(list, func(a *core.Agent) bool {
		if out(a) {
			passed[a.ID] = why
			return true
		}
		return false
	})
}

// fates says of each agent of the session's queue what became of him. Agents that cannot be read are left out.
func (p *picture) fates(ctx context.Context, s *core.Session, candidates []*core.Agent, passed map[string]core.Fate, chosen *core.Agent) []core.Candidate {
	everybody, err := p.everybody(ctx)
	if err != nil {
		everybody = p.agents
	}
	list := fatesOf(s, everybody, p.now, p.desk.cfg)
	for i := range list {
		c := &list[i]
		if a := byID(p.agents, c.Agent.ID); a != nil {
			c.Load = a.Load
		}
		switch fate, known := passed[c.Agent.ID]; {
		case chosen != nil && c.Agent.ID == chosen.ID:
			c.Fate = core.FateChosen
		case byID(candidates, c.Agent.ID) != nil:
			c.Fate = core.FateNotChosen
		case known:
			c.Fate = fate
		}
	}
	return list
}

// fatesOf says of each agent of a session's queue why he does not get it, as far as the agent alone tells.
func fatesOf(s *core.Session, agents []*core.Agent, now time.Time, cfg Config) []core.Candidate {
	var list []core.Candidate
	for _, a := range agents {
		if !a.TakesChats() || !slices.Contains(a.Queues, s.Queue.ID) {
			continue
		}
		list = append(list, core.Candidate{Agent: a.Ref(), Fate: fateOf(s, a, now, cfg), Status: a.Status, Load: a.Load, Capacity: a.Capacity})
	}
	return list
}

func fateOf(s *core.Session, a *core.Agent, now time.Time, cfg Config) core.Fate {
	switch {
	case a.Status == core.Offline:
		return core.FateOffline
	case !a.Status.Takes():
		return core.FateAway
	case !a.Present(now, cfg.GoneAfter):
		return core.FateGone
	case a.Free() == 0:
		return core.FateFull
	case justPassed(s.PassOf(a.ID), now, cfg):
		return core.FatePassed
	}
	return core.FateNotChosen
}
