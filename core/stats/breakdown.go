package stats

import (
	"context"

	"baton/core"
)

// Breakdown divides the sessions of a period.
type Breakdown struct {
	Period
	By   string          `json:"by" enum:"priority,status,queue,tag,bot,channel,reason,outcome"`
	Data []BreakdownLine `json:"data" doc:"The most first; a chat with several tags is in several lines"`
}

// BreakdownLine is what sessions with something in common came to.
type BreakdownLine struct {
	Key           string  `json:"key" doc:"What they have in common; none when they have nothing of the kind"`
	Name          string  `json:"name"`
	Sessions      Number  `json:"sessions"`
	Active        int64   `json:"active"`
	Ended         int64   `json:"ended"`
	Answered      int64   `json:"answered"`
	Abandoned     int64   `json:"abandoned"`
	AfterHours    int64   `json:"after_hours"`
	Wait          Timing  `json:"wait"`
	FirstResponse Timing  `json:"first_response"`
	Duration      Timing  `json:"duration"`
	Handle        Timing  `json:"handle"`
	Rating        Ratings `json:"rating"`
}

// None stands for sessions without a bot, a reason or the like.
const None = "none"

// part is one way to divide sessions: the pages of those that have ended, how the open ones are counted, and the filter
// that finds both.
type part struct {
	by     string
	of     Dimension
	open   Group
	filter string
}

func parts() []part {
	return []part{
		{"priority", byPriority, GroupPriority, "priority"},
		{"status", byTotal, GroupStatus, "status"},
		{"queue", byTotal, GroupQueue, "queue"},
		{"tag", byTag, GroupTag, "tag"},
		{"bot", byBot, GroupBot, "bot"},
		{"channel", byChannel, GroupChannel, "channel"},
		{"reason", byReason, GroupReason, "reason"},
		{"outcome", byOutcome, "", "outcome"},
	}
}

// Breakdowns lists what a period can be divided by.
func Breakdowns() []string {
	var names []string
	for _, p := range parts() {
		names = append(names, p.by)
	}
	return names
}

// Breakdown divides a period by one of Breakdowns.
func (f *Figures) Breakdown(ctx context.Context, a Ask, by string) (*Breakdown, error) {
	for _, p := range parts() {
		if p.by == by {
			return f.divide(ctx, a, p)
		}
	}
	return nil, errUnknownBy(by)
}

func (f *Figures) divide(ctx context.Context, a Ask, p part) (*Breakdown, error) {
	x, err := f.open(ctx, a)
	if err != nil {
		return nil, err
	}
	var sums page
	var open map[string]int64
	var names map[string]string
	err = together(
		func() (err error) { sums, err = f.sumsOf(ctx, x, p); return err },
		func() (err error) { open, err = f.opens(ctx, x, p.open); return err },
		func() (err error) { names, err = f.store.Names(ctx); return err },
	)
	if err != nil {
		return nil, err
	}
	for key := range open {
		sums.at(key)
	}
	answer := &Breakdown{Period: x.Period, By: p.by, Data: make([]BreakdownLine, 0, len(sums))}
	for key, b := range sums {
		if line := x.line(p, key, b, open[key], names); line.Sessions.N > 0 {
			answer.Data = append(answer.Data, line)
		}
	}
	sortLines(answer.Data, func(l *BreakdownLine) int64 { return l.Sessions.N }, func(l *BreakdownLine) string { return l.Key })
	return answer, nil
}

// sumsOf adds up the ended sessions of a period by key.
func (f *Figures) sumsOf(ctx context.Context, x *period, p part) (page, error) {
	switch p.by {
	case "queue":
		return f.queueSums(ctx, x)
	case "status":
		all, err := f.sum(ctx, x, byTotal)
		return page{string(core.StatusEnded): all.at("")}, err
	}
	return f.sum(ctx, x, p.of)
}

// queueSums adds up a period by queue.
func (f *Figures) queueSums(ctx context.Context, x *period) (page, error) {
	list, err := f.store.PagesFrom(ctx, x.p.Zone, byTotal, x.eachQueue(), stretches(x.From, x.To, x.p.Newest)...)
	if err != nil {
		return nil, err
	}
	sums := map[string]page{}
	for _, p := range list {
		if sums[p.Queue] == nil {
			sums[p.Queue] = page{}
		}
		if err := sums[p.Queue].merge(p.Data, f.sketch); err != nil {
			return nil, err
		}
	}
	all := page{}
	for queue, sum := range sums {
		all[queue] = sum.at("")
	}
	return all, nil
}

// eachQueue are the queues of a question by queue; nil stands for all.
func (x *period) eachQueue() []string {
	if len(x.queues) == 0 {
		return nil
	}
	return x.queues
}

func (x *period) line(p part, key string, b *bucket, open int64, names map[string]string) BreakdownLine {
	name := names[key]
	if name == "" {
		name = key
	}
	if key == "" {
		key, name = None, None
	}
	return BreakdownLine{
		Key: key, Name: name, Sessions: Number{b.counts[ended] + open, x.link(p.filter, key)}, Active: open, Ended: b.counts[ended], Answered: b.counts[answered],
		Abandoned: b.counts[abandoned], AfterHours: b.counts[afterHours], Wait: b.timing(wait), FirstResponse: b.timing(firstResponse), Duration: b.timing(duration),
		Handle: b.timing(handle), Rating: b.ratings(x.link(p.filter, key, "is", IsRated)),
	}
}

// Queues says what went on in each queue.
type Queues struct {
	Period
	Data []QueueLine `json:"data"`
}

// QueueLine is one queue in a period.
type QueueLine struct {
	Queue core.Ref `json:"queue"`
	// Waiting is now, whatever the period.
	Waiting        int64   `json:"waiting" doc:"How many wait now"`
	AverageWaiting float64 `json:"average_waiting" doc:"How many waited at once on average, of those that have ended"`
	Totals
}

// Queues gives the figures of each queue.
func (f *Figures) Queues(ctx context.Context, a Ask) (*Queues, error) {
	x, err := f.open(ctx, a)
	if err != nil {
		return nil, err
	}
	var sums page
	var open, lines map[string]int64
	var names map[string]string
	err = together(
		func() (err error) { sums, err = f.queueSums(ctx, x); return err },
		func() (err error) { open, err = f.opens(ctx, x, GroupQueue); return err },
		func() (err error) { lines, err = f.store.Lines(ctx); return err },
		func() (err error) { names, err = f.store.Names(ctx); return err },
	)
	if err != nil {
		return nil, err
	}
	for _, queues := range []map[string]bool{keysOf(open), keysOf(lines)} {
		for id := range queues {
			if x.asksFor(id) {
				sums.at(id)
			}
		}
	}
	answer := &Queues{Period: x.Period, Data: make([]QueueLine, 0, len(sums))}
	for id, b := range sums {
		one := *x
		one.queues = []string{id}
		line := QueueLine{Queue: core.Ref{ID: id, Name: names[id]}, Waiting: lines[id], Totals: one.totals(b, open[id])}
		if passed := x.passed(); passed > 0 {
			line.AverageWaiting = float64(b.counts[queued]*1000/passed) / 1000
		}
		answer.Data = append(answer.Data, line)
	}
	sortLines(answer.Data, func(l *QueueLine) int64 { return l.Sessions.N }, func(l *QueueLine) string { return l.Queue.Name + l.Queue.ID })
	return answer, nil
}

func (x *period) asksFor(queue string) bool {
	if len(x.queues) == 0 {
		return true
	}
	for _, q := range x.queues {
		if q == queue {
			return true
		}
	}
	return false
}
