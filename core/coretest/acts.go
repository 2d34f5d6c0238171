package coretest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"baton/core"
	"baton/core/desk"
)

// Offer offers a waiting session to an agent as the dispatcher does, so that a test decides itself who gets what.
func (n *Node) Offer(t testing.TB, session string, to core.Actor, expires time.Time) *core.Session {
	t.Helper()
	s, err := n.TryOffer(t.Context(), session, to, expires)
	if err != nil {
		t.Fatalf("offer %s to %s: %v", session, to.Name, err)
	}
	return s
}

// TryOffer is Offer for tests that expect a refusal.
func (n *Node) TryOffer(ctx context.Context, session string, to core.Actor, expires time.Time) (*core.Session, error) {
	c, err := n.Change(ctx, core.Desk, session, func(s *core.Session, tx core.Tx) error {
		data, err := s.MakeOffer(core.Ref{ID: to.ID, Name: to.Name}, expires)
		if err != nil {
			return err
		}
		tx.Need(core.Place{Agent: to.ID, Offer: true, Queue: s.Queue.ID, SeenAfter: time.Now().Add(-time.Hour)})
		tx.Emit(core.Desk.Ref(), data...)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return c.Session, nil
}

// Get reads a session.
func (n *Node) Get(t testing.TB, id string) *core.Session {
	t.Helper()
	s, err := n.Session(t.Context(), id)
	if err != nil {
		t.Fatalf("read %s: %v", id, err)
	}
	return s
}

// agent reads an agent's row.
func (n *Node) agent(t testing.TB, of core.Actor) *core.Agent {
	t.Helper()
	a, err := n.Backend.Agent(t.Context(), of.ID)
	if err != nil {
		t.Fatalf("read %s: %v", of.Name, err)
	}
	return a
}

// say sets an agent's status.
func (n *Node) say(t testing.TB, who core.Actor, status core.AgentStatus) {
	t.Helper()
	if _, err := n.Desk.SetAgent(t.Context(), who, core.AgentChange{Status: &status}); err != nil {
		t.Fatalf("set %s %s: %v", who.Name, status, err)
	}
}

// must fails the test when an act was refused.
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// refused fails the test unless an act was refused with this kind.
func refused(t testing.TB, err error, kind core.Kind, what string) {
	t.Helper()
	if core.KindOf(err) != kind {
		t.Fatalf("%s got %v, want the refusal %s", what, err, kind)
	}
}

// boss is a supervisor without a row of his own.
func boss() core.Actor { return core.Actor{Role: core.Supervisor, ID: "agt_boss", Name: "Boss"} }

// soon is an end of an offer that no test lives to see.
func soon() time.Time { return time.Now().Add(time.Hour) }

// posts sends numbered messages of one author and gives how far it got.
func (n *Node) posts(ctx context.Context, by core.Actor, session, prefix string, count int) error {
	for i := range count {
		text := fmt.Sprintf("%s%d", prefix, i)
		if _, err := n.insist(ctx, by, session, desk.Message{ClientID: text, Text: text}); err != nil {
			return fmt.Errorf("post %s: %w", text, err)
		}
	}
	return nil
}

// insist posts a message as a client does: with the same client id until there is a definite answer.
func (n *Node) insist(ctx context.Context, by core.Actor, session string, m desk.Message) (desk.Sent, error) {
	for {
		sent, err := n.Desk.Post(ctx, by, session, m)
		if core.KindOf(err) != core.Busy || ctx.Err() != nil {
			return sent, err
		}
	}
}
