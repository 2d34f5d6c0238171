package coretest

import (
	"fmt"
	"testing"

	"baton/core"
	"baton/core/desk"
)

// contacts: a new name or number is in the customer's open chats, and nowhere else.
func contacts(t *testing.T, db Database) {
	n := Start(t, db(t), Options{})
	ann, ctx := n.Agent(t, "Ann", 5), t.Context()
	over := n.Request(t, Bot("shop"), "c1")
	_, err := n.Desk.End(ctx, Bot("shop"), over.ID, desk.End{})
	must(t, err)
	now := n.Request(t, Bot("shop"), "c1")
	if now.Customer.ID != over.Customer.ID {
		t.Fatalf("one person is %s and then %s", over.Customer.ID, now.Customer.ID)
	}
	name, phone := "Änne", "+49 30 1"
	is, err := n.Desk.ChangeCustomer(ctx, ann, now.Customer.ID, core.CustomerChange{Name: &name, Phone: &phone})
	must(t, err)
	if is.Name != name || is.Phone != phone || is.ID != now.Customer.ID {
		t.Errorf("the customer is %+v", is)
	}
	_, err = n.Desk.ChangeCustomer(ctx, ann, now.Customer.ID, core.CustomerChange{Name: &name})
	must(t, err)
	for id, want := range map[string]string{now.ID: name, over.ID: over.Customer.Name} {
		s, err := n.Session(ctx, id)
		must(t, err)
		if s.Customer.Name != want || s.Customer.ExternalID != over.Customer.ExternalID {
			t.Errorf("a chat that is %s is with %+v, want the name %q", s.Status, s.Customer, want)
		}
	}
	log := n.Log(t, now.ID)
	CheckLog(t, log)
	if !sameTypes(log, core.EventRequested, core.EventUpdated) {
		t.Errorf("after the change and its repeat the log tells %v", Types(log))
	}
}

// tags: each is counted once for every session that has it and that lies within reach.
func tags(t *testing.T, db Database) {
	n := Start(t, db(t), Options{})
	ctx := t.Context()
	second, err := n.MakeQueue(ctx, core.Desk, "second")
	must(t, err)
	ann := n.Agent(t, "Ann", 5)
	for i, h := range []core.Handoff{{Tags: []string{"vip", "50%_off"}}, {Tags: []string{"vip"}}, {}, {Queue: "second", Tags: []string{"vip", "far"}}, {Queue: "second", Tags: []string{"mine"}}} {
		h.ConversationID, h.Customer = fmt.Sprint(i), core.Customer{ExternalID: fmt.Sprint(i)}
		r, err := n.Desk.Request(ctx, Bot("shop"), h)
		must(t, err)
		if i == 4 {
			_, err := n.Desk.Assign(ctx, boss(), r.Session.ID, ann.ID, false)
			must(t, err)
		}
	}
	general, err := n.Queue(ctx, "")
	must(t, err)
	for _, c := range []struct {
		name   string
		within *core.Reach
		want   string
	}{
		{"all", nil, "[{50%_off 1} {far 1} {mine 1} {vip 3}]"},
		{"one queue", &core.Reach{Agent: ann.ID, Queues: []string{general.ID}}, "[{50%_off 1} {vip 2}]"},
		{"both queues", &core.Reach{Agent: ann.ID, Queues: []string{general.ID, second.ID}}, "[{50%_off 1} {far 1} {mine 1} {vip 3}]"},
		{"his own", &core.Reach{Agent: ann.ID}, "[{mine 1}]"},
		{"a stranger's", &core.Reach{Agent: "agt_x"}, "[]"},
	} {
		got, err := n.Tags(ctx, c.within)
		if err != nil || fmt.Sprint(got) != c.want {
			t.Errorf("%s gives %v (%v), want %s", c.name, got, err, c.want)
		}
	}
}
