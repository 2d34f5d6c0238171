package sqlstore

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"baton/adapters/sqlstore/sqltest"
	"baton/core"
)

// BenchmarkKeepingMessages says what the heart alone needs for a message, with so many sessions that each have one
// message under way: the processor time of this process (PostgreSQL's own is not in it) and the time on the clock.
func BenchmarkKeepingMessages(b *testing.B) {
	for _, on := range []struct {
		name string
		dsn  func(testing.TB) string
	}{
		{"SQLite", func(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "baton.db") }},
		{"PostgreSQL", sqltest.DSN},
	} {
		for _, sessions := range []int{3, 50, 500} {
			b.Run(fmt.Sprintf("%s/%d", on.name, sessions), func(b *testing.B) { keepMessages(b, on.dsn(b), sessions) })
		}
	}
}

func keepMessages(b *testing.B, dsn string, sessions int) {
	s := runStore(b, dsn)
	talks := make([]*benchTalk, sessions)
	for i := range talks {
		talks[i] = openBenchTalk(b, s, i)
	}
	var left atomic.Int64
	left.Store(int64(b.N))
	done := make(chan error, sessions)
	cpu := usedCPU()
	b.ResetTimer()
	began := time.Now()
	for _, t := range talks {
		t.left, t.ended = &left, done
		t.next(nil, nil)
	}
	for range talks {
		if err := <-done; err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(usedCPU()-cpu)/1e3/float64(b.N), "cpu-µs/message")
	b.ReportMetric(float64(b.N)/time.Since(began).Seconds(), "messages/s")
}

// BenchmarkListPage reads the first page of an agent's list among 2,000 open sessions of his queue.
func BenchmarkListPage(b *testing.B) {
	s := runStore(b, "sqlite:"+filepath.Join(b.TempDir(), "baton.db"))
	var reach core.Reach
	for i := range 2000 {
		talk := openBenchTalk(b, s, i)
		reach.Queues = []string{s.engine.heads.session(talk.session).Queue.ID}
	}
	for b.Loop() {
		page, _, err := s.Sessions(b.Context(), core.SessionFilter{Statuses: []core.Status{core.StatusWaiting, core.StatusActive}, Within: &reach})
		if err != nil || len(page) != listDefault {
			b.Fatal(len(page), err)
		}
	}
}

// runStore runs a store until the benchmark ends.
func runStore(b *testing.B, dsn string) *Store {
	s, err := Open(b.Context(), Config{DSN: dsn})
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ran := make(chan error, 1)
	go func() { ran <- s.Run(ctx) }()
	b.Cleanup(func() {
		cancel()
		if err := <-ran; err != nil {
			b.Error(err)
		}
		_ = s.Close()
	})
	<-s.Ready()
	return s
}

// benchTalk is a session whose customer sends a message as soon as the one before is kept.
type benchTalk struct {
	store   *Store
	session string
	by      core.Actor
	sent    int
	left    *atomic.Int64
	ended   chan<- error
}

func openBenchTalk(b *testing.B, s *Store, i int) *benchTalk {
	customer := core.Customer{ID: core.NewID(core.CustomerPrefix), Name: "Customer " + strconv.Itoa(i)}
	by := core.Actor{Role: core.CustomerRole, ID: customer.ID, Name: customer.Name}
	queue, err := s.Queue(b.Context(), "general")
	if err != nil {
		b.Fatal(err)
	}
	made, err := s.Begin(b.Context(), by, core.NewID(core.SessionPrefix), func(_ *core.Session, tx core.Tx) error {
		tx.Emit(by.Ref(), &core.Requested{Customer: customer, Queue: queue.Ref(), Channel: "web", Priority: core.Normal}, &core.Waiting{})
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return &benchTalk{store: s, session: made.Session.ID, by: by}
}

func (t *benchTalk) next(_ *core.Committed, err error) {
	if err != nil || t.left.Add(-1) < 0 {
		t.ended <- err
		return
	}
	t.sent++
	m := &core.Posted{ID: core.NewID(core.MessagePrefix), ClientID: strconv.Itoa(t.sent), Author: t.by.Ref(), Text: "Hello there, it is about my order 4711 which has not come yet, can you look?"}
	err = t.store.Submit(context.Background(), t.by, t.session, func(s *core.Session, tx core.Tx) error {
		if err := tx.Repeated(m.Author, m.ClientID); err != nil {
			return err
		}
		data, err := s.Post(m, 0)
		tx.Emit(t.by.Ref(), data...)
		return err
	}, t.next)
	if err != nil {
		t.ended <- err
	}
}

func usedCPU() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
