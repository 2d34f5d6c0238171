package live

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"baton/core"
	"baton/core/access"
	"baton/core/coretest"
	"baton/core/desk"
)

func TestFramesThatAreNoAcceptableJSON(t *testing.T) {
	h := open(t, options{})
	agent, ann := h.agent(t, "Max"), h.visitor(t, "Ann")
	s := h.talk(t, ann, agent)
	c := h.dial(t, ann)
	for _, row := range []struct {
		story, frame string
		code         core.Kind
	}{
		{"no JSON", `{"type":`, core.Malformed},
		{"an array", `[1]`, core.Invalid},
		{"bytes behind the frame", `{"type":"typing"}{}`, core.Malformed},
		{"a key twice", `{"type":"typing","type":"message"}`, core.Malformed},
		{"an escaped NUL", `{"type":"message","session":"s","client_id":"1","text":"a\u0000b"}`, core.Malformed},
		{"an escaped NUL behind a backslash", `{"type":"message","session":"s","client_id":"1","text":"a\\\u0000b"}`, core.Malformed},
		{"a lone surrogate", `{"type":"message","session":"s","client_id":"1","text":"\ud800"}`, core.Malformed},
		{"an unknown field", `{"type":"typing","session":"s","role":"owner"}`, core.Invalid},
		{"a field of another case", `{"Type":"typing"}`, core.Invalid},
		{"another verb's field", `{"type":"typing","session":"s","score":5}`, core.Invalid},
		{"a text where a number belongs", `{"type":"read","session":"s","seq":"1"}`, core.Invalid},
		{"no such type", `{"type":"dance"}`, core.Invalid},
		{"no session", `{"type":"message","client_id":"1","text":"x"}`, core.Invalid},
		{"another's verb", `{"type":"accept","session":"s"}`, core.Forbidden},
		{"a missing session", `{"type":"message","session":"ses_x","client_id":"1","text":"x"}`, core.NotFound},
		{"a long id", `{"type":"typing","id":"` + strings.Repeat("x", 65) + `","session":"s"}`, core.Invalid},
	} {
		c.say("%s", row.frame)
		if f := c.await("problem"); f.text("code") != string(row.code) {
			t.Errorf("%s: got %v, want %s", row.story, f, row.code)
		}
	}
	if err := c.ws.WriteMessage(2, []byte("binary")); err != nil {
		t.Fatal(err)
	}
	if f := c.await("problem"); f.text("code") != string(core.Malformed) {
		t.Errorf("a binary frame got %v", f)
	}
	c.ok("message", `"session":%q,"client_id":"1","text":"a backslash and u0000: \\u0000"`, s.ID)
}

func TestDeepContextIsRefused(t *testing.T) {
	h := open(t, options{})
	s := h.Request(t, coretest.Bot("shop"), "c1")
	c := h.dial(t, coretest.Bot("shop"))
	deep := strings.Repeat(`{"a":`, 40) + "1" + strings.Repeat("}", 40)
	c.refused(core.Malformed, "update", `"session":%q,"context":%s`, s.ID, deep)
	c.ok("update", `"session":%q,"context":{"a":[{"b":"}}}}"}]}`, s.ID)
}

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

// wire makes a masked frame as a client that knows no manners would.
func wire(final bool, op byte, payload string) []byte {
	if final {
		op |= 0x80
	}
	b := []byte{op, 0x80 | byte(len(payload)), 0, 0, 0, 0}
	return append(b, payload...)
}

