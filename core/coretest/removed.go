package coretest

import (
	"strings"
	"testing"
	"time"

	"baton/core"
	"baton/core/desk"
)

// removedAgent: who may have no chats any more loses what he has and what he is offered at once.
func removedAgent(t *testing.T, db Database) {
	n := Start(t, db(t), Options{})
	ann, bob, bot := n.Agent(t, "Ann", 5), n.Agent(t, "Bob", 5), Bot("shop")
	held := []*core.Session{n.Active(t, bot, "c1", ann), n.Active(t, bot, "c2", ann)}
	offered, others := n.Request(t, bot, "c3"), n.Active(t, bot, "c4", bob)
	n.Offer(t, offered.ID, ann, soon())
	must(t, n.Desk.Relieve(t.Context(), core.Ref{ID: ann.ID, Name: ann.Name}))
	for _, was := range append(held, offered) {
		now := n.Get(t, was.ID)
		if now.Status != core.StatusWaiting || now.Agent != nil || now.Offer != nil || !now.WaitingSince.Equal(was.WaitingSince) {
			t.Errorf("a chat of Ann's is %s with %v since %v, want it to wait since %v", now.Status, now.Agent, now.WaitingSince, was.WaitingSince)
		}
	}
	if note, is := lastOf(n.Log(t, held[0].ID)).(*core.NoteAdded); !is || !strings.Contains(note.Text, "Ann takes no chats any more") {
		t.Errorf("colleagues are told %+v", note)
	}
	if now := n.Get(t, others.ID); !now.OwnedBy(bob.ID) {
		t.Errorf("Bob's chat is %s with %v", now.Status, now.Agent)
	}
	must(t, n.Desk.Relieve(t.Context(), core.Ref{ID: ann.ID}))
	n.CheckPlaces(t)
}

// disabledAgent: the keeper takes the chats of somebody who was disabled on another node, or before a crash, without
// waiting until he counts as gone.
func disabledAgent(t *testing.T, db Database) {
	n := Start(t, db(t), Options{Keeper: true, Config: desk.Config{GoneAfter: time.Hour}})
	ann, bob, bot := n.Agent(t, "Ann", 5), n.Agent(t, "Bob", 5), Bot("shop")
	held, others := n.Active(t, bot, "c1", ann), n.Active(t, bot, "c2", bob)
	_, err := n.ChangeUser(t.Context(), core.Desk, ann.ID, func(was core.Agent, _ int) (core.Agent, bool, error) {
		was.Disabled = true
		return was, true, nil
	})
	must(t, err)
	Until(t, "the chat of the disabled agent waits again", func() bool { return n.Get(t, held.ID).Status == core.StatusWaiting })
	if note, is := lastOf(n.Log(t, held.ID)).(*core.NoteAdded); !is || !strings.Contains(note.Text, "takes no chats any more") {
		t.Errorf("colleagues are told %+v", note)
	}
	if now := n.Get(t, others.ID); !now.OwnedBy(bob.ID) {
		t.Errorf("Bob's chat is %s", now.Status)
	}
	n.CheckPlaces(t)
}

func lastOf(log []*core.Event) core.Data { return log[len(log)-1].Data }
