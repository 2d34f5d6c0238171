package coretest

import (
	"fmt"
	"testing"

	"baton/core"
	"baton/core/desk"
)

// busyDay leaves sessions of every kind behind.
func busyDay(t *testing.T, n *Node) []*core.Session {
	t.Helper()
	ctx, bot := t.Context(), Bot("shop")
	ann, bob := n.Agent(t, "Ann", 9), n.Agent(t, "Bob", 9)
	var all []*core.Session
	for i := range 8 {
		score := 0.25
		r, err := n.Desk.Request(ctx, bot, core.Handoff{
			ConversationID: fmt.Sprint(i), Subject: "Päckchen \"48213\"\n\u2028\\", Tags: []string{"vip"}, Context: []byte(`{"a":[1,2.50,"x"]}`), Tried: []string{"this"}, Sentiment: &score,
			Customer: core.Customer{ExternalID: fmt.Sprint(i), Name: "Zoë", Attributes: map[string]any{"n": 1.5, "s": "x"}}, Intent: &core.Intent{Name: "lost", Score: 0.91},
			Reason: &core.Reason{Code: "policy", Text: "why"}, Transcript: []core.Line{{Role: core.CustomerRole, Text: "before"}},
		})
		must(t, err)
		all = append(all, r.Session)
	}
	for _, s := range all[1:6] {
		_, err := n.Desk.TakeOver(ctx, ann, s.ID, false)
		must(t, err)
		must(t, n.posts(ctx, bot, s.ID, "c", 3))
		must(t, n.Desk.Read(ctx, ann, s.ID, 5))
		must(t, n.posts(ctx, ann, s.ID, "a", 2))
		must(t, n.posts(ctx, bot, s.ID, "d", 2))
		must(t, n.Desk.Delivered(ctx, bot, s.ID, 6))
	}
	_, err := n.Desk.Transfer(ctx, ann, all[2].ID, bob.ID, "please")
	must(t, err)
	must(t, n.Desk.Requeue(ctx, all[3].ID, core.Ref{ID: ann.ID, Name: ann.Name}))
	_, err = n.Desk.End(ctx, ann, all[4].ID, desk.End{Summary: "done", Disposition: "kind"})
	must(t, err)
	_, err = n.Desk.Rate(ctx, Customer(all[4]), all[4].ID, 5, "thanks")
	must(t, err)
	n.Offer(t, all[6].ID, bob, soon())
	_, err = n.Desk.Decline(ctx, bob, all[6].ID, "no")
	must(t, err)
	n.Offer(t, all[7].ID, bob, soon())
	for _, s := range all {
		_, _, err := n.Desk.Note(ctx, ann, s.ID, "remark")
		must(t, err)
	}
	return all
}

// restart: everything is read back as it was, the coalesced columns included, and repeats are still known.
func restart(t *testing.T, db Database) {
	n := Start(t, db(t), Options{})
	all := busyDay(t, n)
	_, _, err := n.Desk.Note(desk.Once(t.Context(), core.Idempotency{Scope: "bot_shop", Key: "k", Status: 201}), boss(), all[0].ID, "once")
	must(t, err)
	before := n.snapshot(t)
	first := n.Log(t, all[1].ID)
	n.Stop(t)
	again := Start(t, db(t), Options{})
	checkSame(t, "over a restart", before, again.snapshot(t))
	again.CheckPlaces(t)
	for _, s := range all {
		again.checkFold(t, s.ID)
	}
	sent, err := again.Desk.Post(t.Context(), Bot("shop"), all[1].ID, desk.Message{ClientID: "c1", Text: "c1"})
	if err != nil || first[sent.Seq-1].Data.(*core.Posted).Text != "c1" {
		t.Errorf("a message repeated after the restart got %+v (%v)", sent, err)
	}
	if kept, err := again.Idempotency(t.Context(), "bot_shop", "k"); err != nil || kept == nil || kept.Status != 201 {
		t.Errorf("the idempotency key is %+v (%v) after the restart", kept, err)
	}
	_, _, err = again.Desk.Note(desk.Once(t.Context(), core.Idempotency{Scope: "bot_shop", Key: "k"}), boss(), all[0].ID, "twice")
	refused(t, err, core.KeyInProgress, "the key after the restart")
}

// rebuild: the projections made anew from the log equal what was there.
func rebuild(t *testing.T, db Database) {
	n := Start(t, db(t), Options{})
	all := busyDay(t, n)
	before := n.snapshot(t)
	count, err := n.Rebuild(t.Context())
	if err != nil || count != len(all) {
		t.Fatalf("%d sessions were rebuilt (%v), there are %d", count, err, len(all))
	}
	checkSame(t, "over a rebuild", before, n.snapshot(t))
	n.CheckPlaces(t)
	n.checkNobodyStranded(t)
}

// snapshotAndEvents: a snapshot and the events after it make a fresh snapshot (I7), wherever one begins.
func snapshotAndEvents(t *testing.T, db Database) {
	n := Start(t, db(t), Options{})
	for _, s := range busyDay(t, n) {
		log := n.Log(t, s.ID)
		want := picture(t, fold(log))
		for k := range log {
			s := fold(log[:k])
			for _, e := range log[k:] {
				s.Apply(e)
			}
			if got := picture(t, s); got != want {
				t.Fatalf("a snapshot at %d and the events after it give %s, want %s", k, got, want)
			}
		}
		tail, err := n.Events(t.Context(), s.ID, int64(len(log)-2), false, 100)
		must(t, err)
		if len(tail) != 2 || tail[0].Seq != int64(len(log)-1) {
			t.Errorf("after %d the log has %v", len(log)-2, Types(tail))
		}
		n.checkFold(t, s.ID)
	}
}
