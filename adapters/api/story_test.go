package api_test

import (
	"net/http"
	"strings"
	"testing"

	"baton/adapters/api"
	"baton/core"
)

func TestHandoffGoesFromSetUpToRating(t *testing.T) {
	h := open(t, nil)
	code, err := h.access.SetUpCode(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	a := h.call(t, caller{}, "POST", "/v1/setup", `{"code":"`+code+`","email":"Owner@Example.org","name":"Olga","password":"`+password+`","time_zone":"Europe/Berlin"}`).want(t, "set-up", 201)
	owner := caller{token: a.JSON["token"].(string)}
	if agent := a.JSON["agent"].(map[string]any); agent["role"] != "owner" || agent["status"] != "offline" {
		t.Errorf("the first user is %v", agent)
	}
	a = h.call(t, owner, "POST", "/v1/keys", `{"name":"shop bot"}`).want(t, "make a key", 201)
	bot := caller{token: a.JSON["key"].(string)}
	a = h.call(t, owner, "PUT", "/v1/me", `{"status":"available","capacity":2}`).want(t, "go available", 200)
	if a.JSON["presence"] != "online" || a.JSON["capacity"] != 2.0 {
		t.Errorf("I am %s", a.text)
	}
	agent := a.JSON["id"].(string)

	a = h.call(t, bot, "POST", "/v1/handoffs", `{"conversation_id":"c1","customer":{"external_id":"u1","name":"Ann","phone":null},"subject":"Parcel 48213",
		"reason":{"code":"policy","text":"refund"},"summary":"wants money back","tried":["tracking"],"intent":{"name":"parcel_lost","score":0.91},"sentiment":-0.62,
		"note_to_agent":"vip","routing":{"queue":"general","priority":"high","preferred_agent":null},"context":{"a":[1,2]},"tags":["vip"],
		"transcript":[{"client_id":"t1","author":{"role":"customer"},"text":"hello","created_at":"2026-01-02T03:04:05Z","original":{"x":1}},{"author":{"role":"bot"},"text":"hi"}]}`).want(t, "handoff", 201)
	session := a.JSON["id"].(string)
	if a.JSON["queue"] != "general" || a.JSON["epoch"] != 1.0 || a.JSON["position"] != 1.0 {
		t.Errorf("the handoff was answered with %s", a.text)
	}
	again := h.call(t, bot, "POST", "/v1/handoffs", `{"conversation_id":"c1"}`).want(t, "the same conversation again", 200)
	if again.JSON["id"] != session {
		t.Errorf("the same conversation got %s", again.text)
	}
	path := "/v1/sessions/" + session
	a = h.call(t, owner, "POST", path+"/takeover", "").want(t, "take over", 200)
	if a.JSON["status"] != "active" || a.JSON["agent"].(map[string]any)["id"] != agent {
		t.Errorf("after the take-over: %s", a.text)
	}
	a = h.call(t, bot, "POST", path+"/messages", `{"client_id":"m1","text":"where is it?"}`).want(t, "relay", 201)
	b := h.call(t, bot, "POST", path+"/messages", `{"client_id":"m1","text":"another"}`).want(t, "relay again", 201)
	if a.text != b.text {
		t.Errorf("the repeat got %s, the first %s", b, a)
	}
	h.call(t, bot, "POST", path+"/messages", `{"client_id":"m2","text":"I am a bot","as":"bot","epoch":1}`).want(t, "a bot over a human", 409, "not_owner")
	h.call(t, owner, "POST", path+"/messages", `{"client_id":"m1","text":"on its way"}`).want(t, "answer", 201)
	h.call(t, owner, "POST", path+"/notes", `{"text":"internal"}`).want(t, "note", 201)
	h.call(t, owner, "PUT", path+"/tags/late%20parcel", "").want(t, "tag", 204)
	h.call(t, owner, "DELETE", path+"/tags/vip", "").want(t, "untag", 204)
	a = h.call(t, bot, "PATCH", path, `{"priority":"urgent","context":{"b":2}}`).want(t, "patch", 200)
	if a.JSON["priority"] != "urgent" || strings.Contains(a.text, "unread") || strings.Contains(a.text, "offer") {
		t.Errorf("the bot sees %s", a.text)
	}
	h.call(t, owner, "POST", path+"/read", `{"seq":7}`).want(t, "read", 204)
	h.call(t, bot, "POST", path+"/typing", "").want(t, "typing", 204)
	a = h.call(t, owner, "GET", "/v1/sessions?status=active,waiting&queue=general&tag=late%20parcel&limit=1", "").want(t, "list", 200)
	if rows := a.JSON["data"].([]any); len(rows) != 1 || rows[0].(map[string]any)["context"] != nil {
		t.Errorf("the list is %s", a.text)
	}
	a = h.call(t, owner, "POST", path+"/end", `{"reason":"resolved","summary":"sent","disposition":"refund"}`).want(t, "end", 200)
	if end := a.JSON["end"].(map[string]any); end["return_to"] != "bot" || end["disposition"] != "refund" {
		t.Errorf("the end is %v", end)
	}
	h.call(t, bot, "POST", path+"/messages", `{"client_id":"m9","text":"late"}`).want(t, "a message after the end", 409, "session_ended")
	checkEventPages(t, h, owner, bot, path)
	a = h.call(t, owner, "POST", path+"/reopen", "").want(t, "reopen", 201)
	if a.JSON["continues"] != session {
		t.Errorf("reopened: %s", a.text)
	}
}

// checkEventPages reads the log in small pages: staff see all, the bot what is public, each with the right prev.
func checkEventPages(t *testing.T, h *house, owner, bot caller, path string) {
	t.Helper()
	read := func(by caller) (types string) {
		last, after := 0.0, "0"
		for range 50 {
			a := h.call(t, by, "GET", path+"/events?limit=2&after="+after, "").want(t, "events", 200)
			for _, row := range a.JSON["data"].([]any) {
				e := row.(map[string]any)
				if e["prev"] != last {
					t.Errorf("%s: event %v has prev %v, want %v", by.token[:3], e["seq"], e["prev"], last)
				}
				last = e["seq"].(float64)
				types += e["event"].(map[string]any)["type"].(string) + " "
			}
			if a.JSON["next"] == nil {
				return types
			}
			after = a.text[strings.LastIndex(a.text, `"next":`)+7 : len(a.text)-1]
		}
		t.Fatal("the pages have no end")
		return ""
	}
	staff, public := read(owner), read(bot)
	if !strings.Contains(staff, "note.added") || !strings.Contains(staff, "tag.added") || !strings.Contains(staff, "session.ended") {
		t.Errorf("staff see %s", staff)
	}
	if strings.Contains(public, "note.") || strings.Contains(public, "tag.") || !strings.Contains(public, "session.ended") {
		t.Errorf("the bot sees %s", public)
	}
}

func TestVisitorAsksForHimselfAndRates(t *testing.T) {
	h := open(t, nil)
	agent := h.person(t, "Berta", core.AgentRole)
	a := h.call(t, caller{}, "POST", "/v1/visitors", `{"name":"Ann","locale":"en-GB"}`).want(t, "visitor", 201)
	visitor := caller{token: a.JSON["token"].(string)}
	if a.JSON["session"] != nil || a.JSON["open"] != true {
		t.Errorf("a new visitor: %s", a.text)
	}
	h.call(t, caller{}, "POST", "/v1/visitors", "").want(t, "a visitor who says nothing", 201)
	a = h.call(t, visitor, "POST", "/v1/handoffs", `{"subject":"help"}`).want(t, "ask", 201)
	id := a.JSON["id"].(string)
	h.call(t, visitor, "POST", "/v1/handoffs", `{}`).want(t, "ask again", 200)
	a = h.call(t, visitor, "GET", "/v1/me", "").want(t, "me", 200)
	if a.JSON["session"] != id {
		t.Errorf("me: %s", a.text)
	}
	h.call(t, agent, "POST", "/v1/sessions/"+id+"/takeover", `{"force":false}`).want(t, "take", 200)
	h.call(t, visitor, "POST", "/v1/sessions/"+id+"/end", `{}`).want(t, "end", 200)
	a = h.call(t, visitor, "POST", "/v1/sessions/"+id+"/rating", `{"score":5,"comment":"nice"}`).want(t, "rate", 200)
	if a.JSON["rating"].(map[string]any)["score"] != 5.0 || a.JSON["end"] != nil || a.JSON["priority"] != nil {
		t.Errorf("the customer sees %s", a.text)
	}
	h.call(t, visitor, "POST", "/v1/sessions/"+id+"/rating", `{"score":1}`).want(t, "rate again", 409, "conflict")
	a = h.call(t, agent, "GET", "/v1/availability", "").want(t, "availability", 200)
	if a.JSON["open"] != true || a.JSON["position"] != 1.0 {
		t.Errorf("availability: %s", a.text)
	}
}

func TestDocumentsSayWhatTheServerDoes(t *testing.T) {
	h := open(t, nil)
	a := h.call(t, caller{}, "GET", "/v1/openapi.json", "").want(t, "OpenAPI", 200)
	if a.JSON["openapi"] != "3.1.0" || a.header.Get("Content-Type") != "application/json" {
		t.Errorf("the document is of version %v as %s", a.JSON["openapi"], a.header.Get("Content-Type"))
	}
	docs := h.call(t, caller{}, "GET", "/docs", "").want(t, "docs", 200)
	for _, route := range routes() {
		path, there := a.JSON["paths"].(map[string]any)[route.Path].(map[string]any)
		if !there || path[strings.ToLower(route.Method)] == nil {
			t.Errorf("%s %s is not in the OpenAPI document", route.Method, route.Path)
		}
		if !strings.Contains(docs.text, `id="`+route.ID+`"`) {
			t.Errorf("%s is not in /docs", route.ID)
		}
	}
	if strings.Contains(docs.text, "<script") || strings.Contains(docs.text, "http://") || !strings.Contains(docs.header.Get("Content-Security-Policy"), "style-src 'sha256-") {
		t.Error("/docs is not self-contained")
	}
}

// shelf is a browser's part with one page that may be framed and one that may not.
type shelf struct{}

func (shelf) Page(path string, header func(string) string) (status int, headers map[string]string, body []byte, ok bool) {
	switch {
	case path == "/widget/":
		return 200, map[string]string{"Content-Type": "text/html", "Content-Security-Policy": "frame-ancestors https://shop.example"}, []byte("widget"), true
	case path == "/app/" && header("If-None-Match") == `"1"`:
		return 304, map[string]string{"ETag": `"1"`}, nil, true
	case path == "/app/", path == "/setup":
		return 200, map[string]string{"Content-Type": "text/html", "Content-Security-Policy": "frame-ancestors 'none'"}, []byte("dashboard"), true
	}
	return 0, nil, nil, false
}

func TestPagesComeAsTheBrowsersPartSays(t *testing.T) {
	h := open(t, func(_ *api.Config, d *api.Deps) { d.Pages = shelf{} })
	for path, framed := range map[string]bool{"/app/": false, "/setup": false, "/widget/": true} {
		a := h.call(t, caller{}, "GET", path, "").want(t, path, 200)
		if (a.header.Get("X-Frame-Options") == "") != framed || a.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s comes with %v", path, a.header)
		}
	}
	if a := h.call(t, caller{}, "GET", "/app/", "", "If-None-Match", `"1"`).want(t, "unchanged", 304); a.text != "" {
		t.Errorf("what the browser has is sent again: %q", a.text)
	}
	if a := h.call(t, caller{}, "HEAD", "/app/", "").want(t, "head", 200); a.text != "" || a.header.Get("Content-Length") != "9" {
		t.Errorf("HEAD gives %q with %v", a.text, a.header)
	}
	h.call(t, caller{}, "GET", "/app/assets/gone.js", "").want(t, "a file that is gone", 404, "not_found")
}

