package client

import (
	"context"

	"github.com/coder/websocket"
)

// read takes frames until the connection is gone.
func (s *Socket) read(ctx context.Context, conn *websocket.Conn) error {
	for {
		f, err := s.next(ctx, conn)
		if err != nil {
			return err
		}
		if err := s.take(ctx, f); err != nil {
			return err
		}
	}
}

// take gives a frame to whom it is for.
func (s *Socket) take(ctx context.Context, f Frame) error {
	switch f.Type {
	case "ok", "problem":
		s.mu.Lock()
		answer := s.asked[f.ID]
		delete(s.asked, f.ID)
		s.mu.Unlock()
		if answer != nil {
			answer(f)
			return nil
		}
		s.handOn(f)
	case "event":
		return s.event(ctx, f)
	case "resync":
		return s.resync(ctx, f.Session)
	default:
		s.handOn(f)
	}
	return nil
}

// event hands on an event that is the next one, leaves out one that was there before, and fetches what is
// missing between.
func (s *Socket) event(ctx context.Context, f Frame) error {
	s.mu.Lock()
	have, subscribed := s.places[f.Session]
	gap := subscribed && f.Prev > have
	if gap {
		s.counters.Gaps++
	}
	s.mu.Unlock()
	if gap {
		return s.fetch(ctx, f.Session, have)
	}
	s.advance(f)
	return nil
}

// advance hands on an event unless it was handed on before.
func (s *Socket) advance(f Frame) {
	s.mu.Lock()
	have, subscribed := s.places[f.Session]
	fresh := subscribed && f.Seq > have
	if fresh {
		s.places[f.Session] = f.Seq
	}
	s.mu.Unlock()
	if fresh {
		s.handOn(f)
	}
}

// fetch reads by HTTP what the stream did not bring.
func (s *Socket) fetch(ctx context.Context, session string, after int64) error {
	entries, err := s.client.Events(ctx, session, after)
	if err != nil {
		return err
	}
	for i := range entries {
		s.advance(Frame{Type: "event", Session: session, Seq: entries[i].Seq, Prev: entries[i].Prev, Event: &entries[i].Event})
	}
	return nil
}

// resync follows a server that found too much missing: events by HTTP, and then the stream again.
func (s *Socket) resync(ctx context.Context, session string) error {
	s.mu.Lock()
	after := s.places[session]
	s.counters.Resyncs++
	s.mu.Unlock()
	if err := s.fetch(ctx, session, after); err != nil {
		return err
	}
	s.mu.Lock()
	after, subscribed := s.places[session]
	s.mu.Unlock()
	if subscribed {
		s.send(ctx, subscription(session, after), s.handOn)
	}
	return nil
}

// handOn puts a frame where Next finds it.
func (s *Socket) handOn(f Frame) {
	if f.Type == broke || f.Type == "ok" {
		return
	}
	s.mu.Lock()
	s.heard = append(s.heard, f)
	s.mu.Unlock()
	select {
	case s.hearing <- struct{}{}:
	default:
	}
}

// Next gives the next frame that is not the answer to something: events in the order of their log, each once,
// and everything else as it came. One goroutine at a time calls it.
func (s *Socket) Next(ctx context.Context) (Frame, error) {
	for {
		s.mu.Lock()
		if len(s.heard) > 0 {
			f := s.heard[0]
			s.heard = s.heard[1:]
			s.mu.Unlock()
			return f, nil
		}
		s.mu.Unlock()
		select {
		case <-s.hearing:
		case <-ctx.Done():
			return Frame{}, ctx.Err()
		}
	}
}

// Await drops frames until one is as wanted.
func (s *Socket) Await(ctx context.Context, wanted func(Frame) bool) (Frame, error) {
	for {
		f, err := s.Next(ctx)
		if err != nil || wanted(f) {
			return f, err
		}
	}
}
