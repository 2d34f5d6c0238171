package live

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/fasthttp/websocket"

	"baton/core"
	"baton/core/coretest"
)

// shake opens a WebSocket by hand: a client of the library would weigh more than the connection that is measured.
func (h *house) shake(t testing.TB, a core.Actor) net.Conn {
	t.Helper()
	key := core.NewID("")
	h.mu.Lock()
	h.actors[key] = a
	h.mu.Unlock()
	conn, err := net.Dial("tcp", h.addr)
	if err != nil {
		t.Fatal(err)
	}
	_, err = fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: x\r\nX-Actor: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", key)
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.SetReadDeadline(time.Now().Add(patient)); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReaderSize(conn, 16), nil)
	if err != nil || response.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("the server answered %v, %v", response, err)
	}
	return conn
}

// BenchmarkIdleConnection measures what one customer costs who looks at his chat and says nothing.
func BenchmarkIdleConnection(b *testing.B) {
	const idle = 2000
	h := open(b, options{})
	bot := coretest.Bot("shop")
	sessions := make([]*core.Session, idle)
	for i := range sessions {
		sessions[i] = h.Request(b, bot, fmt.Sprint(i))
	}
	weigh := func() uint64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapInuse + m.StackInuse
	}
	for b.Loop() {
		before := weigh()
		conns := make([]net.Conn, idle)
		for i := range conns {
			conns[i] = h.shake(b, coretest.Customer(sessions[i]))
			text := fmt.Sprintf(`{"type":"subscribe","session":%q}`, sessions[i].ID)
			if _, err := conns[i].Write(wire(true, 1, text)); err != nil {
				b.Fatal(err)
			}
		}
		coretest.Until(b, "all have caught up", func() bool { return h.caughtUp() == idle })
		weigh() // stacks shrink by half with each collection
		b.ReportMetric(float64(weigh()-before)/idle, "B/conn")
		for _, conn := range conns {
			_ = conn.Close()
		}
		coretest.Until(b, "all have left", func() bool { return h.hub.Connections() == 0 })
	}
}

// caughtUp counts the subscriptions that are up to date.
func (h *house) caughtUp() (n int) {
	h.hub.mu.Lock()
	defer h.hub.mu.Unlock()
	for _, in := range h.hub.rooms {
		for _, s := range in.subs {
			if s.upToDate {
				n++
			}
		}
	}
	return n
}

// BenchmarkRelay measures messages from customers to the agents' side, durable and acknowledged, by 100 connections.
func BenchmarkRelay(b *testing.B) {
	const pairs = 50
	h := open(b, options{})
	bot := coretest.Bot("shop")
	var all sync.WaitGroup
	each := b.N/pairs + 1
	senders := make([]*client, pairs)
	readers := make([]*client, pairs)
	ids := make([]string, pairs)
	for i := range pairs {
		s := h.Request(b, bot, fmt.Sprint(i))
		ids[i] = s.ID
		senders[i], readers[i] = h.dial(b, bot), h.dial(b, h.boss)
		readers[i].ok("subscribe", `"session":%q,"after":1`, s.ID)
	}
	b.ResetTimer()
	for i := range pairs {
		all.Go(func() {
			for m := range each {
				text := fmt.Appendf(nil, `{"type":"message","id":"%d","session":%q,"client_id":"%d","text":"hello there, this is a message of an ordinary length"}`, m, ids[i], m)
				if senders[i].ws.WriteMessage(websocket.TextMessage, text) != nil {
					return
				}
			}
		})
		for _, c := range []*client{senders[i], readers[i]} {
			all.Go(func() {
				for range each {
					if _, _, err := c.ws.ReadMessage(); err != nil {
						b.Errorf("%s: %v", c.name, err)
						return
					}
				}
			})
		}
	}
	all.Wait()
}
