package api_test

import (
	"net/url"
	"strings"
	"testing"

	"baton/core"
)

// TestI06NamesAreCleanWhereverTheyCameInAndTextsStayAsTheyWere writes a character that turns the rest of a line around,
// and one without width, into each name that somebody outside can choose, and into texts.
func TestI06NamesAreCleanWhereverTheyCameInAndTextsStayAsTheyWere(t *testing.T) {
	const evil = "\u202e\u200b"
	h := open(t, nil)
	owner, bot := h.person(t, "Olga", core.Owner), h.bot(t, "sh"+evil+"op")
	h.call(t, owner, "POST", "/v1/queues", `{"name":"bil`+evil+`ling"}`).want(t, "a queue", 201)
	h.call(t, owner, "POST", "/v1/queues", `{"name":"`+evil+`"}`).want(t, "a queue with nothing that is seen", 422, "invalid")
	h.call(t, owner, "PUT", "/v1/me", `{"name":"Ol`+evil+`ga"}`).want(t, "my name", 200)
	h.call(t, owner, "POST", "/v1/invites", `{"email":"new@example.org","role":"agent","name":"Ne`+evil+`w"}`).want(t, "an invitation", 201)
	visitor := h.call(t, caller{}, "POST", "/v1/visitors", `{"name":"A`+evil+`nn"}`).want(t, "a visitor", 201)
	h.call(t, caller{}, "POST", "/v1/visitors", `{"email":"ann`+evil+`@example.org"}`).want(t, "an address that is not what it seems", 422)
	s := h.call(t, bot, "POST", "/v1/handoffs", `{"conversation_id":"c1","subject":"Par`+evil+`cel","tags":["v`+evil+`ip"],
		"customer":{"external_id":"7","name":"A`+evil+`nn","email":"ann`+evil+`@example.org","phone":"1`+evil+`2"},
		"transcript":[{"author":{"role":"bot","name":"Ro`+evil+`bo"},"text":"hel`+evil+`lo"}]}`).want(t, "a handoff", 201).JSON["id"].(string)
	h.call(t, owner, "PUT", "/v1/sessions/"+s+"/tags/"+url.PathEscape("ur"+evil+"gent"), "").want(t, "a tag", 204)
	h.call(t, owner, "PUT", "/v1/sessions/"+s+"/tags/"+url.PathEscape(evil), "").want(t, "a tag with nothing that is seen", 422, "invalid")
	h.call(t, owner, "PUT", "/v1/sessions/"+s+"/tags/"+url.PathEscape("of"+evil+"f"), "").want(t, "another tag", 204)
	h.call(t, owner, "DELETE", "/v1/sessions/"+s+"/tags/"+url.PathEscape("o"+evil+"ff"), "").want(t, "the same tag taken off", 204)
	h.upload(t, bot, s, "ho"+evil+"liday.png", "image/png", picture(t, 1, 1)).want(t, "a file", 201)
	said := h.call(t, bot, "POST", "/v1/sessions/"+s+"/messages", `{"client_id":"2","text":"see `+evil+`this"}`).want(t, "a message", 201)

	one := h.call(t, owner, "GET", "/v1/sessions/"+s, "").want(t, "the session", 200)
	events := h.call(t, owner, "GET", "/v1/sessions/"+s+"/events", "").want(t, "its events", 200)
	for _, clean := range []string{strings.ReplaceAll(one.text, "see "+evil+"this", ""), visitor.text, h.call(t, owner, "GET", "/v1/queues", "").text, h.call(t, owner, "GET", "/v1/agents", "").text,
		h.call(t, owner, "GET", "/v1/keys", "").text, h.call(t, owner, "GET", "/v1/invites", "").text, h.call(t, owner, "GET", "/v1/me", "").text} {
		if strings.Contains(clean, "\u202e") || strings.Contains(clean, "\u200b") {
			t.Errorf("a name still has what is not seen: %+q", clip(clean))
		}
	}
	for _, name := range []string{`"Parcel"`, `"vip"`, `"urgent"`, `"Ann"`, `"ann@example.org"`, `"shop"`} {
		if !strings.Contains(one.text, name) {
			t.Errorf("the session lost %s: %s", name, one.text)
		}
	}
	if strings.Contains(one.text, `"off"`) {
		t.Error("the tag that was taken off is still there")
	}
	if n := strings.Count(events.text, evil); n != 2 || !strings.Contains(events.text, "see "+evil+"this") || !strings.Contains(events.text, "hel"+evil+"lo") {
		t.Errorf("the two texts, and nothing else, should have what was sent in them (message %v): %+q", said.JSON["seq"], events.text)
	}
}
