package simulate

import (
	"cmp"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"baton/core"
	"baton/core/stats"
)

// chat is somebody who asks, as he was drawn, and what became of him. Times are milliseconds.
type chat struct {
	at        int64
	queue     int
	kind      *Kind // nil is an ordinary one
	handle    int64
	patience  int64   // below 0: he waits for ever
	returning float64 // below the kind's share: he was here before

	tries  int // offers until now
	joined int64
	ended  bool
	gone   bool // he went away before anybody joined
}

// stream gives random numbers that depend on the seed and on what they are for alone, so that two variants meet the same
// people: whatever differs between them is the variant's doing.
func stream(seed uint64, what string, n uint64) *rand.Rand {
	h := fnv.New64a()
	_, _ = h.Write([]byte(what))
	return rand.New(rand.NewPCG(seed^h.Sum64(), n+1))
}

// chance is one such number from 0 to 1.
func chance(seed uint64, what string, n uint64) float64 { return stream(seed, what, n).Float64() }

// draw gives the chats of all days in order.
func (p *Plan) draw(seed uint64, zone *time.Location) []chat {
	var chats []chat
	for i := range p.Queues {
		q := &p.Queues[i]
		for n, day := range p.days() {
			chats = q.draw(chats, i, day, zone, stream(seed, "chats of "+q.Name, uint64(n)))
		}
	}
	slices.SortStableFunc(chats, func(a, b chat) int { return cmp.Compare(a.at, b.at) })
	return chats
}

func (q *Queue) draw(chats []chat, queue int, day stats.Day, zone *time.Location, r *rand.Rand) []chat {
	for _, rate := range q.Arrivals {
		if rate.PerHour == 0 || !on(rate.Days, day.Weekday()) {
			continue
		}
		from, _ := minutes(rate.From)
		to, _ := minutes(rate.To)
		gap := float64(time.Hour.Milliseconds()) / rate.PerHour
		end := float64(at(day, to, zone).UnixMilli())
		for t := float64(at(day, from, zone).UnixMilli()) + r.ExpFloat64()*gap; t < end; t += r.ExpFloat64() * gap {
			chats = append(chats, chat{
				at: int64(t), queue: queue, kind: q.kind(r), handle: millis(sample(q.Handle, r)), patience: q.Patience.draw(r), returning: r.Float64(),
			})
		}
	}
	return chats
}

// kind draws what a chat is like.
func (q *Queue) kind(r *rand.Rand) *Kind {
	var all float64
	for i := range q.Kinds {
		all += q.Kinds[i].Share
	}
	x := r.Float64() * all
	for i := range q.Kinds {
		if x -= q.Kinds[i].Share; x < 0 {
			return &q.Kinds[i]
		}
	}
	return nil
}

// sample draws one of several values that stand in order, or one between two of them; 0 when there are none.
func sample(values []float64, r *rand.Rand) float64 {
	x := r.Float64()*float64(len(values)) - 0.5
	if len(values) == 0 {
		return 0
	}
	x = min(max(x, 0), float64(len(values)-1))
	i := int(x)
	if i+1 == len(values) {
		return values[i]
	}
	return values[i] + (x-float64(i))*(values[i+1]-values[i])
}

// draw gives how long somebody waits, in milliseconds, or -1 for ever.
func (p *Patience) draw(r *rand.Rand) int64 {
	u, more := r.Float64(), r.ExpFloat64()
	var last Gone
	for _, g := range p.Gone {
		if u < g.Share {
			return millis(last.After + (u-last.Share)/(g.Share-last.Share)*(g.After-last.After))
		}
		last = g
	}
	if p.Mean == 0 {
		return -1
	}
	return millis(last.After + more*p.Mean)
}

func millis(seconds float64) int64 { return int64(math.Round(seconds * 1000)) }

// change is what an agent is from a moment on.
type change struct {
	at     int64
	status core.AgentStatus
}

// pauseEvery is how long somebody who has left his place stays away at least, and somebody who has come stays.
const pauseEvery = 15 // minutes

// draw gives what an agent is over all days, in order; before the first change he is off duty.
func (a *Agent) draw(seed uint64, days []stats.Day, zone *time.Location) []change {
	var list []change
	for n, day := range days {
		works := chance(seed, a.Name+" works", uint64(n))
		for _, s := range a.Shifts {
			if on(s.Days, day.Weekday()) && works < orOne(s.Works) {
				list = s.draw(list, day, zone, stream(seed, a.Name+" from "+s.From, uint64(n)))
			}
		}
	}
	slices.SortStableFunc(list, func(a, b change) int { return cmp.Compare(a.at, b.at) })
	var kept []change
	for _, c := range list {
		switch last := len(kept) - 1; {
		case last >= 0 && kept[last].at == c.at:
			if c.status != core.Offline { // where one shift ends and the next begins, he is there
				kept[last].status = c.status
			}
		default:
			kept = append(kept, c)
		}
	}
	return slices.CompactFunc(kept, func(a, b change) bool { return a.status == b.status })
}

func (s *Shift) draw(list []change, day stats.Day, zone *time.Location, r *rand.Rand) []change {
	from, _ := minutes(s.From)
	to, _ := minutes(s.To)
	for m := from; m < to; m += pauseEvery {
		status := core.Available
		switch there, busy := r.Float64(), r.Float64(); {
		case there >= orOne(s.Present):
			status = core.Away
		case busy < s.Busy:
			status = core.BusyAgent
		}
		list = append(list, change{at(day, m, zone).UnixMilli(), status})
	}
	return append(list, change{at(day, to, zone).UnixMilli(), core.Offline})
}
