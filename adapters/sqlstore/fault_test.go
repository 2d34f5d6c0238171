package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"baton/adapters/sqlstore/sqltest"
	"baton/core"
	"baton/core/coretest"
	"baton/core/desk"
)

// faultyWriter is the real writer with an accident before or after a write.
type faultyWriter struct {
	writer
	mu     sync.Mutex           // guards before and after
	before func(b *batch) error // instead of the write
	after  func(b *batch) error // instead of its answer
	asked  func() (bool, error) // instead of the first answers to "was it written"
}

func (w *faultyWriter) set(change func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	change()
}

func (w *faultyWriter) write(b *batch) error {
	w.mu.Lock()
	before, after := w.before, w.after
	w.mu.Unlock()
	if before != nil {
		if err := before(b); err != nil {
			return err
		}
	}
	if err := w.writer.write(b); err != nil || after == nil {
		return err
	}
	return after(b)
}

func (w *faultyWriter) written(b *batch) (bool, error) {
	w.mu.Lock()
	asked := w.asked
	w.asked = nil
	w.mu.Unlock()
	if asked != nil {
		if done, err := asked(); err != nil {
			_, _ = w.writer.written(b) // the question arrived, its answer did not
			return done, err
		}
	}
	return w.writer.written(b)
}

// startFaulty runs a node whose writer has accidents.
func startFaulty(t *testing.T, dsn string) (*coretest.Node, *Store, *faultyWriter) {
	t.Helper()
	s, err := Open(t.Context(), Config{DSN: dsn})
	if err != nil {
		t.Fatal(err)
	}
	w := new(faultyWriter)
	s.engine.wrap = func(proper writer) writer {
		w.writer = proper
		return w
	}
	return coretest.Start(t, s, coretest.Options{}), s, w
}

// eachStore runs a test on a SQLite file and on PostgreSQL.
func eachStore(t *testing.T, test func(t *testing.T, dsn string)) {
	t.Run("file", func(t *testing.T) { test(t, "sqlite:"+filepath.Join(t.TempDir(), "baton.db")) })
	t.Run("postgres", func(t *testing.T) { test(t, sqltest.DSN(t)) })
}

// once gives an accident that happens the first time only.
func once(err error) func(*batch) error {
	var done atomic.Bool
	return func(*batch) error {
		if done.Swap(true) {
			return nil
		}
		return err
	}
}

func texts(events []*core.Event) []string {
	var list []string
	for _, e := range events {
		if p, ok := e.Data.(*core.Posted); ok {
			list = append(list, p.Text)
		}
	}
	return list
}

func TestInvariantI5ACommitOfUnknownOutcomeIsNeitherLostNorDoubled(t *testing.T) {
	lost := fmt.Errorf("%w: the line is dead", errUnknown)
	for _, c := range []struct {
		name string
		set  func(w *faultyWriter)
	}{
		{"it was written", func(w *faultyWriter) { w.after = once(lost) }},
		{"it was not written", func(w *faultyWriter) { w.before = once(lost) }},
		{"it was written, and the first question got no answer", func(w *faultyWriter) {
			w.after, w.asked = once(lost), func() (bool, error) { return false, errors.New("no answer") }
		}},
		{"it was not written, and the first question got no answer", func(w *faultyWriter) {
			w.before, w.asked = once(lost), func() (bool, error) { return false, errors.New("no answer") }
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			eachStore(t, func(t *testing.T, dsn string) {
				n, _, w := startFaulty(t, dsn)
				ann, bot := n.Agent(t, "Ann", 3), coretest.Bot("shop")
				session := n.Active(t, bot, "c1", ann)
				w.set(func() { c.set(w) })
				if sent, err := n.Desk.Post(t.Context(), bot, session.ID, desk.Message{ClientID: "1", Text: "one"}); err != nil || sent.Seq != 3 {
					t.Errorf("the message got %+v, %v", sent, err)
				}
				w.set(func() { c.set(w) })
				if _, err := n.Desk.End(t.Context(), ann, session.ID, desk.End{}); err != nil {
					t.Errorf("the end got %v", err)
				}
				log := n.Log(t, session.ID)
				coretest.CheckLog(t, log)
				if len(log) != 4 || len(texts(log)) != 1 {
					t.Errorf("the log tells %v", coretest.Types(log))
				}
				n.CheckPlaces(t)
			})
		})
	}
}

func TestTheQuestionWhetherABatchWasWrittenFencesATransactionUnderWay(t *testing.T) {
	n, s, _ := startFaulty(t, sqltest.DSN(t))
	n.Request(t, coretest.Bot("shop"), "c1")
	b := newBatch(&s.engine.heads, s.engine.node, time.Now().UTC().Truncate(time.Millisecond))
	w, _, err := s.newWriter()
	if err != nil {
		t.Fatal(err)
	}
	defer w.close()
	for range 2 {
		if done, err := w.written(b); err != nil || done {
			t.Fatalf("a batch that nobody wrote is written: %v, %v", done, err)
		}
	}
	if err := w.write(b); err == nil {
		t.Error("after the answer that it was not written, the batch was written")
	}
}

