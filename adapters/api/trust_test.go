package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"baton/adapters/api"
	"baton/core"
	"baton/core/desk"
)

const loginCookie = "baton_login"

func TestA03ForwardedHeadersCountOnlyFromTrustedProxies(t *testing.T) {
	fail := func(h *house, from string, n int) int {
		for i := range n {
			body := fmt.Sprintf(`{"email":"nobody%d%s@example.org","password":"wrong wrong wrong"}`, i, strings.NewReplacer(":", "", ".", "").Replace(from))
			if a := h.call(t, caller{}, "POST", "/v1/login", body, "X-Forwarded-For", from); a.status == 429 {
				if a.header.Get("Retry-After") == "" {
					t.Error("429 comes without Retry-After")
				}
				return i
			}
		}
		return n
	}
	plain := open(t, nil)
	if got := fail(plain, "203.0.113.1", 5); got != 5 {
		t.Errorf("the limit came after %d failures", got)
	}
	if got := fail(plain, "203.0.113.2", 1); got != 0 {
		t.Error("a made-up forwarded address got round the limit")
	}
	trusting := open(t, func(c *api.Config, _ *api.Deps) {
		c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	})
	if got := fail(trusting, "203.0.113.1", 6); got != 5 {
		t.Errorf("behind a proxy the limit came after %d failures", got)
	}
	if got := fail(trusting, "198.51.100.7, 203.0.113.1", 1); got != 0 {
		t.Error("an address put before the real one got round the limit")
	}
	if got := fail(trusting, "203.0.113.9", 1); got != 1 {
		t.Error("another address is held up by the first one's failures")
	}
	fail(trusting, "2001:db8:1:2::1", 5)
	if got := fail(trusting, "2001:db8:1:2:ffff::9", 1); got != 0 {
		t.Error("another address of the same /64 got round the limit")
	}
	if got := fail(trusting, "2001:db8:1:3::1", 1); got != 1 {
		t.Error("another /64 is held up")
	}
}

func TestA06EachLoginHasATokenOfItsOwnInASafeCookie(t *testing.T) {
	h := open(t, nil)
	h.person(t, "Berta", core.AgentRole)
	body := `{"email":"BERTA@example.org","password":"` + password + `"}`
	first := h.call(t, caller{}, "POST", "/v1/login", body, "Cookie", loginCookie+"=hs_chosen_by_an_attacker").want(t, "login", 200)
	cookie := first.header.Get("Set-Cookie")
	second := h.call(t, caller{}, "POST", "/v1/login", body, "Cookie", cookie).want(t, "login again", 200)
	if first.JSON["token"] == second.JSON["token"] || !strings.HasPrefix(first.JSON["token"].(string), "hs_") {
		t.Errorf("the tokens are %v and %v", first.JSON["token"], second.JSON["token"])
	}
	for _, part := range []string{loginCookie + "=" + first.JSON["token"].(string), "HttpOnly", "SameSite=Lax", "Path=/"} {
		if !strings.Contains(cookie, part) {
			t.Errorf("the cookie %q lacks %s", cookie, part)
		}
	}
	if strings.Contains(cookie, "Secure") {
		t.Error("the cookie is Secure over http and would be lost")
	}
	h.call(t, caller{}, "GET", "/v1/me", "", "Cookie", cookie).want(t, "me by cookie", 200)
	out := h.call(t, caller{}, "POST", "/v1/logout", "", "Cookie", cookie).want(t, "logout", 204)
	if !strings.Contains(out.header.Get("Set-Cookie"), "1970") {
		t.Errorf("logging out sets %q", out.header.Get("Set-Cookie"))
	}
	h.call(t, caller{}, "GET", "/v1/me", "", "Cookie", cookie).want(t, "me after logout", 401, "unauthorized")
	secure := open(t, func(c *api.Config, _ *api.Deps) { c.PublicURL = "https://desk.example.com/" })
	secure.person(t, "Berta", core.AgentRole)
	a := secure.call(t, caller{}, "POST", "/v1/login", body).want(t, "login behind https", 200)
	if !strings.Contains(a.header.Get("Set-Cookie"), "Secure") || a.header.Get("Strict-Transport-Security") == "" {
		t.Errorf("behind https: %v", a.header)
	}
}

