package simulate

import (
	"maps"
	"math"
	"slices"

	"baton/core"
	"baton/core/stats"
)

// Result is what a simulation came to.
type Result struct {
	From     stats.Day   `json:"from" doc:"The first day that was simulated"`
	To       stats.Day   `json:"to" doc:"The last day, included"`
	TimeZone string      `json:"time_zone"`
	Seed     uint64      `json:"seed" doc:"The same seed gives the same result again"`
	Runs     int         `json:"runs" doc:"How often each variant was run, with other chats each time; the variants meet the same chats"`
	Variants []Simulated `json:"variants" doc:"The first one is the present"`
	// Error is how far the simulated present is from what really was.
	Error []Deviation `json:"error_on_present" doc:"What the simulation of the present says, beside what the statistics of the period say; empty when the plan has no such figures"`
	Notes []Note      `json:"notes" doc:"What one should know of this result"`
}

// Spread is the mean over several runs, and how far that of very many runs may be from it.
type Spread struct {
	Mean float64 `json:"mean"`
	// PlusMinus is half the width of the 95 % confidence interval.
	PlusMinus *float64 `json:"plus_minus" doc:"With 95 % certainty the mean of very many runs lies no further away; null when there was one run"`
}

// WaitSpreads are the waits of answered chats, in seconds.
type WaitSpreads struct {
	Mean Spread `json:"mean"`
	P50  Spread `json:"p50"`
	P90  Spread `json:"p90"`
	P99  Spread `json:"p99"`
}

// ServedChats is what became of the chats of a run, or of one of its queues.
type ServedChats struct {
	Chats     Spread      `json:"chats" doc:"In one run"`
	Answered  Spread      `json:"answered"`
	Abandoned Spread      `json:"abandoned" doc:"The share of those who went away before anybody joined"`
	Unserved  Spread      `json:"unserved" doc:"The share of those who still waited when all was over"`
	Wait      WaitSpreads `json:"wait" doc:"Of answered chats, in seconds"`
}

// Simulated is what a variant came to.
type Simulated struct {
	Variety
	ServedChats
	// Change is what is different from the present.
	Change  *Changes        `json:"change" doc:"What is different from the present; null for the present itself"`
	Queues  []QueueFigures  `json:"queues"`
	Agents  []AgentFigures  `json:"agents"`
	Scripts []ScriptFigures `json:"scripts" doc:"Over all runs"`
}

// Changes are differences from the present, run by run on the same chats.
type Changes struct {
	P50       Difference `json:"p50" doc:"Of the wait, in seconds"`
	P90       Difference `json:"p90" doc:"Of the wait, in seconds"`
	Abandoned Difference `json:"abandoned" doc:"Of the share"`
}

// Difference is a figure of a variant less that of the present.
type Difference struct {
	Spread
	Sure bool `json:"sure" doc:"Whether the runs leave no doubt about its direction"`
}

// QueueFigures are those of one queue.
type QueueFigures struct {
	Name string `json:"name"`
	ServedChats
}

// AgentFigures are those of one agent, as means over the runs.
type AgentFigures struct {
	Name     string  `json:"name"`
	Capacity int     `json:"capacity"`
	Chats    float64 `json:"chats" doc:"In one run"`
	Hours    float64 `json:"hours" doc:"In which he took chats, in one run"`
	Load     float64 `json:"load" doc:"How many chats he had at once in that time, on average"`
	Busy     float64 `json:"busy" doc:"The share of that time in which he had a chat at least"`
	Idle     float64 `json:"idle" doc:"The share of that time in which he had none"`
}

// ScriptFigures are what a script was good for, over all runs.
type ScriptFigures struct {
	Name     string            `json:"name"`
	Answered int64             `json:"answered" doc:"Decisions that it made"`
	Held     int64             `json:"held" doc:"Times that the record says it kept a chat waiting"`
	Failed   int64             `json:"failed"`
	Error    *core.ScriptError `json:"error" doc:"The first one"`
}

// Deviation is a figure of the simulated present beside the measured one.
type Deviation struct {
	Figure    string   `json:"figure" enum:"wait_p50,wait_p90,abandoned,chats_a_day"`
	Measured  float64  `json:"measured"`
	Simulated Spread   `json:"simulated"`
	Off       *float64 `json:"off" doc:"How much more than measured the simulation says, as a share of it; null when next to nothing was measured"`
}

