package torture

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"baton/cmd/client"
)

// check compares what the server says now with what was acknowledged.
func (l *load) check() {
	l.t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(l.ctx), time.Minute)
	defer cancel()
	sessions, err := l.owner.Sessions(ctx, url.Values{})
	if err != nil {
		l.t.Fatalf("list the sessions: %v", err)
	}
	listed := map[string]bool{}
	logs := map[string]*book{}
	for i := range sessions {
		s := &sessions[i]
		listed[s.ID] = true
		if logs[s.ID], err = l.readLog(ctx, s); err != nil {
			l.t.Fatalf("read the log of %s: %v", s.ID, err)
		}
		for _, fault := range logs[s.ID].faults() {
			l.t.Errorf("%s: %s", s.ID, fault)
		}
	}
	for session := range l.chats {
		if !listed[session] {
			l.t.Errorf("session %s was acknowledged and is not listed", session)
		}
	}
	l.kept(logs)
	l.streams()
	checkLoads(ctx, l.t, l.owner)
	nothingStranded(ctx, l.t, l.owner)
	if !l.t.Failed() {
		l.t.Logf("%d messages (%d by agents) in %d sessions, %s", len(l.said), l.atDesk.Load(), len(sessions), l.survived())
	}
}

// survived tells what the sockets went through.
func (l *load) survived() string {
	var all client.Counters
	for _, s := range l.sockets {
		c := s.Counters()
		all.Connections += c.Connections
		all.Repeated += c.Repeated
	}
	return fmt.Sprintf("%d connections of %d sockets, %d repeats", all.Connections, len(l.sockets), all.Repeated)
}

// streams says that no socket ever missed an event.
func (l *load) streams() {
	for _, s := range l.sockets {
		if c := s.Counters(); c.Gaps != 0 {
			l.t.Errorf("a socket counts %+v: its stream had gaps", c)
		}
	}
}

// kept looks for each acknowledged message where it was said to be, once.
func (l *load) kept(logs map[string]*book) {
	l.t.Helper()
	for _, u := range l.said {
		b := logs[u.session]
		if b == nil {
			l.t.Errorf("%s in %s was acknowledged and its session is not there", u.clientID, u.session)
			continue
		}
		if at := b.messages[u.clientID]; at.seq != u.sent.Seq || at.id != u.sent.ID {
			l.t.Errorf("%s in %s was acknowledged as %+v and stands in the log as %+v", u.clientID, u.session, u.sent, at)
		}
	}
}

// book is the log of one session, read.
type book struct {
	session  *client.Session
	entries  []client.Entry
	messages map[string]place // by client id
	doubled  []string
	wrong    []string // authors whose messages stand in another order than they were said
}

// place is where a message stands.
type place struct {
	id  string
	seq int64
}

func (l *load) readLog(ctx context.Context, s *client.Session) (*book, error) {
	entries, err := l.owner.Events(ctx, s.ID, 0)
	if err != nil {
		return nil, err
	}
	return readBook(s, entries)
}

func readBook(s *client.Session, entries []client.Entry) (*book, error) {
	b := &book{session: s, entries: entries, messages: map[string]place{}}
	last := map[string]int{}
	for _, entry := range entries {
		if entry.Event.Type != "message.posted" {
			continue
		}
		data, err := entry.Event.Read()
		if err != nil {
			return nil, err
		}
		if _, twice := b.messages[data.ClientID]; twice {
			b.doubled = append(b.doubled, data.ClientID)
		}
		b.messages[data.ClientID] = place{data.ID, entry.Seq}
		var author string
		var n int
		if _, err := fmt.Sscanf(data.Text, "%s says %d", &author, &n); err != nil {
			return nil, fmt.Errorf("%s has a message that nobody sent: %q", s.ID, data.Text)
		}
		if n != last[author]+1 {
			b.wrong = append(b.wrong, fmt.Sprintf("%s %d after %d", author, n, last[author]))
		}
		last[author] = n
	}
	return b, nil
}