func TestHealthAndFigures(t *testing.T) {
	h := open(t, nil)
	for _, path := range []string{"/livez", "/readyz"} {
		h.call(t, caller{}, "GET", path, "").want(t, path, http.StatusOK)
	}
	a := h.call(t, caller{}, "GET", "/metrics", "").want(t, "metrics", 200)
	for _, name := range []string{"baton_sockets 0", `baton_http_requests_total{call="live",status="200"} 1`, "go_goroutines"} {
		if !strings.Contains(a.text, name) {
			t.Errorf("/metrics lacks %s", name)
		}
	}
}

func TestUnknownPathsAndMethodsAreProblems(t *testing.T) {
	h := open(t, nil)
	h.call(t, caller{}, "GET", "/v1/nothing", "").want(t, "unknown path", 404, "not_found")
	a := h.call(t, caller{}, "DELETE", "/v1/sessions", "").want(t, "unknown method", 405, "method_not_allowed")
	if !strings.Contains(a.header.Get("Allow"), "GET") {
		t.Errorf("Allow is %q", a.header.Get("Allow"))
	}
	a = h.call(t, h.visitor(t), "GET", "/v1/me", "", "Accept", "text/html").want(t, "HTML", 406, "not_acceptable")
	if a.header.Get("Content-Type") != "application/problem+json" || a.JSON["request_id"] == "" || a.JSON["instance"] != "/v1/me" {
		t.Errorf("the problem is %s", a)
	}
	if root := h.call(t, caller{}, "GET", "/", ""); root.status != 302 || root.header.Get("Location") != "/app/" {
		t.Errorf("/ leads with %s to %s", root, root.header.Get("Location"))
	}
}