func TestFloodsBelowTheMessagesAreCutOffWithinASecond(t *testing.T) {
	for _, row := range []struct {
		story string
		first []byte
		rest  []byte
	}{
		{"W04 one-byte fragments", wire(false, 1, "{"), wire(false, 0, " ")},
		{"W05 empty fragments", wire(false, 1, ""), wire(false, 0, "")},
		{"W06 pings", nil, wire(true, 9, "p")},
		{"pongs that nobody asked for", nil, wire(true, 10, "p")},
	} {
		t.Run(row.story, func(t *testing.T) {
			h := open(t, options{})
			c := h.dial(t, coretest.Bot("shop"))
			raw := c.ws.NetConn()
			if _, err := raw.Write(row.first); err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			go func() {
				flood := bytes.Repeat(row.rest, 100)
				for {
					if _, err := raw.Write(flood); err != nil {
						return
					}
				}
			}()
			c.closedWith(closeTooFast)
			if took := time.Since(began); took > time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
}

func TestFragmentsOfAnOrdinarySizeAreFine(t *testing.T) {
	h := open(t, options{})
	agent, ann := h.agent(t, "Max"), h.visitor(t, "Ann")
	s := h.talk(t, ann, agent)
	c := h.dial(t, ann)
	for i := range 30 {
		text := fmt.Sprintf(`{"type":"message","id":"f%d","session":%q,"client_id":"%d","text":"%s"}`, i, s.ID, i, strings.Repeat("x", 4000))
		for first := true; text != ""; first = false {
			n := min(100, len(text))
			op := byte(0)
			if first {
				op = 1
			}
			if _, err := c.ws.NetConn().Write(wire(n == len(text), op, text[:n])); err != nil {
				t.Fatal(err)
			}
			text = text[n:]
		}
		c.until("the answer", func(f frame) bool { return f.text("type") == "ok" && f.text("id") == fmt.Sprint("f", i) })
	}
}

func TestWhoeverSendsTooFastIsToldAndThenCutOff(t *testing.T) {
	h := open(t, options{})
	agent, ann := h.agent(t, "Max"), h.visitor(t, "Ann")
	s := h.talk(t, ann, agent)
	c := h.dial(t, ann)
	for i := range 200 {
		text := fmt.Appendf(nil, `{"type":"message","id":"%d","session":%q,"client_id":"%d","text":"x"}`, i, s.ID, i)
		if c.ws.WriteMessage(1, text) != nil {
			break // cut off already
		}
	}
	c.closedWith(closeTooFast)
	counts := map[string]int{}
	for _, f := range c.past {
		counts[f.text("type")+f.text("code")]++
	}
	posted := len(slices.DeleteFunc(h.Log(t, s.ID), func(e *core.Event) bool { return e.Type() != core.EventPosted }))
	if posted < 40 || posted > 60 {
		t.Errorf("%d of 200 messages at once were kept, want about 40", posted)
	}
	if counts["ok"] > posted {
		t.Errorf("%d messages were acknowledged, %d are kept", counts["ok"], posted)
	}
}

func TestBotsAreHeldBackAndNeverRefused(t *testing.T) {
	h := open(t, options{})
	bot := coretest.Bot("shop")
	s := h.Request(t, bot, "c1")
	c := h.dial(t, bot)
	go func() {
		for i := range 1500 {
			text := fmt.Appendf(nil, `{"type":"message","session":%q,"client_id":"%d","text":"x"}`, s.ID, i)
			if c.ws.WriteMessage(1, text) != nil {
				return
			}
		}
	}()
	for i := range 1500 {
		if f := c.read(); f.text("type") != "ok" {
			t.Fatalf("message %d got %v", i, f)
		}
	}
}

func TestW07SlowReaderIsCutOffAndOthersAreNot(t *testing.T) {
	h := open(t, options{})
	bot, agent := coretest.Bot("shop"), h.agent(t, "Max")
	s := h.Active(t, bot, "c1", agent)
	slow, quick := h.dial(t, h.boss), h.dial(t, agent)
	slow.ok("subscribe", `"session":%q`, s.ID)
	quick.ok("subscribe", `"session":%q`, s.ID)
	text := strings.Repeat("x", 16<<10)
	posts := 0
	var worst time.Duration
	for h.hub.CutOff() == 0 {
		if posts++; posts > 1000 {
			t.Fatal("the slow reader has not been cut off after 16 MB")
		}
		began := time.Now()
		if _, err := h.Desk.Post(t.Context(), bot, s.ID, desk.Message{ClientID: fmt.Sprint(posts), Text: text}); err != nil {
			t.Fatal(err)
		}
		quick.awaitEvent(core.EventPosted)
		worst = max(worst, time.Since(began))
	}
	if worst > time.Second {
		t.Errorf("beside a slow reader a message took %v", worst)
	}
	slow.closedWith(closeSlow)
}

func TestManySmallFramesAreNoReasonToCutAReaderOff(t *testing.T) {
	h := open(t, options{})
	bot := coretest.Bot("shop")
	s := h.Request(t, bot, "c1")
	reader := h.dial(t, h.boss)
	reader.ok("subscribe", `"session":%q`, s.ID)
	var last desk.Sent
	for i := range 1500 {
		var err error
		if last, err = h.Desk.Post(t.Context(), bot, s.ID, desk.Message{ClientID: fmt.Sprint(i), Text: "x"}); err != nil {
			t.Fatal(err)
		}
	}
	(&chain{t: t, name: "the reader"}).follow(reader, last.Seq)
}

func TestCatchUpDoesNotCountAgainstTheQueue(t *testing.T) {
	h := open(t, options{live: Config{QueueBytes: 64 << 10}})
	bot := coretest.Bot("shop")
	s := h.Request(t, bot, "c1")
	var last desk.Sent
	for i := range 300 {
		var err error
		if last, err = h.Desk.Post(t.Context(), bot, s.ID, desk.Message{ClientID: fmt.Sprint(i), Text: strings.Repeat("x", 4000)}); err != nil {
			t.Fatal(err)
		}
	}
	c := h.dial(t, bot)
	c.say(`{"type":"subscribe","session":%q}`, s.ID)
	(&chain{t: t, name: "the bot"}).follow(c, last.Seq)
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
		"place": "session position wait", "receipt": "session side delivered read", "session": "session",
	}
	row := strings.Fields("id status queue agent customer channel subject epoch seq created_at accepted_at ended_at position wait last receipts rating")
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

func TestAgentWhoLeavesAQueueIsToldNoMore(t *testing.T) {
	h := open(t, options{})
	agent, reader, ann := h.agent(t, "Max"), h.agent(t, "Eve"), h.visitor(t, "Ann")
	s := h.talk(t, ann, agent)
	c := h.dial(t, reader)
	c.ok("subscribe", `"session":%q`, s.ID)
	none := []string{}
	if _, err := h.access.ChangeUser(t.Context(), h.boss, reader.ID, access.UserChange{Queues: &none}); err != nil {
		t.Fatal(err)
	}
	customer := h.dial(t, ann)
	for i := 0; ; i++ {
		customer.ok("message", `"session":%q,"client_id":"%d","text":"x"`, s.ID, i)
		f := c.until("an event or the end", func(f frame) bool { return f.number("seq") > s.Seq || f.text("type") == "problem" })
		if f.text("type") == "problem" {
			break
		}
		if i > 30 {
			t.Fatal("she is told of a queue that she left long ago")
		}
		rest(t, 100*time.Millisecond)
	}
}

// rest lets time pass that the hub measures by the clock of the wall.
func rest(t testing.TB, d time.Duration) {
	t.Helper()
	select {
	case <-time.After(d):
	case <-t.Context().Done():
	}
}

func TestDemotedPersonIsClosedAtOnce(t *testing.T) {
	h := open(t, options{})
	admin, agent := h.person(t, "Root", core.Admin), h.agent(t, "Max")
	c := h.dial(t, agent)
	role := core.Viewer
	if _, err := h.access.ChangeUser(t.Context(), admin, agent.ID, access.UserChange{Role: &role}); err != nil {
		t.Fatal(err)
	}
	c.closedWith(closeNotSigned)
}

func TestFrameHeadsHoldEveryLength(t *testing.T) {
	for _, n := range []int{0, 1, 125, 126, 127, 65535, 65536, 70000} {
		two := appendFrame(appendFrame(nil, opText, make([]byte, n)), opText, []byte("next"))
		if got := frameLength(two); got != len(two)-6 {
			t.Errorf("a frame of %d bytes is said to be %d long, but is %d", n, got, len(two)-6)
		}
		if n > 5 {
			if rest := restOfFrame(two, 5); len(rest) != len(two)-6-5 {
				t.Errorf("cut after 5 bytes, %d of a frame of %d are left, want %d", len(rest), n, len(two)-11)
			}
		}
	}
	if code := binary.BigEndian.Uint16(appendClose(nil, closeSlow, "")[2:]); code != closeSlow {
		t.Errorf("the close frame says %d", code)
	}
}
