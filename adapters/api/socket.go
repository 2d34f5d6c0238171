package api

import (
	"context"
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
	// readBuffer and writeBuffer are a connection's own; write buffers are shared by those who write.
	readBuffer  = 512
	writeBuffer = 1024
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

// upgrader makes one upgrade. The pooled connection that the library hands out belongs to somebody else as soon
// as the handler returns, so only what is inside goes on, and it is done with before.
func (s *Server) upgrader(c *call) fiber.Handler {
	return websocket.New(func(pooled *websocket.Conn) {
		if !s.room.enter() {
			return
		}
		defer s.room.leave()
		conn := pooled.Conn
		conn.SetReadLimit(s.cfg.Frame)
		s.sockets.Serve(context.Background(), conn, c.actor)
	}, websocket.Config{
		Subprotocols: []string{subprotocol}, ReadBufferSize: readBuffer, WriteBufferSize: writeBuffer, WriteBufferPool: s.writeBuffers,
		RecoverHandler: func(pooled *websocket.Conn) { s.recovered(recover(), pooled.Conn, c) },
	})
}

// recovered ends a socket whose handler panicked: the caller gets an id and no text of ours.
func (s *Server) recovered(panicked any, conn *inner.Conn, c *call) {
	if panicked == nil {
		return
	}
	s.log.Error("a socket panicked", "request_id", c.id, "panic", panicked, "stack", string(debug.Stack()))
	last := inner.FormatCloseMessage(inner.CloseInternalServerErr, c.id)
	if err := conn.WriteControl(inner.CloseMessage, last, time.Now().Add(farewell)); err != nil {
		s.log.Debug("a socket was gone before its close frame", "request_id", c.id, "error", err)
	}
}
