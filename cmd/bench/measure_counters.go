package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"

	"baton/adapters/sqlstore"
	"baton/adapters/sqlstore/sqltest"
	"baton/core"
)

// counts compares two stores that keep messages as fast as they can, one of which counts them, by the processor time of
// store and database: on two cores that is what counting takes away from talk. Nothing but the store is measured, so
// beside the sockets of a real relay the share is smaller.
func (w *workshop) counts(ctx context.Context, r *report, on storeKind) (err error) {
	var stores [2]*keeping
	for i := range stores {
		if stores[i], err = w.keeping(ctx, on.name, i == 0); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, stores[i].stop()) }()
	}
	rounds, length := 9, 2*time.Second
	if w.quick {
		rounds, length = 5, time.Second
	}
	var rates, cpus []float64
	for round := range rounds {
		// The one that comes first pays for what the disk still has to do, so they take turns.
		first := round % 2
		var laps [2]lap
		for _, i := range []int{first, 1 - first} {
			if laps[i], err = stores[i].lap(length); err != nil {
				return err
			}
		}
		counted, plain := laps[0], laps[1]
		w.say("  %-10s %s with counters, %s without", on.name, shownLap(counted), shownLap(plain))
		rates, cpus = append(rates, counted.rate/plain.rate), append(cpus, counted.cpu/plain.cpu)
	}
	cpu := median(cpus)
	r.add(figure{
		what: "processor time of keeping a message with counters, " + on.name, shown: fmt.Sprintf("%+.1f %%, and %+.1f %% messages/s", (cpu-1)*100, (median(rates)-1)*100),
		limit: "keeping it without", ratio: cpu, due: 1 + on.most,
	})
	return nil
}

// keeping is a store of its own with customers who each send a message as soon as the one before is kept.
type keeping struct {
	store *sqlstore.Store
	pid   int // of PostgreSQL, or 0
	talks []*keptTalk
	stop  func() error
}

// keptTalks is how many customers talk at once.
const keptTalks = 500

func (w *workshop) keeping(ctx context.Context, database string, counted bool) (*keeping, error) {
	dsn, pid, end, err := w.database(ctx, database)
	if err != nil {
		return nil, err
	}
	store, err := sqlstore.Open(ctx, sqlstore.Config{DSN: dsn})
	if err != nil {
		return nil, errors.Join(err, end())
	}
	if !counted {
		store.Uncounted()
	}
	running, cancel := context.WithCancel(ctx)
	ran := make(chan error, 1)
	go func() { ran <- store.Run(running) }()
	k := &keeping{store: store, pid: pid, stop: func() error {
		cancel()
		return errors.Join(<-ran, store.Close(), end())
	}}
	select {
	case <-store.Ready():
	case err := <-ran:
		ran <- nil
		return nil, errors.Join(err, k.stop())
	}
	for i := range keptTalks {
		talk, err := k.open(ctx, i)
		if err != nil {
			return nil, errors.Join(err, k.stop())
		}
		k.talks = append(k.talks, talk)
	}
	return k, nil
}

// folder makes a new folder for data.
func (w *workshop) folder() (string, error) { return os.MkdirTemp(w.dir, "data-") }

// database makes an empty database that writes to the disk as it does in production, and gives the process of its server,
// if it has one.
func (w *workshop) database(ctx context.Context, kind string) (dsn string, pid int, end func() error, err error) {
	if kind == "SQLite" {
		dir, err := w.folder()
		return "sqlite:" + filepath.Join(dir, "baton.db"), 0, func() error { return nil }, err
	}
	server, err := sqltest.Start(ctx, sqltest.Options{})
	if err != nil {
		return "", 0, nil, err
	}
	return server.DSN("postgres"), server.Pid(), server.Stop, nil
}

// keptTalk is one customer.
type keptTalk struct {
	store   *sqlstore.Store
	session string
	by      core.Actor
	sent    int
	lap     *keptLap
}

// keptLap is a time in which customers talk.
type keptLap struct {
	over  atomic.Bool
	kept  atomic.Int64
	ended chan error
}

func (k *keeping) open(ctx context.Context, i int) (*keptTalk, error) {
	customer := core.Customer{ID: core.NewID(core.CustomerPrefix), Name: "Customer " + strconv.Itoa(i)}
	by := core.Actor{Role: core.CustomerRole, ID: customer.ID, Name: customer.Name}
	queue, err := k.store.Queue(ctx, "general")
	if err != nil {
		return nil, err
	}
	made, err := k.store.Begin(ctx, by, core.NewID(core.SessionPrefix), func(_ *core.Session, tx core.Tx) error {
		tx.Emit(by.Ref(), &core.Requested{Customer: customer, Queue: queue.Ref(), Channel: "web", Priority: core.Normal}, &core.Waiting{})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &keptTalk{store: k.store, session: made.Session.ID, by: by}, nil
}

// lap lets all talk for a while.
func (k *keeping) lap(length time.Duration) (lap, error) {
	l := &keptLap{ended: make(chan error, len(k.talks))}
	cpu, began := k.cpu(), time.Now()
	for _, t := range k.talks {
		t.lap = l
		t.next(nil, nil)
	}
	time.Sleep(length)
	l.over.Store(true)
	var err error
	for range k.talks {
		err = errors.Join(err, <-l.ended)
	}
	kept := float64(l.kept.Load())
	return lap{rate: kept / time.Since(began).Seconds(), cpu: float64((k.cpu() - cpu).Microseconds()) / kept}, err
}

// cpu is the processor time of this process and of the database's. Of the latter only hundredths of seconds are known.
func (k *keeping) cpu() time.Duration {
	if k.pid == 0 {
		return ownCPU()
	}
	return ownCPU() + familyCPU(k.pid)
}

func ownCPU() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func (t *keptTalk) next(committed *core.Committed, err error) {
	if committed != nil {
		t.lap.kept.Add(1)
	}
	if err != nil || t.lap.over.Load() {
		t.lap.ended <- err
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
		t.lap.ended <- err
	}
}
