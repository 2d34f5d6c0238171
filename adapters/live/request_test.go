package live

import (
	"encoding/binary"
	"strings"
	"testing"

	"baton/core"
	"baton/core/coretest"
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
