package coretest

import (
	"testing"
	"time"

	"baton/core"
	"baton/core/desk"
)

// handing is Ann's chat that she offers to Bob.
func handing(t *testing.T, n *Node) (s *core.Session, ann, bob core.Actor) {
	t.Helper()
	ann, bob = n.Agent(t, "Ann", 2), n.Agent(t, "Bob", 2)
	s = n.Active(t, Bot("shop"), "c1", ann)
	s, err := n.Desk.Transfer(t.Context(), ann, s.ID, bob.ID, "please")
	must(t, err)
	return s, ann, bob
}

// transferToAnAgent: the giver keeps the chat until the receiver accepts; declined or run out, nothing changed.
func transferToAnAgent(t *testing.T, db Database) {
	n := Start(t, db(t), Options{})
	s, ann, bob := handing(t, n)
	ctx, epoch := t.Context(), s.Epoch
	_, err := n.Desk.Decline(ctx, bob, s.ID, "no")
	must(t, err)
	s, err = n.Desk.Transfer(ctx, ann, s.ID, bob.ID, "again")
	must(t, err)
	must(t, n.Desk.Expire(ctx, s.ID, s.Offer.Seq))
	s = n.Get(t, s.ID)
	if !s.OwnedBy(ann.ID) || s.Offer != nil || s.Epoch != epoch {
		t.Errorf("after the transfer came to nothing the chat is %s of %v with epoch %d, not %d", s.Status, s.Agent, s.Epoch, epoch)
	}
	if _, err := n.Desk.Post(ctx, ann, s.ID, desk.Message{ClientID: "1", Text: "still here"}); err != nil {
		t.Errorf("the giver cannot write: %v", err)
	}
	_, err = n.Desk.Transfer(ctx, ann, s.ID, bob.ID, "third time")
	must(t, err)
	s, err = n.Desk.Accept(ctx, bob, s.ID)
	must(t, err)
	if !s.OwnedBy(bob.ID) || s.Epoch != epoch+1 {
		t.Errorf("after the transfer the chat is of %v with epoch %d", s.Agent, s.Epoch)
	}
	_, err = n.Desk.Post(ctx, ann, s.ID, desk.Message{ClientID: "2", Text: "one more"})
	refused(t, err, core.NotOwner, "a message of the former agent")
	if log := n.Log(t, s.ID); !sameTypes(log[len(log)-2:], core.EventTransferred, core.EventAccepted) {
		t.Errorf("the log ends with %v", Types(log))
	}
	n.CheckPlaces(t)
}

// giverEnds: the offer to the colleague is withdrawn with the end.
func giverEnds(t *testing.T, db Database) {
	n := Start(t, db(t), Options{})
	s, ann, bob := handing(t, n)
	_, err := n.Desk.End(t.Context(), ann, s.ID, desk.End{})
	must(t, err)
	_, err = n.Desk.Accept(t.Context(), bob, s.ID)
	refused(t, err, core.SessionEnded, "accepting an ended chat")
	if a := n.agent(t, bob); a.Load != 0 {
		t.Errorf("Bob still holds %d places", a.Load)
	}
	n.CheckPlaces(t)
}

// giverGone: the offer to the colleague becomes an ordinary one.
func giverGone(t *testing.T, db Database) {
	n := Start(t, db(t), Options{})
	s, ann, bob := handing(t, n)
	must(t, n.Desk.Requeue(t.Context(), s.ID, core.Ref{ID: ann.ID, Name: ann.Name}))
	s = n.Get(t, s.ID)
	if s.Status != core.StatusPending || !s.OfferedTo(bob.ID) || s.Offer.From != nil {
		t.Errorf("the chat is %s with the offer %+v", s.Status, s.Offer)
	}
	n.CheckPlaces(t)
	s, err := n.Desk.Accept(t.Context(), bob, s.ID)
	must(t, err)
	if !s.OwnedBy(bob.ID) {
		t.Errorf("the chat is %s of %v", s.Status, s.Agent)
	}
	n.CheckPlaces(t)
}

