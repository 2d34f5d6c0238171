package live

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"baton/core"
	"baton/core/coretest"
	"baton/core/desk"
)

func TestMessageIsAnsweredAndToldToBothEnds(t *testing.T) {
	h := open(t, options{})
	agent, ann := h.agent(t, "Max"), h.visitor(t, "Ann")
	s := h.talk(t, ann, agent)
	customer, desk := h.dial(t, ann), h.dial(t, agent)
	customer.ok("subscribe", `"session":%q`, s.ID)
	desk.ok("subscribe", `"session":%q`, s.ID)
	sent := customer.ok("message", `"session":%q,"client_id":"m1","text":"hello <b>"`, s.ID)
	for _, c := range []*client{customer, desk} {
		e := c.awaitEvent(core.EventPosted)
		if e.number("seq") != sent.number("seq") || e.event().data().text("text") != "hello <b>" || e.event().data().text("id") != sent.text("message") {
			t.Errorf("%s was told %v, but the answer was %v", c.name, e, sent)
		}
	}
	desk.ok("message", `"session":%q,"client_id":"m1","text":"hi"`, s.ID)
	if e := customer.awaitEvent(core.EventPosted); e.event().data().text("text") != "hi" {
		t.Errorf("the customer was told %v", e)
	}
}

func TestSameClientIDGetsTheFirstAnswer(t *testing.T) {
	h := open(t, options{})
	agent, ann := h.agent(t, "Max"), h.visitor(t, "Ann")
	s := h.talk(t, ann, agent)
	first := h.dial(t, ann).ok("message", `"session":%q,"client_id":"m1","text":"one"`, s.ID)
	again := h.dial(t, ann)
	if f := again.ok("message", `"session":%q,"client_id":"m1","text":"two"`, s.ID); f.number("seq") != first.number("seq") || f.text("message") != first.text("message") {
		t.Errorf("the repeat was answered %v, the first one %v", f, first)
	}
	h.dial(t, agent).ok("end", `"session":%q`, s.ID)
	if f := again.ok("message", `"session":%q,"client_id":"m1","text":"one"`, s.ID); f.number("seq") != first.number("seq") {
		t.Errorf("after the end the repeat was answered %v, the first one %v", f, first)
	}
	again.refused(core.SessionEnded, "message", `"session":%q,"client_id":"m2","text":"three"`, s.ID)
}

func TestMessagesOfOneConnectionKeepTheirOrder(t *testing.T) {
	const n = 500
	h := open(t, options{})
	bot := coretest.Bot("shop")
	s := h.Request(t, bot, "c1")
	c := h.dial(t, bot)
	c.ok("subscribe", `"session":%q`, s.ID)
	sent := make(chan error, 1)
	go func() {
		for i := range n {
			text := fmt.Appendf(nil, `{"type":"message","id":"i%d","session":%q,"client_id":"m%d","text":"%d"}`, i, s.ID, i, i)
			if err := c.ws.WriteMessage(1, text); err != nil {
				sent <- err
				return
			}
		}
		sent <- nil
	}()
	answered, told := 0, 0
	for answered < n || told < n {
		f := c.read()
		switch {
		case f.text("type") == "ok":
			if f.text("id") != fmt.Sprintf("i%d", answered) {
				t.Fatalf("answer %d is %v", answered, f)
			}
			answered++
		case f.event().text("type") == string(core.EventPosted):
			if f.event().data().text("text") != fmt.Sprint(told) {
				t.Fatalf("message %d is %v", told, f)
			}
			told++
		}
	}
	if err := <-sent; err != nil {
		t.Fatal(err)
	}
}

func TestVerbsOfOneConnectionComeAfterItsMessages(t *testing.T) {
	h := open(t, options{})
	agent, ann := h.agent(t, "Max"), h.visitor(t, "Ann")
	s := h.talk(t, ann, agent)
	c := h.dial(t, ann)
	for i := range 20 {
		c.say(`{"type":"message","session":%q,"client_id":"m%d","text":"%d"}`, s.ID, i, i)
	}
	c.ok("end", `"session":%q`, s.ID)
	log := h.Log(t, s.ID)
	if last := log[len(log)-1]; last.Type() != core.EventEnded || len(log) < 21 {
		t.Errorf("the log ends with %s after %d events; the 20 messages were sent before the end", last.Type(), len(log))
	}
}

