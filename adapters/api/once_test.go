package api_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"baton/core"
	"baton/core/desk"
)

func TestKeyedRequestHappensOnceAndIsAnsweredAlike(t *testing.T) {
	h := open(t, nil)
	bot, rival, agent := h.bot(t, "shop"), h.bot(t, "rival"), h.person(t, "Berta", core.AgentRole)
	const handoff = `{"conversation_id":"c1"}`
	first := h.call(t, bot, "POST", "/v1/handoffs", handoff, "Idempotency-Key", "k1").want(t, "the first", 201)
	id := first.JSON["id"].(string)
	if _, err := h.Desk.TakeOver(t.Context(), agent.Actor, id, false); err != nil {
		t.Fatal(err)
	}
	again := h.call(t, bot, "POST", "/v1/handoffs", handoff, "Idempotency-Key", "k1").want(t, "the repeat", 201)
	if again.JSON["id"] != id || again.JSON["status"] != "active" {
		t.Errorf("the repeat got %s, the session as it is now was due", again)
	}
	h.call(t, bot, "POST", "/v1/handoffs", `{"conversation_id":"c2"}`, "Idempotency-Key", "k1").want(t, "another body", 422, "idempotency_key_reused")
	h.call(t, bot, "POST", "/v1/sessions/"+id+"/end", handoff, "Idempotency-Key", "k1").want(t, "another call", 422)
	other := h.call(t, rival, "POST", "/v1/handoffs", handoff, "Idempotency-Key", "k1").want(t, "another bot's key of the same name", 201)
	if other.JSON["id"] == id {
		t.Error("one bot's key answered another bot")
	}
	said := h.call(t, bot, "POST", "/v1/sessions/"+id+"/messages", `{"client_id":"m","text":"x"}`, "Idempotency-Key", "k2").want(t, "a message", 201)
	repeated := h.call(t, bot, "POST", "/v1/sessions/"+id+"/messages", `{"client_id":"m","text":"x"}`, "Idempotency-Key", "k2").want(t, "again", 201)
	if said.text != repeated.text {
		t.Errorf("the message was answered with %s and then %s", said, repeated)
	}
	h.call(t, bot, "POST", "/v1/sessions/"+id+"/end", `{}`, "Idempotency-Key", "k3").want(t, "the end", 200)
	ended := h.call(t, bot, "POST", "/v1/sessions/"+id+"/end", `{}`, "Idempotency-Key", "k3").want(t, "the end again", 200)
	if ended.JSON["status"] != "ended" {
		t.Errorf("the repeat got %s", ended)
	}
	h.call(t, bot, "POST", "/v1/sessions/"+id+"/end", `{}`, "Idempotency-Key", "k4").want(t, "another end", 409, "session_ended")
	h.call(t, bot, "POST", "/v1/sessions/"+id+"/end", `{}`, "Idempotency-Key", "k4").want(t, "refusals are not kept", 409, "session_ended")
	h.call(t, bot, "POST", "/v1/handoffs", handoff, "Idempotency-Key", strings.Repeat("k", 256)).want(t, "a long key", 422)
}

func TestKeyedRequestSurvivesARestart(t *testing.T) {
	dsn := "sqlite:" + filepath.Join(t.TempDir(), "baton.db")
	var bot caller
	var first answer
	t.Run("before", func(t *testing.T) {
		h := openOn(t, dsn, nil)
		bot = h.bot(t, "shop")
		first = h.call(t, bot, "POST", "/v1/handoffs", `{"conversation_id":"c1"}`, "Idempotency-Key", "k1").want(t, "the first", 201)
		h.call(t, bot, "POST", "/v1/sessions/"+first.JSON["id"].(string)+"/end", `{}`).want(t, "its end", 200)
	})
	t.Run("after", func(t *testing.T) {
		h := openOn(t, dsn, nil)
		again := h.call(t, bot, "POST", "/v1/handoffs", `{"conversation_id":"c1"}`, "Idempotency-Key", "k1").want(t, "the repeat", 201)
		if again.JSON["id"] != first.JSON["id"] || again.JSON["status"] != "ended" {
			t.Errorf("the repeat got %s", again)
		}
	})
}

func TestParallelRepeatsMakeOneSession(t *testing.T) {
	h := open(t, nil)
	bot := h.bot(t, "shop")
	var all sync.WaitGroup
	answers := make([]answer, 12)
	for i := range answers {
		all.Go(func() {
			answers[i] = h.call(t, bot, "POST", "/v1/handoffs", `{"conversation_id":"c1"}`, "Idempotency-Key", "k1")
		})
	}
	all.Wait()
	for i, a := range answers {
		if a.status != 201 || a.JSON["id"] != answers[0].JSON["id"] {
			t.Errorf("the answer %d is %s", i, a)
		}
	}
	if list := fmt.Sprint(h.call(t, h.person(t, "Olga", core.Owner), "GET", "/v1/sessions", "").JSON["data"]); strings.Count(list, "conversation_id") != 1 {
		t.Errorf("there are %s", list)
	}
}