// alike says whether two refusals differ in nothing but the request's id and what was asked for.
func alike(t *testing.T, what string, a, b answer) {
	t.Helper()
	strip := func(a answer) map[string]any {
		m := maps.Clone(a.JSON)
		delete(m, "request_id")
		delete(m, "instance")
		return m
	}
	x, errX := json.Marshal(strip(a))
	y, errY := json.Marshal(strip(b))
	if errX != nil || errY != nil || a.status != b.status || string(x) != string(y) {
		t.Errorf("%s: %s and %s differ", what, a, b)
	}
}

// cannotTouch tries all that a caller could do to a session that is not his, and compares with a missing one.
func cannotTouch(t *testing.T, h *house, by caller, session string) {
	t.Helper()
	calls := []struct{ method, rest, body string }{
		{"GET", "", ""}, {"GET", "/events", ""}, {"POST", "/messages", `{"client_id":"x","text":"hi"}`}, {"POST", "/end", `{}`}, {"POST", "/typing", ""},
		{"POST", "/read", `{"seq":1}`},
	}
	switch by.Role {
	case core.CustomerRole:
		calls = append(calls, struct{ method, rest, body string }{"POST", "/rating", `{"score":1}`})
	case core.BotRole:
		calls = append(calls, struct{ method, rest, body string }{"PATCH", "", `{"subject":"x"}`})
	default:
		for rest, body := range map[string]string{"/accept": "", "/decline": "{}", "/takeover": "{}", "/notes": `{"text":"x"}`, "/reopen": "", "/transfer": `{"queue":"general"}`} {
			calls = append(calls, struct{ method, rest, body string }{"POST", rest, body})
		}
		calls = append(calls, struct{ method, rest, body string }{"PUT", "/tags/x", ""})
	}
	before, err := h.Desk.Session(t.Context(), core.Desk, session)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range calls {
		got := h.call(t, by, c.method, "/v1/sessions/"+session+c.rest, c.body).want(t, c.method+" "+c.rest, 404, "not_found")
		alike(t, c.method+" "+c.rest, got, h.call(t, by, c.method, "/v1/sessions/ses_0000000000000000"+c.rest, c.body))
	}
	got := h.upload(t, by, session, "a.txt", "text/plain", []byte("x")).want(t, "upload", 404, "not_found")
	alike(t, "upload", got, h.upload(t, by, "ses_0000000000000000", "a.txt", "text/plain", []byte("x")))
	after, err := h.Desk.Session(t.Context(), core.Desk, session)
	if err != nil || after.Seq != before.Seq || after.Receipts != before.Receipts {
		t.Errorf("the session went from %d to %d, %v", before.Seq, after.Seq, err)
	}
}

func TestZ02CustomerCannotTouchAnothersSession(t *testing.T) {
	h := open(t, nil)
	bot, ann, eve := h.bot(t, "shop"), h.visitor(t), h.visitor(t)
	s := h.chat(t, bot, ann, "")
	cannotTouch(t, h, eve, s.ID)
	file := h.upload(t, ann, s.ID, "a.txt", "text/plain", []byte("x")).want(t, "upload", 201).JSON["id"].(string)
	h.call(t, eve, "GET", "/v1/attachments/"+file, "").want(t, "another's file", 404)
	mine := h.chat(t, bot, eve, "")
	h.call(t, eve, "POST", "/v1/sessions/"+mine.ID+"/messages", `{"client_id":"1","attachments":["`+file+`"]}`).want(t, "another's file in a message", 422)
}

func TestZ05BotCannotTouchAnothersSession(t *testing.T) {
	h := open(t, nil)
	s := h.chat(t, h.bot(t, "shop"), h.visitor(t), "")
	cannotTouch(t, h, h.bot(t, "rival"), s.ID)
}