func TestOnlyThePoisonedRowOfABatchIsRefused(t *testing.T) {
	eachStore(t, func(t *testing.T, dsn string) {
		n, _, w := startFaulty(t, dsn)
		bot := coretest.Bot("shop")
		session := n.Request(t, bot, "c1")
		w.set(func() {
			w.before = func(b *batch) error {
				for _, e := range b.events() {
					if strings.Contains(string(e.JSON), "poison") {
						return fmt.Errorf("%w: poison", errBadData)
					}
				}
				return nil
			}
		})
		var good, bad atomic.Int64
		answers := make(chan struct{}, 40)
		for i := range cap(answers) {
			text := fmt.Sprintf("m%d", i)
			if i%20 == 7 {
				text += " poison"
			}
			err := n.Desk.PostAsync(t.Context(), bot, session.ID, desk.Message{ClientID: text, Text: text}, func(_ desk.Sent, err error) {
				switch core.KindOf(err) {
				case "":
					good.Add(1)
				case core.Invalid:
					bad.Add(1)
				default:
					t.Errorf("%s got %v", text, err)
				}
				answers <- struct{}{}
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		for range cap(answers) {
			<-answers
		}
		log := n.Log(t, session.ID)
		coretest.CheckLog(t, log)
		if good.Load() != 38 || bad.Load() != 2 || len(texts(log)) != 38 {
			t.Errorf("%d were kept, %d refused, the log holds %d", good.Load(), bad.Load(), len(texts(log)))
		}
	})
}

func TestAnErrorThatNobodyForesawHitsOneCommandOnly(t *testing.T) {
	n, _, w := startFaulty(t, "sqlite::memory:")
	bot := coretest.Bot("shop")
	session := n.Request(t, bot, "c1")
	w.set(func() { w.before = once(errors.New("never seen before")) })
	if _, err := n.Desk.Post(t.Context(), bot, session.ID, desk.Message{ClientID: "1", Text: "one"}); core.KindOf(err) != core.Internal {
		t.Errorf("the command got %v", err)
	}
	if sent, err := n.Desk.Post(t.Context(), bot, session.ID, desk.Message{ClientID: "1", Text: "one"}); err != nil || sent.Seq != 2 {
		t.Errorf("the next one got %+v, %v", sent, err)
	}
}

func TestAFullDiskIsSaidToAllAndHeals(t *testing.T) {
	n, _, w := startFaulty(t, "sqlite::memory:")
	session := n.Request(t, coretest.Bot("shop"), "c1")
	w.set(func() { w.before = once(fmt.Errorf("%w: no room", errFull)) })
	for _, want := range []core.Kind{core.StorageFull, ""} {
		if _, err := n.Desk.Post(t.Context(), coretest.Bot("shop"), session.ID, desk.Message{ClientID: "1", Text: "one"}); core.KindOf(err) != want {
			t.Errorf("the message got %v, want %q", err, want)
		}
	}
}

func TestHashesThatAreAlikeAreNotTakenForTheSameMessage(t *testing.T) {
	eachStore(t, func(t *testing.T, dsn string) {
		n, s, _ := startFaulty(t, dsn)
		bot := coretest.Bot("shop")
		session := n.Request(t, bot, "c1")
		author := core.ActorRef{Role: core.CustomerRole, ID: session.Customer.ID}
		s.engine.heads.mu.Lock()
		s.engine.heads.m[session.ID].hashes = append(s.engine.heads.m[session.ID].hashes, clientHash(author, "new"))
		s.engine.heads.mu.Unlock()
		sent, err := n.Desk.Post(t.Context(), bot, session.ID, desk.Message{ClientID: "new", Text: "a new message"})
		if err != nil || sent.Seq != 2 {
			t.Errorf("the message got %+v, %v", sent, err)
		}
	})
}

func TestAFullQueueIsBusyAndLosesNothing(t *testing.T) {
	n, s, w := startFaulty(t, "sqlite::memory:")
	bot := coretest.Bot("shop")
	session := n.Request(t, bot, "c1")
	gate := make(chan struct{})
	w.set(func() { w.before = func(*batch) error { <-gate; return nil } })
	var kept, answers atomic.Int64
	sent := 0
	for ; ; sent++ {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		text := fmt.Sprint(sent)
		err := n.Desk.PostAsync(ctx, bot, session.ID, desk.Message{ClientID: text, Text: text}, func(_ desk.Sent, err error) {
			answers.Add(1)
			if err == nil {
				kept.Add(1)
			}
		})
		cancel()
		if err != nil {
			if core.KindOf(err) != core.Busy {
				t.Fatalf("a full queue says %v", err)
			}
			break
		}
	}
	if sent < len(s.engine.committer.queue) {
		t.Errorf("%d were taken, the queue holds %d", sent, len(s.engine.committer.queue))
	}
	close(gate)
	n.Stop(t) // shutting down drains
	if int(kept.Load()) != sent || answers.Load() != kept.Load() {
		t.Errorf("%d were taken, %d answered, %d kept", sent, answers.Load(), kept.Load())
	}
	late := make(chan error, 1)
	err := n.Submit(t.Context(), bot, session.ID, func(*core.Session, core.Tx) error { return nil }, func(_ *core.Committed, err error) { late <- err })
	if err == nil {
		err = <-late
	}
	if core.KindOf(err) != core.Busy {
		t.Errorf("after the end a command got %v", err)
	}
}

func TestShutdownKeepsWhatWasAccepted(t *testing.T) {
	eachStore(t, func(t *testing.T, dsn string) {
		n, _, _ := startFaulty(t, dsn)
		bot := coretest.Bot("shop")
		session := n.Request(t, bot, "c1")
		var kept atomic.Int64
		for i := range 1000 {
			text := fmt.Sprint(i)
			err := n.Desk.PostAsync(t.Context(), bot, session.ID, desk.Message{ClientID: text, Text: text}, func(_ desk.Sent, err error) {
				if err == nil {
					kept.Add(1)
				}
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		n.Stop(t)
		again := coretest.Start(t, database(dsn)(t), coretest.Options{})
		log := again.Log(t, session.ID)
		coretest.CheckLog(t, log)
		if kept.Load() != 1000 || len(texts(log)) != 1000 {
			t.Errorf("%d were kept, the log holds %d", kept.Load(), len(texts(log)))
		}
	})
}
