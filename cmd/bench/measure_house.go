package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"golang.org/x/sync/errgroup"
)

// measureHouse looks at a server with a long history: how soon it is ready, what it needs when nothing happens,
// how long a page of the desk's list takes, and what each idle connection costs.
func measureHouse(ctx context.Context, w *workshop, r *report) error {
	dir, err := os.MkdirTemp(w.dir, "data-")
	if err != nil {
		return err
	}
	empty, err := os.MkdirTemp(w.dir, "data-")
	if err != nil {
		return err
	}
	h, err := w.seed(ctx, dir)
	if err != nil {
		return err
	}
	if err := w.measureStart(ctx, r, h, empty); err != nil {
		return err
	}
	s, err := w.onSQLite(ctx, dir)
	if err != nil {
		return err
	}
	return errors.Join(s.measureHistory(ctx, r, h), s.stop())
}

func (s *server) measureHistory(ctx context.Context, r *report, h *history) error {
	agent, err := s.signIn(ctx, h.agent)
	if err != nil {
		return err
	}
	if err := s.measureList(ctx, r, h, agent); err != nil {
		return err
	}
	return s.measureIdle(ctx, r, h, agent)
}

// measureStart starts servers on the history and on nothing in turn.
func (w *workshop) measureStart(ctx context.Context, r *report, h *history, empty string) error {
	const rounds = 5
	var full, bare []time.Duration
	var resident []int64
	for range rounds {
		for _, on := range []struct {
			dir  string
			took *[]time.Duration
		}{{empty, &bare}, {h.dir, &full}} {
			s, err := w.onSQLite(ctx, on.dir)
			if err != nil {
				return err
			}
			*on.took = append(*on.took, s.took)
			if on.dir == h.dir {
				// The first server on a database that was seeded counts what has ended there, for some seconds.
				untilIdle(s.cmd.Process.Pid)
				resident = append(resident, residentBytes(s.cmd.Process.Pid))
			}
			if err := s.stop(); err != nil {
				return err
			}
		}
	}
	f, b := median(full), median(bare)
	million := b + time.Duration(float64(f-b)*1e6/float64(h.sessions))
	r.add(figure{
		what: fmt.Sprintf("start to ready on %d sessions", h.sessions), shown: fmt.Sprintf("%s; scaled to 1,000,000: %s", shownTime(f), shownTime(million)),
		limit: "start on an empty file, " + shownTime(b), ratio: float64(f) / float64(b), value: million.Seconds(), dueValue: 1, dueShown: "1 s at 1,000,000",
	})
	mib := float64(median(resident64(resident))) / (1 << 20)
	r.add(figure{what: "resident memory after the start, idle", shown: fmt.Sprintf("%.0f MB", mib), value: mib, dueValue: 80, dueShown: "80 MB"})
	return nil
}

// untilIdle waits until a server does next to nothing: all parts that look around by themselves have looked a few times,
// and found nothing to do.
func untilIdle(pid int) {
	const looks, most, idle = 3, 60, 50 * time.Millisecond
	for second, quiet := 0, 0; second < most && quiet < looks; second++ {
		before := cpuOf(pid)
		time.Sleep(time.Second)
		if quiet++; cpuOf(pid)-before > idle {
			quiet = 0
		}
	}
}

func resident64(list []int64) []float64 {
	out := make([]float64, len(list))
	for i, n := range list {
		out[i] = float64(n)
	}
	return out
}

// measureList reads the first page of the desk's list again and again. The time is the server's own.
func (s *server) measureList(ctx context.Context, r *report, h *history, agent string) error {
	const path = "/v1/sessions?status=waiting,pending,active"
	list, err := s.serverTime(ctx, "listSessions", func() error {
		_, err := s.text(ctx, agent, http.MethodGet, path, http.NoBody)
		return err
	})
	if err != nil {
		return err
	}
	me, err := s.serverTime(ctx, "readMe", func() error {
		_, err := s.text(ctx, agent, http.MethodGet, "/v1/me", http.NoBody)
		return err
	})
	if err != nil {
		return err
	}
	r.add(figure{
		what: fmt.Sprintf("list page of 50 at %d open sessions", h.open), shown: shownTime(list), limit: "reading one agent, " + shownTime(me),
		ratio: float64(list) / float64(me), value: millis(list), dueValue: 1, dueShown: "1 ms",
	})
	return nil
}

