package live

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// masked makes a whole frame as a client writes it.
func masked(final bool, op byte, payload, mask []byte) []byte {
	if final {
		op |= 0x80
	}
	b := []byte{op}
	switch n := len(payload); {
	case n < 126:
		b = append(b, 0x80|byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, 0x80|126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, 0x80|127), uint64(n))
	}
	b = append(b, mask[:4]...)
	for i, c := range payload {
		b = append(b, c^mask[i%4])
	}
	return b
}

func TestFramesThatNoClientMaySendCloseWith1002(t *testing.T) {
	h := open(t, options{})
	ann := h.visitor(t, "Ann")
	for story, bytes := range map[string][]byte{
		"a frame without a mask":           {0x81, 0x02, 'h', 'i'},
		"a reserved bit":                   {0xc1, 0x80, 0, 0, 0, 0},
		"an operation for later":           {0x83, 0x80, 0, 0, 0, 0},
		"a control frame for later":        {0x8b, 0x80, 0, 0, 0, 0},
		"a ping in parts":                  {0x09, 0x80, 0, 0, 0, 0},
		"a ping of 126 bytes":              {0x89, 0xfe, 0, 126, 0, 0, 0, 0},
		"a part of no message":             wire(true, 0, "{}"),
		"a message within another message": append(wire(false, 1, "{"), wire(true, 1, "{}")...),
	} {
		t.Run(story, func(t *testing.T) {
			c := h.dial(t, ann)
			if _, err := c.ws.NetConn().Write(bytes); err != nil {
				t.Fatal(err)
			}
			c.closedWith(closeProtocol)
		})
	}
}

func TestFrameThatClaimsMoreThanTheLimitIsNotWaitedFor(t *testing.T) {
	h := open(t, options{})
	ann := h.visitor(t, "Ann")
	for _, size := range []uint64{64<<10 + 1, 1 << 40, 1<<64 - 1} {
		c := h.dial(t, ann)
		head := binary.BigEndian.AppendUint64([]byte{0x81, 0xff}, size)
		if _, err := c.ws.NetConn().Write(append(head, 0, 0, 0, 0)); err != nil {
			t.Fatal(err)
		}
		c.closedWith(closeTooBig)
	}
}

func TestMessagesAreReadWholeHoweverTheyAreCut(t *testing.T) {
	h := open(t, options{})
	ann := h.visitor(t, "Ann")
	c := h.dial(t, ann)
	pongs := make(chan string, 100)
	c.ws.SetPongHandler(func(data string) error {
		pongs <- data
		return nil
	})
	dice := rand.New(rand.NewPCG(1, 2))
	for round := range 40 {
		text := fmt.Sprintf(`{"type":"unsubscribe","id":"r%d","session":"ses_%s"}`, round, strings.Repeat("ä", dice.IntN(1500)))
		var stream []byte
		for first := true; first || text != ""; first = false {
			n, op := min(len(text), 1+dice.IntN(700)), byte(0)
			if first {
				op = 1
			}
			mask := binary.BigEndian.AppendUint32(nil, dice.Uint32())
			if n == len(text) { // before the last part, which may be the only one
				stream = append(stream, masked(true, opPing, fmt.Append(nil, round), mask)...)
			}
			stream = append(stream, masked(n == len(text), op, []byte(text[:n]), mask)...)
			text = text[n:]
		}
		for len(stream) > 0 {
			n := min(len(stream), 1+dice.IntN(900))
			if _, err := c.ws.NetConn().Write(stream[:n]); err != nil {
				t.Fatal(err)
			}
			stream = stream[n:]
		}
		c.until("the answer", func(f frame) bool { return f.text("type") == "ok" && f.text("id") == fmt.Sprint("r", round) })
		select {
		case data := <-pongs:
			if data != fmt.Sprint(round) {
				t.Fatalf("ping %d was answered with %q", round, data)
			}
		case <-time.After(patient):
			t.Fatalf("ping %d was not answered", round)
		}
	}
}

func TestMemoryIsTakenForWhatComesAndNotForWhatAHeadClaims(t *testing.T) {
	buf, err := readPayload(bufio.NewReader(strings.NewReader("0123456789")), make([]byte, 0, 64), head{size: 60 << 10})
	if !errors.Is(err, io.ErrUnexpectedEOF) || cap(buf) > 1<<10 {
		t.Errorf("ten bytes of 60,000 took a buffer of %d, and %v", cap(buf), err)
	}
}

func FuzzWhatAClientWroteIsWhatIsRead(f *testing.F) {
	f.Add([]byte("hello"), []byte{1, 2, 3, 4}, false)
	f.Add(bytes.Repeat([]byte("x"), 70_000), []byte{0, 0, 0, 0}, true)
	f.Fuzz(func(t *testing.T, payload, mask []byte, slowly bool) {
		if len(mask) < 4 {
			return
		}
		var stream io.Reader = bytes.NewReader(masked(true, opBinary, payload, mask))
		if slowly {
			stream = iotest.OneByteReader(stream)
		}
		in := bufio.NewReaderSize(stream, readBytes)
		h, err := readHead(in)
		if err != nil || h.op != opBinary || !h.final || h.size != len(payload) {
			t.Fatalf("the head of %d bytes is read as %+v, %v", len(payload), h, err)
		}
		got, err := readPayload(in, nil, h)
		if err != nil || !bytes.Equal(got, payload) {
			t.Fatalf("%q is read as %q, %v", payload, got, err)
		}
	})
}

func FuzzBytesThatAreNoFramesAreRefusedAndNothingWorse(f *testing.F) {
	f.Add([]byte{0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0})
	f.Add(wire(true, 9, "ping"))
	f.Fuzz(func(t *testing.T, stream []byte) {
		in := bufio.NewReaderSize(bytes.NewReader(stream), readBytes)
		for {
			h, err := readHead(in)
			if err != nil {
				return
			}
			if h.size < 0 || h.op >= opClose && h.size > maxControl {
				t.Fatalf("%x is read as %+v", stream, h)
			}
			if got, err := readPayload(in, nil, h); err != nil || len(got) != h.size {
				return
			}
		}
	})
}
