package live

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"baton/core"
	"baton/core/coretest"
	"baton/core/desk"
)

func TestW03OversizeIsClosedWith1009(t *testing.T) {
	h := open(t, options{})
	c := h.dial(t, h.visitor(t, "Ann"))
	c.say(`{"type":"message","text":"%s"}`, strings.Repeat("x", 64<<10))
	c.closedWith(closeTooBig)
}

func TestW13TextThatIsNotUTF8IsClosedWith1007(t *testing.T) {
	h := open(t, options{})
	c := h.dial(t, h.visitor(t, "Ann"))
	c.say("{\"type\":\"typing\xff\"}")
	c.closedWith(closeNotText)
}

func TestW10MessageAfterRevocationIsNeverStored(t *testing.T) {
	h := open(t, options{})
	agent, ann := h.agent(t, "Max"), h.visitor(t, "Ann")
	s := h.talk(t, ann, agent)
	c := h.dial(t, agent)
	c.ok("message", `"session":%q,"client_id":"1","text":"before"`, s.ID)
	if err := h.store.RemoveLogin(t.Context(), agent); err != nil {
		t.Fatal(err)
	}
	c.say(`{"type":"message","session":%q,"client_id":"2","text":"after"}`, s.ID)
	c.closedWith(closeNotSigned)
	if _, err := h.Desk.Post(t.Context(), agent, s.ID, desk.Message{ClientID: "3", Text: "after"}); core.KindOf(err) != core.Unauthorized {
		t.Errorf("a message of somebody who signed out got %v", err)
	}
	for _, e := range h.Log(t, s.ID) {
		if p, ok := e.Data.(*core.Posted); ok && p.Text != "before" {
			t.Errorf("%q is in the log", p.Text)
		}
	}
}

// exploding is a store that panics where a test wants it to.
type exploding struct{ Store }

func (exploding) Sessions(context.Context, core.SessionFilter) ([]*core.Session, string, error) {
	panic("the secret text of a panic")
}

func TestW16PanicGivesAnIDAndNoText(t *testing.T) {
	log := &syncBuffer{}
	h := open(t, options{store: func(s Store) Store { return exploding{s} }, log: log})
	agent := h.agent(t, "Max")
	c := h.dial(t, agent)
	other := h.dial(t, h.boss)
	c.say(`{"type":"subscribe","id":"1","feed":"desk"}`)
	closed := c.closedWith(closeFault)
	if !strings.HasPrefix(closed.Text, "err_") || strings.Contains(closed.Text, "secret") {
		t.Errorf("the close frame says %q, want an id only", closed.Text)
	}
	if !strings.Contains(log.String(), closed.Text) || !strings.Contains(log.String(), "the secret text") {
		t.Errorf("the log does not tell what %s was: %s", closed.Text, log)
	}
	other.ok("unsubscribe", `"session":"ses_x"`)
}

