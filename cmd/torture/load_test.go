package torture

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"baton/cmd/client"
)

// load is people and a bot who do not stop: agents accept whatever they are offered, everybody talks, and some
// chats end and begin again. What was acknowledged is remembered.
type load struct {
	*team
	t       *testing.T
	ctx     context.Context // of the whole test
	stop    chan struct{}   // closed when nobody may begin anything more
	working sync.WaitGroup
	sockets []*client.Socket
	acked   atomic.Int64 // messages of all
	atDesk  atomic.Int64 // those of agents

	mu    sync.Mutex // guards what follows
	said  []*utterance
	chats map[string]bool // sessions of the load
}

// utterance is a message that was acknowledged.
type utterance struct {
	session, author, clientID string
	n                         int // of this author in this session, from 1
	sent                      client.Sent
}

// quick is the pause between tries of the clients of the load: they are to be back before the next blow.
var quick = client.SocketConfig{Window: 8, Backoff: client.Backoff{First: 10 * time.Millisecond, Most: 200 * time.Millisecond}}

// begin starts the load: each visitor and each of the bot's conversations is a chat.
func begin(ctx context.Context, t *testing.T, team *team, visitors, conversations int) *load {
	l := &load{team: team, t: t, ctx: ctx, stop: make(chan struct{}), chats: map[string]bool{}}
	for _, agent := range team.agents {
		if _, err := agent.ChangeAgentCapacity(ctx, team.owner, 20); err != nil {
			t.Fatalf("give %s room: %v", agent.name, err)
		}
		if _, err := agent.Be(ctx, "available"); err != nil {
			t.Fatalf("bring %s to the desk: %v", agent.name, err)
		}
		socket := l.socket(agent.Client)
		socket.FollowDesk(ctx)
		l.do(func() error { return l.attend(agent, socket) })
	}
	botSocket := l.socket(team.bot)
	for i := range conversations {
		l.do(func() error { return l.relay(botSocket, i) })
	}
	for i := range visitors {
		l.do(func() error { return l.visit(i) })
	}
	return l
}

// ChangeAgentCapacity lets the owner set how many chats the member may have.
func (m *member) ChangeAgentCapacity(ctx context.Context, owner *client.Client, capacity int) (client.Agent, error) {
	return owner.ChangeAgent(ctx, m.id, map[string]any{"capacity": capacity})
}

func (l *load) socket(c *client.Client) *client.Socket {
	s := run(l.ctx, l.t, c.Socket(quick))
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sockets = append(l.sockets, s)
	return s
}

// do runs a part of the load.
func (l *load) do(work func() error) {
	l.working.Add(1)
	go func() {
		defer l.working.Done()
		if err := work(); err != nil && l.ctx.Err() == nil {
			l.t.Errorf("under load: %v", err)
		}
	}()
}

// finish lets everybody finish what he began: all that was said is answered when it returns.
func (l *load) finish() {
	l.t.Helper()
	close(l.stop)
	l.working.Wait()
	if err := l.ctx.Err(); err != nil {
		l.t.Fatalf("the load did not come to its end: %v", err)
	}
}

func (l *load) stopped() bool {
	select {
	case <-l.stop:
		return true
	default:
		return false
	}
}