func TestZ04AgentSeesHisQueuesAndWritesInHisOwn(t *testing.T) {
	h := open(t, nil)
	if _, err := h.store.MakeQueue(t.Context(), core.Desk, "billing"); err != nil {
		t.Fatal(err)
	}
	bot, ann := h.bot(t, "shop"), h.visitor(t)
	berta, carl := h.person(t, "Berta", core.AgentRole), h.person(t, "Carl", core.AgentRole)
	hidden := h.chat(t, bot, ann, "billing")
	cannotTouch(t, h, berta, hidden.ID)
	if list := h.call(t, berta, "GET", "/v1/sessions", "").want(t, "list", 200); len(list.JSON["data"].([]any)) > 0 {
		t.Errorf("the list shows %s", list.text)
	}
	s := h.held(t, bot, ann, berta)
	path := "/v1/sessions/" + s.ID
	h.call(t, carl, "GET", path, "").want(t, "a colleague reads", 200)
	h.call(t, carl, "POST", path+"/messages", `{"client_id":"1","text":"x"}`).want(t, "a colleague writes", 409, "not_owner")
	h.call(t, carl, "POST", path+"/takeover", "").want(t, "a colleague takes", 409, "conflict")
	h.call(t, carl, "POST", path+"/end", "").want(t, "a colleague ends", 409, "conflict")
	h.call(t, berta, "POST", path+"/transfer", `{"queue":"billing","note":"please"}`).want(t, "hand over", 200)
	h.call(t, berta, "POST", path+"/messages", `{"client_id":"2","text":"x"}`).want(t, "the former agent writes where he may not read", 404)
}

func TestZ03SecretsOfStaffReachNeitherBotNorCustomer(t *testing.T) {
	h := open(t, nil)
	ann, agent := h.visitor(t), h.person(t, "Berta", core.AgentRole)
	bot := h.bot(t, "shop")
	a := h.call(t, bot, "POST", "/v1/handoffs", `{"conversation_id":"c","customer":{"id":"`+ann.ID+`"},"summary":"CANARY-summary","context":{"x":"CANARY-context"},
		"note_to_agent":"CANARY-note","tags":["CANARY-tag"],"transcript":[{"author":{"role":"bot"},"text":"hi","original":"CANARY-original"}]}`).want(t, "handoff", 201)
	path := "/v1/sessions/" + a.JSON["id"].(string)
	h.call(t, agent, "POST", path+"/takeover", "").want(t, "take", 200)
	h.call(t, agent, "POST", path+"/notes", `{"text":"CANARY-remark"}`).want(t, "note", 201)
	h.call(t, bot, "POST", path+"/messages", `{"client_id":"1","text":"CANARY-whisper","as":"whisper"}`).want(t, "whisper", 201)
	h.call(t, agent, "POST", path+"/end", `{"disposition":"CANARY-disposition","summary":"CANARY-end"}`).want(t, "end", 200)
	seen := func(by caller) string {
		return h.call(t, by, "GET", path, "").text + h.call(t, by, "GET", path+"/events?limit=500", "").text + h.call(t, by, "GET", "/v1/me", "").text
	}
	if text := seen(ann); strings.Contains(text, "CANARY") || strings.Contains(text, "berta@") {
		t.Errorf("the customer sees %s", text)
	}
	text := seen(bot)
	for _, secret := range []string{"note", "remark", "whisper", "disposition"} {
		if strings.Contains(text, "CANARY-"+secret) {
			t.Errorf("the bot sees CANARY-%s in %s", secret, text)
		}
	}
	if strings.Contains(h.log.String(), "CANARY") {
		t.Error("the log holds what people said")
	}
}

func TestZ07CustomerSeesTheFieldsOnTheListAndNoOthers(t *testing.T) {
	h := open(t, nil)
	ann := h.visitor(t)
	s := h.held(t, h.bot(t, "shop"), ann, h.person(t, "Berta", core.AgentRole))
	a := h.call(t, ann, "GET", "/v1/sessions/"+s.ID, "").want(t, "read", 200)
	want := strings.Fields("id status queue agent customer channel subject epoch seq created_at accepted_at ended_at position wait wait_words after_hours ask closes_at last receipts rating")
	if got := slices.Sorted(maps.Keys(a.JSON)); !slices.Equal(got, slices.Sorted(slices.Values(want))) {
		t.Errorf("the customer gets %v", got)
	}
	if agent := a.JSON["agent"].(map[string]any); len(agent) != 2 {
		t.Errorf("the agent is shown as %v", agent)
	}
}

