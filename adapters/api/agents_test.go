package api_test

import (
	"strings"
	"testing"

	"baton/core"
)

func TestWhoIsDisabledOrOnlyReadsHandsHisChatsBackAtOnce(t *testing.T) {
	h := open(t, nil)
	bot, visitor, admin := h.bot(t, "shop"), h.visitor(t), h.person(t, "Admin", core.Admin)
	for name, body := range map[string]string{"Ann": `{"disabled":true}`, "Bob": `{"role":"viewer"}`} {
		by := h.person(t, name, core.AgentRole)
		h.call(t, by, "PUT", "/v1/me", `{"status":"available"}`).want(t, "available", 200)
		s := h.held(t, bot, visitor, by)
		is := h.call(t, admin, "PATCH", "/v1/agents/"+by.ID, body).want(t, body, 200)
		if is.JSON["active"] != 0.0 || is.JSON["load"] != 0.0 || is.JSON["status"] != "offline" {
			t.Errorf("%s after %s: %s", name, body, is.text)
		}
		now := h.call(t, admin, "GET", "/v1/sessions/"+s.ID, "").want(t, "the chat", 200)
		if now.JSON["status"] != "waiting" || now.JSON["agent"] != nil || now.JSON["waiting_since"] == nil {
			t.Errorf("the chat that %s had is %s", name, now.text)
		}
		h.call(t, by, "GET", "/v1/me", "").want(t, "his login", 401)
		h.call(t, admin, "POST", "/v1/sessions/"+s.ID+"/assign", `{"agent_id":"`+by.ID+`"}`).want(t, "giving it back to him", 422)
		if log := h.call(t, admin, "GET", "/v1/sessions/"+s.ID+"/events", "").text; !strings.Contains(log, name+" takes no chats any more") {
			t.Errorf("the log of the chat that %s had is %s", name, log)
		}
	}
}
