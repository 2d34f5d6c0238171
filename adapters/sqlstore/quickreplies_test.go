package sqlstore

import (
	"fmt"
	"strings"
	"testing"

	"baton/adapters/sqlstore/sqltest"
	"baton/core"
)

func addReply(t *testing.T, s *Store, r core.QuickReply) core.QuickReply {
	t.Helper()
	r.ID, r.Rev = core.NewID(core.QuickReplyPrefix), 1
	kept, err := s.AddQuickReply(t.Context(), core.Desk, r, 100)
	if err != nil {
		t.Fatalf("add /%s: %v", r.Shortcut, err)
	}
	return kept
}

func TestQuickRepliesAreKeptForTheTeamAndForEachAgent(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, s *Store) {
		general, err := s.Queue(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		ref := general.Ref()
		team := addReply(t, s, core.QuickReply{Shortcut: "tr", Title: "Tracking", Text: "Hi {{first_name}}, 👋\n…", Language: "en", Queue: &ref})
		mine := addReply(t, s, core.QuickReply{Owner: "agt_a", Shortcut: "tr", Text: "mine"})
		addReply(t, s, core.QuickReply{Owner: "agt_b", Shortcut: "tr", Text: "another's"})
		list, err := s.QuickReplies(t.Context(), "agt_a")
		if err != nil || len(list) != 2 || list[0].ID != team.ID || *list[0].Queue != ref || list[0].Text != team.Text || list[1].ID != mine.ID {
			t.Errorf("an agent has the replies %+v (%v), want the team's and his own", list, err)
		}
		changed, err := s.ChangeQuickReply(t.Context(), core.Desk, team.ID, func(was core.QuickReply) (*core.QuickReply, error) {
			was.Queue, was.Title, was.Text = nil, "", "new"
			return &was, nil
		})
		if err != nil || changed.Rev != 2 {
			t.Errorf("the change gave %+v (%v)", changed, err)
		}
		for range 3 {
			if err := s.CountQuickReply(t.Context(), team.ID); err != nil {
				t.Fatal(err)
			}
		}
		list, err = s.QuickReplies(t.Context(), "agt_c")
		if err != nil || len(list) != 1 || list[0].Queue != nil || list[0].Text != "new" || list[0].Used != 3 || list[0].Rev != 2 {
			t.Errorf("after the change and three uses there is %+v (%v)", list, err)
		}
		remove := func(core.QuickReply) (*core.QuickReply, error) { return nil, nil }
		if _, err := s.ChangeQuickReply(t.Context(), core.Desk, team.ID, remove); err != nil {
			t.Fatal(err)
		}
		for _, act := range []error{errOf(s.ChangeQuickReply(t.Context(), core.Desk, team.ID, remove)), s.CountQuickReply(t.Context(), team.ID)} {
			if core.KindOf(act) != core.NotFound {
				t.Errorf("a reply that is gone gave %v, want not found", act)
			}
		}
	})
}

func errOf[T any](_ T, err error) error { return err }

func TestShortcutThatIsTakenIsNamed(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, s *Store) {
		addReply(t, s, core.QuickReply{Shortcut: "tr", Title: "Tracking", Text: "x"})
		other := addReply(t, s, core.QuickReply{Shortcut: "hi", Text: "x"})
		addReply(t, s, core.QuickReply{Owner: "agt_a", Shortcut: "tr", Text: "x"})
		for _, row := range []struct{ story, owner, want string }{
			{"a team's", "", "there is a team reply /tr already: Tracking"},
			{"one's own", "agt_a", "you have a reply /tr already"},
		} {
			_, err := s.AddQuickReply(t.Context(), core.Desk, core.QuickReply{ID: "qr_" + row.owner, Owner: row.owner, Shortcut: "tr", Text: "y"}, 100)
			if core.KindOf(err) != core.Conflict || !strings.Contains(err.Error(), row.want) {
				t.Errorf("%s shortcut twice gave %v, want a conflict that says: %s", row.story, err, row.want)
			}
		}
		_, err := s.ChangeQuickReply(t.Context(), core.Desk, other.ID, func(was core.QuickReply) (*core.QuickReply, error) {
			was.Shortcut = "tr"
			return &was, nil
		})
		if core.KindOf(err) != core.Conflict || !strings.Contains(err.Error(), "Tracking") {
			t.Errorf("changing to a taken shortcut gave %v", err)
		}
		_, err = s.AddQuickReply(t.Context(), core.Desk, core.QuickReply{ID: "qr_third", Shortcut: "third", Text: "y"}, 2)
		if core.KindOf(err) != core.Conflict {
			t.Errorf("one reply more than there may be gave %v", err)
		}
	})
}

func TestRepliesThatMeetInTheDatabaseHaveOneShortcut(t *testing.T) {
	dsn := sqltest.DSN(t)
	nodes := []*Store{openTest(t, dsn), openTest(t, dsn)}
	for round := range 5 {
		counts := race(t, nodes, func(s *Store, i int) error {
			return errOf(s.AddQuickReply(t.Context(), core.Desk, core.QuickReply{ID: fmt.Sprintf("qr_%d_%d", round, i), Shortcut: fmt.Sprint(round), Text: "x"}, 100))
		})
		if counts[""] != 1 || counts[core.Conflict] != 11 {
			t.Fatalf("twelve replies that met ended as %v, want one", counts)
		}
	}
}
