package api_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"baton/adapters/api"
	"baton/core"
)

func TestSettingsAreWhatTheSetUpSaidUntilAnAdminChangesThem(t *testing.T) {
	h := open(t, func(c *api.Config, _ *api.Deps) { c.WidgetOrigins = []string{"https://shop.example"} })
	code, err := h.access.SetUpCode(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	const owner = `"email":"o@example.org","name":"Olga","password":"0123456789"`
	h.call(t, caller{}, "POST", "/v1/setup", `{"code":"`+code+`",`+owner+`,"account":"\u200b"}`).want(t, "a company whose name is not seen", 422)
	a := h.call(t, caller{}, "POST", "/v1/setup", `{"code":"`+code+`",`+owner+`,"account":" Wool\u202e & Co ","time_zone":"Europe/Berlin"}`).want(t, "set-up", 201)
	by := caller{token: a.JSON["token"].(string)}
	is := h.call(t, by, "GET", "/v1/settings", "").want(t, "the settings", 200)
	if is.JSON["name"] != "Wool & Co" || is.JSON["time_zone"] != "Europe/Berlin" || is.JSON["capacity_max"] != 20.0 || !strings.Contains(is.text, `"origins":["https://shop.example"]`) {
		t.Errorf("after the set-up the settings are %s", is.text)
	}
	changed := h.call(t, by, "PUT", "/v1/settings", `{"time_zone":"Asia/Tokyo"}`).want(t, "another zone", 200)
	if changed.JSON["name"] != "Wool & Co" || changed.JSON["time_zone"] != "Asia/Tokyo" {
		t.Errorf("with another zone the settings are %s", changed.text)
	}
	for body, pointer := range map[string]string{`{"time_zone":"Local"}`: "/time_zone", `{"time_zone":""}`: "/time_zone", `{"name":" "}`: "/name", `{"name":"` + strings.Repeat("x", 201) + `"}`: "/name"} {
		if got := h.call(t, by, "PUT", "/v1/settings", body).want(t, body, 422).pointer(); got != pointer {
			t.Errorf("%s is refused at %s, want %s", body, got, pointer)
		}
	}
	h.call(t, by, "PUT", "/v1/settings", `{"name":""}`).want(t, "no name", 200)
	if again := h.call(t, by, "GET", "/v1/settings", ""); again.JSON["name"] != "" || again.JSON["time_zone"] != "Asia/Tokyo" {
		t.Errorf("without a name the settings are %s", again.text)
	}
}

func TestWidgetIsGreetedBeforeAnybodyIsKnown(t *testing.T) {
	h := open(t, func(c *api.Config, _ *api.Deps) {
		c.WidgetOrigins = []string{"https://shop.example"}
		c.Attachment = 1 << 20
	})
	h.call(t, h.person(t, "Olga", core.Owner), "PUT", "/v1/settings", `{"name":"Wool & Co"}`).want(t, "a name", 200)
	a := h.call(t, caller{}, "GET", "/v1/widget", "", "Origin", "https://shop.example").want(t, "the widget", 200)
	if a.JSON["name"] != "Wool & Co" || a.JSON["open"] != true || a.header.Get("Access-Control-Allow-Origin") != "https://shop.example" {
		t.Errorf("a page of the widget is greeted with %s and %v", a.text, a.header)
	}
	limits := a.JSON["limits"].(map[string]any)
	if limits["text_bytes"] != 16384.0 || limits["attachment_bytes"] != 1048576.0 || !strings.Contains(fmt.Sprint(limits["attachment_types"]), "png jpg jpeg") {
		t.Errorf("the limits are %v", limits)
	}
	h.call(t, caller{}, "GET", "/v1/widget", "", "Origin", "https://evil.example").want(t, "a foreign page", 403)
}

func TestMeSaysWhatAPersonOfTheRoleMayAskFor(t *testing.T) {
	h := open(t, nil)
	for _, row := range []struct {
		role core.Role
		may  []string
		not  []string
	}{
		{core.Owner, []string{"settings.change", "key.change", "session.takeover"}, nil},
		{core.Supervisor, []string{"settings.read", "agent.change", "me.change"}, []string{"settings.change", "key.change"}},
		{core.AgentRole, []string{"settings.read", "session.takeover", "me.change"}, []string{"agent.change"}},
		{core.Viewer, []string{"session.list", "settings.read"}, []string{"me.change", "message.post"}},
	} {
		by := h.person(t, string(row.role), row.role)
		a := h.call(t, by, "GET", "/v1/me", "").want(t, "me", 200)
		var said []string
		for _, act := range a.JSON["permissions"].([]any) {
			said = append(said, act.(string))
		}
		for _, act := range row.may {
			if !slices.Contains(said, act) {
				t.Errorf("a %s is not told of %s: %v", row.role, act, said)
			}
		}
		for _, act := range append(row.not, "login", "public", "session.request", "session.rate") {
			if slices.Contains(said, act) {
				t.Errorf("a %s is told of %s", row.role, act)
			}
		}
		if a.JSON["id"] != by.ID || a.JSON["role"] != string(row.role) || a.JSON["presence"] != "online" {
			t.Errorf("a %s is %s", row.role, a.text)
		}
	}
	agent := h.signIn(t, "agent@example.org")
	changed := h.call(t, agent, "PUT", "/v1/me", `{"name":"An\u200bna","capacity":2}`).want(t, "another name", 200)
	if changed.JSON["name"] != "Anna" || changed.JSON["capacity"] != 2.0 || changed.JSON["permissions"] == nil {
		t.Errorf("after the change I am %s", changed.text)
	}
	h.call(t, agent, "PUT", "/v1/me", `{"name":"\u200b"}`).want(t, "a name that is not seen", 422)
}
