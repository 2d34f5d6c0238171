package api_test

import (
	"strings"
	"testing"

	"baton/core"
)

func TestGoingAboveTheCapacityIsForThoseWhoMay(t *testing.T) {
	h := open(t, nil)
	bot, visitor := h.bot(t, "shop"), h.visitor(t)
	for role, may := range map[core.Role]bool{core.Owner: true, core.Admin: true, core.Supervisor: true, core.AgentRole: false} {
		by := h.person(t, string(role), role)
		h.call(t, by, "PUT", "/v1/me", `{"capacity":1}`).want(t, "room for one", 200)
		h.held(t, bot, visitor, by)
		take := "/v1/sessions/" + h.chat(t, bot, visitor, "").ID + "/takeover"
		full := h.call(t, by, "POST", take, "").want(t, "a second chat", 409, "conflict")
		forced := h.call(t, by, "POST", take, `{"force":true}`)
		if told := strings.Contains(h.call(t, by, "GET", "/v1/me", "").text, `"session.force"`); told != may {
			t.Errorf("a %s is told of the permission: %v", role, told)
		}
		if !may {
			forced.want(t, "force by an agent", 403, "forbidden")
			h.call(t, by, "POST", strings.Replace(take, "takeover", "assign", 1), `{"agent_id":"`+by.ID+`","force":true}`).want(t, "an order by force", 403, "forbidden")
			continue
		}
		if forced.want(t, "force by a "+string(role), 200); forced.JSON["status"] != "active" {
			t.Errorf("after %s the forced chat is %s", full, forced)
		}
	}
}