func TestPrevIsContinuousForEachAudience(t *testing.T) {
	h := open(t, options{})
	agent, ann := h.agent(t, "Max"), h.visitor(t, "Ann")
	bot := coretest.Bot("shop")
	r, err := h.Desk.Request(t.Context(), bot, core.Handoff{ConversationID: "c1", Customer: core.Customer{ID: ann.ID}, NoteToAgent: "psst"})
	if err != nil {
		t.Fatal(err)
	}
	s := r.Session
	readers := map[string]*client{}
	for _, a := range []core.Actor{agent, ann, bot} {
		readers[a.Name] = h.dial(t, a)
		readers[a.Name].ok("subscribe", `"session":%q,"after":0`, s.ID)
	}
	if _, err := h.Desk.Assign(t.Context(), h.boss, s.ID, agent.ID, false); err != nil {
		t.Fatal(err)
	}
	staff := readers["Max"]
	staff.ok("message", `"session":%q,"client_id":"1","text":"one"`, s.ID)
	staff.ok("note", `"session":%q,"text":"hidden"`, s.ID)
	staff.ok("tag", `"session":%q,"tag":"vip"`, s.ID)
	readers["Ann"].ok("message", `"session":%q,"client_id":"2","text":"two"`, s.ID)
	readers["shop"].ok("message", `"session":%q,"client_id":"3","text":"whispered","as":"whisper"`, s.ID)
	readers["shop"].ok("message", `"session":%q,"client_id":"4","text":"relayed"`, s.ID)
	staff.ok("priority", `"session":%q,"priority":"high"`, s.ID)
	end := staff.ok("end", `"session":%q,"disposition":"d"`, s.ID)
	public := "session.requested session.assigned message.posted message.posted message.posted session.ended"
	whole := "session.requested note.added session.assigned message.posted note.added tag.added message.posted message.posted message.posted session.priority session.ended"
	for name, want := range map[string]string{"Max": whole, "Ann": public, "shop": public} {
		for _, from := range []string{"live", "log"} {
			c := readers[name]
			ch := &chain{t: t, name: name + " from the " + from}
			if from == "log" {
				c = h.dial(t, map[string]core.Actor{"Max": agent, "Ann": ann, "shop": bot}[name])
				c.ok("subscribe", `"session":%q`, s.ID)
			}
			ch.follow(c, end.number("seq"))
			if ch.kinds() != want {
				t.Errorf("%s saw %s, want %s", ch.name, ch.kinds(), want)
			}
		}
	}
}

func TestReadersWhoJoinUnderLoadMissAndDoubleNothing(t *testing.T) {
	const messages, readers = 400, 12
	h := open(t, options{})
	bot := coretest.Bot("shop")
	s := h.Request(t, bot, "c1")
	var all sync.WaitGroup
	all.Go(func() {
		for i := range messages {
			if _, err := h.Desk.Post(t.Context(), bot, s.ID, desk.Message{ClientID: fmt.Sprint(i), Text: "x"}); err != nil {
				t.Errorf("post: %v", err)
				return
			}
		}
	})
	for i := range readers {
		c := h.dial(t, []core.Actor{bot, h.boss}[i%2])
		all.Go(func() {
			ch := &chain{name: fmt.Sprint("reader ", i)}
			c.say(`{"type":"subscribe","session":%q}`, s.ID)
			for ch.at < messages+1 {
				f, err := c.tryRead()
				if err != nil {
					t.Errorf("%s: %v", ch.name, err)
					return
				}
				if f.text("type") != "event" {
					continue
				}
				if seq := f.number("seq"); seq != ch.at+1 || f.number("prev") != ch.at {
					t.Errorf("%s has %d and was told %d with prev %d", ch.name, ch.at, seq, f.number("prev"))
					return
				}
				ch.at = f.number("seq")
			}
		})
	}
	all.Wait()
}

func TestSubscribeAfterASeqTellsWhatFollows(t *testing.T) {
	h := open(t, options{})
	agent, ann := h.agent(t, "Max"), h.visitor(t, "Ann")
	s := h.talk(t, ann, agent)
	c := h.dial(t, ann)
	first := c.ok("message", `"session":%q,"client_id":"1","text":"one"`, s.ID)
	c.ok("message", `"session":%q,"client_id":"2","text":"two"`, s.ID)
	c.ok("subscribe", `"session":%q,"after":%d`, s.ID, first.number("seq"))
	if e := c.await("event"); e.event().data().text("text") != "two" || e.number("prev") != first.number("seq") {
		t.Errorf("after %d came %v", first.number("seq"), e)
	}
	c.refused(core.Invalid, "subscribe", `"session":%q,"after":-1`, s.ID)
}

func TestWhoMissedTooMuchIsToldToResync(t *testing.T) {
	h := open(t, options{live: Config{MissedEvents: 5}})
	bot := coretest.Bot("shop")
	s := h.Request(t, bot, "c1")
	for i := range 6 {
		if _, err := h.Desk.Post(t.Context(), bot, s.ID, desk.Message{ClientID: fmt.Sprint(i), Text: "x"}); err != nil {
			t.Fatal(err)
		}
	}
	c := h.dial(t, bot)
	c.ok("subscribe", `"session":%q,"after":1`, s.ID)
	if f := c.await("resync"); f.text("session") != s.ID {
		t.Errorf("was told %v", f)
	}
	c.ok("message", `"session":%q,"client_id":"7","text":"x"`, s.ID)
	c.nothingOf("event", s.ID)
	c.ok("subscribe", `"session":%q,"after":3`, s.ID)
	(&chain{t: t, name: "the bot", at: 3}).follow(c, 8)
}

