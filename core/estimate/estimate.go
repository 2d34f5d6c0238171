package estimate

import (
	"math/rand/v2"
	"slices"
	"time"

	"baton/core"
)

const (
	// runs is how often a queue is played.
	runs = 240
	// lowest and highest are the parts of the runs below and above the range: it is to hold in 75 to 90 of 100 waits.
	lowest, highest = 0.08, 0.91
	// furthest is how many places are played; those behind are extended from the last ones.
	furthest = 120
	// longest ends a run: nobody is promised more.
	longest = 24 * time.Hour
)

// Queue is what is known of a queue now.
type Queue struct {
	// Free is how many places its agents have free, and Busy how long each chat that takes a place has gone on.
	Free int
	Busy []time.Duration
	// Handled are measured handle times, at least one.
	Handled []time.Duration
	// Patience is how long people wait on average before they leave; 0 says that nobody does.
	Patience time.Duration
	// Line are those who wait, in order of service.
	Line []Waiting
	// Above is how many chats an hour come that go before a session of each rank, by rank.
	Above [len(core.Priorities)]float64
	// Elsewhere is the part of what comes free that other queues of the same agents take.
	Elsewhere float64
	Seed      uint64
}

// Waiting is somebody in line.
type Waiting struct {
	Rank   int
	Waited time.Duration
}

// Waits are the ranges of a queue's places.
type Waits struct {
	places []core.Range
	behind float64 // seconds from one place to the next, behind those that were played
}

// Of plays a queue. Without an agent there is nothing to say, and Waits says so.
func Of(q Queue) Waits {
	if q.Free+len(q.Busy) == 0 || len(q.Handled) == 0 {
		return Waits{}
	}
	// One more than there are: whoever comes next.
	places := min(len(q.Line)+1, furthest)
	waits := make([][]time.Duration, places)
	for i := range waits {
		waits[i] = make([]time.Duration, 0, runs)
	}
	p := newPlay(&q)
	for range runs {
		p.run(waits)
	}
	w := Waits{places: make([]core.Range, places)}
	for i, all := range waits {
		slices.Sort(all)
		w.places[i] = rounded(at(all, lowest), at(all, highest))
	}
	if last := waits[places-1]; places > 1 {
		w.behind = (at(last, 0.5) - at(waits[places/2], 0.5)).Seconds() / float64(places-1-places/2)
	}
	return w
}

// At gives the range of a place, from 1; false when nobody can say.
func (w Waits) At(place int) (core.Range, bool) {
	switch {
	case len(w.places) == 0 || place < 1:
		return core.Range{}, false
	case place <= len(w.places):
		return w.places[place-1], true
	}
	last := w.places[len(w.places)-1]
	more := w.behind * float64(place-len(w.places))
	return rounded(time.Duration((float64(last.Low)+more*0.9)*float64(time.Second)), time.Duration((float64(last.High)+more*1.1)*float64(time.Second))), true
}

// at gives the value below which a part of sorted values lies.
func at(sorted []time.Duration, part float64) time.Duration {
	return sorted[int(part*float64(len(sorted)-1))]
}

// rounded makes a range of what people say: quarters of a minute, then half and whole ones.
func rounded(low, high time.Duration) core.Range {
	return core.Range{Low: int(low.Truncate(step(low)) / time.Second), High: int(up(high, step(high)) / time.Second)}
}

func step(d time.Duration) time.Duration {
	switch {
	case d < 2*time.Minute:
		return 15 * time.Second
	case d < 10*time.Minute:
		return 30 * time.Second
	}
	return time.Minute
}

func up(d, step time.Duration) time.Duration {
	if rest := d % step; rest > 0 || d == 0 {
		return d - rest + step
	}
	return d
}

// play is one queue on its way through many runs.
type play struct {
	q       *Queue
	dice    *rand.Rand
	handled []time.Duration // sorted
	ends    ends            // when each place comes free next
}

func newPlay(q *Queue) *play {
	handled := slices.Clone(q.Handled)
	slices.Sort(handled)
	return &play{q: q, handled: handled, dice: rand.New(rand.NewPCG(q.Seed, 0x6261746f6e))}
}

// run plays the queue once and notes when each place would be served.
func (p *play) run(waits [][]time.Duration) {
	p.ends = p.ends[:0]
	for range p.q.Free {
		p.ends = append(p.ends, 0)
	}
	for _, age := range p.q.Busy {
		p.ends = append(p.ends, p.rest(age))
	}
	p.ends.heapify()
	var urgent time.Duration // up to when more urgent ones were drawn
	for i := range waits {
		rank, patience := p.waiting(i)
		free := p.next()
		// Those who come meanwhile and are more urgent go first.
		for rate := p.q.Above[rank]; rate > 0 && urgent < longest; {
			gap := time.Duration(p.dice.ExpFloat64() / rate * float64(time.Hour))
			if urgent += gap; urgent > free {
				urgent -= gap
				break
			}
			p.ends.replace(free + p.handle())
			free = p.next()
		}
		waits[i] = append(waits[i], min(free, longest))
		if free < patience {
			p.ends.replace(free + p.handle())
		}
	}
}

// waiting gives rank and patience of a place in line; the one behind the last is whoever comes next.
func (p *play) waiting(i int) (rank int, patience time.Duration) {
	rank, patience = core.Normal.Rank(), longest
	if i < len(p.q.Line) {
		rank = p.q.Line[i].Rank
	}
	if p.q.Patience > 0 {
		// How long somebody has waited says nothing about how long he still will.
		patience = time.Duration(p.dice.ExpFloat64() * float64(p.q.Patience))
	}
	return rank, patience
}

// next gives when a place comes free for this queue: now and then other queues take it.
func (p *play) next() time.Duration {
	for p.q.Elsewhere > 0 && p.ends[0] < longest && p.dice.Float64() < p.q.Elsewhere {
		p.ends.replace(p.ends[0] + p.handle())
	}
	return p.ends[0]
}

// handle draws a handle time.
func (p *play) handle() time.Duration { return p.handled[p.dice.IntN(len(p.handled))] }

// rest draws how long a chat that has gone on for so long still goes on, from those that went on longer.
func (p *play) rest(age time.Duration) time.Duration {
	longer, _ := slices.BinarySearch(p.handled, age+1)
	if n := len(p.handled) - longer; n > 0 {
		return p.handled[longer+p.dice.IntN(n)] - age
	}
	// Longer than any before: as if half of the longest were left.
	return time.Duration(p.dice.ExpFloat64() * float64(p.handled[len(p.handled)-1]) / 2)
}

// ends is a heap of times, the first one on top.
type ends []time.Duration

func (e ends) heapify() {
	for i := len(e)/2 - 1; i >= 0; i-- {
		e.sink(i)
	}
}

// replace puts another time in the place of the first one.
func (e ends) replace(t time.Duration) {
	e[0] = t
	e.sink(0)
}

func (e ends) sink(i int) {
	for {
		least := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(e); child++ {
			if e[child] < e[least] {
				least = child
			}
		}
		if least == i {
			return
		}
		e[i], e[least] = e[least], e[i]
		i = least
	}
}
