package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"baton/adapters/api"
	"baton/core"
)

// codeOf takes the code out of a link.
func codeOf(t *testing.T, a answer, before string) string {
	t.Helper()
	link, _ := a.JSON["link"].(string)
	page, code, found := strings.Cut(link, "#")
	if !found || page != before || len(code) != 52 {
		t.Fatalf("the link is %q, want %s#CODE with 256 bits", link, before)
	}
	return code
}

func cookieOf(a answer) string { return (&http.Response{Header: a.header}).Cookies()[0].Value }

func TestInvitationLeadsFromTheLinkIntoTheTeam(t *testing.T) {
	h := open(t, func(c *api.Config, _ *api.Deps) { c.PublicURL = "https://desk.example/" })
	if _, err := h.store.MakeQueue(t.Context(), core.Desk, "billing"); err != nil {
		t.Fatal(err)
	}
	boss, agent := h.person(t, "Boss", core.Supervisor), h.person(t, "Berta", core.AgentRole)
	h.call(t, h.person(t, "Olga", core.Owner), "PUT", "/v1/settings", `{"name":"Wool & Co"}`).want(t, "a name", 200)
	h.call(t, agent, "POST", "/v1/invites", `{"email":"a@example.org","role":"agent"}`).want(t, "an agent who invites", 403)
	h.call(t, boss, "POST", "/v1/invites", `{"email":"a@example.org","role":"admin"}`).want(t, "a supervisor who invites an admin", 403)
	h.call(t, boss, "POST", "/v1/invites", `{"email":"a@example.org","role":"agent","queues":["nowhere"]}`).want(t, "no such queue", 422)
	h.call(t, boss, "POST", "/v1/invites", `{"email":"berta@example.org","role":"agent"}`).want(t, "a user's address", 409, "conflict")
	made := h.call(t, boss, "POST", "/v1/invites", `{"email":"Ann@example.org","role":"agent","name":"Ann","queues":["billing","general"]}`).want(t, "an invitation", 201)
	code := codeOf(t, made, "https://desk.example/app/invite")
	open := h.call(t, boss, "GET", "/v1/invites", "").want(t, "the open ones", 200)
	if open.ids() != made.JSON["id"] || strings.Contains(open.text, code) || strings.Contains(open.text, "link") || !strings.Contains(open.text, `"by":{"id":"`+boss.ID+`","name":"Boss"}`) {
		t.Errorf("open are %s", open.text)
	}
	looked := h.call(t, caller{}, "POST", "/v1/codes", `{"code":"`+code+`"}`).want(t, "what it is good for", 200)
	if looked.JSON["kind"] != "invite" || looked.JSON["email"] != "ann@example.org" || looked.JSON["account"] != "Wool & Co" || looked.JSON["role"] != "agent" {
		t.Errorf("the code is good for %s", looked.text)
	}
	h.call(t, caller{}, "POST", "/v1/invites/"+code, `{"name":"Anna","password":"short"}`).want(t, "a short password", 422)
	in := h.call(t, caller{}, "POST", "/v1/invites/"+code, `{"name":"Anna","password":"`+password+`"}`).want(t, "accepting", 201)
	ann := in.JSON["agent"].(map[string]any)
	if ann["email"] != "ann@example.org" || ann["name"] != "Anna" || len(ann["queues"].([]any)) != 2 || cookieOf(in) != in.JSON["token"] {
		t.Errorf("who accepted is %s", in.text)
	}
	h.call(t, caller{token: in.JSON["token"].(string)}, "GET", "/v1/me", "").want(t, "signed in", 200)
	again := h.call(t, caller{}, "POST", "/v1/invites/"+code, `{"name":"Eve","password":"`+password+`"}`).want(t, "accepting again", 401, "unauthorized")
	if strings.Contains(again.text, code) || strings.Contains(h.log.String(), code) {
		t.Errorf("the code is repeated in %s or in the log", again.text)
	}
	if left := h.call(t, boss, "GET", "/v1/invites", "").ids(); left != "" {
		t.Errorf("after it was accepted %s is open", left)
	}
	gone := h.call(t, boss, "POST", "/v1/invites", `{"email":"bob@example.org","role":"agent"}`).want(t, "another", 201)
	h.call(t, boss, "DELETE", "/v1/invites/"+gone.JSON["id"].(string), "").want(t, "taking it back", 204)
	h.call(t, caller{}, "POST", "/v1/codes", `{"code":"`+codeOf(t, gone, "https://desk.example/app/invite")+`"}`).want(t, "after it was taken back", 401)
}