// heed remembers a message that the server has acknowledged.
func (l *load) heed(u *utterance) {
	l.acked.Add(1)
	for _, agent := range l.agents {
		if agent.name == u.author {
			l.atDesk.Add(1)
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.said = append(l.said, u)
	l.chats[u.session] = true
}

// speak says n messages over a socket, some of them on their way at once, and waits for all the answers.
func (l *load) speak(s *client.Socket, session, author string, from, n int) error {
	type underWay struct {
		*client.Sending
		n int
	}
	var all []underWay
	for i := range n {
		m := client.Message{Session: session, ClientID: fmt.Sprintf("%s-%d", author, from+i), Text: fmt.Sprintf("%s says %d", author, from+i)}
		all = append(all, underWay{s.Queue(m), from + i})
	}
	for _, m := range all {
		sent, err := m.Wait(l.ctx)
		if err != nil {
			return fmt.Errorf("%s in %s: %w", m.Message.Text, session, err)
		}
		l.heed(&utterance{session: session, author: author, clientID: m.Message.ClientID, n: m.n, sent: sent})
	}
	return nil
}

// write says one message by HTTP.
func (l *load) write(c *client.Client, session, author string, n int) error {
	m := client.Message{ClientID: fmt.Sprintf("%s-%d", author, n), Text: fmt.Sprintf("%s says %d", author, n)}
	sent, err := c.Post(l.ctx, session, m)
	if err != nil {
		return fmt.Errorf("%s in %s: %w", m.Text, session, err)
	}
	l.heed(&utterance{session: session, author: author, clientID: m.ClientID, n: n, sent: sent})
	return nil
}

// relay is one of the bot's conversations: its customer's words go by socket and by HTTP in turn.
func (l *load) relay(s *client.Socket, i int) error {
	name := fmt.Sprintf("relayed%d", i)
	answer, _, err := l.bot.Handoff(l.ctx, client.Handoff{ConversationID: name, Customer: client.Customer{ExternalID: name, Name: name}}, name)
	if err != nil {
		return fmt.Errorf("the bot's request %d: %w", i, err)
	}
	s.Subscribe(l.ctx, answer.ID, 0)
	for n := 1; !l.stopped(); n += 5 {
		if err := l.speak(s, answer.ID, name, n, 4); err != nil {
			return err
		}
		if err := l.write(l.bot, answer.ID, name, n+4); err != nil {
			return err
		}
	}
	return nil
}

// visit is a visitor of the page who asks for a person, talks, leaves, and comes again.
func (l *load) visit(i int) error {
	name := fmt.Sprintf("visitor%d", i)
	visitor, err := l.anyone.Visit(l.ctx, name)
	if err != nil {
		return err
	}
	c := l.anyone.As(visitor.Token)
	s := l.socket(c)
	for round := 0; !l.stopped(); round++ {
		answer, _, err := c.Handoff(l.ctx, client.Handoff{Subject: name}, "unkeyed") // a repeat finds the open session
		if err != nil {
			return fmt.Errorf("the request of %s: %w", name, err)
		}
		s.Subscribe(l.ctx, answer.ID, 0)
		for n := 1; !l.stopped() && n <= 20; n += 4 {
			if err := l.speak(s, answer.ID, name, n, 4); err != nil {
				return err
			}
		}
		if round%2 == 1 {
			continue // goes on in the same chat, with numbers that were used: the first answers come again
		}
		if err := l.leave(c, answer.ID); err != nil {
			return err
		}
	}
	return nil
}

// leave ends a chat; that an earlier try ended it already is as good.
func (l *load) leave(c *client.Client, session string) error {
	_, err := c.Insist(l.ctx, "POST", "/v1/sessions/"+session+"/end", nil, nil)
	if err != nil && client.CodeOf(err) != "session_ended" {
		return fmt.Errorf("end %s: %w", session, err)
	}
	return nil
}

// attend is an agent at work: he accepts what he is offered, and talks in each of his chats.
func (l *load) attend(agent *member, s *client.Socket) error {
	ctx, cancel := context.WithCancel(l.ctx)
	defer cancel()
	go func() {
		select {
		case <-l.stop:
			cancel()
		case <-ctx.Done():
		}
	}()
	for {
		f, err := s.Next(ctx)
		if err != nil {
			return nil // the end of the load
		}
		if f.Type == "offer" {
			l.do(func() error { return l.serve(agent, s, f.Session) })
		}
	}
}

// serve accepts one chat and talks in it until it ends.
func (l *load) serve(agent *member, s *client.Socket, session string) error {
	_, err := agent.Insist(l.ctx, "POST", "/v1/sessions/"+session+"/accept", nil, nil)
	switch client.CodeOf(err) {
	case "session_ended", "conflict":
		return nil // the customer has left, or another try of mine was answered
	}
	if err != nil {
		return fmt.Errorf("accept %s: %w", session, err)
	}
	s.Subscribe(l.ctx, session, 0)
	for n := 1; !l.stopped(); n += 3 {
		err := l.speak(s, session, agent.name, n, 3)
		var refused *client.Problem
		if errors.As(err, &refused) && refused.Code == "session_ended" {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// progress waits until so many more messages were acknowledged.
func (l *load) progress(more int64) { l.t.Helper(); l.await(&l.acked, more) }

// agentsProgress waits until agents have said so much more.
func (l *load) agentsProgress(more int64) { l.t.Helper(); l.await(&l.atDesk, more) }

func (l *load) await(count *atomic.Int64, more int64) {
	l.t.Helper()
	goal := count.Load() + more
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(25 * time.Second)
	for count.Load() < goal {
		select {
		case <-tick.C:
		case <-deadline:
			l.t.Fatalf("only %d of %d more messages were acknowledged within 25 s", count.Load()-goal+more, more)
		}
	}
}
