package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"
)

// runner is one server that talks go through in turn with the others.
type runner struct {
	name  string
	addr  string
	cpu   func() (own, database time.Duration)
	stop  func() error
	talks []talk
	fleet *fleet
	laps  []lap
	dsn   string
	p50   []time.Duration
	p99   []time.Duration
	bare  struct{ p50, p99 []time.Duration } // of keeping as many messages and nothing else
}

// measureTalk compares talk that is kept with talk that is not: how much gets through when everybody sends as
// fast as he is answered, and how long an answer takes at a pace that leaves room.
func measureTalk(ctx context.Context, w *workshop, r *report) (err error) {
	const most = 500
	runners, err := w.runners(ctx, most)
	defer func() {
		for _, x := range runners {
			err = errors.Join(err, x.stop())
		}
	}()
	if err != nil {
		return err
	}
	for _, size := range []struct {
		connections int
		due         float64
	}{{1000, 0.40}, {100, 0.20}} {
		if err := w.races(runners, size.connections, 6); err != nil {
			return err
		}
		raw := runners[0].middle()
		r.add(figure{what: fmt.Sprintf("raw relay and answer, %d connections", size.connections), limit: "itself", ratio: 1, shown: shownLap(raw)})
		for _, x := range runners[1:] {
			m := x.middle()
			r.add(figure{
				what: fmt.Sprintf("durable relay on %s, %d connections", x.name, size.connections), limit: "raw relay",
				ratio: m.rate / raw.rate, due: size.due, more: true, shown: shownLap(m),
			})
		}
		if size.connections == most*2 {
			if err := w.paces(ctx, r, runners); err != nil {
				return err
			}
		}
		for _, x := range runners {
			x.fleet.close()
			x.laps = nil
		}
	}
	return nil
}

func shownLap(l lap) string {
	text := fmt.Sprintf("%.0f messages/s, %.1f µs of server CPU each", l.rate, l.cpu)
	if l.database > 0 {
		text += fmt.Sprintf(" and %.1f of PostgreSQL's", l.database)
	}
	return text
}

// runners starts the raw relay, and Baton on both stores, with n talks each.
func (w *workshop) runners(ctx context.Context, n int) ([]*runner, error) {
	raw, err := start(ctx, w.dir, nil, w.bench, rawRelay)
	if err != nil {
		return nil, err
	}
	rawCPU := func() (time.Duration, time.Duration) { return cpuOf(raw.cmd.Process.Pid), 0 }
	list := []*runner{{name: "raw", addr: raw.addr, cpu: rawCPU, stop: raw.end, talks: rawTalks(n)}}
	dir, err := os.MkdirTemp(w.dir, "data-")
	if err != nil {
		return list, err
	}
	onSQLite := func(ctx context.Context) (*server, error) { return w.onSQLite(ctx, dir) }
	for _, store := range []struct {
		name  string
		start func(context.Context) (*server, error)
	}{{"SQLite", onSQLite}, {"PostgreSQL", w.onPostgres}} {
		s, err := store.start(ctx)
		if err != nil {
			return list, err
		}
		x := &runner{name: store.name, addr: s.addr, cpu: s.cpu, stop: s.stop, dsn: s.dsn}
		list = append(list, x)
		if x.talks, err = s.talks(ctx, n); err != nil {
			return list, err
		}
	}
	return list, nil
}

// races lets the servers take turns, so that a busy minute of the machine hits all of them. Every other round goes
// backwards: a machine that becomes slower and slower would count against whoever is last otherwise.
func (w *workshop) races(runners []*runner, connections, rounds int) error {
	const warm = 300 * time.Millisecond
	length := 2 * time.Second
	turns := slices.Clone(runners)
	if w.quick {
		rounds, length = 4, time.Second
	}
	for _, x := range runners {
		var err error
		if x.fleet, err = connect(x.addr, x.talks[:connections/2]); err != nil {
			return fmt.Errorf("connect to %s: %w", x.name, err)
		}
	}
	for range rounds {
		for _, x := range turns {
			l, err := x.fleet.race(warm, length, x.cpu)
			if err != nil {
				return fmt.Errorf("talk through %s: %w", x.name, err)
			}
			x.laps = append(x.laps, l)
			w.say("  %-10s %5d connections: %s", x.name, connections, shownLap(l))
		}
		slices.Reverse(turns)
	}
	return nil
}

// middle is the median of the laps.
func (x *runner) middle() lap {
	var rates, cpus, databases []float64
	for _, l := range x.laps {
		rates, cpus, databases = append(rates, l.rate), append(cpus, l.cpu), append(databases, l.database)
	}
	return lap{rate: median(rates), cpu: median(cpus), database: median(databases)}
}

// meanCPU is what a message cost on average over all laps: two servers that are near to each other want more laps and
// every one of them, since a lap on such a machine is right to a tenth at best.
func (x *runner) meanCPU() (sum float64) {
	for _, l := range x.laps {
		sum += l.cpu
	}
	return sum / float64(len(x.laps))
}

// paced is the pace at which answers are timed.
const paced = 2000

func (w *workshop) paces(ctx context.Context, r *report, runners []*runner) error {
	rounds, length := 5, 3*time.Second
	if w.quick {
		rounds, length = 3, time.Second
	}
	for _, x := range runners[1:] {
		if err := x.keepsBare(ctx, rounds, length); err != nil {
			return fmt.Errorf("keeping messages at a pace on %s: %w", x.name, err)
		}
	}
	for range rounds {
		for _, x := range runners {
			took, err := x.fleet.pace(paced, length)
			if err != nil {
				return fmt.Errorf("talk at a pace through %s: %w", x.name, err)
			}
			x.p50, x.p99 = append(x.p50, quantile(took, 0.5)), append(x.p99, quantile(took, 0.99))
		}
	}
	raw50, raw99 := median(runners[0].p50), median(runners[0].p99)
	for _, x := range runners[1:] {
		x.addPace(r, "p50", median(x.p50), raw50+median(x.bare.p50), 1)
		x.addPace(r, "p99", median(x.p99), raw99+median(x.bare.p99), 10)
	}
	return nil
}

// keepsBare measures how long keeping messages takes when nothing else is done with them.
func (x *runner) keepsBare(ctx context.Context, rounds int, length time.Duration) (err error) {
	log, err := openBare(ctx, x.dsn)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, log.close()) }()
	for round := range rounds {
		took, err := log.pace(ctx, int64(round)<<32, paced, length)
		if err != nil {
			return err
		}
		slices.Sort(took)
		x.bare.p50, x.bare.p99 = append(x.bare.p50, quantile(took, 0.5)), append(x.bare.p99, quantile(took, 0.99))
	}
	return nil
}

func (x *runner) addPace(r *report, which string, took, limit time.Duration, due float64) {
	r.add(figure{
		what: fmt.Sprintf("answer at %d messages/s on %s, %s", paced, x.name, which), limit: "raw relay and a bare commit, " + shownTime(limit),
		ratio: float64(took) / float64(limit), shown: shownTime(took), value: millis(took), dueValue: due, dueShown: fmt.Sprintf("%.0f ms", due),
	})
}

func millis(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func shownTime(d time.Duration) string { return fmt.Sprintf("%.2f ms", millis(d)) }