func TestZ10CursorsAreOfOneListAndOfOurMaking(t *testing.T) {
	h := open(t, nil)
	owner, bot := h.person(t, "Olga", core.Owner), h.bot(t, "shop")
	h.person(t, "Berta", core.AgentRole)
	for range 3 {
		h.chat(t, bot, h.visitor(t), "")
	}
	page := h.call(t, owner, "GET", "/v1/sessions?limit=2", "").want(t, "a page", 200)
	next := page.JSON["next"].(string)
	rest := h.call(t, owner, "GET", "/v1/sessions?limit=2&after="+next, "").want(t, "the next", 200)
	if len(page.JSON["data"].([]any)) != 2 || len(rest.JSON["data"].([]any)) != 1 || rest.JSON["next"] != nil {
		t.Errorf("the pages are %s and %s", page, rest)
	}
	agents := h.call(t, owner, "GET", "/v1/agents?limit=1", "").want(t, "agents", 200).JSON["next"].(string)
	h.call(t, owner, "GET", "/v1/agents?limit=1000&after="+agents, "").want(t, "more agents", 200)
	for _, forged := range []string{agents, strings.ToUpper(next), next[:20] + "-" + next[21:] + "AAAA", "x", "MTIz", "'%20OR%201=1"} {
		h.call(t, owner, "GET", "/v1/sessions?after="+forged, "").want(t, "cursor "+forged, 422, "invalid")
	}
}

func TestZ12EncodedPathsLeadNowhereElse(t *testing.T) {
	h := open(t, nil)
	bot, ann := h.bot(t, "shop"), h.visitor(t)
	s := h.chat(t, bot, ann, "")
	owner := h.person(t, "Olga", core.Owner)
	for _, path := range []string{
		"/v1/sessions/" + s.ID + "%2fnotes", "/v1/sessions/" + s.ID + "/%6eotes", "/v1//sessions/" + s.ID + "/notes", "/v1/sessions/x/../" + s.ID + "/notes",
		"/V1/sessions/" + s.ID + "/notes", "/v1/sessions/" + s.ID + "/notes/", "/v1/sessions/" + s.ID + "/notes;x=1", "/v1/sessions/" + s.ID + "/notes%00", "/v1/./sessions/" + s.ID + "/notes",
		"/v1/sessions/" + s.ID + "/Notes", "/v1/handoffs/..%2fsessions/" + s.ID + "/notes",
	} {
		for _, by := range []caller{ann, bot, owner} {
			got, _ := h.wire(t, "POST "+path+" HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer "+by.token+
				"\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{\"text\":\"x\"}", 5*time.Second)
			if !strings.HasPrefix(got, "HTTP/1.1 404") && !strings.HasPrefix(got, "HTTP/1.1 400") && !strings.HasPrefix(got, "HTTP/1.1 405") {
				t.Errorf("%s by a %s: %s", path, by.Role, clip(got))
			}
		}
	}
	if n := len(h.Log(t, s.ID)); n != 1 {
		t.Errorf("the session has %d events", n)
	}
	h.call(t, caller{}, "POST", "/v1/sessions/"+s.ID+"/notes", `{"text":"x"}`, "X-Original-URL", "/livez", "X-HTTP-Method-Override", "GET").want(t, "with overriding headers", 401)
}

func TestB01ACookieActsForOurOwnPagesOnly(t *testing.T) {
	h := open(t, func(c *api.Config, _ *api.Deps) { c.WidgetOrigins = []string{"https://shop.example"} })
	berta := h.person(t, "Berta", core.AgentRole)
	cookie := loginCookie + "=" + berta.token
	put := func(headers ...string) answer {
		return h.call(t, caller{}, "PUT", "/v1/me", `{"capacity":3}`, append([]string{"Cookie", cookie}, headers...)...)
	}
	put("Origin", h.url, "Sec-Fetch-Site", "same-origin").want(t, "our own page", 200)
	put().want(t, "no browser", 200)
	put("Origin", "https://evil.example").want(t, "a foreign page", 403, "forbidden")
	put("Origin", "null").want(t, "a hidden page", 403)
	put("Origin", "https://shop.example").want(t, "a page of the widget", 403)
	put("Sec-Fetch-Site", "cross-site").want(t, "cross-site", 403)
	put("Sec-Fetch-Site", "same-site").want(t, "same-site", 403)
	put("Content-Type", "text/plain").want(t, "a form's type", 415)
	h.call(t, caller{}, "POST", "/v1/logout", "", "Cookie", cookie, "Sec-Fetch-Site", "cross-site").want(t, "a bodyless call", 403)
	h.call(t, caller{}, "POST", "/v1/login", `{"email":"berta@example.org","password":"`+password+`"}`, "Origin", "https://evil.example").want(t, "signing a visitor in from elsewhere", 403)
	h.call(t, berta, "PUT", "/v1/me", `{"capacity":3}`, "Origin", "https://tool.example").want(t, "a token of one's own", 200)
}

