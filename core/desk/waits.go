package desk

import (
	"context"
	"hash/fnv"
	"slices"
	"sync"
	"time"

	"baton/core"
	"baton/core/estimate"
)

// Pace knows how fast the desk works; the store is one.
type Pace interface {
	// Handled gives the handle times of a queue's chats that ended last, how long customers waited there altogether, and
	// how many of them left.
	Handled(ctx context.Context, queue string, chats int) (times []time.Duration, waited time.Duration, left int, err error)
	// BusySince gives, for each of these agents, since when he has had each of his chats.
	BusySince(ctx context.Context, agents []string) (map[string][]time.Time, error)
	// Arrivals counts the requests to a queue since a time, by priority.
	Arrivals(ctx context.Context, queue string, since time.Time) (map[core.Priority]int, error)
}

const (
	// waitsKept is how long an estimate holds, paceKept how long what was measured does, and rulesKept how long a queue
	// is taken to show what it did.
	waitsKept = 2 * time.Second
	rulesKept = 250 * time.Millisecond
	paceKept  = time.Minute
	// chatsMeasured is how many of the last chats handle times are taken from.
	chatsMeasured = 400
	// arrivalsOver is the time over which arrivals are counted.
	arrivalsOver = time.Hour
	// lineRead is how much of a line is read for an estimate; those behind are extended from it.
	lineRead = 120
)

// unmeasured are the handle times of a desk that has not measured any.
var unmeasured = []time.Duration{
	90 * time.Second, 3 * time.Minute, 4 * time.Minute, 5 * time.Minute, 6 * time.Minute, 7 * time.Minute, 9 * time.Minute, 12 * time.Minute, 16 * time.Minute, 25 * time.Minute,
}

// waits foretells how long places in line take. What cannot be read is not foretold: nobody waits for it.
type waits struct {
	desk *Desk
	line Line
	pace Pace

	mu     sync.Mutex // guards queues
	queues map[string]*foretold
}

// foretold is what is known of one queue.
type foretold struct {
	mu      sync.Mutex // guards the rest
	ruled   core.QueueRules
	ruledAt time.Time
	waits   estimate.Waits
	madeAt  time.Time
	pace    measured
	paceAt  time.Time
}

// measured is what a queue's pace was found to be.
type measured struct {
	handled  []time.Duration
	patience time.Duration
	above    [len(core.Priorities)]float64
}

// UsePace makes the desk foretell waits; without it nobody is told one. It must be called before the desk is used.
func (d *Desk) UsePace(line Line, pace Pace) { d.waits.line, d.waits.pace = line, pace }

func (w *waits) of(queue string) *foretold {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.queues == nil {
		w.queues = map[string]*foretold{}
	}
	f := w.queues[queue]
	if f == nil {
		f = new(foretold)
		w.queues[queue] = f
	}
	return f
}

// rules gives the rules of a queue, as they were a moment ago at most.
func (w *waits) rules(ctx context.Context, queue string) core.QueueRules {
	f := w.of(queue)
	f.mu.Lock()
	defer f.mu.Unlock()
	if now := w.desk.now(); now.Sub(f.ruledAt) > rulesKept {
		f.ruled, f.ruledAt = core.DefaultRules(), now
		if q, err := w.desk.dir.Queue(ctx, queue); err == nil {
			f.ruled = q.Rules
		}
	}
	return f.ruled
}

// at gives the wait of a place in a queue's line, or nil when nobody can say.
func (w *waits) at(ctx context.Context, queue string, place int) *core.Range {
	if w.pace == nil {
		return nil
	}
	f := w.of(queue)
	f.mu.Lock()
	defer f.mu.Unlock()
	if now := w.desk.now(); now.Sub(f.madeAt) > waitsKept {
		f.madeAt = now
		f.waits = estimate.Waits{}
		if q, err := w.picture(ctx, queue, f, now); err == nil {
			f.waits = estimate.Of(q)
		}
	}
	wait, known := f.waits.At(place)
	if !known {
		return nil
	}
	return &wait
}

