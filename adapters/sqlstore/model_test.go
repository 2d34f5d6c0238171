package sqlstore

import (
	"flag"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"baton/adapters/sqlstore/sqltest"
	"baton/core"
	"baton/core/coretest"
	"baton/core/desk"
)

// modelSession is what the model believes of one chat: far less than core knows, and written independently of it.
type modelSession struct {
	status  core.Status
	owner   string
	offered string
	epoch   int64
	seq     int64
	said    int
}

// model holds the same desk as the store, by the rules of the contract in a few lines.
type model struct {
	t        *rapid.T
	tb       testing.TB // the test, for helpers
	n        *coretest.Node
	agents   []core.Actor
	capacity map[string]int
	sessions map[string]*modelSession
	order    []string
	serial   *int
}

var modelBoss = core.Actor{Role: core.Supervisor, ID: "agt_boss", Name: "Boss"}

// load counts the places that an agent's chats and offers take.
func (m *model) load(agent string) int {
	taken := 0
	for _, s := range m.sessions {
		if s.owner == agent {
			taken++
		}
		if s.offered == agent {
			taken++
		}
	}
	return taken
}

func (m *model) anySession() (string, *modelSession) {
	if len(m.order) == 0 {
		m.t.Skip("no session yet")
	}
	id := rapid.SampledFrom(m.order).Draw(m.t, "session")
	return id, m.sessions[id]
}

func (m *model) anyAgent() core.Actor {
	return m.agents[rapid.IntRange(0, len(m.agents)-1).Draw(m.t, "agent")]
}

// expect compares what the store answered with what the model allows.
func (m *model) expect(what string, err error, allowed bool) bool {
	if (err == nil) != allowed || err != nil && core.KindOf(err) == core.Internal {
		m.t.Fatalf("%s got %v, the model allows it: %v", what, err, allowed)
	}
	return allowed
}

func (m *model) request(*rapid.T) {
	*m.serial++
	s := m.n.Request(m.tb, coretest.Bot("shop"), fmt.Sprint(*m.serial))
	m.sessions[s.ID] = &modelSession{status: core.StatusWaiting, epoch: 1, seq: 1}
	m.order = append(m.order, s.ID)
}

func (m *model) offer(*rapid.T) {
	id, s := m.anySession()
	a := m.anyAgent()
	_, err := m.n.TryOffer(m.t.Context(), id, a, time.Now().Add(time.Hour))
	if m.expect("an offer", err, s.status == core.StatusWaiting && m.load(a.ID) < m.capacity[a.ID]) {
		s.status, s.offered = core.StatusPending, a.ID
		s.seq++
	}
}

func (m *model) accept(*rapid.T) {
	id, s := m.anySession()
	a := m.anyAgent()
	_, err := m.n.Desk.Accept(m.t.Context(), a, id)
	mine := s.status == core.StatusActive && s.owner == a.ID
	if m.expect("an accept", err, s.status != core.StatusEnded && (mine || s.offered == a.ID)) && !mine {
		if s.status == core.StatusActive {
			s.seq++ // the transfer is told as well
		}
		s.status, s.owner, s.offered = core.StatusActive, a.ID, ""
		s.epoch++
		s.seq++
	}
}

// back is a session whose offer came to nothing.
func (s *modelSession) back() {
	s.offered = ""
	s.seq++
	if s.status == core.StatusPending {
		s.status = core.StatusWaiting
	}
}

func (m *model) decline(*rapid.T) {
	id, s := m.anySession()
	a := m.anyAgent()
	_, err := m.n.Desk.Decline(m.t.Context(), a, id, "")
	if m.expect("a decline", err, s.offered == a.ID) {
		s.back()
	}
}

func (m *model) withdraw(*rapid.T) {
	id, s := m.anySession()
	seq := int64(-1)
	if now := m.n.Get(m.tb, id); now.Offer != nil {
		seq = now.Offer.Seq
	}
	if m.expect("a withdrawal", m.n.Desk.Withdraw(m.t.Context(), id, seq, "test"), s.offered != "") {
		s.back()
	}
}

func (m *model) assign(*rapid.T) {
	id, s := m.anySession()
	a, force := m.anyAgent(), rapid.Bool().Draw(m.t, "force")
	_, err := m.n.Desk.Assign(m.t.Context(), modelBoss, id, a.ID, force)
	mine := s.status == core.StatusActive && s.owner == a.ID
	room := force || s.offered == a.ID || m.load(a.ID) < m.capacity[a.ID]
	if m.expect("an assignment", err, s.status != core.StatusEnded && (mine || room)) && !mine {
		s.status, s.owner, s.offered = core.StatusActive, a.ID, ""
		s.epoch++
		s.seq++
	}
}

func (m *model) transfer(*rapid.T) {
	id, s := m.anySession()
	a := m.anyAgent()
	_, err := m.n.Desk.Transfer(m.t.Context(), modelBoss, id, a.ID, "")
	if m.expect("a transfer", err, s.status == core.StatusActive && s.owner != a.ID && s.offered != a.ID && m.load(a.ID) < m.capacity[a.ID]) {
		s.offered = a.ID
		s.seq++
	}
}

func (m *model) requeue(*rapid.T) {
	id, s := m.anySession()
	a := m.anyAgent()
	err := m.n.Desk.Requeue(m.t.Context(), id, core.Ref{ID: a.ID, Name: a.Name})
	if m.expect("a return to the queue", err, s.status == core.StatusActive && s.owner == a.ID) {
		s.status, s.owner = core.StatusWaiting, ""
		s.epoch++
		s.seq += 2
		if s.offered != "" {
			s.status = core.StatusPending
			s.seq++
		}
	}
}

