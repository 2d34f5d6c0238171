package api

import (
	"context"
	"errors"
	"net"
	"runtime/debug"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	inner "github.com/fasthttp/websocket"
	"github.com/gofiber/contrib/websocket"
	"github.com/gofiber/fiber/v2"

	"baton/core"
)

const (
	// subprotocol is what a socket speaks, and ticketProtocol carries a ticket beside it: browsers can send no header.
	subprotocol    = "baton.v1"
	ticketProtocol = "ticket."
	// farewell is how long a close frame may take to leave.
	farewell = time.Second
)

type (
	// TicketAnswer is a ticket for one socket.
	TicketAnswer struct {
		Ticket    string    `json:"ticket"`
		ExpiresAt core.Time `json:"expires_at"`
	}
	ticketOutput struct{ Body TicketAnswer }
)

func socketHandlers() handlers {
	return handlers{"makeSocketTicket": typed((*Server).makeSocketTicket), "openSocket": raw((*Server).openSocket)}
}

func (s *Server) makeSocketTicket(ctx context.Context, _ *empty) (*ticketOutput, error) {
	ticket, expires, err := s.access.MakeTicket(ctx, actorOf(ctx))
	if err != nil {
		return nil, err
	}
	return &ticketOutput{Body: TicketAnswer{Ticket: ticket, ExpiresAt: core.Time(expires)}}, nil
}

// ticketOf is the ticket that the caller sent beside the subprotocol.
func ticketOf(f *fiber.Ctx) (ticket string, there bool) {
	for offered := range strings.SplitSeq(f.Get(fiber.HeaderSecWebSocketProtocol), ",") {
		if ticket, is := strings.CutPrefix(strings.TrimSpace(offered), ticketProtocol); is {
			return ticket, true
		}
	}
	return "", false
}

// openSocket upgrades the connection and hands it on. The origin was checked at the gate.
func (s *Server) openSocket(ctx context.Context, c huma.Context) error {
	f := humafiber.Unwrap(c)
	if !websocket.IsWebSocketUpgrade(f) {
		return wrong(kindUpgrade, "open this with a WebSocket (version 13)")
	}
	if s.room.full() {
		return core.Overloaded()
	}
	if err := s.upgrader(callOf(ctx))(f); err != nil {
		return wrong(kindUpgrade, "open this with a WebSocket (version 13)")
	}
	return nil
}

// upgrader makes one upgrade. What the libraries made for the request is theirs again when their handler returns,
// so it does at once: the bare connection goes on in a goroutine of ours, which Run waits for.
func (s *Server) upgrader(c *call) fiber.Handler {
	sock := &socket{server: s, actor: c.actor, id: c.id}
	return websocket.New(func(pooled *websocket.Conn) {
		var err error
		if sock.conn, err = bare(pooled.NetConn()); err != nil || !s.room.enter() {
			sock.hangUp()
			return
		}
		go sock.serve()
	}, websocket.Config{
		// The buffers of the library are never used: the connection is taken from under them.
		Subprotocols: []string{subprotocol}, ReadBufferSize: 1, WriteBufferSize: 1,
		RecoverHandler: func(*websocket.Conn) { sock.recovered(recover()) },
	})
}

// socket is a connection that is being upgraded or was. Its goroutine lives as long as the connection, mostly waiting,
// so serve is kept to a small frame: what is on its stack then decides how much memory each connection holds.
type socket struct {
	server *Server
	conn   net.Conn
	actor  core.Actor
	id     string // of the request, for the log
}

// serve talks until the connection ends, and closes it.
func (k *socket) serve() {
	defer k.end()
	k.server.sockets.Serve(context.Background(), k.conn, k.actor)
}

func (k *socket) end() {
	k.recovered(recover())
	k.hangUp()
	k.server.room.leave()
}

// hangUp closes the connection.
func (k *socket) hangUp() {
	if err := k.conn.Close(); err != nil {
		k.server.log.Debug("a socket was gone before it was closed", "request_id", k.id, "error", err)
	}
}

// recovered tells a caller whose connection ends by a panic; he gets an id and no text of ours.
func (k *socket) recovered(panicked any) {
	if panicked == nil {
		return
	}
	k.server.log.Error("a socket panicked", "request_id", k.id, "panic", panicked, "stack", string(debug.Stack()))
	const closeFrame = 0x88
	payload := inner.FormatCloseMessage(inner.CloseInternalServerErr, k.id)
	err := k.conn.SetWriteDeadline(time.Now().Add(farewell))
	if err == nil {
		_, err = k.conn.Write(append([]byte{closeFrame, byte(len(payload))}, payload...))
	}
	if err != nil {
		k.server.log.Debug("a socket was gone before its close frame", "request_id", k.id, "error", err)
	}
}

// bare takes the connection out of what the HTTP server wraps around it. It is an error when the peer did not wait
// for the answer to his upgrade (RFC 6455, 4.1): what he sent was read with his request.
func bare(wrapped net.Conn) (net.Conn, error) {
	conn := wrapped
	if w, is := wrapped.(interface{ UnsafeConn() net.Conn }); is {
		conn = w.UnsafeConn()
	}
	// Only what was read already can be read in no time.
	if err := conn.SetReadDeadline(time.Unix(1, 0)); err != nil {
		return conn, err
	}
	if n, _ := wrapped.Read(make([]byte, 1)); n > 0 {
		return conn, errEarly
	}
	return conn, conn.SetReadDeadline(time.Time{})
}

// errEarly says that a peer spoke before his connection was upgraded.
var errEarly = errors.New("frames came before the answer to the upgrade")
