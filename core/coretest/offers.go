package coretest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"baton/core"
	"baton/core/desk"
)

// declineMemory: who passed a chat is not offered it again for a while, and gets the next one meanwhile.
func declineMemory(t *testing.T, db Database) {
	const again = 300 * time.Millisecond
	n := Start(t, db(t), Options{Dispatcher: true, Config: desk.Config{OfferAgainAfter: again}})
	ann, bob := n.Agent(t, "Ann", 1), n.Agent(t, "Bob", 1)
	n.say(t, bob, core.Away)
	first := n.Request(t, Bot("shop"), "c1")
	second := n.Request(t, Bot("shop"), "c2")
	for range 2 { // Ann passes the first chat twice, and is offered the next one meanwhile
		n.untilOffered(t, first.ID, ann)
		passed := time.Now().Truncate(time.Millisecond)
		_, err := n.Desk.Decline(t.Context(), ann, first.ID, "not mine")
		must(t, err)
		n.untilOffered(t, second.ID, ann)
		_, err = n.Desk.Decline(t.Context(), ann, second.ID, "nor this")
		must(t, err)
		n.untilOffered(t, first.ID, ann)
		if waited := time.Since(passed); waited < again {
			t.Errorf("the chat was offered again after %v to the one who had declined it", waited)
		}
	}
	_, err := n.Desk.Decline(t.Context(), ann, first.ID, "")
	must(t, err)
	n.say(t, bob, core.Available)
	n.untilOffered(t, first.ID, bob)
	if pass := n.Get(t, first.ID).PassOf(ann.ID); pass.Count != 3 {
		t.Errorf("Ann passed the chat 3 times, %d are remembered", pass.Count)
	}
}

// untilOffered waits until a chat is offered to this agent.
func (n *Node) untilOffered(t testing.TB, session string, to core.Actor) {
	t.Helper()
	Until(t, session+" is offered to "+to.Name, func() bool {
		n.Dispatcher.Wake()
		return n.Get(t, session).OfferedTo(to.ID)
	})
}

// missedInARow: three offers in a row that ran out set an agent away; a decline ends the row.
func missedInARow(t *testing.T, db Database) {
	n := Start(t, db(t), Options{})
	ann := n.Agent(t, "Ann", 5)
	s := n.Request(t, Bot("shop"), "c1")
	for i, answer := range []string{"miss", "miss", "decline", "miss", "miss", "accept", "miss", "miss", "miss"} {
		if status := n.agent(t, ann).Status; status != core.Available {
			t.Fatalf("after %d offers Ann is %s", i, status)
		}
		now := n.Offer(t, s.ID, ann, soon())
		var err error
		switch answer {
		case "miss":
			err = n.Desk.Expire(t.Context(), s.ID, now.Offer.Seq)
		case "decline":
			_, err = n.Desk.Decline(t.Context(), ann, s.ID, "")
		case "accept":
			if _, err = n.Desk.Accept(t.Context(), ann, s.ID); err == nil {
				err = n.Desk.Requeue(t.Context(), s.ID, core.Ref{ID: ann.ID})
			}
		}
		must(t, err)
	}
	if a := n.agent(t, ann); a.Status != core.Away || a.Missed != 3 {
		t.Errorf("after three missed offers in a row Ann is %s with %d missed", a.Status, a.Missed)
	}
	_, err := n.TryOffer(t.Context(), s.ID, ann, soon())
	refused(t, err, core.Conflict, "an offer to Ann, who is away,")
	n.say(t, ann, core.Available)
	if missed := n.agent(t, ann).Missed; missed != 0 {
		t.Errorf("Ann came back and %d missed offers are still counted", missed)
	}
	n.CheckPlaces(t)
}

// goneAgent: the chats of an agent who is gone go back to their old place in line, with a note.
func goneAgent(t *testing.T, db Database) {
	n := Start(t, db(t), Options{Keeper: true, Config: desk.Config{GoneAfter: 200 * time.Millisecond}})
	ann, bot := n.Agent(t, "Ann", 5), Bot("shop")
	old := n.Request(t, bot, "c1")
	younger := n.Request(t, bot, "c2")
	_, err := n.Desk.TakeOver(t.Context(), ann, old.ID, false)
	must(t, err)
	Until(t, "the chat of the agent who is gone waits again", func() bool { return n.Get(t, old.ID).Status == core.StatusWaiting })
	now, log := n.Get(t, old.ID), n.Log(t, old.ID)
	if now.Agent != nil || now.Epoch != 3 || !now.WaitingSince.Equal(old.WaitingSince) {
		t.Errorf("the chat has agent %v, epoch %d and waits since %v, not %v", now.Agent, now.Epoch, now.WaitingSince, old.WaitingSince)
	}
	if place, err := n.Position(t.Context(), now); err != nil || place != 1 {
		t.Errorf("the chat is at place %d (%v), before the younger %s it was 1", place, err, younger.ID)
	}
	if !sameTypes(log[len(log)-2:], core.EventWaiting, core.EventNote) {
		t.Errorf("the log ends with %v", Types(log))
	}
	n.CheckPlaces(t)
}

