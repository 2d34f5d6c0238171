package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"baton/cmd/client"
)

// story tells what happens, a line each: what the bot and its customers said before the handoff, and from then
// on what the server tells to those who may see everything.
type story struct {
	out    io.Writer
	colour bool
	began  time.Time

	mu        sync.Mutex        // guards what follows, and out
	numbers   map[string]int    // of the conversations, by the bot's id or the session
	names     map[string]string // of sessions: the conversation
	requested map[string]time.Time
	handed    map[string]bool // sessions that were seen
	told      map[string]int64
}

func newStory(out io.Writer, colour bool, began time.Time) *story {
	return &story{
		out: out, colour: colour, began: began, numbers: map[string]int{}, names: map[string]string{},
		requested: map[string]time.Time{}, handed: map[string]bool{}, told: map[string]int64{},
	}
}

func readLine(text string) (l line, err error) {
	if err := json.Unmarshal([]byte(text), &l); err != nil {
		return l, fmt.Errorf("understand the part's line %q: %w", text, err)
	}
	return l, nil
}

// overhear tells what a part has said.
func (s *story) overhear(text string) {
	l, err := readLine(text)
	if err != nil || l.Text == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tell(l.Conversation, l.Role, l.Name, l.Text)
}

// watch follows the desk as the owner sees it, and every session on it, until ctx ends.
func (s *story) watch(ctx context.Context, socket *client.Socket) error {
	for {
		f, err := socket.Next(ctx)
		if err != nil {
			return err // the end of the demo
		}
		switch {
		case f.Row != nil:
			if s.meet(f.Row) {
				socket.Subscribe(ctx, f.Session, 0)
			}
		case f.Type == "event":
			if err := s.event(f.Session, f.Seq, f.Event); err != nil {
				return err
			}
		}
	}
}

// meet remembers a session, and says whether it is new.
func (s *story) meet(row *client.Session) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.handed[row.ID] {
		return false
	}
	s.handed[row.ID] = true
	s.names[row.ID] = row.ID
	if row.ConversationID != "" {
		s.names[row.ID] = row.ConversationID
	}
	return true
}

// event tells one event of a session.
func (s *story) event(session string, seq int64, e *client.Event) error {
	data, err := e.Read()
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.told[session] = seq
	if data.History {
		return nil // it was told when it was said
	}
	role, name, text := s.word(session, e, data)
	s.tell(s.names[session], role, name, text)
	return nil
}

// word puts an event into words. s.mu is held.
func (s *story) word(session string, e *client.Event, d *client.EventData) (role, name, text string) {
	role, name = e.Actor.Role, e.Actor.Name
	switch e.Type {
	case "session.requested":
		s.requested[session] = e.At
		return role, name, "» asks for a person: " + reasonOf(d)
	case "session.waiting":
		return "desk", "", "… waits for somebody to be free"
	case "session.offered":
		if d.From != nil {
			return "desk", d.Agent.Name, "? is asked to take it over from " + d.From.Name
		}
		return "desk", d.Agent.Name, "? is offered the chat"
	case "session.accepted":
		asked, first := s.requested[session]
		delete(s.requested, session)
		if !first {
			return "agent", d.Agent.Name, "✓ joins"
		}
		return "agent", d.Agent.Name, fmt.Sprintf("✓ joins, %.1f s after the request", e.At.Sub(asked).Seconds())
	case "session.declined":
		return "agent", d.Agent.Name, fmt.Sprintf("✗ passes: %v", d.Reason)
	case "session.expired":
		if d.Withdrawn != "" {
			return "desk", d.Agent.Name, "✗ the offer is taken back"
		}
		return "desk", d.Agent.Name, "✗ has missed the offer"
	case "session.transferred":
		return role, nameOf(d.From, name), "→ hands over to " + nameOf(d.To, nameOf(d.Queue, "")) + ": " + d.Note
	case "message.posted":
		for _, a := range d.Attachments {
			text += fmt.Sprintf(" [%s, %dx%d]", a.Name, a.Width, a.Height)
		}
		return role, name, d.Text + text
	case "note.added":
		return role, name, "✎ note: " + d.Text
	case "tag.added":
		return role, name, "# tag: " + d.Tag
	case "session.ended":
		back := ""
		if d.ReturnTo == "bot" {
			back = ", back to the bot"
		}
		return role, name, fmt.Sprintf("■ ends the chat: %s%s", d.Summary, back)
	case "session.rated":
		return role, name, strings.Repeat("★", d.Score) + strings.Repeat("☆", 5-d.Score) + " " + d.Comment
	}
	return role, name, e.Type
}

func nameOf(r *client.Ref, otherwise string) string {
	if r == nil {
		return otherwise
	}
	return r.Name
}

func reasonOf(d *client.EventData) string {
	if reason, ok := d.Reason.(map[string]any); ok {
		if text, ok := reason["text"].(string); ok && text != "" {
			return text
		}
	}
	return "on the page"
}

// The colours of the terminal, by who speaks.
func paint(role string) string {
	switch role {
	case "customer":
		return "\x1b[36m"
	case "bot":
		return "\x1b[35m"
	case "agent":
		return "\x1b[32m"
	}
	return "\x1b[2m"
}

// tell writes a line. s.mu is held.
func (s *story) tell(conversation, role, name, text string) {
	n := s.numbers[conversation]
	if n == 0 {
		n = len(s.numbers) + 1
		s.numbers[conversation] = n
	}
	if role == "system" {
		role = "desk"
	}
	row := fmt.Sprintf("%5.1fs  #%-3d %-9s %-9s %s", time.Since(s.began).Seconds(), n, role, name, text)
	if s.colour {
		row = paint(role) + row + "\x1b[0m"
	}
	fmt.Fprintln(s.out, row)
}

// complete waits until everything that is in the logs has been told.
func (s *story) complete(ctx context.Context) error {
	pause := client.Backoff{First: 20 * time.Millisecond, Most: 100 * time.Millisecond}
	for last := -1; ; {
		s.mu.Lock()
		now := 0
		for _, seq := range s.told {
			now += int(seq)
		}
		s.mu.Unlock()
		if now == last {
			return nil
		}
		last = now
		if err := pause.Wait(ctx); err != nil {
			return err
		}
	}
}
