package live

import (
	"testing"
	"time"

	"baton/core"
	"baton/core/coretest"
	"baton/core/desk"
)

func TestStaffLearnWhetherTheCustomerIsThere(t *testing.T) {
	h := open(t, options{})
	ann, agent := h.visitor(t, "Ann"), h.agent(t, "Max")
	s := h.talk(t, ann, agent)
	staff := h.dial(t, agent)
	staff.ok("subscribe", `"session":%q`, s.ID)
	staff.nothingOf("presence", s.ID) // nobody knows a customer who was never here

	before := time.Now().Add(-time.Second)
	first, second := h.dial(t, ann), h.dial(t, ann)
	first.ok("subscribe", `"session":%q`, s.ID)
	presenceIs(t, staff, s.ID, "online", before)
	second.ok("subscribe", `"session":%q`, s.ID)
	second.awaitEvent(core.EventAssigned) // he is among the readers by now
	if err := first.ws.Close(); err != nil {
		t.Fatal(err)
	}
	coretest.Until(t, "the end of the first connection", func() bool { return h.hub.Connections() == 2 })
	staff.nothingOf("presence", s.ID)

	if err := second.ws.Close(); err != nil {
		t.Fatal(err)
	}
	presenceIs(t, staff, s.ID, "gone", before)
	late := h.dial(t, h.boss)
	late.ok("subscribe", `"session":%q`, s.ID)
	presenceIs(t, late, s.ID, "gone", before)

	again := h.dial(t, ann)
	again.ok("subscribe", `"session":%q`, s.ID)
	for _, c := range []*client{staff, late} {
		presenceIs(t, c, s.ID, "online", before)
	}
	again.nothingOf("presence", s.ID)
}

// presenceIs fails the test unless the next thing that is told of a customer is this.
func presenceIs(t *testing.T, c *client, session, want string, before time.Time) {
	t.Helper()
	f := c.await("presence")
	at, err := time.Parse(time.RFC3339, f.text("at"))
	if f.text("session") != session || f.text("presence") != want || err != nil || at.Before(before) || at.After(time.Now().Add(time.Second)) {
		t.Fatalf("%s was told %v, want that the customer is %s since now", c.name, f, want)
	}
}

func TestNeitherBotNorCustomerIsToldWhoIsThere(t *testing.T) {
	h := open(t, options{})
	bot, ann := coretest.Bot("shop"), h.visitor(t, "Ann")
	made, err := h.Desk.Request(t.Context(), bot, core.Handoff{ConversationID: "c1", Customer: core.Customer{ID: ann.ID}})
	if err != nil {
		t.Fatal(err)
	}
	id := made.Session.ID
	program, staying, staff := h.dial(t, bot), h.dial(t, ann), h.dial(t, h.boss)
	for _, c := range []*client{program, staying, staff} {
		c.ok("subscribe", `"session":%q`, id)
	}
	presenceIs(t, staff, id, "online", time.Now().Add(-time.Minute))
	staying.ok("unsubscribe", `"session":%q`, id)
	presenceIs(t, staff, id, "gone", time.Now().Add(-time.Minute))
	program.nothingOf("presence", id)
	staying.nothingOf("presence", id)
}

func TestNothingIsKeptOfCustomersWhoseChatHasEnded(t *testing.T) {
	h := open(t, options{})
	ann, agent := h.visitor(t, "Ann"), h.agent(t, "Max")
	s := h.talk(t, ann, agent)
	customer, staff := h.dial(t, ann), h.dial(t, agent)
	customer.ok("subscribe", `"session":%q`, s.ID)
	staff.ok("subscribe", `"session":%q`, s.ID)
	staff.await("presence")
	if _, err := h.Desk.End(t.Context(), agent, s.ID, desk.End{}); err != nil {
		t.Fatal(err)
	}
	staff.awaitEvent(core.EventEnded)
	if err := customer.ws.Close(); err != nil {
		t.Fatal(err)
	}
	coretest.Until(t, "the end of the customer's connection", func() bool { return h.hub.Connections() == 1 })
	staff.nothingOf("presence", s.ID)
	h.hub.mu.Lock()
	defer h.hub.mu.Unlock()
	if len(h.hub.visits) > 0 {
		t.Errorf("the hub still keeps %v", h.hub.visits)
	}
}

func TestBesideOtherServersNothingIsSaidOfCustomers(t *testing.T) {
	h := open(t, options{})
	hub, addr := h.serve(t, options{}, others{h})
	ann, agent := h.visitor(t, "Ann"), h.agent(t, "Max")
	s := h.talk(t, ann, agent)
	coretest.Until(t, "the count of the servers", func() bool {
		hub.mu.Lock()
		defer hub.mu.Unlock()
		return hub.several
	})
	staff, customer := h.dialAt(t, addr, agent), h.dialAt(t, addr, ann)
	staff.ok("subscribe", `"session":%q`, s.ID)
	customer.ok("subscribe", `"session":%q`, s.ID)
	customer.ok("unsubscribe", `"session":%q`, s.ID)
	staff.nothingOf("presence", s.ID)
}