func TestB04OnlyPagesOfTheWidgetMayCallAndOnlyForCustomers(t *testing.T) {
	const shop = "https://shop.example"
	h := open(t, func(c *api.Config, _ *api.Deps) { c.WidgetOrigins = []string{shop} })
	ann := h.visitor(t)
	a := h.call(t, caller{}, "POST", "/v1/visitors", `{}`, "Origin", shop).want(t, "the widget's page", 201)
	if a.header.Get("Access-Control-Allow-Origin") != shop || a.header.Get("Access-Control-Allow-Credentials") != "" || a.header.Get("Vary") != "Origin" {
		t.Errorf("the page is told %v", a.header)
	}
	h.call(t, caller{}, "POST", "/v1/visitors", `{}`, "Origin", "https://evil.example").want(t, "a foreign page", 403)
	h.call(t, caller{}, "POST", "/v1/visitors", `{}`, "Origin", shop+".evil.example").want(t, "a longer name", 403)
	for _, row := range []struct {
		method, path, origin string
		want                 int
	}{
		{"POST", "/v1/visitors", shop, 204}, {"GET", "/v1/me", shop, 204}, {"POST", "/v1/sessions/ses_1/messages", shop, 204},
		{"PUT", "/v1/me", shop, 403}, {"POST", "/v1/login", shop, 403}, {"GET", "/v1/sessions", shop, 403}, {"POST", "/v1/sessions/ses_1/notes", shop, 403},
		{"POST", "/v1/visitors", "https://evil.example", 403}, {"GET", "/v1/nothing", shop, 403},
	} {
		got := h.call(t, caller{}, "OPTIONS", row.path, "", "Origin", row.origin, "Access-Control-Request-Method", row.method)
		if got.status != row.want || (got.header.Get("Access-Control-Allow-Origin") != "") != (row.want == 204) {
			t.Errorf("%s %s from %s: %s, %v", row.method, row.path, row.origin, got, got.header)
		}
	}
	a = h.call(t, ann, "GET", "/v1/me", "", "Origin", "https://evil.example").want(t, "a token from elsewhere", 200)
	if a.header.Get("Access-Control-Allow-Origin") != "" {
		t.Error("a foreign page may read the answer")
	}
}

func TestB04AnOriginWithAnyPortIsOneHostAndOneScheme(t *testing.T) {
	h := open(t, func(c *api.Config, _ *api.Deps) { c.WidgetOrigins = []string{"http://localhost:*"} })
	for origin, want := range map[string]int{
		"http://localhost": 201, "http://localhost:3000": 201, "http://localhost:65535": 201,
		"https://localhost:3000": 403, "http://localhost.evil.example:3000": 403, "http://evil.example:3000": 403,
		"http://localhost:3000@evil.example": 403, "http://localhost:3000/": 403, "http://x@localhost:3000": 403, "null": 403,
	} {
		h.call(t, caller{}, "POST", "/v1/visitors", `{}`, "Origin", origin).want(t, origin, want)
	}
}

