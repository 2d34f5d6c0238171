package simulate

import (
	"slices"

	"baton/core"
)

// tally is what one run came to.
type tally struct {
	counts
	open    int // chats that have come and not ended
	queues  []counts
	agents  []agentTally
	scripts map[string]*ScriptFigures
}

// counts are the chats of a run, or of one of its queues.
type counts struct {
	chats, answered, gone int
	waits                 []float64 // of answered chats, in seconds
}

// work is how the time of an agent has passed, in milliseconds.
type work struct {
	since    int64 // it is counted until there
	until    int64 // nothing is counted from there on
	chats    int
	there    int64 // available or busy
	occupied int64 // of that with a chat at least
	held     int64 // of that, summed over his chats
}

type agentTally struct {
	name     string
	capacity int
	work
}

// pass counts the time until now, as far as it belongs to the plan's days.
func (a *agent) pass(now int64) {
	now = min(now, a.work.until)
	ms := now - a.work.since
	a.work.since = now
	if !a.Status.Takes() {
		return
	}
	a.work.there += ms
	a.work.held += ms * int64(a.Active)
	if a.Active > 0 {
		a.work.occupied += ms
	}
}

func newTally(p *Plan) *tally {
	return &tally{queues: make([]counts, len(p.Queues)), scripts: map[string]*ScriptFigures{}}
}

// decide counts who answered, and who went wrong.
func (t *tally) decide(d *core.Decision) {
	if d.Again || len(d.Opinions) == 0 {
		return
	}
	if d.Answered != "" {
		t.script(d.Answered).Answered++
	}
	for _, o := range d.Opinions {
		if o.Answer.Hold {
			t.script(o.Script).Held++
		}
		if o.Error == nil {
			continue
		}
		s := t.script(o.Script)
		if s.Failed++; s.Error == nil {
			s.Error = o.Error
		}
	}
}

func (t *tally) script(name string) *ScriptFigures {
	if t.scripts[name] == nil {
		t.scripts[name] = &ScriptFigures{Name: name}
	}
	return t.scripts[name]
}

// conclude counts what became of the chats and of the agents' time.
func (w *world) conclude() *tally {
	t := w.tally
	for i := range w.chats[:w.memory.next] {
		c := &w.chats[i]
		for _, to := range []*counts{&t.counts, &t.queues[c.queue]} {
			to.chats++
			switch {
			case c.joined > 0:
				to.answered++
				to.waits = append(to.waits, float64(c.joined-c.at)/1000)
			case c.gone:
				to.gone++
			}
		}
	}
	slices.Sort(t.waits)
	for i := range t.queues {
		slices.Sort(t.queues[i].waits)
	}
	for _, a := range w.memory.agents {
		a.pass(w.ends)
		t.agents = append(t.agents, agentTally{a.Name, a.Capacity, a.work})
	}
	return t
}

// quantile gives the value of a rank, as the statistics do.
func quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[int(q*float64(len(sorted)-1))]
}

func mean(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	var sum float64
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}

func waitTimes(sorted []float64) WaitTimes {
	return WaitTimes{Mean: mean(sorted), P50: quantile(sorted, 0.5), P90: quantile(sorted, 0.9), P99: quantile(sorted, 0.99)}
}

func share(part, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}
