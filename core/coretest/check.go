package coretest

import (
	"bytes"
	"encoding/json"
	"testing"

	"baton/core"
	"baton/core/desk"
)

// fold makes a session of events alone.
func fold(events []*core.Event) *core.Session {
	s := new(core.Session)
	for _, e := range events {
		s.Apply(e)
	}
	return s
}

// picture is a session as text, to compare two of them: all that staff see, and what the desk decides by.
func picture(t testing.TB, s *core.Session) string {
	t.Helper()
	state, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	view, err := json.Marshal(desk.View(core.Actor{Role: core.Admin}, s))
	if err != nil {
		t.Fatal(err)
	}
	return string(state) + "\n" + string(view)
}

// checkFold fails the test unless the session is what its log folds to (I1, I7), and the log is whole (I2).
func (n *Node) checkFold(t testing.TB, id string) {
	t.Helper()
	log := n.Log(t, id)
	CheckLog(t, log)
	now, folded := n.Get(t, id), fold(log)
	folded.Receive(core.CustomerSide, now.Receipts.Customer.Delivered, now.Receipts.Customer.Read)
	folded.Receive(core.AgentSide, now.Receipts.Agent.Delivered, now.Receipts.Agent.Read)
	if got, want := picture(t, now), picture(t, folded); got != want {
		t.Errorf("the session is not what its log says.\n  it is %s\n  log:  %s", got, want)
	}
}

// snapshot is everything that a reader can see of all sessions, to compare before and after.
func (n *Node) snapshot(t testing.TB) map[string]string {
	t.Helper()
	all := map[string]string{}
	for after := ""; ; {
		page, next, err := n.Sessions(t.Context(), core.SessionFilter{Limit: 100, After: after})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range page {
			s := n.Get(t, row.ID)
			listed, err := json.Marshal(desk.Row(core.Actor{Role: core.Admin}, row))
			if err != nil {
				t.Fatal(err)
			}
			all[s.ID] = picture(t, s) + "\n" + string(listed)
		}
		if next == "" {
			return all
		}
		after = next
	}
}

// checkSame fails the test unless two snapshots are equal.
func checkSame(t testing.TB, what string, before, after map[string]string) {
	t.Helper()
	if len(before) != len(after) {
		t.Errorf("%s: %d sessions became %d", what, len(before), len(after))
	}
	for id, was := range before {
		if is := after[id]; is != was {
			t.Errorf("%s: %s changed.\n  was %s\n  is  %s", what, id, was, is)
		}
	}
}

// checkNobodyStranded fails the test when an open session has no owner or no deadline.
func (n *Node) checkNobodyStranded(t testing.TB) {
	t.Helper()
	stranded, err := n.Stranded(t.Context(), 0x7fffffff)
	if err != nil || stranded != 0 {
		t.Errorf("%d sessions are stranded (%v)", stranded, err)
	}
}

// hasKey says whether a JSON text names this key anywhere.
func hasKey(text []byte, key string) bool { return bytes.Contains(text, []byte(`"`+key+`":`)) }
