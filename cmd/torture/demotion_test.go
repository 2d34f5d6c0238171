package torture

import (
	"context"
	"testing"
	"time"

	"baton/adapters/sqlstore/sqltest"
	"baton/cmd/client"
)

// promised is how soon a demotion reaches an open socket, on whichever server. A busy machine gets five times as long.
const promised = time.Second

// Z09: what a person may no longer do ends on his open socket too: at the server where it was changed, and at another
// one on the same database.
func TestZ09DemotionReachesOpenSocketsOfAllServers(t *testing.T) {
	t.Run("one server on SQLite", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		h := newHouse(t, "")
		demote(ctx, t, h.found(ctx, h.serve(), 2))
	})
	t.Run("two servers on one PostgreSQL", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		h := newHouse(t, sqltest.DSN(t))
		first, second := h.serve(), h.again()
		all := h.found(ctx, first, 2)
		for _, agent := range all.agents {
			agent.Client = agent.Apart(second.url)
		}
		demote(ctx, t, all)
	})
}

// demote takes one agent out of his queues and makes a viewer of the other, who both look at a chat.
func demote(ctx context.Context, t *testing.T, all *team) {
	t.Helper()
	rosa, milo := all.agents[0], all.agents[1]
	chat, _, err := all.bot.Handoff(ctx, client.Handoff{ConversationID: "c1"}, "")
	if err != nil {
		t.Fatal(err)
	}
	reads := run(ctx, t, rosa.Socket(quick))
	reads.Subscribe(ctx, chat.ID, 0)
	if _, err := reads.Await(ctx, isEvent("session.requested")); err != nil {
		t.Fatalf("the agent does not get to read the chat: %v", err)
	}
	leaves := milo.Socket(quick)
	ended := make(chan error, 1)
	go func() { ended <- leaves.Run(ctx) }()
	leaves.Subscribe(ctx, chat.ID, 0)
	if _, err := leaves.Await(ctx, isEvent("session.requested")); err != nil {
		t.Fatalf("the other agent does not get to read the chat: %v", err)
	}

	began := time.Now()
	if _, err := all.owner.ChangeAgent(ctx, rosa.id, map[string]any{"queues": []string{}}); err != nil {
		t.Fatal(err)
	}
	_, err = reads.Await(ctx, func(f client.Frame) bool { return f.Type == "problem" && f.Session == chat.ID && f.Code == "not_found" })
	if took := time.Since(began); err != nil || took > 5*promised {
		t.Errorf("the agent without queues was told after %v that the chat is none of hers (%v)", took, err)
	}
	for err = nil; client.CodeOf(err) != "not_found"; _, err = rosa.Session(ctx, chat.ID) {
		if blow(ctx, 20*time.Millisecond); time.Since(began) > 5*promised {
			t.Fatalf("she still reads it by HTTP: %v", err)
		}
	}

	began = time.Now()
	if _, err := all.owner.ChangeAgent(ctx, milo.id, map[string]any{"role": "viewer"}); err != nil {
		t.Fatal(err)
	}
	select {
	case <-ended:
	case <-ctx.Done():
		t.Fatal("the socket of who became a viewer stays open")
	}
	const notSignedIn = 4401
	if took, code := time.Since(began), leaves.Counters().LastClose; took > 5*promised || code != notSignedIn {
		t.Errorf("the socket of who became a viewer was closed with %d after %v", code, took)
	}
}