func TestKeyOfARequestThatMetAnOpenSessionFindsItAfterItsEnd(t *testing.T) {
	h := open(t, nil)
	bot := h.bot(t, "shop")
	id := h.call(t, bot, "POST", "/v1/handoffs", `{"conversation_id":"c1"}`).want(t, "the first", 201).JSON["id"]
	met := h.call(t, bot, "POST", "/v1/handoffs", `{"conversation_id":"c1"}`, "Idempotency-Key", "k1").want(t, "one that meets it", 200)
	h.call(t, bot, "POST", "/v1/sessions/"+met.JSON["id"].(string)+"/end", `{}`).want(t, "the end", 200)
	again := h.call(t, bot, "POST", "/v1/handoffs", `{"conversation_id":"c1"}`, "Idempotency-Key", "k1").want(t, "the repeat", 200)
	if met.JSON["id"] != id || again.JSON["id"] != id {
		t.Errorf("the session is %v, the one that met it got %v and its repeat %v", id, met.JSON["id"], again.JSON["id"])
	}
}

func TestKeyedUploadKeepsOneFileAndIsAnsweredAlike(t *testing.T) {
	dsn := "sqlite:" + filepath.Join(t.TempDir(), "baton.db")
	h := openOn(t, dsn, nil)
	bot, rival, visitor := h.bot(t, "shop"), h.bot(t, "rival"), h.visitor(t)
	s, other := h.chat(t, bot, visitor, ""), h.chat(t, bot, visitor, "")
	send := func(by caller, session, name, text, key string) answer {
		return h.upload(t, by, session, name, "text/plain", []byte(text), "Idempotency-Key", key)
	}
	first := send(bot, s.ID, "a.txt", "hello", "k1").want(t, "the first", 201)
	again := send(bot, s.ID, "a.txt", "hello", "k1").want(t, "the repeat", 201)
	if first.text != again.text || h.files.count() != 1 {
		t.Errorf("the upload was answered with %s and then %s; %d files are kept", first, again, h.files.count())
	}
	send(bot, s.ID, "a.txt", "hullo", "k1").want(t, "other bytes", 422, "idempotency_key_reused")
	send(bot, s.ID, "b.txt", "hello", "k1").want(t, "another name", 422, "idempotency_key_reused")
	send(bot, other.ID, "a.txt", "hello", "k1").want(t, "another session", 422, "idempotency_key_reused")
	send(rival, s.ID, "a.txt", "hello", "k1").want(t, "another bot's key of the same name", 404)
	if second := send(bot, s.ID, "a.txt", "hello", "k2").want(t, "another key", 201); second.JSON["id"] == first.JSON["id"] {
		t.Error("another key got the first file")
	}
	if one, two := send(visitor, s.ID, "a.txt", "hello", "k3"), send(visitor, s.ID, "a.txt", "hello", "k3"); one.JSON["id"] == two.JSON["id"] || one.status != 201 {
		t.Errorf("a visitor's key, which nobody honours, made %s and %s", one, two)
	}
	var all sync.WaitGroup
	answers := make([]answer, 8)
	for i := range answers {
		all.Go(func() { answers[i] = send(bot, s.ID, "a.txt", "at once", "k4") })
	}
	all.Wait()
	for i, a := range answers {
		if a.status != 201 || a.JSON["id"] != answers[0].JSON["id"] {
			t.Errorf("the answer %d is %s", i, a)
		}
	}
	if _, err := h.Desk.End(t.Context(), bot.Actor, s.ID, desk.End{}); err != nil {
		t.Fatal(err)
	}
	if late := send(bot, s.ID, "a.txt", "hello", "k1").want(t, "the repeat after the end", 201); late.text != first.text {
		t.Errorf("after the end the repeat got %s", late)
	}
	send(bot, s.ID, "a.txt", "hello", "k5").want(t, "a new one after the end", 409, "session_ended")
	if h.files.count() != 5 {
		t.Errorf("%d files are kept, want two of k1 and k2, the visitor's two and one of k4", h.files.count())
	}
}

func TestKeyOnACallThatMakesNothingTwiceDoesNoHarm(t *testing.T) {
	h := open(t, nil)
	bot, visitor := h.bot(t, "shop"), h.visitor(t)
	path := "/v1/sessions/" + h.chat(t, bot, visitor, "").ID
	for range 2 {
		h.call(t, bot, "POST", path+"/typing", "", "Idempotency-Key", "k").want(t, "typing", 204)
		h.call(t, bot, "POST", path+"/read", `{"seq":1}`, "Idempotency-Key", "k").want(t, "read", 204)
		h.call(t, bot, "POST", "/v1/socket-tickets", "", "Idempotency-Key", "k").want(t, "a ticket", 201)
	}
}
