package estimate_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"baton/core"
	"baton/core/estimate"
)

// day is a simulated day of one queue: how many come in each hour, and how many places are staffed.
type day struct {
	name     string
	arrivals [24]float64
	places   [24]int
}

func days() []day {
	flat := func(n float64) (hours [24]float64) {
		for h := 8; h < 20; h++ {
			hours[h] = n
		}
		return hours
	}
	staff := func(early, late int) (hours [24]int) {
		for h := 8; h < 20; h++ {
			if hours[h] = early; h >= 14 {
				hours[h] = late
			}
		}
		return hours
	}
	rush := flat(70)
	rush[11], rush[12], rush[17] = 150, 140, 130
	return []day{
		{"quiet", flat(62), staff(9, 9)},
		{"rush", rush, staff(12, 12)},
		{"shift change", flat(75), staff(13, 8)},
	}
}

// waiter is somebody in the line of a simulated day.
type waiter struct {
	came     time.Duration
	rank     int
	patience time.Duration
	told     core.Range
	isTold   bool
	naive    time.Duration
}

// figures is how well waits were foretold.
type figures struct {
	n, held             int
	ours, average, sums float64 // of seconds
}

func (f figures) String() string {
	return fmt.Sprintf("%d waits: the range held in %.1f %%; error of its middle %.0f s, of the average of the last hour %.0f s",
		f.n, 100*float64(f.held)/float64(f.n), f.ours/float64(f.n), f.average/float64(f.n))
}

// desk is the desk of a simulated day.
type desk struct {
	dice    *rand.Rand
	handled []time.Duration // measured before
	busy    []busy
	line    []waiter
	ended   []served
	figures
}

type busy struct{ since, until time.Duration }

type served struct{ at, wait time.Duration }

// talk is a handle time: most chats are short, a few are very long.
func talk(dice *rand.Rand) time.Duration {
	return time.Duration(math.Exp(5.9+0.75*dice.NormFloat64()) * float64(time.Second))
}

const patience = 25 * time.Minute

func (d *desk) run(of day) {
	now := time.Duration(0)
	for now < 24*time.Hour {
		hour := int(now / time.Hour)
		next := time.Duration(hour+1) * time.Hour
		arrives := false
		if rate := of.arrivals[hour]; rate > 0 {
			if at := now + time.Duration(d.dice.ExpFloat64()/rate*float64(time.Hour)); at < next {
				next, arrives = at, true
			}
		}
		for _, b := range d.busy {
			if b.until < next {
				next, arrives = b.until, false
			}
		}
		now = next
		d.busy = slices.DeleteFunc(d.busy, func(b busy) bool { return b.until <= now })
		places := of.places[min(int(now/time.Hour), 23)]
		if arrives {
			d.arrive(now, places)
		}
		d.serve(now, places)
	}
}

func (d *desk) arrive(now time.Duration, places int) {
	w := waiter{came: now, rank: core.Normal.Rank(), patience: time.Duration(d.dice.ExpFloat64() * float64(patience))}
	if d.dice.Float64() < 0.15 {
		w.rank = core.High.Rank()
	}
	d.line = slices.DeleteFunc(d.line, func(x waiter) bool { return now > x.came+x.patience })
	place, _ := slices.BinarySearchFunc(d.line, w, func(x, w waiter) int {
		if x.rank != w.rank {
			return w.rank - x.rank
		}
		return -1
	})
	d.line = slices.Insert(d.line, place, w)
	if len(d.busy) >= places && places > 0 {
		q := estimate.Queue{Handled: d.handled, Patience: patience, Seed: 1}
		q.Free = max(0, places-len(d.busy))
		// Of those who went home the chats go on, but no place comes free by them.
		slices.SortFunc(d.busy, func(a, b busy) int { return int(b.since - a.since) })
		for _, b := range d.busy[:min(places, len(d.busy))] {
			q.Busy = append(q.Busy, now-b.since)
		}
		for _, x := range d.line {
			q.Line = append(q.Line, estimate.Waiting{Rank: x.rank, Waited: now - x.came})
		}
		for rank := range q.Above {
			if rank < core.High.Rank() {
				q.Above[rank] = 0.15 * 80
			}
		}
		w := &d.line[place]
		w.told, w.isTold = estimate.Of(q).At(place + 1)
		w.naive = d.average(now)
	}
}

