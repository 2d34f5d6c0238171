package sqlstore

import (
	"fmt"
	"testing"

	"baton/adapters/sqlstore/sqltest"
	"baton/core"
	"baton/core/coretest"
	"baton/core/desk"
)

// TestListsShowWhatAnotherNodeChangedThoughRowsAreRemembered reads a list again and again on a node that writes nothing.
func TestListsShowWhatAnotherNodeChangedThoughRowsAreRemembered(t *testing.T) {
	for name, dsn := range map[string]func(*testing.T) string{"file": fileDSN, "postgres": func(t *testing.T) string { return sqltest.DSN(t) }} {
		t.Run(name, func(t *testing.T) {
			at := dsn(t)
			n, reader := coretest.Start(t, openTest(t, at), coretest.Options{}), openTest(t, at)
			bot, agent := coretest.Bot("shop"), n.Agent(t, "Max", 4)
			s := n.Active(t, bot, "c1", agent)
			listed := func() *core.Session {
				t.Helper()
				list, _, err := reader.Sessions(t.Context(), core.SessionFilter{})
				if err != nil || len(list) != 1 {
					t.Fatalf("the list has %d sessions, %v", len(list), err)
				}
				return list[0]
			}
			first := listed()
			for i := range 3 {
				tag := fmt.Sprint("tag", i)
				if err := n.Desk.Tag(t.Context(), agent, s.ID, tag); err != nil {
					t.Fatal(err)
				}
				if _, err := n.Desk.Post(t.Context(), bot, s.ID, desk.Message{ClientID: tag, Text: tag}); err != nil {
					t.Fatal(err)
				}
				coretest.Until(t, "the list shows "+tag, func() bool {
					now := listed()
					return len(now.Tags) == i+1 && now.Tags[i] == tag && now.Last != nil && now.Last.Text == tag && len(now.UnreadSeqs) == i+1
				})
			}
			if len(first.Tags) != 0 || first.Last != nil {
				t.Errorf("the first list changed afterwards: %+v", first)
			}
		})
	}
}