// serverTime is how long the server took for a call, in the middle one of several rounds.
func (s *server) serverTime(ctx context.Context, id string, call func() error) (time.Duration, error) {
	const rounds, calls = 7, 30
	var took []time.Duration
	sum, count := `baton_http_request_seconds_sum{call="`+id+`"}`, `baton_http_request_seconds_count{call="`+id+`"}`
	for range rounds {
		before, err := s.metrics(ctx)
		if err != nil {
			return 0, err
		}
		for range calls {
			if err := call(); err != nil {
				return 0, err
			}
		}
		after, err := s.metrics(ctx)
		if err != nil {
			return 0, err
		}
		n := after[count] - before[count]
		if n != calls {
			return 0, fmt.Errorf("/metrics counted %.0f calls of %s instead of %d", n, id, calls)
		}
		took = append(took, time.Duration((after[sum]-before[sum])/n*float64(time.Second)))
	}
	return median(took), nil
}

// measureIdle connects the customers of the active sessions, each with a subscription to his own, and compares
// the server's memory before and after.
func (s *server) measureIdle(ctx context.Context, r *report, h *history, agent string) error {
	n := len(h.visitors)
	if most := s.workshop.files - 500; n > most {
		s.workshop.say("  only %d connections: this machine allows %d open files", most, s.workshop.files)
		n = most
	}
	before, err := s.memory(ctx, agent)
	if err != nil {
		return err
	}
	sockets, err := s.idle(h.visitors[:n])
	defer func() {
		for _, c := range sockets {
			if c != nil {
				c.close()
			}
		}
	}()
	if err != nil {
		return err
	}
	after, err := s.memory(ctx, agent)
	if err != nil {
		return err
	}
	each := (after.heap + after.stack - before.heap - before.stack) / float64(n) / 1024
	r.add(figure{
		what:  fmt.Sprintf("memory of an idle connection, of %d", n),
		shown: fmt.Sprintf("%.1f KB heap and stack (%.1f heap, %.1f stack); %.1f KB resident", each, (after.heap-before.heap)/float64(n)/1024, (after.stack-before.stack)/float64(n)/1024, (after.resident-before.resident)/float64(n)/1024),
		value: each, dueValue: 20, dueShown: "20 KB",
	})
	return nil
}

func (s *server) idle(visitors []visitor) ([]*socket, error) {
	sockets := make([]*socket, len(visitors))
	var group errgroup.Group
	group.SetLimit(32)
	for i, v := range visitors {
		group.Go(func() (err error) {
			if sockets[i], err = dial(s.addr, "/v1/socket", v.token, i); err != nil {
				return err
			}
			if err := sockets[i].subscribe(v.session, 0); err != nil {
				return err
			}
			go sockets[i].listen()
			return nil
		})
	}
	return sockets, group.Wait()
}

// memory is what the server holds, in bytes.
type memory struct{ heap, stack, resident float64 }

// memory reads what the server holds right after a garbage collection, the second in a row, so that nothing that
// could be given up is counted. Calls that make garbage bring a collection about.
func (s *server) memory(ctx context.Context, agent string) (memory, error) {
	const collections = "go_gc_duration_seconds_count"
	m, err := s.metrics(ctx)
	if err != nil {
		return memory{}, err
	}
	for goal, began := m[collections]+2, time.Now(); m[collections] < goal; {
		if time.Since(began) > time.Minute {
			return memory{}, errors.New("the server did not collect its garbage within a minute")
		}
		if _, err := s.text(ctx, agent, http.MethodGet, "/v1/sessions?limit=500", http.NoBody); err != nil {
			return memory{}, err
		}
		if m, err = s.metrics(ctx); err != nil {
			return memory{}, err
		}
	}
	// Garbage is swept up behind the collection, in the background.
	time.Sleep(500 * time.Millisecond)
	if m, err = s.metrics(ctx); err != nil {
		return memory{}, err
	}
	return memory{
		heap: m["go_memstats_heap_alloc_bytes"], stack: m["go_memstats_stack_inuse_bytes"], resident: float64(residentBytes(s.cmd.Process.Pid)),
	}, nil
}
