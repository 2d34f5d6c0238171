package live

import (
	"net"
	"time"
)

// bucket lets so many things through each second, and a burst at once. Its zero value is full.
type bucket struct {
	used float64
	at   time.Time
}

// take takes one thing out, if there is one.
func (b *bucket) take(now time.Time, perSecond float64, burst int) bool {
	b.used = max(0, b.used-now.Sub(b.at).Seconds()*perSecond)
	b.at = now
	if b.used+1 > float64(burst) {
		return false
	}
	b.used++
	return true
}

// What a peer may send beside the text of messages: a burst, and so much a second.
const (
	overheadBurst     = 24 << 10
	overheadPerSecond = 4 << 10
	headBytes         = 14 // the largest head of a frame: each message has one for nothing
)

// meter measures overhead: what came over the wire and was no text. One-byte and empty fragments and floods of
// control frames are little else.
type meter struct {
	overhead int
	at       time.Time
}

// allows counts n bytes that are no text and says whether the overhead is still within its bounds.
func (m *meter) allows(n int, now time.Time) bool {
	if drained := int(now.Sub(m.at).Seconds() * overheadPerSecond); drained > 0 && m.overhead > 0 {
		m.overhead = max(0, m.overhead-drained)
		m.at = now
	}
	if m.overhead == 0 {
		m.at = now
	}
	m.overhead += n
	return m.overhead <= overheadBurst
}

// credit takes back n bytes of what was counted.
func (m *meter) credit(n int) { m.overhead = max(0, m.overhead-n) }

// sendBufferBytes is what the kernel keeps for a reader who does not read; by itself it would take megabytes.
const sendBufferBytes = 128 << 10

// limitSendBuffer bounds what the kernel keeps for a slow reader.
func limitSendBuffer(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		// A connection that refuses this is about to fail anyway.
		_ = tcp.SetWriteBuffer(sendBufferBytes)
	}
}

// closeWrite tells the peer that nothing more will come.
func closeWrite(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		// It may be gone already, which is just as well.
		_ = tcp.CloseWrite()
	}
}
