package demo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"baton/cmd/client"
)

// seat is an agent at work.
type seat struct {
	*part
	member
	calls  *client.Client
	socket *client.Socket
	group  *errgroup.Group
	offers int

	mu    sync.Mutex // guards what follows
	chats map[string]chan client.Frame
}

// agents are at their desks until the part is to come to an end.
func (p *part) agents(ctx context.Context) error {
	ctx, cancel := p.untilFinish(ctx)
	defer cancel()
	group, ctx := errgroup.WithContext(ctx)
	for _, m := range p.Members {
		s := &seat{part: p, member: m, calls: client.New(p.URL).As(m.Token), group: group, chats: map[string]chan client.Frame{}}
		if _, err := s.calls.Be(ctx, "available"); err != nil {
			return fmt.Errorf("%s comes to the desk: %w", m.Name, err)
		}
		s.socket = s.calls.Socket(client.SocketConfig{Ticket: true})
		s.socket.FollowDesk(ctx)
		group.Go(func() error { return s.socket.Run(ctx) })
		group.Go(func() error { return s.attend(ctx) })
	}
	p.tell(line{Ready: "agents"})
	return group.Wait()
}

// attend hears what happens at the desk.
func (s *seat) attend(ctx context.Context) error {
	for {
		f, err := s.socket.Next(ctx)
		if err != nil {
			return err // the end of the part
		}
		switch {
		case f.Type == "offer":
			s.offers++
			n := s.offers
			s.group.Go(func() error { return s.consider(ctx, f.Session, n) })
		case f.Type == "agent" && f.Agent.ID == s.ID && f.Agent.Status == "away":
			s.group.Go(func() error { return s.comeBack(ctx) })
		case f.Type == "event":
			s.mu.Lock()
			chat := s.chats[f.Session]
			s.mu.Unlock()
			if chat != nil {
				chat <- f
			}
		}
	}
}

// comeBack ends the break of an agent who was set away after too many missed offers.
func (s *seat) comeBack(ctx context.Context) error {
	if err := s.take(ctx, 5*time.Second); err != nil {
		return err
	}
	_, err := s.calls.Be(ctx, "available")
	return err
}

// consider answers the n-th offer, as the agent's habit is.
func (s *seat) consider(ctx context.Context, session string, n int) error {
	switch {
	case s.Habit == "dreams" && n%5 == 1:
		return nil // he does not look at his screen
	case s.Habit == "picks" && n%4 == 1:
		if err := s.take(ctx, time.Second); err != nil {
			return err
		}
		return passed(s.decline(ctx, session))
	}
	if err := s.take(ctx, 900*time.Millisecond); err != nil {
		return err
	}
	if _, err := s.socket.Ask(ctx, client.Act{"type": "accept", "session": session}); err != nil {
		return passed(err)
	}
	return passed(s.chat(ctx, session))
}

func (s *seat) decline(ctx context.Context, session string) error {
	_, err := s.socket.Ask(ctx, client.Act{"type": "decline", "session": session, "reason": "on the phone"})
	return err
}

// passed forgives what may happen to anybody: somebody was quicker, the customer has left.
func passed(err error) error {
	var p *client.Problem
	if errors.As(err, &p) || errors.Is(err, client.ErrBroken) {
		return nil
	}
	return err
}

// chat is one conversation, from joining to the end or to a colleague.
func (s *seat) chat(ctx context.Context, session string) error {
	about, err := s.calls.Session(ctx, session)
	if err != nil {
		return err
	}
	intent := "other"
	if about.Intent != nil {
		intent = about.Intent.Name
	}
	steps, summary := plan(intent)
	events := make(chan client.Frame, 1024)
	s.mu.Lock()
	s.chats[session] = events
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.chats, session)
		s.mu.Unlock()
	}()
	done, mine, err := s.joined(ctx, session)
	if err != nil {
		return err
	}
	s.socket.Subscribe(ctx, session, mine)
	words := strings.NewReplacer("{customer}", cmp.Or(about.Customer.Name, "there"), "{agent}", s.Name)
	for ; done < len(steps); done++ {
		if err := s.act(ctx, session, steps[done], words); err != nil {
			return err
		}
		if done == len(steps)-1 {
			break // after the last words nothing more is waited for
		}
		left, err := s.awaitAnswer(ctx, events, s.colleague(steps[done].handTo) != "")
		if err != nil || left {
			return err
		}
	}
	if err := s.take(ctx, time.Second); err != nil {
		return err
	}
	_, err = s.calls.Act(ctx, session, "end", client.End{Reason: "resolved", Summary: summary})
	return err
}

// joined counts what agents have said before this one joined, and where the log stands.
func (s *seat) joined(ctx context.Context, session string) (said int, seq int64, err error) {
	entries, err := s.calls.Events(ctx, session, 0)
	for i := range entries {
		seq = entries[i].Seq
		data, err := entries[i].Event.Read()
		if err != nil {
			return 0, 0, err
		}
		if entries[i].Event.Type == "message.posted" && data.Author.Role == "agent" && !data.History {
			said++
		}
	}
	return said, seq, err
}

// act is one turn: some words, and what goes with them.
func (s *seat) act(ctx context.Context, session string, turn step, words *strings.Replacer) error {
	text := words.Replace(turn.say)
	s.socket.Tell(ctx, client.Act{"type": "typing", "session": session})
	if err := s.write(ctx, text); err != nil {
		return err
	}
	if _, err := s.socket.Say(ctx, client.Message{Session: session, Text: text}); err != nil {
		return err
	}
	if turn.note != "" {
		if _, err := s.calls.Note(ctx, session, turn.note); err != nil {
			return err
		}
	}
	if turn.tag != "" {
		if err := s.calls.Tag(ctx, session, turn.tag); err != nil {
			return err
		}
	}
	colleague := s.colleague(turn.handTo)
	if colleague == "" {
		return nil
	}
	_, err := s.socket.Ask(ctx, client.Act{"type": "transfer", "session": session, "agent_id": colleague, "note": turn.handed})
	if client.CodeOf(err) == "conflict" {
		return nil // she has no room: the chat stays here
	}
	return err
}

// colleague is the id of another agent, or "" for nobody and for oneself.
func (s *seat) colleague(name string) string {
	for _, m := range s.Members {
		if m.Name == name && m.ID != s.ID {
			return m.ID
		}
	}
	return ""
}

// patience is how long an agent waits for a customer's answer before he goes on.
const patience = 8 * time.Second

// awaitAnswer waits for the customer's answer, or for the colleague who was asked to join. It says whether the
// agent has left the chat, by its end or for the colleague.
func (s *seat) awaitAnswer(ctx context.Context, events <-chan client.Frame, handing bool) (left bool, err error) {
	enough := time.After(time.Duration(float64(patience)*s.Pace) + time.Second)
	for {
		select {
		case f := <-events:
			switch f.Event.Type {
			case "session.ended", "session.transferred":
				return true, nil
			case "session.declined", "session.expired":
				if handing {
					return false, nil // the colleague cannot: I go on myself
				}
			case "message.posted":
				if f.Event.Actor.Role != "agent" && !handing {
					return false, nil
				}
			}
		case <-enough:
			return false, nil
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
}
