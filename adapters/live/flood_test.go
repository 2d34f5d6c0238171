package live

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"baton/core"
	"baton/core/coretest"
	"baton/core/desk"
)

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
	// What was let through is kept, also when its sender is cut off before the answer.
	kept := func() int {
		return len(slices.DeleteFunc(h.Log(t, s.ID), func(e *core.Event) bool { return e.Type() != core.EventPosted }))
	}
	coretest.Until(t, "40 of 200 messages at once are kept", func() bool { return kept() >= 40 })
	posted := kept()
	if posted > 60 {
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

// TestW07SlowReaderIsCutOffAndOthersAreNot compares how long messages take to an ordinary reader, with nobody else
// there and beside readers who have stopped reading, in turn, so that whatever else the machine does is in both. What is
// promised of the slowest in a hundred is less than twice; a busy machine gets five times as much, and a tenth of a
// second, which nobody notices. A reader who held up others would do so for seconds, until he is cut off.
func TestW07SlowReaderIsCutOffAndOthersAreNot(t *testing.T) {
	const rounds, alone, slowReaders, slack, unnoticed = 3, 100, 3, 5, 100 * time.Millisecond
	h := open(t, options{})
	bot, agent := coretest.Bot("shop"), h.agent(t, "Max")
	s := h.Active(t, bot, "c1", agent)
	quick := h.dial(t, agent)
	quick.ok("subscribe", `"session":%q`, s.ID)
	quick.awaitEvent(core.EventAssigned)
	text, posts := strings.Repeat("x", 16<<10), 0
	post := func() time.Duration {
		posts++
		began := time.Now()
		sent, err := h.Desk.Post(t.Context(), bot, s.ID, desk.Message{ClientID: fmt.Sprint(posts), Text: text})
		if err != nil {
			t.Fatal(err)
		}
		quick.until("the message", func(f frame) bool { return f.number("seq") == sent.Seq })
		return time.Since(began)
	}
	var without, beside []time.Duration
	for round := range rounds {
		for range alone {
			without = append(without, post())
		}
		var slow []*client
		for range slowReaders {
			c := h.dial(t, h.boss)
			c.ok("subscribe", `"session":%q,"after":%d`, s.ID, s.Seq+int64(posts)-1)
			c.awaitEvent(core.EventPosted) // what it still catches up with does not count against it
			slow = append(slow, c)
		}
		for most := posts + 4000; h.hub.CutOff() < int64(slowReaders*(round+1)); {
			if beside = append(beside, post()); posts > most {
				t.Fatal("a slow reader has not been cut off after 64 MB")
			}
		}
		for _, c := range slow {
			c.closedWith(closeSlow)
		}
	}
	usual, worst := slowestInAHundred(without), slowestInAHundred(beside)
	t.Logf("the slowest message in a hundred takes %v with nobody else there (of %d) and %v beside slow readers (of %d)", usual, len(without), worst, len(beside))
	if worst > max(slack*2*usual, unnoticed) {
		t.Errorf("beside slow readers the slowest message in a hundred takes %v, and %v with nobody else there; promised is less than twice", worst, usual)
	}
}

func slowestInAHundred(took []time.Duration) time.Duration {
	slices.Sort(took)
	return took[len(took)*99/100]
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

func TestMessageThatWaitsTooLongIsAnsweredAsBusyAndOnlyOnce(t *testing.T) {
	h := open(t, options{})
	c := h.dial(t, coretest.Bot("shop"))
	h.hub.mu.Lock()
	var served *conn
	for one := range h.hub.conns {
		served = one
	}
	h.hub.mu.Unlock()
	f, err := served.takeOff("slow")
	if err != nil {
		t.Fatal(err)
	}
	served.tellOverdue(time.Now().Add(answerWithin / 2))
	served.tellOverdue(time.Now().Add(answerWithin + time.Second))
	if p := c.await("problem"); p.text("id") != "slow" || p.text("code") != string(core.Busy) {
		t.Errorf("was told %v", p)
	}
	served.tellOverdue(time.Now().Add(time.Hour))
	h.hub.answer(answer{flight: f, sent: desk.Sent{ID: "msg_x", Seq: 1}})
	coretest.Until(t, "the message has landed", func() bool { return served.waiting() == 0 })
	c.ok("unsubscribe", `"session":"ses_x"`)
	if len(c.past) != 0 {
		t.Errorf("a message that was answered as busy was answered again: %v", c.past)
	}
}