// outcome sums the runs of a variant up.
func outcome(v *Variant, p *Plan, runs []*tally) Simulated {
	o := Simulated{Variety: v.Variety, Queues: make([]QueueFigures, len(p.Queues)), Scripts: []ScriptFigures{}, Agents: []AgentFigures{}}
	o.ServedChats = servedOf(runs, func(t *tally) *counts { return &t.counts })
	for i := range p.Queues {
		o.Queues[i] = QueueFigures{p.Queues[i].Name, servedOf(runs, func(t *tally) *counts { return &t.queues[i] })}
	}
	for i := range runs[0].agents {
		o.Agents = append(o.Agents, agentFigures(runs, i))
	}
	scripts := map[string]*ScriptFigures{}
	for _, t := range runs {
		for name, s := range t.scripts {
			if scripts[name] == nil {
				scripts[name] = &ScriptFigures{Name: name}
			}
			sum := scripts[name]
			sum.Answered, sum.Held, sum.Failed = sum.Answered+s.Answered, sum.Held+s.Held, sum.Failed+s.Failed
			if sum.Error == nil {
				sum.Error = s.Error
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(scripts)) {
		o.Scripts = append(o.Scripts, *scripts[name])
	}
	return o
}

func servedOf(runs []*tally, of func(*tally) *counts) ServedChats {
	figure := func(f func(c *counts) float64) Spread {
		return spread(over(runs, func(t *tally) float64 { return f(of(t)) }))
	}
	quantiles := func(q float64) Spread { return figure(func(c *counts) float64 { return quantile(c.waits, q) }) }
	return ServedChats{
		Chats:     figure(func(c *counts) float64 { return float64(c.chats) }),
		Answered:  figure(func(c *counts) float64 { return float64(c.answered) }),
		Abandoned: figure(func(c *counts) float64 { return share(int64(c.gone), int64(c.chats)) }),
		Unserved:  figure(func(c *counts) float64 { return share(int64(c.chats-c.answered-c.gone), int64(c.chats)) }),
		Wait: WaitSpreads{
			Mean: figure(func(c *counts) float64 { return mean(c.waits) }), P50: quantiles(0.5), P90: quantiles(0.9), P99: quantiles(0.99),
		},
	}
}

func agentFigures(runs []*tally, i int) AgentFigures {
	first := runs[0].agents[i]
	f := AgentFigures{Name: first.name, Capacity: first.capacity}
	var sum work
	for _, t := range runs {
		w := t.agents[i].work
		sum.chats, sum.there, sum.occupied, sum.held = sum.chats+w.chats, sum.there+w.there, sum.occupied+w.occupied, sum.held+w.held
	}
	n := float64(len(runs))
	f.Chats, f.Hours = float64(sum.chats)/n, float64(sum.there)/n/3_600_000
	f.Load, f.Busy = share(sum.held, sum.there), share(sum.occupied, sum.there)
	if sum.there > 0 {
		f.Idle = 1 - f.Busy
	}
	return f
}

func over(runs []*tally, f func(*tally) float64) []float64 {
	values := make([]float64, len(runs))
	for i, t := range runs {
		values[i] = f(t)
	}
	return values
}

// student are the factors of the 95 % confidence interval by the number of values less one.
var student = [...]float64{0, 12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23, 2.20, 2.18, 2.16, 2.14, 2.13, 2.12, 2.11, 2.10, 2.09}

// spread sums up what several runs say.
func spread(values []float64) Spread {
	s := Spread{Mean: mean(values)}
	n := len(values)
	if n < 2 {
		return s
	}
	var squares float64
	for _, v := range values {
		squares += (v - s.Mean) * (v - s.Mean)
	}
	half := student[min(n, len(student))-1] * math.Sqrt(squares/float64(n-1)/float64(n))
	s.PlusMinus = &half
	return s
}

// compare says what is different between the runs of a variant and those of the present, which met the same chats.
func compare(runs, present []*tally) *Changes {
	figure := func(f func(t *tally) float64) Difference {
		values := over(runs, f)
		for i, was := range over(present, f) {
			values[i] -= was
		}
		d := Difference{Spread: spread(values)}
		d.Sure = d.PlusMinus != nil && math.Abs(d.Mean) > *d.PlusMinus
		return d
	}
	return &Changes{
		P50:       figure(func(t *tally) float64 { return quantile(t.waits, 0.5) }),
		P90:       figure(func(t *tally) float64 { return quantile(t.waits, 0.9) }),
		Abandoned: figure(func(t *tally) float64 { return share(int64(t.gone), int64(t.chats)) }),
	}
}

// deviations holds the simulated present beside what was measured.
func deviations(m *Measured, present ServedChats, days int) []Deviation {
	list := []Deviation{}
	if m == nil {
		return list
	}
	add := func(figure string, measured, least float64, simulated Spread) {
		d := Deviation{Figure: figure, Measured: measured, Simulated: simulated}
		if measured >= least {
			off := simulated.Mean/measured - 1
			d.Off = &off
		}
		list = append(list, d)
	}
	add("wait_p50", m.Wait.P50, 1, present.Wait.P50)
	add("wait_p90", m.Wait.P90, 1, present.Wait.P90)
	add("abandoned", m.Abandoned, 0.001, present.Abandoned)
	daily := present.Chats
	daily.Mean /= float64(days)
	if daily.PlusMinus != nil {
		each := *daily.PlusMinus / float64(days)
		daily.PlusMinus = &each
	}
	add("chats_a_day", float64(m.Chats)/max(m.Days, 1), 0.001, daily)
	return list
}