func (m *model) post(*rapid.T) {
	id, s := m.anySession()
	by, allowed := coretest.Bot("shop"), s.status != core.StatusEnded
	message := desk.Message{ClientID: fmt.Sprint("m", s.said), Text: "hello"}
	switch rapid.SampledFrom([]string{"customer", "agent", "bot"}).Draw(m.t, "who speaks") {
	case "agent":
		by = m.anyAgent()
		allowed = s.status == core.StatusActive && s.owner == by.ID
	case "bot":
		message.As, message.Epoch = desk.AsBot, rapid.Int64Range(s.epoch-1, s.epoch).Draw(m.t, "epoch")
		allowed = allowed && s.status != core.StatusActive && message.Epoch == s.epoch
	}
	sent, err := m.n.Desk.Post(m.t.Context(), by, id, message)
	if m.expect("a message", err, allowed) {
		s.seq++
		s.said++
		again, err := m.n.Desk.Post(m.t.Context(), by, id, message)
		if sent.Seq != s.seq || err != nil || again != sent {
			m.t.Fatalf("the message has seq %d, not %d, and repeated %+v (%v)", sent.Seq, s.seq, again, err)
		}
	}
}

func (m *model) end(*rapid.T) {
	id, s := m.anySession()
	_, err := m.n.Desk.End(m.t.Context(), modelBoss, id, desk.End{})
	if m.expect("an end", err, s.status != core.StatusEnded) {
		s.status, s.owner, s.offered = core.StatusEnded, "", ""
		s.seq++
	}
}

func (m *model) resize(*rapid.T) {
	a, places := m.anyAgent(), rapid.IntRange(1, 4).Draw(m.t, "capacity")
	if _, err := m.n.Desk.SetAgent(m.t.Context(), a, core.AgentChange{Capacity: &places}); err != nil {
		m.t.Fatal(err)
	}
	m.capacity[a.ID] = places
}

// check compares the whole desk with the model after each step.
func (m *model) check(t *rapid.T) {
	for id, want := range m.sessions {
		s := m.n.Get(m.tb, id)
		owner, offered := s.Holders()
		if s.Status != want.status || owner != want.owner || offered != want.offered || s.Epoch != want.epoch || s.Seq != want.seq {
			t.Fatalf("%s is %s of %q offered to %q, epoch %d, seq %d; the model says %+v", id, s.Status, owner, offered, s.Epoch, s.Seq, *want)
		}
		if s.Open() == s.Deadline.IsZero() {
			t.Fatalf("%s is %s with the deadline %v", id, s.Status, s.Deadline)
		}
	}
	for _, who := range m.agents {
		a, err := m.n.Backend.Agent(t.Context(), who.ID)
		if err != nil || a.Load != m.load(who.ID) {
			t.Fatalf("%s has the load %d (%v), the model says %d", who.Name, a.Load, err, m.load(who.ID))
		}
	}
	if stranded, err := m.n.Stranded(t.Context(), time.Hour); err != nil || stranded != 0 {
		t.Fatalf("%d sessions are stranded (%v)", stranded, err)
	}
}

// finish shows that logs are whole and that the projections can be made of them.
func (m *model) finish(t *rapid.T) {
	for id := range m.sessions {
		coretest.CheckLog(m.tb, m.n.Log(m.tb, id))
	}
	if _, err := m.n.Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	m.check(t)
	m.n.CheckPlaces(m.tb)
}

// emptyDesk ends what an earlier case, or one that failed, left open.
func emptyDesk(t *rapid.T, n *coretest.Node) {
	open, _, err := n.Sessions(t.Context(), core.SessionFilter{Limit: 500, Statuses: []core.Status{core.StatusWaiting, core.StatusPending, core.StatusActive}})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range open {
		if _, err := n.Desk.End(t.Context(), modelBoss, s.ID, desk.End{}); err != nil {
			t.Fatal(err)
		}
	}
}

// modelOn runs a few cases, or many with BATON_PROOF=1.
func modelOn(t *testing.T, dsn string, few, many int) {
	checks := few
	if os.Getenv("BATON_PROOF") == "1" {
		checks = many
	}
	if err := flag.Set("rapid.checks", strconv.Itoa(checks)); err != nil {
		t.Fatal(err)
	}
	n := coretest.Start(t, database(dsn)(t), coretest.Options{})
	agents := []core.Actor{n.Agent(t, "Ann", 1), n.Agent(t, "Bob", 2), n.Agent(t, "Cid", 3)}
	serial := 0
	rapid.Check(t, func(r *rapid.T) {
		m := &model{t: r, tb: t, n: n, agents: agents, sessions: map[string]*modelSession{}, serial: &serial, capacity: map[string]int{}}
		emptyDesk(r, n)
		for _, a := range agents {
			if err := n.Seen(r.Context(), []string{a.ID}, time.Now()); err != nil { // many cases take minutes
				r.Fatal(err)
			}
			row, err := n.Backend.Agent(r.Context(), a.ID)
			if err != nil {
				r.Fatal(err)
			}
			m.capacity[a.ID] = row.Capacity
		}
		r.Repeat(map[string]func(*rapid.T){
			"request": m.request, "offer": m.offer, "accept": m.accept, "decline": m.decline, "withdraw": m.withdraw, "assign": m.assign,
			"transfer": m.transfer, "requeue": m.requeue, "post": m.post, "end": m.end, "resize": m.resize, "": m.check,
		})
		m.finish(r)
	})
}

func TestModelI1I2I3I4I5RandomActsOnSQLite(t *testing.T) {
	modelOn(t, "sqlite::memory:", 40, 2000)
}

func TestModelI1I2I3I4I5RandomActsOnPostgreSQL(t *testing.T) {
	modelOn(t, sqltest.DSN(t), 10, 500)
}