// faults tells what is wrong with the log: a hole, something twice, or somebody's words out of their order.
func (b *book) faults() (faults []string) {
	for i, entry := range b.entries {
		if entry.Seq != int64(i+1) || entry.Prev != int64(i) {
			faults = append(faults, fmt.Sprintf("entry %d has seq %d and prev %d", i+1, entry.Seq, entry.Prev))
			break
		}
	}
	if len(b.doubled) > 0 {
		faults = append(faults, "these messages are there twice: "+strings.Join(b.doubled, ", "))
	}
	if len(b.wrong) > 0 {
		faults = append(faults, "these messages are out of order: "+strings.Join(b.wrong, ", "))
	}
	return faults
}

// The checks themselves must be able to fail.
func TestChecksFindEachFault(t *testing.T) {
	entry := func(seq int64, clientID string, n int) client.Entry {
		data := fmt.Sprintf(`{"id":"msg_%d","client_id":%q,"text":"ann says %d"}`, seq, clientID, n)
		return client.Entry{Seq: seq, Prev: seq - 1, Event: client.Event{Type: "message.posted", Data: []byte(data)}}
	}
	for _, row := range []struct {
		story   string
		entries []client.Entry
		fault   string
	}{
		{"nothing", []client.Entry{entry(1, "a1", 1), entry(2, "a2", 2)}, ""},
		{"a hole", []client.Entry{entry(1, "a1", 1), entry(3, "a2", 2)}, "entry 2 has seq 3"},
		{"a message twice", []client.Entry{entry(1, "a1", 1), entry(2, "a1", 2)}, "twice: a1"},
		{"a message lost", []client.Entry{entry(1, "a1", 1), entry(2, "a3", 3)}, "out of order: ann 3 after 1"},
		{"two in the wrong order", []client.Entry{entry(1, "a2", 2), entry(2, "a1", 1)}, "out of order"},
	} {
		b, err := readBook(&client.Session{ID: "ses_1"}, row.entries)
		if err != nil {
			t.Fatal(err)
		}
		found := strings.Join(b.faults(), "; ")
		if (row.fault == "") != (found == "") || !strings.Contains(found, row.fault) {
			t.Errorf("in a log with %s the checks found %q, want %q", row.story, found, row.fault)
		}
	}
}

// checkLoads compares what the agents are said to have with the sessions. Offers may change between two looks,
// so it looks until both agree, within the liveness bound.
func checkLoads(ctx context.Context, t *testing.T, owner *client.Client) {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	pause := client.Backoff{}
	for {
		wrong, err := wrongLoads(ctx, owner)
		if err == nil && wrong == "" {
			return
		}
		if pause.Wait(ctx) != nil {
			t.Errorf("after 10 s the loads of the agents are still wrong: %s %v", wrong, err)
			return
		}
	}
}

func wrongLoads(ctx context.Context, owner *client.Client) (wrong string, err error) {
	sessions, err := owner.Sessions(ctx, url.Values{"status": {"pending,waiting,active"}})
	if err != nil {
		return "", err
	}
	agents, err := owner.Agents(ctx)
	if err != nil {
		return "", err
	}
	active, load := map[string]int{}, map[string]int{}
	for i := range sessions {
		s := &sessions[i]
		if s.Status == "active" && s.Agent != nil {
			active[s.Agent.ID]++
			load[s.Agent.ID]++
		}
		if s.Offer != nil {
			load[s.Offer.Agent.ID]++
		}
	}
	for _, a := range agents {
		if a.Active != active[a.ID] || a.Load != load[a.ID] || a.Load > a.Capacity {
			wrong += fmt.Sprintf("%s has active %d and load %d of %d, and by the sessions %d and %d; ",
				a.Name, a.Active, a.Load, a.Capacity, active[a.ID], load[a.ID])
		}
	}
	return wrong, nil
}

var strandedGauge = regexp.MustCompile(`(?m)^baton_sessions_stranded (\d+)`)

// nothingStranded asks the server's own sweep.
func nothingStranded(ctx context.Context, t *testing.T, c *client.Client) {
	t.Helper()
	var page []byte
	if _, err := c.Insist(ctx, "GET", "/metrics", nil, &page); err != nil {
		t.Errorf("read the metrics: %v", err)
		return
	}
	found := strandedGauge.FindSubmatch(page)
	if found == nil || !bytes.Equal(found[1], []byte("0")) {
		t.Errorf("the sweep says that sessions are stranded: %q", found)
	}
}
