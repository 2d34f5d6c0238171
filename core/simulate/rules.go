package simulate

import (
	"context"
	"maps"
	"slices"
	"time"

	"baton/core"
	"baton/core/desk"
)

var _ desk.RuleBound = (*memory)(nil)

// rulesOf gives the rules of a queue as a plan has them. Named gives the name of a queue.
func rulesOf(r core.QueueRules, named func(id string) string) Rules {
	remedy := func(of core.Remedy) *Remedy {
		if of.Do == core.RemedyNothing || of.Do == "" {
			return nil
		}
		is := &Remedy{Do: of.Do}
		if of.Queue != nil {
			is.Queue = named(*of.Queue)
		}
		return is
	}
	is := Rules{MaxWait: r.MaxWait, WhenTooLong: remedy(r.WhenTooLong), MaxLength: r.MaxLength, WhenTooMany: remedy(r.WhenTooMany)}
	if r.Ageing != core.DefaultRules().Ageing {
		is.Ageing = &r.Ageing
	}
	return is
}

// full gives the rules as the desk has them. Found gives the id of a queue.
func (r *Rules) full(found func(name string) string) core.QueueRules {
	is := core.DefaultRules()
	if r.Ageing != nil {
		is.Ageing = *r.Ageing
	}
	remedy := func(of *Remedy) core.Remedy {
		if of == nil {
			return core.Remedy{Do: core.RemedyNothing}
		}
		id := found(of.Queue)
		return core.Remedy{Do: of.Do, Queue: &id}
	}
	is.MaxWait, is.WhenTooLong, is.MaxLength, is.WhenTooMany = r.MaxWait, remedy(r.WhenTooLong), r.MaxLength, remedy(r.WhenTooMany)
	return is
}

// check refuses rules that make no sense in a plan.
func (r *Rules) check(pointer string, p *Plan) error {
	full := r.full(func(name string) string { return name })
	if err := full.Check(); err != nil {
		return under(pointer, err)
	}
	for name, remedy := range map[string]*Remedy{"when_too_long": r.WhenTooLong, "when_too_many": r.WhenTooMany} {
		if remedy != nil && remedy.Do == core.RemedyOverflow && !p.has(remedy.Queue) {
			return core.RefuseField(pointer+"/"+name+"/queue", "there is no queue %q in this plan", remedy.Queue)
		}
	}
	return nil
}

// Queues gives all queues with what goes on in them.
func (m *memory) Queues(context.Context, time.Time) ([]*core.QueueState, error) {
	states := make([]*core.QueueState, len(m.queues))
	for i, q := range m.queues {
		s := &core.QueueState{Queue: *q, Open: true}
		for _, a := range m.agents {
			if a.Status.Takes() && contains(a.Queues, q.ID) {
				s.Agents++
				s.Free += a.Free()
			}
		}
		for _, waits := range m.line {
			if waits.Queue.ID == q.ID {
				s.Waiting++
			}
		}
		states[i] = s
	}
	return states, nil
}

// InLine lists those who wait in a queue and came there until a time, the longest first.
func (m *memory) InLine(_ context.Context, queue string, since time.Time, limit int) ([]*core.Session, error) {
	list := slices.DeleteFunc(slices.Collect(maps.Values(m.line)), func(s *core.Session) bool {
		return s.Status != core.StatusWaiting || s.Queue.ID != queue || !since.IsZero() && s.QueuedAt.After(since)
	})
	slices.SortFunc(list, order)
	return list[:min(len(list), limit)], nil
}

// TooLong lists those of them of which it was not noted yet.
func (m *memory) TooLong(ctx context.Context, queue string, since time.Time, limit int) ([]*core.Session, error) {
	list, err := m.InLine(ctx, queue, since, len(m.line))
	list = slices.DeleteFunc(list, func(s *core.Session) bool { return s.TooLong })
	return list[:min(len(list), limit)], err
}

// Parked, Unanswered and Silent list nobody: a simulated queue is always open, and nothing is written in its chats.
func (m *memory) Parked(context.Context, string, int) ([]*core.Session, error) { return nil, nil }

// Unanswered lists nobody. See Parked.
func (m *memory) Unanswered(context.Context, string, time.Time, int) ([]*core.Session, error) {
	return nil, nil
}

// Silent lists nobody. See Parked.
func (m *memory) Silent(context.Context, string, time.Time, *core.Session, int) ([]*core.Session, error) {
	return nil, nil
}