// picture gathers what an estimate is made from.
func (w *waits) picture(ctx context.Context, queue string, f *foretold, now time.Time) (estimate.Queue, error) {
	q := estimate.Queue{Seed: seedOf(queue)}
	states, err := w.desk.dir.Queues(ctx, now.Add(-w.desk.cfg.GoneAfter))
	if err != nil {
		return q, err
	}
	agents, err := w.desk.dir.Agents(ctx)
	if err != nil {
		return q, err
	}
	agents = slices.DeleteFunc(agents, func(a *core.Agent) bool {
		return !a.TakesChats() || !a.Status.Takes() || !a.Present(now, w.desk.cfg.GoneAfter)
	})
	if q.Free, q.Busy, err = w.places(ctx, queue, agents, now); err != nil {
		return q, err
	}
	q.Elsewhere = elsewhere(queue, states, agents)
	line, err := w.line.Waiting(ctx, []string{queue}, nil, lineRead)
	if err != nil {
		return q, err
	}
	for _, s := range line {
		q.Line = append(q.Line, estimate.Waiting{Rank: max(0, s.Priority.Rank()), Waited: now.Sub(s.WaitingSince)})
	}
	if now.Sub(f.paceAt) > paceKept {
		if f.pace, err = w.measure(ctx, queue, now); err != nil {
			return q, err
		}
		f.paceAt = now
	}
	q.Handled, q.Patience, q.Above = f.pace.handled, f.pace.patience, f.pace.above
	return q, nil
}

// seedOf makes equal pictures of a queue get equal estimates.
func seedOf(queue string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(queue))
	return h.Sum64()
}

// places gives the free places of a queue's agents, and how long each chat in the others has gone on. What is being
// offered has only begun.
func (w *waits) places(ctx context.Context, queue string, agents []*core.Agent, now time.Time) (free int, busy []time.Duration, err error) {
	var ids []string
	for _, a := range agents {
		if !slices.Contains(a.Queues, queue) {
			continue
		}
		ids = append(ids, a.ID)
		free += a.Free()
		for range min(a.Load-a.Active, a.Capacity) {
			busy = append(busy, 0)
		}
	}
	if len(ids) == 0 {
		return 0, nil, nil
	}
	since, err := w.pace.BusySince(ctx, ids)
	if err != nil {
		return 0, nil, err
	}
	for _, a := range agents {
		began := since[a.ID]
		// Above the capacity, a chat that ends frees no place.
		slices.SortFunc(began, func(x, y time.Time) int { return y.Compare(x) })
		for _, at := range began[:min(len(began), a.Capacity)] {
			busy = append(busy, max(0, now.Sub(at)))
		}
	}
	return free, busy, nil
}

// elsewhere is the part of the work of a queue's agents that those who wait in their other queues get.
func elsewhere(queue string, states []*core.QueueState, agents []*core.Agent) float64 {
	own, others := 1.0, 0.0
	for _, state := range states {
		if state.ID == queue {
			own += float64(state.Waiting)
			continue
		}
		all, shared := 0, 0
		for _, a := range agents {
			if slices.Contains(a.Queues, state.ID) {
				all++
				if slices.Contains(a.Queues, queue) {
					shared++
				}
			}
		}
		if all > 0 {
			others += float64(state.Waiting) * float64(shared) / float64(all)
		}
	}
	return min(others/(own+others), 0.9)
}

// measure reads how fast a queue works.
func (w *waits) measure(ctx context.Context, queue string, now time.Time) (m measured, err error) {
	times, waited, left, err := w.pace.Handled(ctx, queue, chatsMeasured)
	if err != nil {
		return m, err
	}
	if m.handled = times; len(times) < len(unmeasured) {
		m.handled = append(slices.Clone(unmeasured[len(times):]), times...)
	}
	if left > 0 {
		m.patience = waited / time.Duration(left)
	}
	counts, err := w.pace.Arrivals(ctx, queue, now.Add(-arrivalsOver))
	if err != nil {
		return m, err
	}
	for rank := range m.above {
		for higher := rank + 1; higher < len(core.Priorities); higher++ {
			m.above[rank] += float64(counts[core.Priorities[higher]]) / arrivalsOver.Hours()
		}
	}
	return m, nil
}