func TestB05EveryAnswerHasTheSecurityHeaders(t *testing.T) {
	h := open(t, nil)
	owner := h.person(t, "Olga", core.Owner)
	check := func(what string, header http.Header) {
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
			"Content-Security-Policy": "frame-ancestors 'none'", "X-Request-Id": "req_",
		} {
			if !strings.Contains(header.Get(name), want) {
				t.Errorf("%s: %s is %q", what, name, header.Get(name))
			}
		}
		if header.Get("Server") != "" {
			t.Errorf("%s says that the server is %q", what, header.Get("Server"))
		}
	}
	for _, row := range []struct{ method, path string }{
		{"GET", "/"}, {"GET", "/livez"}, {"GET", "/docs"}, {"GET", "/v1/openapi.json"}, {"GET", "/metrics"}, {"GET", "/v1/me"}, {"GET", "/nothing"},
		{"DELETE", "/v1/me"}, {"POST", "/v1/login"}, {"OPTIONS", "/v1/me"}, {"HEAD", "/v1/me"}, {"BREW", "/v1/me"},
	} {
		check(row.method+" "+row.path, h.call(t, owner, row.method, row.path, "").header)
	}
}

func TestB06NothingOfOurInsidesIsServed(t *testing.T) {
	h := open(t, nil)
	owner := h.person(t, "Olga", core.Owner)
	for _, path := range []string{"/debug/pprof/", "/debug/vars", "/.env", "/config.yaml", "/.git/config", "/data/baton.db", "/app/../config.yaml", "/v1/secrets"} {
		h.call(t, owner, "GET", path, "").want(t, path, 404)
	}
	bot := h.bot(t, "shop")
	all := h.call(t, owner, "GET", "/v1/keys", "").text + h.call(t, owner, "GET", "/v1/agents", "").text + h.call(t, caller{}, "GET", "/metrics", "").text
	for what, secret := range map[string]string{"key": bot.token, "login": owner.token, "password": password} {
		if strings.Contains(all, secret) {
			t.Errorf("a %s can be read", what)
		}
	}
}

func TestTooFastIs429WithRetryAfter(t *testing.T) {
	h := open(t, func(c *api.Config, _ *api.Deps) {
		c.CustomerMessages, c.CustomerBurst, c.Visitors, c.Calls, c.CallsBurst = 1, 3, 2, 1, 4
	})
	bot, ann := h.bot(t, "shop"), h.visitor(t)
	path := "/v1/sessions/" + h.chat(t, bot, ann, "").ID
	post := func(by caller, n int) answer {
		return h.call(t, by, "POST", path+"/messages", fmt.Sprintf(`{"client_id":"%d","text":"x"}`, n))
	}
	for n := range 3 {
		post(ann, n).want(t, "a burst", 201)
		post(bot, n+10).want(t, "a bot's burst", 201)
	}
	if a := post(ann, 4).want(t, "too fast", 429, "too_many"); a.header.Get("Retry-After") != "1" {
		t.Errorf("Retry-After is %q", a.header.Get("Retry-After"))
	}
	for n := range 20 {
		post(bot, n+20).want(t, "a bot's messages have no limit", 201)
	}
	for range 4 {
		h.call(t, bot, "GET", path, "").want(t, "calls", 200)
	}
	h.call(t, bot, "GET", path, "").want(t, "too many calls", 429)
	h.call(t, caller{}, "POST", "/v1/visitors", `{}`).want(t, "a visitor", 201)
	h.call(t, caller{}, "POST", "/v1/visitors", `{}`).want(t, "a visitor", 201)
	h.call(t, caller{}, "POST", "/v1/visitors", `{}`).want(t, "too many visitors", 429)
}

func TestScopesNarrowAKey(t *testing.T) {
	h := open(t, nil)
	owner := h.person(t, "Olga", core.Owner)
	h.call(t, owner, "POST", "/v1/keys", `{"name":"x","scopes":["everything"]}`).want(t, "an unknown scope", 422, "invalid")
	key := h.call(t, owner, "POST", "/v1/keys", `{"name":"x","scopes":["`+desk.ScopeHandoffs+`"]}`).want(t, "a narrow key", 201)
	bot := caller{token: key.JSON["key"].(string)}
	id := h.call(t, bot, "POST", "/v1/handoffs", `{"conversation_id":"c"}`).want(t, "what it may", 201).JSON["id"].(string)
	h.call(t, bot, "GET", "/v1/sessions/"+id, "").want(t, "what it may not", 403, "forbidden")
	h.call(t, owner, "DELETE", "/v1/keys/"+key.JSON["id"].(string), "").want(t, "revoke", 204)
	h.call(t, bot, "GET", "/v1/me", "").want(t, "after that", 401)
}
