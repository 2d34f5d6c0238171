package live

import (
	"bufio"
	"context"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"baton/core"
)

// The close codes of the socket.
const (
	closeNormal    = 1000
	closeProtocol  = 1002
	closeNotText   = 1007
	closeTooBig    = 1009
	closeFault     = 1011
	closeRestart   = 1012
	closeSlow      = 4008
	closeTooFast   = 4029
	closeNotSigned = 4401
	// closeGone stands for a peer that is gone: nothing can be said to it any more.
	closeGone = -1
)

// conn is one open connection. What the reading goroutine alone uses has no lock.
type conn struct {
	hub    *Hub
	raw    net.Conn      // whole frames are written to it in one piece
	in     *bufio.Reader // of raw
	actor  atomic.Pointer[core.Actor]
	ctx    context.Context
	cancel context.CancelFunc

	heard   atomic.Int64 // when the peer was last heard of, in milliseconds
	reading atomic.Int64 // since when a frame is being read, or 0
	checked atomic.Int64 // when the credential was last looked up

	landed chan struct{} // of one: a message was answered

	message                         *[]byte // what has been read of a message, or nil between two
	kind                            byte    // of that message: text or binary
	meter                           meter
	messages, calls, pings, typings bucket
	refused                         int // frames in a row that came too fast

	subs   []*sub    // guarded by hub.mu
	pinged time.Time // the sweep's own

	mu      sync.Mutex // guards what follows, and every use of raw by others than the reader
	flights []*flight  // messages that wait for their commit
	out     *[]byte    // frames that wait, one after the other, or nil
	since   time.Time  // when the first of them was put there
	pending int        // bytes that are being written
	started time.Time  // since when the oldest of these waits
	until   time.Time  // when raw gives up a write, while the connection is not ending
	writing bool       // a writer goroutine runs
	written chan struct{}
	behind  []*sub // subscriptions that are still reading the log
	code    int    // why the connection ends, or 0
	fault   string // the id of the panic that ends it
	cut     bool   // the writer was broken off in the middle of a frame
	leaving bool   // the close frame was queued
	closed  bool   // nothing may touch raw any more
}

func newConn(ctx context.Context, h *Hub, raw net.Conn, actor *core.Actor) *conn {
	c := &conn{hub: h, raw: raw, in: bufio.NewReaderSize(raw, readBytes), landed: make(chan struct{}, 1)}
	c.actor.Store(actor)
	c.ctx, c.cancel = context.WithCancel(ctx)
	now := time.Now().UnixMilli()
	c.heard.Store(now)
	c.checked.Store(now)
	limitSendBuffer(raw)
	return c
}

// ponder answers a ping, as long as they do not come too often.
func (c *conn) ponder(data []byte, now time.Time) error {
	if !c.pings.take(now, float64(c.hub.cfg.Pings)/60, c.hub.cfg.Pings) {
		return errFlooded
	}
	c.queue(opPong, data, now, true)
	return nil
}

// push puts a frame into the queue and sees that it is written.
func (c *conn) push(payload []byte) { c.queue(opText, payload, time.Now(), true) }

// queue puts a frame into the queue, or cuts a reader off who is too slow. It is true when the caller has to
// start the writer, which it does itself when asked to.
func (c *conn) queue(op byte, payload []byte, now time.Time, start bool) (mustStart bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.code != 0 && c.code != closeRestart || c.leaving {
		return false
	}
	if c.tooSlow(len(payload), now) {
		c.stopLocked(closeSlow)
		return false
	}
	first := c.out == nil
	if first {
		c.out, c.since = c.hub.buffer(), now
	}
	*c.out = appendFrame(*c.out, op, payload)
	if !first || c.writing {
		return false
	}
	if start {
		c.startLocked()
	}
	return true
}

// tooSlow says whether the queue is over its bounds of bytes or age.
func (c *conn) tooSlow(more int, now time.Time) bool {
	waiting, oldest := c.pending, c.started
	if c.out != nil {
		waiting += len(*c.out)
		if c.pending == 0 {
			oldest = c.since
		}
	}
	return waiting > 0 && (waiting+more > c.hub.cfg.QueueBytes || now.Sub(oldest) > c.hub.cfg.SlowAfter)
}

// start runs the writer unless it runs.
func (c *conn) start() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.startLocked()
}

func (c *conn) startLocked() {
	if !c.writing && !c.closed {
		c.writing = true
		go c.write()
	}
}

// stop ends the connection with this code. The first code counts.
func (c *conn) stop(code int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stopLocked(code)
}

func (c *conn) stopLocked(code int) {
	if c.code != 0 || c.closed {
		return
	}
	c.code = code
	c.cancel()
	// The reader may be inside Read and the writer inside Write: deadlines bring both out. An error means that
	// the connection is gone, which they will find out themselves.
	now := time.Now()
	_ = c.raw.SetReadDeadline(now)
	switch code {
	case closeRestart:
		return
	case closeSlow:
		c.hub.slow.Add(1)
		_ = c.raw.SetWriteDeadline(now)
	default:
		_ = c.raw.SetWriteDeadline(now.Add(farewell))
	}
	c.dropLocked()
}

// farewell bounds each step of taking leave from a connection; patience is for one that was cut off as too slow,
// so that it can still find out why.
const (
	farewell = time.Second
	patience = 3 * time.Second
)

// dropLocked forgets what waits.
func (c *conn) dropLocked() {
	if c.out != nil {
		c.hub.release(c.out)
		c.out = nil
	}
	c.behind = nil
}

// ending is the code that the connection ends with, or 0.
func (c *conn) ending() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.code
}

// end takes leave: it answers what is under way, writes the close frame and waits until the writer has ended.
// Nothing is written to the connection after it has returned.
func (c *conn) end() {
	code := c.ending()
	if code == closeRestart {
		c.land()
	}
	if written := c.sayGoodbye(code); written != nil {
		<-written
	}
	c.mu.Lock()
	c.closed = true
	c.dropLocked()
	c.mu.Unlock()
	c.linger()
}

// sayGoodbye queues the close frame. What it gives is closed when the writer has ended, or nil when none runs.
func (c *conn) sayGoodbye(code int) <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.leaving = true
	wait := farewell
	if code == closeSlow {
		wait = patience
	}
	_ = c.raw.SetWriteDeadline(time.Now().Add(wait))
	if code != closeGone {
		if c.out == nil {
			c.out = c.hub.buffer()
		}
		*c.out = appendClose(*c.out, code, c.fault)
		c.startLocked()
	}
	if !c.writing {
		return nil
	}
	c.written = make(chan struct{})
	return c.written
}

// land waits until the messages under way are answered, but not for long.
func (c *conn) land() {
	timeout := time.NewTimer(farewell)
	defer timeout.Stop()
	for c.waiting() > 0 {
		select {
		case <-c.landed:
		case <-timeout.C:
			return
		}
	}
}

// linger reads on for a moment after the close frame: dropping a connection that has unread bytes would take
// the close frame away from the peer.
func (c *conn) linger() {
	closeWrite(c.raw)
	_ = c.raw.SetReadDeadline(time.Now().Add(farewell))
	buf := c.hub.buffer()
	defer c.hub.release(buf)
	for left := lingerBytes; left > 0; {
		n, err := c.raw.Read((*buf)[:cap(*buf)])
		if err != nil {
			return
		}
		left -= n
	}
}

// lingerBytes is how much is read from a peer that does not stop talking.
const lingerBytes = 4 << 20