// busyOnlyWhenNobodyIsAvailable: a busy agent is offered a chat only when no available one may take it.
func busyOnlyWhenNobodyIsAvailable(t *testing.T, db Database) {
	n := Start(t, db(t), Options{Dispatcher: true})
	ann, bob := n.Agent(t, "Ann", 5), n.Agent(t, "Bob", 1)
	n.say(t, ann, core.BusyAgent)
	for i, want := range []core.Actor{bob, ann, ann} {
		s := n.Request(t, Bot("shop"), fmt.Sprint(i))
		if !s.OfferedTo(want.ID) {
			t.Errorf("chat %d is not offered to %s but %+v", i, want.Name, s.Offer)
		}
	}
}

// lineOrder: the line is served by priority, then first arrival, and a chat that was put back keeps its place (I9).
func lineOrder(t *testing.T, db Database) {
	n := Start(t, db(t), Options{Dispatcher: true})
	bot := Bot("shop")
	var line []*core.Session
	for i, priority := range []core.Priority{core.Normal, core.Low, core.Urgent, core.Normal, core.High, core.Urgent} {
		r, err := n.Desk.Request(t.Context(), bot, core.Handoff{ConversationID: fmt.Sprint(i), Priority: priority, Customer: core.Customer{ExternalID: fmt.Sprint(i)}})
		must(t, err)
		line = append(line, r.Session)
	}
	for place, i := range []int{2, 5, 4, 0, 3, 1} {
		if got, err := n.Position(t.Context(), line[i]); err != nil || got != place+1 {
			t.Errorf("chat %d is at place %d (%v), want %d", i, got, err, place+1)
		}
	}
	ann := n.Agent(t, "Ann", 1)
	for _, i := range []int{2, 5, 4, 0, 3, 1} {
		n.untilOffered(t, line[i].ID, ann)
		if i == 4 { // taken and put back: it is the first again
			_, err := n.Desk.Accept(t.Context(), ann, line[i].ID)
			must(t, err)
			must(t, n.Desk.Requeue(t.Context(), line[i].ID, core.Ref{ID: ann.ID}))
			n.untilOffered(t, line[i].ID, ann)
		}
		_, err := n.Desk.End(t.Context(), bot, line[i].ID, desk.End{})
		must(t, err)
	}
	n.CheckPlaces(t)
}

// capacity: it bounds what is offered and ordered (I3); lowering it takes no chat away; an order by force goes above
// it and says so.
func capacity(t *testing.T, db Database) {
	n := Start(t, db(t), Options{})
	ann, ctx := n.Agent(t, "Ann", 2), t.Context()
	var chats []*core.Session
	for i := range 4 {
		chats = append(chats, n.Request(t, Bot("shop"), fmt.Sprint(i)))
	}
	n.Offer(t, chats[0].ID, ann, soon())
	_, err := n.Desk.TakeOver(ctx, ann, chats[1].ID, false)
	must(t, err)
	_, err = n.Desk.TakeOver(ctx, ann, chats[2].ID, false)
	refused(t, err, core.Conflict, "a third chat for two places")
	_, err = n.TryOffer(ctx, chats[2].ID, ann, soon())
	refused(t, err, core.Conflict, "an offer without a place")
	_, err = n.Desk.TakeOver(ctx, ann, chats[2].ID, true)
	refused(t, err, core.Forbidden, "force without the permission")
	one := 1
	_, err = n.Desk.SetAgent(ctx, ann, core.AgentChange{Capacity: &one})
	must(t, err)
	_, err = n.Desk.Accept(ctx, ann, chats[0].ID)
	must(t, err) // its place was reserved
	_, err = n.Desk.Assign(ctx, boss(), chats[2].ID, ann.ID, true)
	must(t, err)
	if a := n.agent(t, ann); a.Active != 3 || a.Load != 3 || a.Free() != 0 {
		t.Errorf("Ann has active %d and load %d of capacity %d", a.Active, a.Load, a.Capacity)
	}
	log := n.Log(t, chats[2].ID)
	if order, ok := log[len(log)-1].Data.(*core.Assigned); !ok || !order.Forced {
		t.Errorf("the order by force is told as %+v", log[len(log)-1].Data)
	}
	n.CheckPlaces(t)
}

// withdrawnWhenAway: away and offline stop offers and take the open one back at once; chats stay.
func withdrawnWhenAway(t *testing.T, db Database) {
	n := Start(t, db(t), Options{Dispatcher: true, Keeper: true})
	ann := n.Agent(t, "Ann", 2)
	has := n.Active(t, Bot("shop"), "c1", ann)
	offered := n.Request(t, Bot("shop"), "c2")
	if !offered.OfferedTo(ann.ID) {
		t.Fatalf("the chat is %s", offered.Status)
	}
	n.say(t, ann, core.Away)
	if s := n.Get(t, offered.ID); s.Offer != nil || s.PassOf(ann.ID).Count != 0 {
		t.Errorf("Ann is away and the chat is %s, with %+v remembered", s.Status, s.Passes)
	}
	if s := n.Get(t, has.ID); !s.OwnedBy(ann.ID) {
		t.Errorf("going away took Ann's chat: it is %s", s.Status)
	}
	n.say(t, ann, core.Available)
	n.untilOffered(t, offered.ID, ann)
	log := Types(n.Log(t, offered.ID))
	if !slices.Contains(log, core.EventExpired) || log[len(log)-1] != core.EventOffered {
		t.Errorf("the log tells %v", log)
	}
	n.CheckPlaces(t)
}
