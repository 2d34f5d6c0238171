package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// ErrBroken says that the connection went away before the answer came: the act may have been done, or not.
var ErrBroken = errors.New("the connection broke before the answer came")

// SocketConfig may stay zero.
type SocketConfig struct {
	// Ticket asks for a ticket before each connection, as browsers have to.
	Ticket bool
	// Window is how many messages may wait for their answer at once; 1 when zero. With more, messages keep their
	// order as long as the server refuses none of them for the moment.
	Window int
	// Backoff is the pause between tries to connect.
	Backoff Backoff
}

// Socket is a connection that comes back by itself: it takes up each subscription after the last event that it
// handed on, and repeats the messages that were not answered, in their order and with their client ids. It is
// safe for many goroutines.
type Socket struct {
	client *Client
	cfg    SocketConfig
	kick   chan struct{} // of one: there is something to write

	mu       sync.Mutex // guards what follows
	conn     *websocket.Conn
	up       chan struct{}    // closed while conn is there
	places   map[string]int64 // by session that is subscribed to: the seq of the last event handed on
	desk     bool
	outbox   []*Sending
	asked    map[string]func(Frame) // by the id of a frame that waits for its answer
	lastID   int
	holdOn   time.Time // nothing is sent before
	heard    []Frame
	hearing  chan struct{} // of one: there is something in heard
	counters Counters
}

// Counters tell what a socket has been through.
type Counters struct {
	Connections int // that were welcomed
	Gaps        int // events that were missing in a stream and were fetched
	Resyncs     int // streams that were too far behind
	Repeated    int // messages that were sent again
	// LastClose is the code that the last connection was closed with, or -1 when it broke.
	LastClose int
}

// Socket gives a socket of this caller. It is connected while Run runs.
func (c *Client) Socket(cfg SocketConfig) *Socket {
	cfg.Window = max(cfg.Window, 1)
	return &Socket{
		client: c, cfg: cfg, kick: make(chan struct{}, 1), hearing: make(chan struct{}, 1), up: make(chan struct{}),
		places: map[string]int64{}, asked: map[string]func(Frame){},
	}
}

// Run keeps the socket connected until ctx ends, and returns nil then. It ends with an error when the server
// does not want this caller.
func (s *Socket) Run(ctx context.Context) error {
	pause := s.cfg.Backoff
	for ctx.Err() == nil {
		err := s.connect(ctx, &pause)
		if unwanted(err) && ctx.Err() == nil {
			return fmt.Errorf("the socket is not wanted: %w", err)
		}
		_ = pause.Wait(ctx) // it ends early with ctx only, which is looked at next
	}
	return nil
}

// unwanted says whether the server does not want this caller, so that coming back is of no use.
func unwanted(err error) bool {
	var p *Problem
	code := websocket.CloseStatus(err)
	return code == 4401 || code == 4403 || errors.As(err, &p) && !passing(p.Code) && p.Status < http.StatusInternalServerError
}

// connect makes one connection and stays until it is gone, which is always an error.
func (s *Socket) connect(ctx context.Context, pause *Backoff) error {
	conn, err := s.dial(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.CloseNow() }() // it may be gone already
	conn.SetReadLimit(4 << 20)
	ctx, cancel := context.WithCancel(ctx)
	welcome, err := s.next(ctx, conn)
	if err == nil && welcome.Type != "welcome" {
		err = fmt.Errorf("the first frame is %s, not a welcome", welcome.Raw)
	}
	if err != nil {
		cancel()
		return err
	}
	pause.Reset()
	written := make(chan struct{})
	go func() {
		defer close(written)
		s.write(ctx, conn)
	}()
	s.attach(conn)
	err = s.read(ctx, conn)
	cancel()
	s.detach(err)
	<-written
	return err
}

func (s *Socket) dial(ctx context.Context) (*websocket.Conn, error) {
	o := &websocket.DialOptions{HTTPClient: s.client.http, Subprotocols: []string{"baton.v1"}, HTTPHeader: http.Header{}}
	if s.cfg.Ticket {
		var answer struct {
			Ticket string `json:"ticket"`
		}
		if _, err := s.client.Do(ctx, http.MethodPost, "/v1/socket-tickets", nil, &answer); err != nil {
			return nil, err
		}
		o.Subprotocols = append(o.Subprotocols, "ticket."+answer.Ticket)
	} else {
		o.HTTPHeader.Set("Authorization", "Bearer "+s.client.token)
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	conn, answer, err := websocket.Dial(ctx, strings.TrimSuffix(s.client.URL(), "/")+"/v1/socket", o)
	if err == nil {
		return conn, nil
	}
	if answer != nil && answer.Body != nil {
		defer answer.Body.Close()
	}
	if answer != nil && answer.StatusCode >= http.StatusBadRequest {
		return nil, &Problem{Status: answer.StatusCode, Code: codeOfStatus(answer.StatusCode), Detail: err.Error()}
	}
	return nil, err
}

// codeOfStatus stands in for the code of an answer whose body the upgrade has swallowed.
func codeOfStatus(status int) string {
	switch status {
	case http.StatusTooManyRequests:
		return "too_many"
	case http.StatusServiceUnavailable:
		return "busy"
	}
	return "refused_" + strconv.Itoa(status)
}

// next reads one frame.
func (s *Socket) next(ctx context.Context, conn *websocket.Conn) (Frame, error) {
	_, raw, err := conn.Read(ctx)
	if err != nil {
		return Frame{}, err
	}
	return readFrame(raw)
}

// attach takes up what the connection before had, or what was asked for in the meantime.
func (s *Socket) attach(conn *websocket.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conn = conn
	s.counters.Connections++
	close(s.up)
	s.poke()
}

// detach forgets the connection. Its acts are told that it broke; its messages wait for the next one.
func (s *Socket) detach(err error) {
	s.mu.Lock()
	s.conn = nil
	s.up = make(chan struct{})
	s.counters.LastClose = int(websocket.CloseStatus(err))
	for _, m := range s.outbox {
		m.sent = false
	}
	broken := s.asked
	s.asked = map[string]func(Frame){}
	s.mu.Unlock()
	for _, answer := range broken {
		answer(Frame{Type: broke})
	}
}

// broke is the type of the frame that stands for an answer that never came.
const broke = "broke"

// poke says that there is something to write.
func (s *Socket) poke() {
	select {
	case s.kick <- struct{}{}:
	default:
	}
}

// Drop cuts the connection, as a tunnel or a lift does. Run makes a new one.
func (s *Socket) Drop() {
	s.mu.Lock()
	conn := s.conn
	s.mu.Unlock()
	if conn != nil {
		// That it is gone already is what is wanted.
		_ = conn.CloseNow()
	}
}

// Counters tell what the socket has been through so far.
func (s *Socket) Counters() Counters {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counters
}

// Up waits until the socket is connected.
func (s *Socket) Up(ctx context.Context) error {
	s.mu.Lock()
	up := s.up
	s.mu.Unlock()
	select {
	case <-up:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