// transferToAQueue: the chat leaves the giver at once and waits with its first arrival.
func transferToAQueue(t *testing.T, db Database) {
	n := Start(t, db(t), Options{})
	second, err := n.MakeQueue(t.Context(), core.Desk, "second")
	must(t, err)
	ann, bot := n.Agent(t, "Ann", 2), Bot("shop")
	s := n.Active(t, bot, "old", ann)
	young, err := n.Desk.Request(t.Context(), bot, core.Handoff{ConversationID: "young", Queue: "second", Customer: core.Customer{ExternalID: "y"}})
	must(t, err)
	moved, err := n.Desk.TransferToQueue(t.Context(), ann, s.ID, second.ID, "for you")
	must(t, err)
	if moved.Status != core.StatusWaiting || moved.Queue.ID != second.ID || !moved.WaitingSince.Equal(s.WaitingSince) || moved.Epoch != s.Epoch+1 {
		t.Errorf("the chat is %s in %s since %v with epoch %d", moved.Status, moved.Queue.Name, moved.WaitingSince, moved.Epoch)
	}
	for want, of := range map[int]*core.Session{1: moved, 2: young.Session} {
		if place, err := n.Position(t.Context(), of); err != nil || place != want {
			t.Errorf("%s is at place %d (%v), want %d", of.ConversationID, place, err, want)
		}
	}
	n.CheckPlaces(t)
}

// reopen: a new session continues the ended one, once; a judgement is given once.
func reopen(t *testing.T, db Database) {
	n := Start(t, db(t), Options{})
	ann, ctx := n.Agent(t, "Ann", 1), t.Context()
	old := n.Active(t, Bot("shop"), "c1", ann)
	_, err := n.Desk.End(ctx, ann, old.ID, desk.End{})
	must(t, err)
	again, err := n.Desk.Reopen(ctx, ann, old.ID)
	must(t, err)
	if again.ID == old.ID || again.Continues != old.ID || !again.OwnedBy(ann.ID) || again.ConversationID != "c1" || again.Epoch != 2 {
		t.Errorf("reopened it is %+v", again)
	}
	_, err = n.Desk.Reopen(ctx, ann, old.ID)
	refused(t, err, core.Conflict, "reopening what is open again")
	_, err = n.Desk.End(ctx, ann, again.ID, desk.End{})
	must(t, err)
	other := n.Active(t, Bot("shop"), "c2", ann)
	_, err = n.Desk.Reopen(ctx, ann, old.ID)
	refused(t, err, core.Conflict, "reopening without a place")
	customer := Customer(old)
	rated, err := n.Desk.Rate(ctx, customer, old.ID, 4, "fine")
	must(t, err)
	if rated.Rating == nil || rated.Rating.Score != 4 || rated.Status != core.StatusEnded {
		t.Errorf("rated it is %s with %+v", rated.Status, rated.Rating)
	}
	_, err = n.Desk.Rate(ctx, customer, old.ID, 1, "no, bad")
	refused(t, err, core.Conflict, "a second judgement")
	n.checkFold(t, old.ID)
	n.checkFold(t, other.ID)
	n.CheckPlaces(t)
}

