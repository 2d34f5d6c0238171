package live

import (
	"fmt"
	"testing"

	"baton/core"
	"baton/core/coretest"
	"baton/core/desk"
	"baton/core/hours"
)

func TestBotsHandoffShowsUpAtTheVisitor(t *testing.T) {
	h := open(t, options{})
	ann := h.visitor(t, "Ann")
	c := h.dial(t, ann)
	r, err := h.Desk.Request(t.Context(), coretest.Bot("shop"), core.Handoff{ConversationID: "c1", Customer: core.Customer{ID: ann.ID}})
	if err != nil {
		t.Fatal(err)
	}
	f := c.until("his session", rowOf(r.Session.ID, "waiting"))
	if row := frame(f["session"].(map[string]any)); row.number("position") != 1 {
		t.Errorf("his row has the place %v, want 1", row["position"])
	}
}

func TestPlaceIsToldWhenTheLineMoves(t *testing.T) {
	h := open(t, options{})
	bot, agent, ann := coretest.Bot("shop"), h.agent(t, "Max"), h.visitor(t, "Ann")
	first := h.Request(t, bot, "c1")
	c := h.dial(t, ann)
	if _, err := h.Desk.Request(t.Context(), ann, core.Handoff{}); err != nil {
		t.Fatal(err)
	}
	c.until("the second place", func(f frame) bool { return f.text("type") == "place" && f.number("position") == 2 })
	if _, err := h.Desk.Assign(t.Context(), h.boss, first.ID, agent.ID, false); err != nil {
		t.Fatal(err)
	}
	c.until("the first place", func(f frame) bool { return f.text("type") == "place" && f.number("position") == 1 })
}

func TestPlaceIsToldToACustomerWhoComesBack(t *testing.T) {
	h := open(t, options{})
	ann := h.visitor(t, "Ann")
	r, err := h.Desk.Request(t.Context(), ann, core.Handoff{})
	if err != nil {
		t.Fatal(err)
	}
	c := h.dial(t, ann)
	c.ok("subscribe", `"session":%q`, r.Session.ID)
	if f := c.await("place"); f.number("position") != 1 {
		t.Errorf("was told %v", f)
	}
}

func TestWhoBecomesUrgentIsToldHisNewPlace(t *testing.T) {
	h := open(t, options{})
	place := func(c *client, n int64) {
		t.Helper()
		c.until(fmt.Sprint("place ", n), func(f frame) bool { return f.text("type") == "place" && f.number("position") == n })
	}
	var waiting []*client
	var last *core.Session
	for i := range 3 {
		who := h.visitor(t, fmt.Sprint("Ann ", i))
		r, err := h.Desk.Request(t.Context(), who, core.Handoff{})
		if err != nil {
			t.Fatal(err)
		}
		last = r.Session
		c := h.dial(t, who)
		c.ok("subscribe", `"session":%q`, last.ID)
		place(c, int64(i+1))
		waiting = append(waiting, c)
	}
	urgent := core.Urgent
	if _, err := h.Desk.Update(t.Context(), h.boss, last.ID, desk.Update{Priority: &urgent}); err != nil {
		t.Fatal(err)
	}
	place(waiting[2], 1)
	place(waiting[0], 2)
	place(waiting[1], 3)
}

func TestStaffAndBotWhoFollowASessionAreToldItsPlace(t *testing.T) {
	h := open(t, options{})
	bot, agent := coretest.Bot("shop"), h.agent(t, "Max")
	h.Request(t, bot, "c1")
	second := h.Request(t, bot, "c2")
	for _, who := range []core.Actor{bot, agent} {
		c := h.dial(t, who)
		c.ok("subscribe", `"session":%q`, second.ID)
		c.until("the second place", func(f frame) bool { return f.text("type") == "place" && f.number("position") == 2 })
	}
}

func TestCustomersAndBotsAreToldThatAQueueClosesAndOpens(t *testing.T) {
	h := open(t, options{})
	q, err := h.Queue(t.Context(), "general")
	if err != nil {
		t.Fatal(err)
	}
	closed, err := h.AddSchedule(t.Context(), core.Desk, hours.Schedule{Name: "Never", TimeZone: "UTC"})
	if err != nil {
		t.Fatal(err)
	}
	customer, bot := h.dial(t, h.visitor(t, "Ann")), h.dial(t, coretest.Bot("shop"))
	// What a queue was before is known from the first look on.
	coretest.Until(t, "the hub has looked", func() bool {
		h.hub.mu.Lock()
		defer h.hub.mu.Unlock()
		_, known := h.hub.opened[q.ID]
		return known
	})
	for _, step := range []struct{ schedule, told string }{{closed.ID, "queue.closed"}, {"", "queue.opened"}} {
		if _, err := h.ChangeQueue(t.Context(), core.Desk, q.ID, core.QueueChange{Schedule: &step.schedule}); err != nil {
			t.Fatal(err)
		}
		for _, c := range []*client{customer, bot} {
			if f := c.await(step.told); f["queue"].(map[string]any)["id"] != q.ID || f["next_opening"] != nil {
				t.Errorf("was told %v", f)
			}
		}
	}
}
