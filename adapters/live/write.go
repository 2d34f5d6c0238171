package live

import (
	"encoding/binary"
	"errors"
	"os"
	"slices"
	"time"
)

// The operations of frames that are written.
const (
	opText  byte = 1
	opClose byte = 8
	opPing  byte = 9
	opPong  byte = 10
)

// appendFrame adds one whole frame to b. A server's frames are not masked, so they can be written many at once.
func appendFrame(b []byte, op byte, payload []byte) []byte {
	const final = 0x80
	b = append(b, final|op)
	switch n := len(payload); {
	case n < 126:
		b = append(b, byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, 126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, 127), uint64(n))
	}
	return append(b, payload...)
}

// appendClose adds a close frame; reason is empty or an id.
func appendClose(b []byte, code int, reason string) []byte {
	payload := binary.BigEndian.AppendUint16(nil, uint16(code))
	return appendFrame(b, opClose, append(payload, reason...))
}

// write is the writer goroutine: it writes what waits, then pages of the log for subscriptions that are behind,
// and ends when there is neither.
func (c *conn) write() {
	defer c.recoverWriter()
	for {
		buf, oldest, catching := c.next()
		switch {
		case buf != nil:
			if n, err := c.writeOut(*buf, oldest); err != nil {
				c.broken(restOfFrame(*buf, n), err)
			}
			c.hub.release(buf)
		case catching != nil:
			c.hub.catchUp(c, catching)
		default:
			return
		}
	}
}

// next takes what is to be written next. When there is nothing the writer has ended.
func (c *conn) next() (buf *[]byte, oldest time.Time, catching *sub) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pending = 0
	if c.out != nil {
		buf, oldest = c.out, c.since
		c.out = nil
		c.pending, c.started = len(*buf), oldest
		return buf, oldest, nil
	}
	if len(c.behind) > 0 && c.code == 0 {
		return nil, oldest, c.behind[0]
	}
	c.writing = false
	if c.written != nil {
		close(c.written)
		c.written = nil
	}
	return nil, oldest, nil
}

// writeOut writes frames that may wait SlowAfter since oldest, or a little longer, and says how much was written. A
// deadline of the connection serves for that little while: setting one costs a tenth of a write.
func (c *conn) writeOut(frames []byte, oldest time.Time) (int, error) {
	c.mu.Lock()
	var err error
	if slow := c.hub.cfg.SlowAfter; c.code == 0 && c.until.Before(oldest.Add(slow)) {
		c.until = oldest.Add(slow + slow/16)
		err = c.raw.SetWriteDeadline(c.until)
	}
	c.mu.Unlock()
	if err != nil {
		return 0, err
	}
	return c.raw.Write(frames)
}

// writeNow writes frames that were not queued, from the writer goroutine.
func (c *conn) writeNow(frames []byte) error {
	n, err := c.writeOut(frames, time.Now())
	if err != nil {
		c.broken(restOfFrame(frames, n), err)
	}
	return err
}

// broken ends a connection that could not be written to. One that is too slow keeps the rest of the frame that
// was cut in two, so that a close frame can follow; nothing more can be said to any other.
func (c *conn) broken(rest []byte, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	slow := errors.Is(err, os.ErrDeadlineExceeded) && (c.code == 0 || c.code == closeSlow)
	if slow && !c.cut {
		c.cut = true
		c.stopLocked(closeSlow)
		_ = c.raw.SetWriteDeadline(time.Now().Add(patience))
		if c.out == nil {
			c.out = c.hub.buffer()
		}
		*c.out = slices.Insert(*c.out, 0, rest...)
		return
	}
	c.stopLocked(closeGone)
	c.code = closeGone
	c.dropLocked()
}

// restOfFrame gives what is left of the frame that the first n bytes end in.
func restOfFrame(frames []byte, n int) []byte {
	end := 0
	for end < n {
		end += frameLength(frames[end:])
	}
	return frames[n:end]
}

// frameLength is how long the first of these frames is with its head.
func frameLength(frames []byte) int {
	switch frames[1] {
	case 126:
		return 4 + int(binary.BigEndian.Uint16(frames[2:]))
	case 127:
		return 10 + int(binary.BigEndian.Uint64(frames[2:]))
	}
	return 2 + int(frames[1])
}

// recoverWriter turns a panic of the writer into the end of its connection.
func (c *conn) recoverWriter() {
	if v := recover(); v != nil {
		c.panicked(v)
		c.mu.Lock()
		c.dropLocked()
		c.writing = false
		if c.written != nil {
			close(c.written)
			c.written = nil
		}
		c.mu.Unlock()
	}
}
