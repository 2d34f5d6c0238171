package live

import (
	"fmt"
	"testing"

	"baton/core"
	"baton/core/coretest"
	"baton/core/desk"
)

// frameFields are what each frame must carry besides its session, so that only who asks decides the answer. A
// frame that is not here fails the test of all frames.
var frameFields = map[string]string{
	"message": `"client_id":"m1","text":"x"`, "subscribe": `"after":0`, "unsubscribe": ``, "ping": ``, "typing": ``, "read": `"seq":1`, "delivered": `"seq":1`,
	"status": `"status":"available"`, "accept": ``, "decline": ``, "assign": ``, "takeover": ``, "transfer": `"queue":"general"`,
	"end": ``, "reopen": ``, "note": `"text":"x"`, "tag": `"tag":"x"`, "untag": `"tag":"x"`, "rate": `"score":5`, "update": `"subject":"x"`, "priority": `"priority":"high"`,
}

// withoutSession are the frames that name none, and unsubscribe, which says the same of every session.
var withoutSession = map[string]bool{"status": true, "ping": true, "unsubscribe": true}

func TestZ01EveryFrameAnswersEveryCallerAsThePolicySays(t *testing.T) {
	h := open(t, options{})
	if _, err := h.store.MakeQueue(t.Context(), core.Desk, "billing"); err != nil {
		t.Fatal(err)
	}
	foreign, err := h.Desk.Request(t.Context(), coretest.Bot("rival"), core.Handoff{ConversationID: "c9", Queue: "billing", Customer: core.Customer{ExternalID: "u9"}})
	if err != nil {
		t.Fatal(err)
	}
	callers := []core.Actor{coretest.Bot("shop"), h.visitor(t, "Ann")}
	for _, role := range core.StaffRoles {
		callers = append(callers, h.person(t, string(role), role))
	}
	rules, asked := desk.Rules(), 0
	for _, caller := range callers {
		for kind, v := range h.hub.verbs {
			fields, known := frameFields[kind]
			if !known {
				t.Fatalf("the frame %q has no row in this test", kind)
			}
			for object, session := range map[string]string{"missing": "ses_0000000000000000", "foreign": foreign.Session.ID} {
				if object == "foreign" && (caller.Leads() || caller.Role == core.Viewer) {
					continue // nothing is foreign to those who read everything
				}
				asked++
				want := expected(rules[v.act], caller, kind)
				// Each on a connection of its own: a refusal too many would end it.
				c := h.dial(t, caller)
				f := c.ask(kind, sessionFields(kind, session, fields, h.boss.ID))
				if got := f.text("type") + " " + f.text("code"); got != want {
					t.Errorf("a %s who sends %s about a %s session gets %q, want %q", caller.Role, kind, object, got, want)
				}
				_ = c.ws.Close()
			}
		}
	}
	if asked < 150 {
		t.Errorf("only %d frames were tried", asked)
	}
}

// expected is what the policy makes of a frame about a session that is not there for the caller.
func expected(rule desk.Rule, caller core.Actor, kind string) string {
	switch {
	case core.KindOf(rule.Admits(caller)) == core.Forbidden:
		return "problem forbidden"
	case withoutSession[kind]:
		return "ok "
	}
	return "problem not_found"
}

func sessionFields(kind, session, fields, agent string) string {
	if kind == "assign" {
		fields = fmt.Sprintf(`"agent_id":%q`, agent)
	}
	if kind == "status" || kind == "ping" {
		return fields
	}
	if fields == "" {
		return fmt.Sprintf(`"session":%q`, session)
	}
	return fmt.Sprintf(`"session":%q,%s`, session, fields)
}
