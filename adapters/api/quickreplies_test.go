package api_test

import (
	"fmt"
	"strings"
	"testing"

	"baton/core"
	"baton/core/access"
)

func TestQuickRepliesOfTheTeamAreForSupervisorsAndOnesOwnForOneself(t *testing.T) {
	h := open(t, nil)
	far, err := h.store.MakeQueue(t.Context(), core.Desk, "far")
	if err != nil {
		t.Fatal(err)
	}
	boss, ann, bob := h.person(t, "Boss", core.Supervisor), h.person(t, "Ann", core.AgentRole), h.person(t, "Bob", core.AgentRole)
	add := func(by caller, body string) answer { return h.call(t, by, "POST", "/v1/quick-replies", body) }
	tracking := add(boss, `{"scope":"team","shortcut":" /TR ","title":"Track\u202eing","text":"Hi {{first_name}}","language":"en","queue":"general"}`).want(t, "a team reply", 201)
	if tracking.JSON["shortcut"] != "tr" || tracking.JSON["title"] != "Tracking" || tracking.JSON["used"] != 0.0 || tracking.JSON["queue"].(map[string]any)["name"] != "general" {
		t.Errorf("the team reply is %s", tracking.text)
	}
	distant := add(boss, `{"scope":"team","shortcut":"far","text":"x","queue":"far"}`).want(t, "of another queue", 201)
	own := add(ann, `{"scope":"personal","shortcut":"tr","text":"my own"}`).want(t, "one's own", 201)
	add(ann, `{"scope":"team","shortcut":"no","text":"x"}`).want(t, "an agent's team reply", 403, "forbidden")
	add(ann, `{"scope":"personal","shortcut":"TR","text":"x"}`).want(t, "the same shortcut", 409, "conflict")
	if got := add(boss, `{"scope":"team","shortcut":"tr","text":"x"}`).want(t, "a taken one", 409, "conflict"); !strings.Contains(got.text, "/tr already: Tracking") {
		t.Errorf("a taken shortcut is refused with %s", got.text)
	}

	sees := func(by caller) string {
		list := h.call(t, by, "GET", "/v1/quick-replies?limit=500", "").want(t, "the list", 200)
		var texts []string
		for _, r := range list.JSON["data"].([]any) {
			texts = append(texts, fmt.Sprint(r.(map[string]any)["scope"], "/", r.(map[string]any)["shortcut"]))
		}
		return strings.Join(texts, " ")
	}
	for who, want := range map[*caller]string{&ann: "team/tr personal/tr", &bob: "team/tr", &boss: "team/tr team/far"} {
		if got := sees(*who); got != want {
			t.Errorf("%s sees %s, want %s", who.Name, got, want)
		}
	}
	if _, err := h.access.ChangeUser(t.Context(), core.Desk, bob.ID, access.UserChange{Queues: &[]string{far.ID}}); err != nil {
		t.Fatal(err)
	}
	if got := sees(h.signIn(t, "bob@example.org")); got != "team/far" {
		t.Errorf("Bob in the queue far sees %s", got)
	}

	path := func(a answer) string { return "/v1/quick-replies/" + a.JSON["id"].(string) }
	h.call(t, ann, "PATCH", path(tracking), `{"text":"x"}`).want(t, "an agent changes the team's", 403, "forbidden")
	h.call(t, ann, "DELETE", path(distant), "").want(t, "a team reply of another queue", 404, "not_found")
	h.call(t, boss, "DELETE", path(own), "").want(t, "a colleague's own", 404, "not_found")
	h.call(t, bob, "POST", path(own)+"/uses", "").want(t, "using a colleague's own", 404, "not_found")
	h.call(t, ann, "PATCH", path(own), `{"queue":"general"}`).want(t, "one's own for a queue", 422)
	h.call(t, ann, "POST", path(tracking)+"/uses", "").want(t, "using the team's", 204)
	changed := h.call(t, boss, "PATCH", path(tracking), `{"title":"","language":"","queue":""}`).want(t, "taking parts away", 200)
	if changed.JSON["title"] != "" || changed.JSON["language"] != nil || changed.JSON["queue"] != nil || changed.JSON["text"] != "Hi {{first_name}}" || changed.JSON["used"] != 1.0 || changed.JSON["rev"] != 2.0 {
		t.Errorf("after taking parts away the reply is %s", changed.text)
	}
	h.call(t, ann, "DELETE", path(own), "").want(t, "removing one's own", 204)
	h.call(t, boss, "DELETE", path(tracking), "").want(t, "removing the team's", 204)
	if got := sees(ann); got != "" {
		t.Errorf("after that Ann sees %s", got)
	}
}

func TestQuickReplyThatCannotBeIsRefusedAtItsField(t *testing.T) {
	h := open(t, nil)
	ann := h.person(t, "Ann", core.AgentRole)
	for _, row := range []struct{ field, value string }{
		{"shortcut", `""`}, {"shortcut", `"/"`}, {"shortcut", `"a b"`}, {"shortcut", `"a/b"`}, {"shortcut", `"` + strings.Repeat("x", 33) + `"`},
		{"text", `"  "`}, {"text", `"` + strings.Repeat("x", 16<<10+1) + `"`}, {"title", `"` + strings.Repeat("x", 201) + `"`},
		{"language", `"not a tag"`}, {"queue", `"nowhere"`}, {"scope", `"mine"`},
	} {
		fields := map[string]string{"scope": `"personal"`, "shortcut": `"ok"`, "text": `"x"`}
		fields[row.field] = row.value
		var parts []string
		for name, value := range fields {
			parts = append(parts, fmt.Sprintf("%q:%s", name, value))
		}
		got := h.call(t, ann, "POST", "/v1/quick-replies", "{"+strings.Join(parts, ",")+"}").want(t, row.field+" "+clip(row.value), 422, "invalid")
		if got.pointer() != "/"+row.field {
			t.Errorf("%s %s is refused at %s", row.field, clip(row.value), got.pointer())
		}
	}
	h.call(t, ann, "POST", "/v1/quick-replies", `{"scope":"personal","shortcut":"größe-1_ü","text":"x"}`).want(t, "letters of any script", 201)
}
