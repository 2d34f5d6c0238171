package torture

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"baton/adapters/sqlstore/sqltest"
	"baton/cmd/client"
)

// twoServers are two processes on one PostgreSQL: the agents of the team are at the second, everybody else at
// the first.
func twoServers(ctx context.Context, t *testing.T, agents int) (first, second *server, all *team) {
	h := newHouse(t, sqltest.DSN(t))
	first = h.serve()
	second = h.again()
	all = h.found(ctx, first, agents)
	for _, agent := range all.agents {
		agent.Client = agent.Apart(second.url)
	}
	return first, second, all
}

// Each end of one talk is at another server: both read the same, in the same order, and nothing is missing.
func TestTwoServersServeTheTwoEndsOfOneTalk(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	_, _, team := twoServers(ctx, t, 1)
	rosa := team.agents[0]
	if _, err := rosa.Be(ctx, "available"); err != nil {
		t.Fatal(err)
	}
	desk := run(ctx, t, rosa.Socket(quick))
	desk.FollowDesk(ctx)
	visitor, err := team.anyone.Visit(ctx, "Ann")
	if err != nil {
		t.Fatal(err)
	}
	ann := team.anyone.As(visitor.Token)
	page := run(ctx, t, ann.Socket(quick))
	answer, _, err := ann.Handoff(ctx, client.Handoff{Subject: "a parcel"}, "")
	if err != nil {
		t.Fatal(err)
	}
	page.Subscribe(ctx, answer.ID, 0)
	if _, err := desk.Await(ctx, func(f client.Frame) bool { return f.Type == "offer" && f.Session == answer.ID }); err != nil {
		t.Fatalf("the offer did not reach the agent at the other server: %v", err)
	}
	if _, err := desk.Ask(ctx, client.Act{"type": "accept", "session": answer.ID}); err != nil {
		t.Fatal(err)
	}
	desk.Subscribe(ctx, answer.ID, 0)

	const each = 150
	sent := make(chan error, 2)
	for author, s := range map[string]*client.Socket{"ann": page, "rosa": desk} {
		go func() { sent <- talk(ctx, s, answer.ID, author, each) }()
	}
	atPage, err := heardTexts(ctx, page, 2*each)
	if err != nil {
		t.Fatalf("the visitor's end heard %d of %d messages: %v", len(atPage), 2*each, err)
	}
	atDesk, err := heardTexts(ctx, desk, 2*each)
	if err != nil {
		t.Fatalf("the agent's end heard %d of %d messages: %v", len(atDesk), 2*each, err)
	}
	for range 2 {
		if err := <-sent; err != nil {
			t.Error(err)
		}
	}
	if !slices.Equal(atPage, atDesk) {
		t.Errorf("the two ends heard another order:\n%q\n%q", atPage, atDesk)
	}
	if page, desk := page.Counters(), desk.Counters(); page.Gaps+desk.Gaps+page.Repeated+desk.Repeated != 0 {
		t.Errorf("the streams were not whole: %+v and %+v", page, desk)
	}
	compareWithLog(ctx, t, team, answer.ID, atPage)
}

// talk says so many messages, several under way at once.
func talk(ctx context.Context, s *client.Socket, session, author string, n int) error {
	var all []*client.Sending
	for i := range n {
		all = append(all, s.Queue(client.Message{Session: session, ClientID: fmt.Sprintf("%s-%d", author, i+1), Text: fmt.Sprintf("%s says %d", author, i+1)}))
	}
	for _, m := range all {
		if _, err := m.Wait(ctx); err != nil {
			return fmt.Errorf("%s: %w", m.Message.Text, err)
		}
	}
	return nil
}

// heardTexts takes the next n messages of a socket.
func heardTexts(ctx context.Context, s *client.Socket, n int) (texts []string, err error) {
	for len(texts) < n {
		f, err := s.Await(ctx, isEvent("message.posted"))
		if err != nil {
			return texts, err
		}
		data, err := f.Event.Read()
		if err != nil {
			return texts, err
		}
		texts = append(texts, data.Text)
	}
	return texts, nil
}

// compareWithLog says that the log has just these messages, in this order.
func compareWithLog(ctx context.Context, t *testing.T, team *team, session string, heard []string) {
	t.Helper()
	entries, err := team.owner.Events(ctx, session, 0)
	if err != nil {
		t.Fatal(err)
	}
	b, err := readBook(&client.Session{ID: session}, entries)
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range b.faults() {
		t.Error(fault)
	}
	var logged []string
	for _, entry := range entries {
		if data, err := entry.Event.Read(); err == nil && entry.Event.Type == "message.posted" {
			logged = append(logged, data.Text)
		}
	}
	if !slices.Equal(logged, heard) {
		t.Errorf("the log has %d messages, the two ends heard %d, or in another order", len(logged), len(heard))
	}
}

// Two servers under load, and one of them is killed and comes back several times.
func TestOneOfTwoServersIsKilledUnderLoad(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	h := newHouse(t, sqltest.DSN(t))
	first := h.serve()
	second := h.again()
	team := h.found(ctx, first, 3)
	atSecond := team.anyone.Apart(second.url)
	for _, agent := range team.agents {
		agent.Client = atSecond.As(agent.Token())
	}
	l := begin(ctx, t, team, 4, 4)
	for range 4 {
		l.agentsProgress(20)
		blow(ctx, 100*time.Millisecond)
		second.kill()
		second = h.again()
		atSecond.Move(second.url)
	}
	l.agentsProgress(20)
	l.finish()
	l.check()
	second.end()
	first.end()
}

// A server that was frozen in the middle of its work, while the other one went on, spoils nothing when it wakes:
// what it still wants to write meets the fence.
func TestFrozenServerThatWakesIsFenced(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	first, second, team := twoServers(ctx, t, 2)
	second.complains = true // its connections to the database are gone when it wakes
	l := begin(ctx, t, team, 4, 4)
	for range 2 {
		l.agentsProgress(20)
		second.freeze()
		blow(ctx, 3*time.Second)
		second.thaw()
	}
	l.agentsProgress(20)
	l.finish()
	l.check()
	second.end()
	first.end()
}
