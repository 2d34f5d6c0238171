package desk_test

import (
	"context"
	"testing"

	"baton/core"
	"baton/core/coretest"
	"baton/core/desk"
)

// meanwhile is a reader under whom something happens just before the log is read.
type meanwhile struct {
	core.Reader
	happens func()
}

func (m meanwhile) Events(ctx context.Context, session string, after int64, publicOnly bool, limit int) ([]*core.Event, error) {
	m.happens()
	return m.Reader.Events(ctx, session, after, publicOnly, limit)
}

func TestZ04WhoLosesTheChatWhileItsLogIsReadGetsNothingOfIt(t *testing.T) {
	own := desk.Config{OwnOnly: true}
	n := inMemory(t, coretest.Options{Config: own})
	boss, former, next := n.Person(t, "Boss", core.Supervisor, 1), n.Agent(t, "Max", 1), n.Agent(t, "Eve", 1)
	s := n.Active(t, coretest.Bot("shop"), "c1", former)
	taken := func() {
		if _, err := n.Desk.Assign(t.Context(), boss, s.ID, next.ID, false); err != nil {
			t.Fatal(err)
		}
	}
	d := desk.New(n.Backend, meanwhile{n.Backend, taken}, n.Backend, n.Backend, own)
	events, err := d.Events(t.Context(), former, s.ID, 0, 100)
	if core.KindOf(err) != core.NotFound || len(events) > 0 {
		t.Errorf("an agent whose chat was taken away while its log was read got %d events and %v", len(events), err)
	}
	if _, err := n.Desk.Events(t.Context(), next, s.ID, 0, 100); err != nil {
		t.Errorf("the agent who has the chat now: %v", err)
	}
}
