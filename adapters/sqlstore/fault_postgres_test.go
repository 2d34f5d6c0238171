package sqlstore

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"baton/adapters/sqlstore/sqltest"
	"baton/core"
	"baton/core/coretest"
	"baton/core/desk"
)

// asPostgres runs a statement beside the store, as somebody else on the database does.
func asPostgres(t *testing.T, s *Store, query string, args ...any) {
	t.Helper()
	if _, err := s.read.NewRaw(query, args...).Exec(t.Context()); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

func TestInvariantI8AFrozenTransactionMakesCallersBusyAndPasses(t *testing.T) {
	n, s, _ := startFaulty(t, sqltest.DSN(t))
	ann, bot := n.Agent(t, "Ann", 9), coretest.Bot("shop")
	session := n.Request(t, bot, "c1")
	frozen, err := s.write.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := frozen.ExecContext(t.Context(), "SELECT 1 FROM agents WHERE id = ? FOR UPDATE", ann.ID); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	_, err = n.Desk.TakeOver(t.Context(), ann, session.ID, false)
	if took := time.Since(began); core.KindOf(err) != core.Busy || took > 3*time.Second {
		t.Errorf("while the agent's row is locked a claim got %v after %v", err, took)
	}
	if err := frozen.Rollback(); err != nil {
		t.Fatal(err)
	}
	coretest.Until(t, "the claim finds its result", func() bool {
		now, err := n.Desk.TakeOver(t.Context(), ann, session.ID, false)
		return err == nil && now.OwnedBy(ann.ID)
	})
	if _, err := n.Desk.Post(t.Context(), ann, session.ID, desk.Message{ClientID: "1", Text: "hi"}); err != nil {
		t.Error(err)
	}
	coretest.CheckLog(t, n.Log(t, session.ID))
	n.CheckPlaces(t)
}

func TestInvariantI5TheCommittersConnectionMayDieAtAnyTime(t *testing.T) {
	n, s, _ := startFaulty(t, sqltest.DSN(t))
	bot := coretest.Bot("shop")
	var sessions []*core.Session
	for i := range 4 {
		sessions = append(sessions, n.Request(t, bot, fmt.Sprint(i)))
	}
	done, sent := make(chan struct{}), make([]int, len(sessions))
	var load sync.WaitGroup
	for i, session := range sessions {
		load.Go(func() {
			for ; ; sent[i]++ {
				select {
				case <-done:
					return
				default:
				}
				text := fmt.Sprint(sent[i])
				coretest.Until(t, "the message is kept", func() bool {
					_, err := n.Desk.Post(t.Context(), bot, session.ID, desk.Message{ClientID: text, Text: text})
					if err != nil && core.KindOf(err) != core.Busy {
						t.Errorf("a message got %v", err)
					}
					return err == nil
				})
			}
		})
	}
	for range 20 {
		asPostgres(t, s, "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE 'WITH ops AS%'")
		last := n.Log(t, sessions[0].ID)
		coretest.Until(t, "messages are kept again", func() bool { return len(n.Log(t, sessions[0].ID)) > len(last)+2 })
	}
	close(done)
	load.Wait()
	for i, session := range sessions {
		log := n.Log(t, session.ID)
		coretest.CheckLog(t, log)
		for k, text := range texts(log) {
			if text != fmt.Sprint(k) {
				t.Fatalf("message %d of chat %d is %s", k, i, text)
			}
		}
		if len(texts(log)) != sent[i] {
			t.Errorf("chat %d has %d messages, %d were acknowledged", i, len(texts(log)), sent[i])
		}
	}
}

func TestADeadlockIsTriedAgain(t *testing.T) {
	n, s, _ := startFaulty(t, sqltest.DSN(t))
	bot := coretest.Bot("shop")
	ann, bob := n.Agent(t, "Ann", 9), n.Agent(t, "Bob", 9)
	first, second := min(ann.ID, bob.ID), max(ann.ID, bob.ID)
	session := n.Active(t, bot, "c1", ann)
	other, err := s.write.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	lock := func(tx bun.Tx, id string) error {
		_, err := tx.ExecContext(t.Context(), "SELECT 1 FROM agents WHERE id = ? FOR UPDATE", id)
		return err
	}
	if err := lock(other, second); err != nil {
		t.Fatal(err)
	}
	moved := make(chan error, 1)
	go func() { // needs the first agent, then the second
		_, err := n.Desk.Assign(t.Context(), core.Actor{Role: core.Supervisor, ID: "agt_boss"}, session.ID, bob.ID, false)
		moved <- err
	}()
	coretest.Until(t, "the committer waits for the second agent", func() bool {
		var waits int
		err := s.read.NewRaw("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'").Scan(t.Context(), &waits)
		return err == nil && waits > 0
	})
	mine := lock(other, first) // closes the circle: one of the two is thrown out
	if err := other.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := <-moved; err != nil && core.KindOf(err) != core.Busy {
		t.Errorf("the assignment got %v (the other %v)", err, mine)
	}
	coretest.Until(t, "Bob has the chat", func() bool { return n.Get(t, session.ID).OwnedBy(bob.ID) })
	n.CheckPlaces(t)
}
