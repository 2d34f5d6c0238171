package coretest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"baton/core"
	"baton/core/desk"
)

func tooLong(t *testing.T, db Database) {
	n, q, clock := ruled(t, db, func(r *core.QueueRules) { r.MaxWait = 600 })
	second, err := n.MakeQueue(t.Context(), core.Desk, "second")
	must(t, err)
	for i, c := range []struct {
		remedy core.Remedy
		holds  func(*core.Session, []string) bool
	}{
		{core.Remedy{Do: core.RemedyNothing}, func(s *core.Session, said []string) bool { return s.TooLong && s.InLine() && len(said) == 0 }},
		{core.Remedy{Do: core.RemedyRaise}, func(s *core.Session, _ []string) bool { return s.InLine() && s.Priority == core.High }},
		{core.Remedy{Do: core.RemedyMessage}, func(s *core.Session, said []string) bool {
			return s.InLine() && s.Ask == core.AskEmail && len(said) == 1
		}},
		{core.Remedy{Do: core.RemedyEnd}, func(s *core.Session, said []string) bool {
			return s.Status == core.StatusEnded && s.End.Reason == "no_agent" && len(said) == 1
		}},
		{core.Remedy{Do: core.RemedyOverflow, Queue: &second.ID}, func(s *core.Session, _ []string) bool {
			return s.InLine() && s.Queue.ID == second.ID && !s.TooLong && slices.Equal(s.OverflowedFrom, []string{q.ID})
		}},
	} {
		n.rule(t, "general", func(r *core.QueueRules) { r.WhenTooLong = c.remedy })
		clock.by.Store(0)
		s := n.Request(t, Bot("shop"), fmt.Sprint(i))
		n.mind(t)
		if was := n.Get(t, s.ID); was.TooLong || was.Seq != s.Seq {
			t.Errorf("%s was done before the time", c.remedy.Do)
		}
		clock.forward(10 * time.Minute)
		n.mind(t)
		now := n.Get(t, s.ID)
		if !c.holds(now, posted(n.Log(t, s.ID))) {
			t.Errorf("%s made %+v", c.remedy.Do, now)
		}
		n.mind(t)
		if again := n.Get(t, s.ID); again.Seq != now.Seq {
			t.Errorf("%s was done twice: %v", c.remedy.Do, Types(n.Log(t, s.ID)))
		}
	}
	// It does not go back to where it came from.
	n.rule(t, "second", func(r *core.QueueRules) {
		r.MaxWait, r.WhenTooLong = 60, core.Remedy{Do: core.RemedyOverflow, Queue: &q.ID}
	})
	clock.forward(time.Hour)
	n.mind(t)
	if now := n.find(t, "4"); now.Queue.ID != second.ID || !now.TooLong {
		t.Errorf("it went to %s", now.Queue.Name)
	}
}

func tooMany(t *testing.T, db Database) {
	n, _, _ := ruled(t, db, func(r *core.QueueRules) { r.MaxLength, r.WhenTooMany = 2, core.Remedy{Do: core.RemedyEnd} })
	first := n.Request(t, Bot("shop"), "1")
	n.Request(t, Bot("shop"), "2")
	if third := n.Request(t, Bot("shop"), "3"); third.Status != core.StatusEnded || third.End.Reason != "no_agent" {
		t.Errorf("the third is %+v", third)
	}
	_, err := n.Desk.End(t.Context(), Customer(first), first.ID, desk.End{})
	must(t, err)
	if fourth := n.Request(t, Bot("shop"), "4"); !fourth.InLine() {
		t.Errorf("one left, and the fourth is %+v", fourth)
	}
}

func noReply(t *testing.T, db Database) {
	n, _, clock := ruled(t, db, func(r *core.QueueRules) { r.FirstReply = 60 })
	ann, bob := n.Agent(t, "Ann", 4), n.Agent(t, "Bob", 4)
	mute, said := n.Active(t, Bot("shop"), "mute", ann), n.Active(t, Bot("shop"), "said", bob)
	_, err := n.Desk.Post(t.Context(), bob, said.ID, desk.Message{ClientID: "1", Text: "hello"})
	must(t, err)
	n.mind(t)
	if !n.Get(t, mute.ID).OwnedBy(ann.ID) {
		t.Error("the chat was taken back before the time")
	}
	clock.forward(2 * time.Minute)
	n.mind(t)
	now := n.Get(t, mute.ID)
	if now.Status != core.StatusWaiting || now.Agent != nil || !now.WaitingSince.Equal(mute.WaitingSince) || now.PassOf(ann.ID).Count != 1 {
		t.Errorf("the mute one's chat is %+v", now)
	}
	if !n.Get(t, said.ID).OwnedBy(bob.ID) {
		t.Error("who answered lost the chat")
	}
	n.CheckPlaces(t)
}

func silence(t *testing.T, db Database) {
	n, _, clock := ruled(t, db, func(r *core.QueueRules) { r.IdleWarning, r.IdleClose = 600, 300 })
	ann := n.Agent(t, "Ann", 4)
	s := n.Active(t, Bot("shop"), "c1", ann)
	post := func(by core.Actor, text string) {
		t.Helper()
		_, err := n.Desk.Post(t.Context(), by, s.ID, desk.Message{ClientID: core.NewID(""), Text: text})
		must(t, err)
	}
	clock.forward(time.Hour)
	n.mind(t)
	if now := n.Get(t, s.ID); now.Warning != nil {
		t.Error("the customer was warned though the agent has not said anything")
	}
	// Rows follow the log a moment later.
	warned := func() bool {
		n.mind(t)
		return !n.Get(t, s.ID).ClosesAt().IsZero()
	}
	post(ann, "Which order is it?")
	Until(t, "the customer is warned", warned)
	now := n.Get(t, s.ID)
	if !strings.Contains(posted(n.Log(t, s.ID))[1], "5 min") {
		t.Fatalf("after an hour of silence it is %+v and the customer heard %q", now, posted(n.Log(t, s.ID)))
	}
	post(Customer(s), "I am here")
	n.mind(t)
	if now := n.Get(t, s.ID); !now.ClosesAt().IsZero() || !now.Open() {
		t.Errorf("he answered, and it is %+v", now)
	}
	post(ann, "Good.")
	Until(t, "the customer is warned again", warned)
	clock.forward(time.Hour)
	n.mind(t)
	if now := n.Get(t, s.ID); now.Status != core.StatusEnded || now.End.Reason != "no_answer" {
		t.Errorf("he stayed silent, and it is %+v", now)
	}
	CheckLog(t, n.Log(t, s.ID))
	n.CheckPlaces(t)
}