// receipts: watermarks move forward only, never past the log, and never by posting.
func receipts(t *testing.T, db Database) {
	n := Start(t, db(t), Options{})
	ann, bot, ctx := n.Agent(t, "Ann", 1), Bot("shop"), t.Context()
	s := n.Active(t, bot, "c1", ann)
	must(t, n.posts(ctx, bot, s.ID, "m", 3)) // events 3, 4 and 5
	now := n.Get(t, s.ID)
	if len(now.UnreadSeqs) != 3 || now.UnansweredSince.IsZero() || now.Receipts != (core.Receipts{}) {
		t.Errorf("%d are unread since %v, with receipts %+v", len(now.UnreadSeqs), now.UnansweredSince, now.Receipts)
	}
	for _, step := range []struct {
		act  func() error
		want core.Receipts
	}{
		{func() error { return n.Desk.Read(ctx, ann, s.ID, 4) }, core.Receipts{Agent: core.Receipt{Delivered: 4, Read: 4}}},
		{func() error { return n.Desk.Read(ctx, ann, s.ID, 2) }, core.Receipts{Agent: core.Receipt{Delivered: 4, Read: 4}}},
		{func() error { return n.Desk.Delivered(ctx, ann, s.ID, 999) }, core.Receipts{Agent: core.Receipt{Delivered: 5, Read: 4}}},
		{func() error { return n.Desk.Read(ctx, bot, s.ID, 3) }, core.Receipts{Customer: core.Receipt{Delivered: 3, Read: 3}, Agent: core.Receipt{Delivered: 5, Read: 4}}},
	} {
		must(t, step.act())
		if got := n.Get(t, s.ID).Receipts; got != step.want {
			t.Errorf("the watermarks are %+v, want %+v", got, step.want)
		}
	}
	if unread := n.Get(t, s.ID).UnreadSeqs; len(unread) != 1 || unread[0] != 5 {
		t.Errorf("unread are %v, want the message 5", unread)
	}
	must(t, n.posts(ctx, ann, s.ID, "a", 1))
	if now := n.Get(t, s.ID); !now.UnansweredSince.IsZero() || now.Receipts.Agent.Read != 4 {
		t.Errorf("after an answer it is unanswered since %v and read up to %d", now.UnansweredSince, now.Receipts.Agent.Read)
	}
	n.checkFold(t, s.ID)
}

// epochs: a bot writes only with the epoch of now, so it never talks over a human.
func epochs(t *testing.T, db Database) {
	n := Start(t, db(t), Options{})
	ann, bot, ctx := n.Agent(t, "Ann", 1), Bot("shop"), t.Context()
	s := n.Request(t, bot, "c1")
	speak := func(id string, epoch int64) error {
		_, err := n.Desk.Post(ctx, bot, s.ID, desk.Message{ClientID: id, Text: id, As: desk.AsBot, Epoch: epoch})
		return err
	}
	must(t, speak("a", 1))
	n.Offer(t, s.ID, ann, soon())
	must(t, speak("b", 1)) // an offer does not count
	joined, err := n.Desk.Accept(ctx, ann, s.ID)
	must(t, err)
	refused(t, speak("c", 1), core.NotOwner, "a bot with the old epoch")
	refused(t, speak("c", joined.Epoch), core.NotOwner, "a bot in a human's chat")
	must(t, n.Desk.Requeue(ctx, s.ID, core.Ref{ID: ann.ID}))
	refused(t, speak("c", joined.Epoch), core.NotOwner, "a bot with the epoch of before")
	must(t, speak("c", joined.Epoch+1))
	if texts := posted(n.Log(t, s.ID)); len(texts) != 3 {
		t.Errorf("the log holds %q", texts)
	}
}

// history: a transcript stands before the request, with its own times, and its client ids count as used.
func history(t *testing.T, db Database) {
	n := Start(t, db(t), Options{})
	bot, ctx, ago := Bot("shop"), t.Context(), time.Now().Add(-time.Hour)
	r, err := n.Desk.Request(ctx, bot, core.Handoff{ConversationID: "c1", NoteToAgent: "careful", Customer: core.Customer{ExternalID: "u", Name: "Ann"}, Transcript: []core.Line{
		{ClientID: "t1", Role: core.CustomerRole, Text: "where is my parcel", At: ago},
		{ClientID: "t2", Role: core.BotRole, Text: "I do not know", At: ago.Add(time.Second)},
	}})
	must(t, err)
	s := r.Session
	log := n.Log(t, s.ID)
	if !sameTypes(log, core.EventPosted, core.EventPosted, core.EventRequested, core.EventNote) {
		t.Fatalf("the log tells %v", Types(log))
	}
	if !log[0].At.Equal(ago.Truncate(time.Millisecond)) || len(s.UnreadSeqs) != 0 || s.Last == nil || s.Last.Text != "I do not know" {
		t.Errorf("the first line is of %v, %d are unread, the last is %+v", log[0].At, len(s.UnreadSeqs), s.Last)
	}
	again, err := n.Desk.Post(ctx, bot, s.ID, desk.Message{ClientID: "t1", Text: "where is my parcel"})
	if err != nil || again.Seq != 1 {
		t.Errorf("a line of the transcript sent again got %+v (%v), want the line", again, err)
	}
	n.checkFold(t, s.ID)
}