func TestReceiptsGoOutAtOnce(t *testing.T) {
	h := open(t, options{})
	agent, ann := h.agent(t, "Max"), h.visitor(t, "Ann")
	s := h.talk(t, ann, agent)
	customer, staff := h.dial(t, ann), h.dial(t, agent)
	staff.ok("subscribe", `"session":%q`, s.ID)
	sent := customer.ok("message", `"session":%q,"client_id":"1","text":"one"`, s.ID)
	staff.ok("delivered", `"session":%q,"seq":%d`, s.ID, sent.number("seq"))
	for _, c := range []*client{customer, staff} {
		if f := c.await("receipt"); f.text("side") != "agent" || f.number("delivered") != sent.number("seq") || f.number("read") != 0 {
			t.Errorf("%s was told %v", c.name, f)
		}
	}
	staff.ok("read", `"session":%q,"seq":%d`, s.ID, sent.number("seq"))
	if f := customer.await("receipt"); f.number("read") != sent.number("seq") {
		t.Errorf("the customer was told %v", f)
	}
	customer.ok("read", `"session":%q,"seq":%d`, s.ID, sent.number("seq"))
	staff.until("the customer's receipt", func(f frame) bool { return f.text("side") == "customer" })
	h.dial(t, h.boss).refused(core.NotOwner, "read", `"session":%q,"seq":1`, s.ID)
}

func TestViewersAreToldToStaffOnly(t *testing.T) {
	h := open(t, options{})
	agent, ann := h.agent(t, "Max"), h.visitor(t, "Ann")
	s := h.talk(t, ann, agent)
	customer, staff, boss := h.dial(t, ann), h.dial(t, agent), h.dial(t, h.boss)
	customer.ok("subscribe", `"session":%q`, s.ID)
	staff.ok("subscribe", `"session":%q`, s.ID)
	names := func(f frame) string {
		var list []string
		for _, a := range f["agents"].([]any) {
			list = append(list, frame(a.(map[string]any)).text("name"))
		}
		slices.Sort(list)
		return strings.Join(list, " ")
	}
	if f := staff.await("viewers"); names(f) != "Max" {
		t.Errorf("was told %v", f)
	}
	boss.ok("subscribe", `"session":%q`, s.ID)
	if f := staff.await("viewers"); names(f) != "Boss Max" {
		t.Errorf("was told %v", f)
	}
	boss.ok("unsubscribe", `"session":%q`, s.ID)
	if f := staff.await("viewers"); names(f) != "Max" {
		t.Errorf("was told %v", f)
	}
	customer.nothingOf("viewers", s.ID)
}

func TestTypingIsRelayedAndNotEchoed(t *testing.T) {
	h := open(t, options{})
	agent, other, ann := h.agent(t, "Max"), h.agent(t, "Eve"), h.visitor(t, "Ann")
	s := h.talk(t, ann, agent)
	customer, staff := h.dial(t, ann), h.dial(t, agent)
	customer.ok("subscribe", `"session":%q`, s.ID)
	staff.ok("subscribe", `"session":%q`, s.ID)
	customer.ok("typing", `"session":%q`, s.ID)
	if f := staff.await("typing"); f.text("session") != s.ID || f["actor"].(map[string]any)["role"] != "customer" {
		t.Errorf("was told %v", f)
	}
	customer.nothingOf("typing", s.ID)
	h.dial(t, other).refused(core.NotOwner, "typing", `"session":%q`, s.ID)
	before := len(h.Log(t, s.ID))
	for range 100 {
		customer.ok("typing", `"session":%q`, s.ID)
	}
	staff.nothingOf("event", s.ID+"x")
	relayed := 0
	for _, f := range staff.past {
		if f.text("type") == "typing" {
			relayed++
		}
	}
	if relayed > 2*typingsBurst {
		t.Errorf("%d of 100 typings in a row were relayed", relayed)
	}
	if after := len(h.Log(t, s.ID)); after != before {
		t.Errorf("typing added %d events to the log", after-before)
	}
}

func TestWhatHappensWhileTheLogIsReadIsToldAfterIt(t *testing.T) {
	h := open(t, options{})
	bot := coretest.Bot("shop")
	s := h.Request(t, bot, "c1")
	for round := range 30 {
		posted := make(chan desk.Sent, 1)
		go func() {
			var last desk.Sent
			for i := range 10 {
				sent, err := h.Desk.Post(context.Background(), bot, s.ID, desk.Message{ClientID: fmt.Sprint(round, ".", i), Text: "x"})
				if err != nil {
					t.Errorf("post: %v", err)
				}
				last = sent
			}
			posted <- last
		}()
		c := h.dial(t, bot)
		c.say(`{"type":"subscribe","session":%q}`, s.ID)
		ch := &chain{t: t, name: fmt.Sprint("reader ", round)}
		last := <-posted
		ch.follow(c, last.Seq)
		if len(ch.seen) != int(last.Seq) {
			t.Fatalf("%s was told %d of %d events", ch.name, len(ch.seen), last.Seq)
		}
	}
}