// average is what those who were served in the last hour waited on average.
func (d *desk) average(now time.Duration) (mean time.Duration) {
	n := 0
	for _, s := range d.ended {
		if s.at > now-time.Hour {
			mean += s.wait
			n++
		}
	}
	if n == 0 {
		return 0
	}
	return mean / time.Duration(n)
}

func (d *desk) serve(now time.Duration, places int) {
	for len(d.busy) < places && len(d.line) > 0 {
		w := d.line[0]
		d.line = d.line[1:]
		if now > w.came+w.patience {
			continue
		}
		wait := now - w.came
		d.busy = append(d.busy, busy{now, now + talk(d.dice)})
		d.ended = append(d.ended, served{now, wait})
		if w.isTold {
			d.count(w, wait)
		}
	}
}

func (d *desk) count(w waiter, wait time.Duration) {
	seconds := wait.Seconds()
	d.n++
	if seconds >= float64(w.told.Low) && seconds <= float64(w.told.High) {
		d.held++
	}
	d.ours += math.Abs(seconds - float64(w.told.Low+w.told.High)/2)
	d.figures.average += math.Abs(seconds - w.naive.Seconds())
	d.sums += seconds
}

// The estimate must be nearer than the average in each simulated day, and its range hold in 75 to 90 of 100 waits.
func TestTheRangeHoldsAndBeatsTheAverageOnEachDay(t *testing.T) {
	for _, of := range days() {
		t.Run(of.name, func(t *testing.T) {
			t.Parallel()
			var sum figures
			for seed := range uint64(seeds()) {
				d := &desk{dice: rand.New(rand.NewPCG(seed, 7))}
				for range 300 {
					d.handled = append(d.handled, talk(d.dice))
				}
				d.run(of)
				sum.n, sum.held, sum.ours, sum.average, sum.sums = sum.n+d.n, sum.held+d.held, sum.ours+d.ours, sum.average+d.figures.average, sum.sums+d.sums
			}
			t.Logf("figure: foretold waits on a day (%s), mean wait %.0f s, %v", of.name, sum.sums/float64(sum.n), sum)
			if sum.n < 300 {
				t.Fatalf("only %d waits were foretold: the day proves nothing", sum.n)
			}
			if held := float64(sum.held) / float64(sum.n); held < 0.75 || held > 0.90 {
				t.Errorf("the range held in %.1f %% of the waits, 75 to 90 are due", 100*held)
			}
			if sum.ours >= sum.average {
				t.Errorf("the error is %.0f s in the mean, that of the average %.0f s", sum.ours/float64(sum.n), sum.average/float64(sum.n))
			}
		})
	}
}

// seeds is how many days of each kind are simulated.
func seeds() int {
	if os.Getenv("BATON_PROOF") != "" {
		return 40
	}
	return 6
}

func TestNobodyIsToldAWaitWhereNobodyWorks(t *testing.T) {
	if told, known := estimate.Of(estimate.Queue{Handled: []time.Duration{time.Minute}}).At(1); known {
		t.Errorf("a queue without agents promises %v", told)
	}
	if told, known := (estimate.Waits{}).At(1); known {
		t.Errorf("nothing promises %v", told)
	}
}

func TestPlacesBehindWaitLonger(t *testing.T) {
	q := estimate.Queue{Handled: []time.Duration{4 * time.Minute, 5 * time.Minute, 7 * time.Minute}, Seed: 3}
	for range 5 {
		q.Busy = append(q.Busy, time.Minute)
	}
	for range 300 {
		q.Line = append(q.Line, estimate.Waiting{Rank: 1})
	}
	waits, last := estimate.Of(q), core.Range{}
	for place := 1; place <= 300; place++ {
		told, known := waits.At(place)
		if !known || told.Low < last.Low || told.High < last.High || told.Low > told.High {
			t.Fatalf("place %d is told %v after %v", place, told, last)
		}
		last = told
	}
	// 300 chats of 5 minutes and 20 seconds on 5 places.
	if due := 300 * 320 / 5; last.Low > due || last.High < due {
		t.Errorf("place 300 is told %v, about %d s are due", last, due)
	}
}

func BenchmarkOf(b *testing.B) {
	q := estimate.Queue{Handled: []time.Duration{4 * time.Minute, 5 * time.Minute, 7 * time.Minute}}
	for range 50 {
		q.Busy, q.Line = append(q.Busy, time.Minute), append(q.Line, estimate.Waiting{Rank: 1}, estimate.Waiting{Rank: 1})
	}
	for b.Loop() {
		estimate.Of(q)
	}
}
