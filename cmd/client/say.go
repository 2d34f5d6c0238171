package client

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/coder/websocket"
)

// Sending is a message on its way. It goes on over connections that break until the server has given a definite
// answer.
type Sending struct {
	Message Message
	sent    bool // on this connection
	tries   int
	done    chan struct{}
	result  Sent
	err     error
}

// Wait gives the server's answer: where the message stands in the log, or why it was refused.
func (m *Sending) Wait(ctx context.Context) (Sent, error) {
	select {
	case <-m.done:
		return m.result, m.err
	case <-ctx.Done():
		return Sent{}, ctx.Err()
	}
}

// Done is closed when the server has answered.
func (m *Sending) Done() <-chan struct{} { return m.done }

// Queue puts a message into the outbox. One without a client id gets one.
func (s *Socket) Queue(m Message) *Sending {
	if m.ClientID == "" {
		m.ClientID = NewID()
	}
	sending := &Sending{Message: m, done: make(chan struct{})}
	s.mu.Lock()
	s.outbox = append(s.outbox, sending)
	s.mu.Unlock()
	s.poke()
	return sending
}

// Say sends a message and waits for its answer.
func (s *Socket) Say(ctx context.Context, m Message) (Sent, error) { return s.Queue(m).Wait(ctx) }

// Subscribe asks for the events of a session after seq. They come through Next, over all connections to come; a
// refusal comes as a frame "problem".
func (s *Socket) Subscribe(ctx context.Context, session string, after int64) {
	s.mu.Lock()
	_, subscribed := s.places[session]
	if !subscribed {
		s.places[session] = after
	}
	connected := s.conn != nil
	s.mu.Unlock()
	if connected && !subscribed {
		s.send(ctx, subscription(session, after), s.handOn)
	}
}

func subscription(session string, after int64) Act {
	frame := Act{"type": "subscribe", "session": session}
	if after > 0 {
		frame["after"] = after
	}
	return frame
}

// FollowDesk asks for the changes of all sessions, agents and queues that this caller may see.
func (s *Socket) FollowDesk(ctx context.Context) {
	s.mu.Lock()
	follows, connected := s.desk, s.conn != nil
	s.desk = true
	s.mu.Unlock()
	if connected && !follows {
		s.send(ctx, Act{"type": "subscribe", "feed": "desk"}, s.handOn)
	}
}

// Ask sends a frame and waits for its answer. It waits for a connection first; ErrBroken says that the one it
// used went away. The error is a *Problem when the server refused.
func (s *Socket) Ask(ctx context.Context, act Act) (Frame, error) {
	if err := s.Up(ctx); err != nil {
		return Frame{}, err
	}
	answer := make(chan Frame, 1)
	s.send(ctx, act, func(f Frame) { answer <- f })
	select {
	case f := <-answer:
		switch f.Type {
		case broke:
			return f, ErrBroken
		case "problem":
			return f, f.problem()
		}
		return f, nil
	case <-ctx.Done():
		return Frame{}, ctx.Err()
	}
}

// Tell sends a frame that nobody waits for, if the socket is connected.
func (s *Socket) Tell(ctx context.Context, act Act) { s.send(ctx, act, func(Frame) {}) }

// send writes a frame with an id of its own; answer is called once, also when the connection breaks.
func (s *Socket) send(ctx context.Context, act Act, answer func(Frame)) {
	s.mu.Lock()
	conn := s.conn
	if conn == nil {
		s.mu.Unlock()
		answer(Frame{Type: broke})
		return
	}
	id := s.idLocked(answer)
	s.mu.Unlock()
	frame := Act{"id": id}
	for name, value := range act {
		frame[name] = value
	}
	// A connection that cannot be written to is found gone by its reader, which tells all who wait.
	_ = writeJSON(ctx, conn, frame)
}

// idLocked gives the id of a frame and remembers who waits for its answer. s.mu is held.
func (s *Socket) idLocked(answer func(Frame)) string {
	s.lastID++
	id := "c" + strconv.Itoa(s.lastID)
	s.asked[id] = answer
	return id
}

func writeJSON(ctx context.Context, conn *websocket.Conn, frame any) error {
	encoded, err := json.Marshal(frame)
	if err != nil {
		return err
	}
	return conn.Write(ctx, websocket.MessageText, encoded)
}

// write takes up the subscriptions on a new connection and then sends what is in the outbox, until ctx ends.
func (s *Socket) write(ctx context.Context, conn *websocket.Conn) {
	subscribed := false
	for {
		select {
		case <-s.kick:
		case <-ctx.Done():
			return
		}
		if !subscribed {
			s.resubscribe(ctx)
			subscribed = true
		}
		for {
			frame, wait := s.nextOut()
			if frame == nil {
				if wait > 0 {
					time.AfterFunc(wait, s.poke)
				}
				break
			}
			if writeJSON(ctx, conn, frame) != nil {
				return // the reader finds out as well
			}
		}
	}
}

func (s *Socket) resubscribe(ctx context.Context) {
	s.mu.Lock()
	var frames []Act
	for session, after := range s.places {
		frames = append(frames, subscription(session, after))
	}
	if s.desk {
		frames = append(frames, Act{"type": "subscribe", "feed": "desk"})
	}
	s.mu.Unlock()
	for _, frame := range frames {
		s.send(ctx, frame, s.handOn)
	}
}

// outgoing is the frame of a message.
type outgoing struct {
	Type string `json:"type"`
	ID   string `json:"id"`
	Message
}

// nextOut gives the next message to be sent, or how long nothing may be sent.
func (s *Socket) nextOut() (*outgoing, time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if wait := time.Until(s.holdOn); wait > 0 || s.conn == nil {
		return nil, wait
	}
	for i, m := range s.outbox {
		if i >= s.cfg.Window {
			break
		}
		if m.sent {
			continue
		}
		m.sent = true
		if m.tries++; m.tries > 1 {
			s.counters.Repeated++
		}
		id := s.idLocked(func(f Frame) { s.answered(m, f) })
		return &outgoing{Type: "message", ID: id, Message: m.Message}, 0
	}
	return nil, 0
}

// holdFor is how long a socket keeps still when the server could not take a message just now.
const holdFor = 200 * time.Millisecond

// answered takes what the server said of a message.
func (s *Socket) answered(m *Sending, f Frame) {
	defer s.poke()
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case f.Type == broke:
		return // it stays in the outbox
	case f.Type == "problem" && passing(f.Code):
		m.sent = false
		s.holdOn = time.Now().Add(holdFor)
		return
	case f.Type == "problem":
		m.err = f.problem()
	default:
		m.result = Sent{ID: f.Message, Seq: f.Seq}
	}
	s.outbox = slices.DeleteFunc(s.outbox, func(other *Sending) bool { return other == m })
	close(m.done)
}
