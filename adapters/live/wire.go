package live

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"time"
)

// opContinue is the operation of the second and each further frame of a message that is sent in parts; opBinary is
// that of a message which is no text. The other operations are with the frames that we write.
const (
	opContinue byte = 0
	opBinary   byte = 2
)

var (
	errFlooded  = errors.New("more frames than this connection may send")
	errTooBig   = errors.New("a frame above the limit")
	errProtocol = errors.New("bytes that are no frame of a client (RFC 6455)")
	errClosed   = errors.New("the peer has said goodbye")
)

// head is what stands before the payload of a frame.
type head struct {
	op    byte
	final bool // the message ends with this frame
	size  int  // of the payload
	bytes int  // of the head itself
	mask  [4]byte
}

// maxControl is the largest payload of a ping, a pong or a close frame, and readBytes the buffer that each open
// connection has for what it reads.
const (
	maxControl = 125
	readBytes  = 512
)

// readHead waits for a frame and reads its head. It is errProtocol when no client may send such a frame.
func readHead(in *bufio.Reader) (h head, err error) {
	const rest, reserved, masked = 0x7f, 0x70, 0x80
	b, err := in.Peek(2)
	if err != nil {
		return h, err
	}
	h = head{op: b[0] & 0x0f, final: b[0]&0x80 != 0, size: int(b[1] & rest), bytes: 6}
	control := h.op >= opClose
	switch {
	case b[0]&reserved != 0, b[1]&masked == 0, h.op > opPong, !control && h.op > opBinary, control && (h.size > maxControl || !h.final):
		return h, errProtocol
	case h.size == 126:
		h.bytes += 2
	case h.size == 127:
		h.bytes += 8
	}
	if b, err = in.Peek(h.bytes); err != nil {
		return h, err
	}
	switch h.size {
	case 126:
		h.size = int(binary.BigEndian.Uint16(b[2:]))
	case 127:
		size := binary.BigEndian.Uint64(b[2:])
		if size > 1<<31-1 {
			return h, errTooBig
		}
		h.size = int(size)
	}
	copy(h.mask[:], b[h.bytes-4:])
	_, err = in.Discard(h.bytes)
	return h, err
}

// readPayload reads the payload of a frame behind what buf holds. Memory is taken as bytes come, and not for what
// a head claims.
func readPayload(in *bufio.Reader, buf []byte, h head) ([]byte, error) {
	begin := len(buf)
	for left := h.size; left > 0; {
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
		n, err := in.Read(buf[len(buf):min(cap(buf), len(buf)+left)])
		buf, left = buf[:len(buf)+n], left-n
		if err != nil && left > 0 {
			return buf, io.ErrUnexpectedEOF
		}
	}
	unmask(buf[begin:], h.mask)
	return buf, nil
}

// unmask takes the mask off a payload.
func unmask(b []byte, mask [4]byte) {
	word := uint64(binary.LittleEndian.Uint32(mask[:]))
	word |= word << 32
	for ; len(b) >= 8; b = b[8:] {
		binary.LittleEndian.PutUint64(b, binary.LittleEndian.Uint64(b)^word)
	}
	for i := range b {
		b[i] ^= mask[i%4]
	}
}

// readAll reads frames and acts on messages, in order, until the connection ends. It leaves the reason behind.
// A silent connection waits in here, and holds nothing but its small buffer.
func (c *conn) readAll() {
	for c.ctx.Err() == nil {
		h, err := readHead(c.in)
		if err == nil {
			err = c.frame(h)
		}
		if err != nil {
			c.stop(codeOf(err))
			break
		}
	}
	if c.message != nil {
		c.hub.release(c.message)
		c.message = nil
	}
}

// frame reads what follows a head, and acts on the message that it completes.
func (c *conn) frame(h head) error {
	now := time.Now()
	c.heard.Store(now.UnixMilli())
	if !c.meter.allows(h.bytes, now) {
		return errFlooded
	}
	if h.op >= opClose {
		return c.control(h, now)
	}
	if (h.op == opContinue) != (c.message != nil) {
		return errProtocol
	}
	if c.message == nil {
		c.message, c.kind = c.hub.buffer(), h.op
		c.reading.Store(now.UnixMilli())
	}
	if len(*c.message)+h.size > c.hub.cfg.FrameBytes {
		return errTooBig
	}
	var err error
	if *c.message, err = readPayload(c.in, *c.message, h); err != nil || !h.final {
		return err
	}
	return c.complete()
}

// complete acts on the message whose last frame has been read.
func (c *conn) complete() error {
	message := c.message
	c.message = nil
	c.reading.Store(0)
	c.meter.credit(headBytes)
	err := c.take(c.kind, *message)
	c.hub.release(message)
	return err
}

// control answers a ping and takes note of a close frame.
func (c *conn) control(h head, now time.Time) error {
	if !c.meter.allows(h.size, now) {
		return errFlooded
	}
	payload, err := c.in.Peek(h.size)
	if err != nil {
		return err
	}
	switch h.op {
	case opClose:
		return errClosed
	case opPing:
		unmask(payload, h.mask)
		if err := c.ponder(payload, now); err != nil {
			return err
		}
	}
	_, err = c.in.Discard(h.size)
	return err
}

// codeOf says what a connection that ended like this is closed with.
func codeOf(err error) int {
	for _, row := range [...]struct {
		err  error
		code int
	}{
		{errClosed, closeNormal}, {errProtocol, closeProtocol}, {errNotText, closeNotText}, {errTooBig, closeTooBig}, {errFlooded, closeTooFast},
	} {
		if errors.Is(err, row.err) {
			return row.code
		}
	}
	return closeGone
}