// syncBuffer is a log that a test reads while others write.
type syncBuffer struct {
	mu  sync.Mutex // guards buf
	buf bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

func TestW15ReconnectsUnderLoadNeverSeeAForeignFrame(t *testing.T) {
	people, rounds := 10, 10
	if os.Getenv("BATON_PROOF") != "" {
		people, rounds = 40, 50
	}
	h := open(t, options{})
	bot := coretest.Bot("shop")
	var all sync.WaitGroup
	for p := range people {
		s := h.Request(t, bot, fmt.Sprint("c", p))
		ann := coretest.Customer(s)
		all.Go(func() {
			for i := range rounds * 5 {
				if _, err := h.Desk.Post(t.Context(), bot, s.ID, desk.Message{ClientID: fmt.Sprint(i), Text: s.ID}); err != nil {
					t.Errorf("post: %v", err)
					return
				}
			}
		})
		all.Go(func() {
			ch := &chain{t: t, name: ann.Name}
			for range rounds {
				c := h.dial(t, ann)
				c.say(`{"type":"subscribe","session":%q,"after":%d}`, s.ID, ch.at)
				for range 5 {
					f, err := c.tryRead()
					if err != nil {
						t.Errorf("read: %v", err)
						return
					}
					if got := f.text("session"); got != "" && got != s.ID {
						t.Errorf("the reader of %s was told %v", s.ID, f)
					}
					if f.text("type") == "event" {
						ch.apply(f)
					}
				}
				_ = c.ws.NetConn().Close()
			}
		})
	}
	all.Wait()
}

func TestZ03CanariesAppearInNoTrafficOfOthers(t *testing.T) {
	const canary = "CANARY"
	h := open(t, options{})
	agent, ann, other := h.agent(t, "Max"), h.visitor(t, "Ann"), h.visitor(t, "Bob")
	bot, foreign := coretest.Bot("shop"), coretest.Bot("foreign")
	customer, stranger, competitor := h.dial(t, ann), h.dial(t, other), h.dial(t, foreign)
	r, err := h.Desk.Request(t.Context(), bot, core.Handoff{
		ConversationID: "c1", Customer: core.Customer{ID: ann.ID}, NoteToAgent: canary, Summary: canary, Tried: []string{canary},
		Context: json.RawMessage(`{"k":"` + canary + `"}`), Reason: &core.Reason{Code: "policy", Text: canary}, Tags: []string{canary},
	})
	if err != nil {
		t.Fatal(err)
	}
	s := r.Session
	customer.ok("subscribe", `"session":%q`, s.ID)
	stranger.refused(core.NotFound, "subscribe", `"session":%q`, s.ID)
	competitor.refused(core.NotFound, "subscribe", `"session":%q`, s.ID)
	if _, err := h.Desk.Assign(t.Context(), h.boss, s.ID, agent.ID, false); err != nil {
		t.Fatal(err)
	}
	staff := h.dial(t, agent)
	staff.ok("note", `"session":%q,"text":%q`, s.ID, canary)
	staff.ok("tag", `"session":%q,"tag":"%s2"`, s.ID, canary)
	whisperer := h.dial(t, bot)
	whisperer.ok("message", `"session":%q,"client_id":"1","text":%q,"as":"whisper"`, s.ID, canary)
	staff.ok("transfer", `"session":%q,"queue":"general","note":%q`, s.ID, canary)
	if _, err := h.Desk.Assign(t.Context(), h.boss, s.ID, agent.ID, false); err != nil {
		t.Fatal(err)
	}
	staff.ok("end", `"session":%q,"disposition":%q,"summary":%q`, s.ID, canary, canary)
	customer.awaitEvent(core.EventEnded)
	for _, c := range []*client{customer, stranger, competitor} {
		c.ok("unsubscribe", `"session":"ses_x"`)
		if told := fmt.Sprint(c.past); strings.Contains(told, canary) || strings.Contains(told, "@example.org") {
			t.Errorf("%s was told a secret: %s", c.name, told)
		}
	}
	for _, c := range []*client{stranger, competitor} {
		if told := fmt.Sprint(c.past); strings.Contains(told, s.ID) {
			t.Errorf("%s was told of a foreign session: %s", c.name, told)
		}
	}
}

func TestZ04FormerAgentGets409AndWhatHeMayStillRead(t *testing.T) {
	for _, own := range []bool{false, true} {
		t.Run(fmt.Sprint("own only ", own), func(t *testing.T) {
			h := open(t, options{desk: desk.Config{OwnOnly: own}})
			former, next, ann := h.agent(t, "Max"), h.agent(t, "Eve"), h.visitor(t, "Ann")
			s := h.talk(t, ann, former)
			c, customer := h.dial(t, former), h.dial(t, ann)
			c.ok("subscribe", `"session":%q`, s.ID)
			if _, err := h.Desk.Assign(t.Context(), h.boss, s.ID, next.ID, false); err != nil {
				t.Fatal(err)
			}
			sent := customer.ok("message", `"session":%q,"client_id":"1","text":"for Eve"`, s.ID)
			if !own {
				c.refused(core.NotOwner, "message", `"session":%q,"client_id":"2","text":"x"`, s.ID)
				if e := c.awaitEvent(core.EventPosted); e.number("seq") != sent.number("seq") {
					t.Errorf("a colleague who may read was told %v", e)
				}
				return
			}
			c.until("the end of the stream", func(f frame) bool { return f.text("code") == "not_found" && f.text("session") == s.ID })
			c.refused(core.NotFound, "message", `"session":%q,"client_id":"2","text":"x"`, s.ID)
			c.refused(core.NotFound, "subscribe", `"session":%q`, s.ID)
			for _, f := range c.past {
				if f.number("seq") > s.Seq {
					t.Errorf("after the chat was taken away came %v", f)
				}
			}
		})
	}
}

func TestZ07CustomerFramesCarryAllowListedKeysOnly(t *testing.T) {
	h := open(t, options{dispatcher: true})
	agent, ann := h.agent(t, "Max"), h.visitor(t, "Ann")
	customer, staff := h.dial(t, ann), h.dial(t, agent)
	staff.ok("subscribe", `"feed":"desk"`)
	r, err := h.Desk.Request(t.Context(), coretest.Bot("shop"), core.Handoff{ConversationID: "c1", Customer: core.Customer{ID: ann.ID}, Summary: "s", Context: json.RawMessage(`{"a":1}`)})
	if err != nil {
		t.Fatal(err)
	}
	customer.ok("subscribe", `"session":%q`, r.Session.ID)
	staff.await("offer")
	staff.ok("accept", `"session":%q`, r.Session.ID)
	staff.ok("message", `"session":%q,"client_id":"1","text":"hi"`, r.Session.ID)
	staff.ok("typing", `"session":%q`, r.Session.ID)
	staff.ok("end", `"session":%q`, r.Session.ID)
	customer.ok("rate", `"session":%q,"score":5,"comment":"fine"`, r.Session.ID)
	customer.awaitEvent(core.EventRated)
	allowed := map[string]string{
		"welcome": "build now", "ok": "id message seq session epoch", "event": "session seq prev event", "typing": "session actor",
		"place": "session position wait wait_words", "receipt": "session side delivered read", "session": "session",
	}
	row := strings.Fields("id status queue agent customer channel subject epoch seq created_at accepted_at ended_at position wait wait_words after_hours ask closes_at last receipts rating")
	for _, f := range customer.past {
		keys, known := allowed[f.text("type")]
		if !known {
			t.Errorf("a customer was told %v", f)
		}
		for key := range f {
			if key != "type" && !slices.Contains(strings.Fields(keys), key) {
				t.Errorf("a customer's frame has the key %q: %v", key, f)
			}
		}
		if s, ok := f["session"].(map[string]any); ok {
			for key := range s {
				if !slices.Contains(row, key) {
					t.Errorf("a customer's row has the key %q: %v", key, f)
				}
			}
		}
	}
}
