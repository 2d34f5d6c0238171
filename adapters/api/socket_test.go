package api_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/fasthttp/websocket"

	"baton/adapters/api"
	"baton/core"
)

// dial opens a socket with these headers, and gives the answer when it was refused.
func (h *house) dial(t testing.TB, headers ...string) (*websocket.Conn, *http.Response) {
	t.Helper()
	head := http.Header{}
	for i := 0; i+1 < len(headers); i += 2 {
		head.Set(headers[i], headers[i+1])
	}
	conn, answer, err := websocket.DefaultDialer.DialContext(t.Context(), "ws://"+h.addr+"/v1/socket", head)
	if err != nil && answer == nil {
		t.Fatal(err)
	}
	if err != nil {
		return nil, answer
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return conn, answer
}

func hear(t testing.TB, conn *websocket.Conn) string {
	t.Helper()
	_, said, err := conn.ReadMessage()
	if err != nil {
		t.Fatal(err)
	}
	return string(said)
}

func (h *house) ticket(t testing.TB, by caller) string {
	t.Helper()
	return h.call(t, by, "POST", "/v1/socket-tickets", "").want(t, "ticket", 201).JSON["ticket"].(string)
}

func TestSocketOpensByTicketOrByHeader(t *testing.T) {
	h := open(t, nil)
	berta, bot := h.person(t, "Berta", core.AgentRole), h.bot(t, "shop")
	conn, answer := h.dial(t, "Sec-WebSocket-Protocol", "baton.v1, ticket."+h.ticket(t, berta))
	if who := hear(t, conn); who != berta.ID || answer.Header.Get("Sec-WebSocket-Protocol") != "baton.v1" {
		t.Errorf("the socket is %s's and speaks %q", who, answer.Header.Get("Sec-WebSocket-Protocol"))
	}
	conn, _ = h.dial(t, "Authorization", "Bearer "+bot.token)
	if who := hear(t, conn); who != bot.ID {
		t.Errorf("the socket is %s's", who)
	}
	if _, refused := h.dial(t, "Cookie", loginCookie+"="+berta.token); refused.StatusCode != 401 {
		t.Errorf("a cookie opens a socket with %d", refused.StatusCode)
	}
	if _, refused := h.dial(t); refused.StatusCode != 401 {
		t.Errorf("nobody opens a socket with %d", refused.StatusCode)
	}
	h.call(t, bot, "GET", "/v1/socket", "").want(t, "no WebSocket", 426, "upgrade_required")
}

func TestW02TicketWorksOnce(t *testing.T) {
	h := open(t, nil)
	ticket := h.ticket(t, h.visitor(t))
	if conn, _ := h.dial(t, "Sec-WebSocket-Protocol", "baton.v1, ticket."+ticket); conn == nil {
		t.Fatal("the ticket opens nothing")
	}
	if _, refused := h.dial(t, "Sec-WebSocket-Protocol", "baton.v1, ticket."+ticket); refused.StatusCode != 401 {
		t.Errorf("the ticket was good twice: %d", refused.StatusCode)
	}
}

func TestW01ForeignPageOpensNoSocket(t *testing.T) {
	h := open(t, func(c *api.Config, _ *api.Deps) { c.WidgetOrigins = []string{"https://shop.example"} })
	berta := h.person(t, "Berta", core.AgentRole)
	for _, origin := range []string{"https://evil.example", "null", "http://" + h.addr + ".evil.example", "https://shop.example.evil"} {
		if _, refused := h.dial(t, "Origin", origin, "Authorization", "Bearer "+berta.token); refused.StatusCode != 403 {
			t.Errorf("a page of %s got %d", origin, refused.StatusCode)
		}
	}
	for _, origin := range []string{h.url, "https://shop.example"} {
		if conn, refused := h.dial(t, "Origin", origin, "Authorization", "Bearer "+berta.token); conn == nil {
			t.Errorf("a page of %s got %d", origin, refused.StatusCode)
		}
	}
}

func TestWhoSpeaksBeforeHisUpgradeIsAnsweredIsHungUpOn(t *testing.T) {
	h := open(t, nil)
	conn, err := net.Dial("tcp", h.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	const frame = "\x81\x82\x00\x00\x00\x00hi"
	_, err = fmt.Fprintf(conn, "GET /v1/socket HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"+
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer %s\r\n\r\n%s", h.addr, h.visitor(t).token, frame)
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(conn)
	if _, after, _ := strings.Cut(string(got), "\r\n\r\n"); err != nil && !errors.Is(err, syscall.ECONNRESET) || after != "" {
		t.Errorf("the server said %q, %v", got, err)
	}
}

func TestW11FullServerStillSaysThatItLives(t *testing.T) {
	const limit = 5
	h := open(t, func(c *api.Config, _ *api.Deps) { c.Connections = limit })
	bot := h.bot(t, "shop")
	for range limit {
		conn, _ := h.dial(t, "Authorization", "Bearer "+bot.token)
		hear(t, conn)
	}
	_, refused := h.dial(t, "Authorization", "Bearer "+bot.token)
	if refused.StatusCode != 503 || refused.Header.Get("Retry-After") == "" {
		t.Errorf("one socket more got %d %v", refused.StatusCode, refused.Header)
	}
	h.call(t, caller{}, "GET", "/livez", "").want(t, "livez", 200)
	a := h.call(t, caller{}, "GET", "/metrics", "").want(t, "metrics", 200)
	if !strings.Contains(a.text, fmt.Sprintf("baton_sockets %d", limit)) {
		t.Error("the figures do not count the sockets")
	}
}

func TestW16PanicOnASocketIs1011WithAnIDAndNoText(t *testing.T) {
	h := open(t, nil)
	conn, _ := h.dial(t, "Authorization", "Bearer "+h.visitor(t).token)
	hear(t, conn)
	if err := conn.WriteMessage(websocket.TextMessage, []byte("panic")); err != nil {
		t.Fatal(err)
	}
	_, said, err := conn.ReadMessage()
	var closed *websocket.CloseError
	if !errors.As(err, &closed) || closed.Code != websocket.CloseInternalServerErr || !strings.HasPrefix(closed.Text, "req_") || len(said) > 0 {
		t.Fatalf("the socket said %q and ended with %v", said, err)
	}
	if strings.Contains(closed.Text, "secret") || !strings.Contains(h.log.String(), closed.Text) {
		t.Errorf("the caller got %q, the log %s", closed.Text, h.log)
	}
}