func TestA08LostPasswordIsReplacedByALinkThatAnAdminMakes(t *testing.T) {
	h := open(t, nil)
	admin, boss, ann := h.person(t, "Admin", core.Admin), h.person(t, "Boss", core.Supervisor), h.person(t, "Ann", core.AgentRole)
	owner := h.person(t, "Olga", core.Owner)
	path := "/v1/agents/" + ann.ID + "/reset"
	h.call(t, boss, "POST", path, "").want(t, "by a supervisor", 403)
	h.call(t, admin, "POST", "/v1/agents/"+owner.ID+"/reset", "").want(t, "for somebody more powerful", 403)
	h.call(t, admin, "POST", "/v1/agents/agt_nobody/reset", "").want(t, "for nobody", 404)
	code := codeOf(t, h.call(t, admin, "POST", path, "").want(t, "a link", 201), h.url+"/app/reset")
	if looked := h.call(t, caller{}, "POST", "/v1/codes", `{"code":"`+code+`"}`).want(t, "what it is good for", 200); looked.JSON["kind"] != "reset" || looked.JSON["email"] != "ann@example.org" {
		t.Errorf("the code is good for %s", looked.text)
	}
	h.call(t, ann, "GET", "/v1/me", "").want(t, "before", 200)
	in := h.call(t, caller{}, "POST", "/v1/resets/"+code, `{"password":"a new password"}`).want(t, "a new password", 200)
	h.call(t, ann, "GET", "/v1/me", "").want(t, "the login from before", 401)
	if me := h.call(t, caller{}, "GET", "/v1/me", "", "Cookie", "baton_login="+cookieOf(in)).want(t, "the new login", 200); me.JSON["id"] != ann.ID {
		t.Errorf("the link signed in %s", me.text)
	}
	again := h.call(t, caller{}, "POST", "/v1/resets/"+code, `{"password":"another password"}`).want(t, "the link again", 401)
	if strings.Contains(again.text, code) || strings.Contains(h.log.String(), code) {
		t.Errorf("the code is repeated in %s or in the log", again.text)
	}
	h.call(t, caller{}, "POST", "/v1/login", `{"email":"ann@example.org","password":"`+password+`"}`).want(t, "the old password", 401)
}

func TestWrongCodesAreSlowedByAddress(t *testing.T) {
	h := open(t, nil)
	for n := range 5 {
		h.call(t, caller{}, "POST", fmt.Sprint("/v1/resets/guess", n), `{"password":"0123456789"}`).want(t, "a guess", 401)
	}
	slowed := h.call(t, caller{}, "POST", "/v1/codes", `{"code":"x"}`).want(t, "one more", 429, "too_many")
	if slowed.header.Get("Retry-After") == "" {
		t.Errorf("nothing says when to come again: %v", slowed.header)
	}
}

func TestPermissionsOfAdminsOverPeopleAreThoseThatAreTold(t *testing.T) {
	h := open(t, nil)
	target := h.person(t, "Target", core.AgentRole)
	for _, role := range core.StaffRoles {
		by := h.person(t, "by."+string(role), role)
		told := h.call(t, by, "GET", "/v1/me", "").text
		for act, ask := range map[string][3]string{
			"agent.admin":  {"PATCH", "/v1/agents/" + target.ID, `{"name":"Renamed"}`},
			"agent.change": {"PATCH", "/v1/agents/" + target.ID, `{"skills":["x"]}`},
			"agent.reset":  {"POST", "/v1/agents/" + target.ID + "/reset", ""},
			"invite.make":  {"POST", "/v1/invites", `{"email":"` + string(role) + `@new.example","role":"agent"}`},
		} {
			got := h.call(t, by, ask[0], ask[1], ask[2])
			if may := strings.Contains(told, `"`+act+`"`); may != (got.status < 300) {
				t.Errorf("a %s is told of %s: %v, and gets %s", role, act, may, got)
			}
		}
	}
}
