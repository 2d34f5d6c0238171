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

// Guard wraps a listener so that the hub can see how much a connection sends beside the text of its messages:
// one-byte and empty fragments and floods of control frames are heads without a body, and the library reads them
// without asking anybody. Connections that speak plain HTTP are left alone.
func Guard(ln net.Listener) net.Listener { return guard{ln} }

type guard struct{ net.Listener }

func (g guard) Accept() (net.Conn, error) {
	conn, err := g.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &guarded{Conn: conn}, nil
}

// guarded is a connection whose overhead is metered. Only its reader touches the meter.
type guarded struct {
	net.Conn
	meter meter
}

func (g *guarded) Read(b []byte) (int, error) {
	n, err := g.Conn.Read(b)
	if g.meter.on && !g.meter.allows(n, time.Now()) {
		return 0, errFlooded
	}
	return n, err
}

// What a peer may send beside the text of messages: a burst, which must hold what the buffers below have read
// and the hub has not yet seen, and so much a second.
const (
	overheadBurst     = 24 << 10
	overheadPerSecond = 4 << 10
	headBytes         = 14 // the largest head of a frame: each message has one for nothing
)

// meter measures overhead: what came over the wire and was no text.
type meter struct {
	on       bool
	overhead int
	at       time.Time
}

// allows counts n bytes from the wire and says whether the overhead is still within its bounds.
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

// credit says that n bytes were text.
func (m *meter) credit(n int) { m.overhead = max(0, m.overhead-n) }

// under gives the connection that this one wraps, or nil.
func under(conn net.Conn) net.Conn {
	switch c := conn.(type) {
	case interface{ UnsafeConn() net.Conn }: // what fasthttp hands out
		return c.UnsafeConn()
	case *guarded:
		return c.Conn
	}
	return nil
}

// meterOf finds the meter of a connection that came through Guard.
func meterOf(conn net.Conn) *meter {
	for ; conn != nil; conn = under(conn) {
		if g, ok := conn.(*guarded); ok {
			return &g.meter
		}
	}
	return nil
}

// sendBufferBytes is what the kernel keeps for a reader who does not read; by itself it would take megabytes.
const sendBufferBytes = 128 << 10

// limitSendBuffer bounds what the kernel keeps for a slow reader.
func limitSendBuffer(conn net.Conn) {
	for ; conn != nil; conn = under(conn) {
		if tcp, ok := conn.(*net.TCPConn); ok {
			// A connection that refuses this is about to fail anyway.
			_ = tcp.SetWriteBuffer(sendBufferBytes)
			return
		}
	}
}

// closeWrite tells the peer that nothing more will come.
func closeWrite(conn net.Conn) {
	for ; conn != nil; conn = under(conn) {
		if tcp, ok := conn.(*net.TCPConn); ok {
			// It may be gone already, which is just as well.
			_ = tcp.CloseWrite()
			return
		}
	}
}
