// Package coretest holds what every Store must do, written against the ports, and the fixtures for tests of the
// whole desk. It is imported by tests only.
package coretest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"baton/core"
	"baton/core/access"
	"baton/core/desk"
	"baton/core/hours"
	"baton/core/routing"
	"baton/core/stats"
)

// Backend is a store with all that the desk needs of it.
type Backend interface {
	core.Store
	core.Reader
	desk.Directory
	desk.People
	desk.Line
	desk.Deadlines
	desk.RuleBound
	desk.Pace
	access.Users
	core.Ledger
	core.ScriptStore
	core.JobRuns
	desk.Switches
	stats.Store
	// PutStates adds what agents were.
	PutStates(ctx context.Context, states []stats.State) error
	Follow(core.Follower)
	MakeQueue(ctx context.Context, by core.Actor, name string) (*core.Queue, error)
	ChangeQueue(ctx context.Context, by core.Actor, id string, change core.QueueChange) (*core.Queue, error)
	Seen(ctx context.Context, ids []string, at time.Time) error
	Rebuild(ctx context.Context) (int, error)
	Idempotency(ctx context.Context, scope, key string) (*core.Idempotency, error)
	Run(ctx context.Context) error
	Ready() <-chan struct{}
	Close() error
}

// Node is one server's store and desk.
type Node struct {
	Backend
	Desk       *desk.Desk
	Dispatcher *desk.Dispatcher
	Keeper     *desk.Keeper
	stop       func() error
}

// Options say how a node is started. Parts that are left out do not run, so that a test decides itself.
type Options struct {
	Config     desk.Config
	Dispatcher bool
	Keeper     bool
	Scripts    core.Scripts
	Afterwards bool // whether scripts are asked afterwards
	// Clock is what the desk goes by instead of the machine's.
	Clock func() time.Time
}

// Start runs a node on a store until the test ends, or Stop.
func Start(t testing.TB, b Backend, o Options) *Node {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	log := slog.New(slog.NewTextHandler(testWriter{t}, &slog.HandlerOptions{Level: slog.LevelWarn}))
	n := &Node{Backend: b, Desk: desk.New(b, b, b, b, o.Config)}
	n.Desk.UseHours(hours.NewBook(b))
	n.Desk.UsePace(b, b)
	if o.Clock != nil {
		n.Desk.UseClock(o.Clock)
	}
	n.Desk.UseScripts(desk.ScriptRules{Scripts: o.Scripts, Store: b, Ledger: b})
	afterwards := desk.NewAfterwards(n.Desk, log)
	if o.Afterwards {
		b.Follow(afterwards)
	}
	var parts sync.WaitGroup
	// The helpers end before the store does: they may still have commands under way.
	helpers, stopHelpers := context.WithCancel(ctx)
	if o.Dispatcher {
		n.Dispatcher = desk.NewDispatcher(n.Desk, b, log, routing.LeastBusy{})
		b.Follow(n.Dispatcher)
	}
	stored := make(chan error, 1)
	go func() { stored <- b.Run(ctx) }()
	select {
	case <-b.Ready():
	case err := <-stored:
		t.Fatalf("the store did not start: %v", err)
	}
	if o.Dispatcher {
		parts.Go(func() { _ = n.Dispatcher.Run(helpers) })
	}
	if o.Afterwards {
		parts.Go(func() { _ = afterwards.Run(helpers) })
	}
	n.Keeper = desk.NewKeeper(n.Desk, b, b, log)
	if o.Keeper {
		parts.Go(func() { _ = n.Keeper.Run(helpers) })
	}
	n.stop = sync.OnceValue(func() error {
		stopHelpers()
		parts.Wait()
		cancel()
		return errors.Join(<-stored, b.Close())
	})
	t.Cleanup(func() {
		if err := n.stop(); err != nil {
			t.Errorf("stop the node: %v", err)
		}
	})
	return n
}

// Stop ends the node as a shutdown does: what was accepted is kept.
func (n *Node) Stop(t testing.TB) {
	t.Helper()
	if err := n.stop(); err != nil {
		t.Fatalf("stop the node: %v", err)
	}
}

// testWriter shows logs with the test that they belong to.
type testWriter struct{ t testing.TB }

func (w testWriter) Write(b []byte) (int, error) {
	w.t.Logf("%s", b)
	return len(b), nil
}

// Agent adds an available agent to the queue general and gives him as he would be signed in.
func (n *Node) Agent(t testing.TB, name string, capacity int) core.Actor {
	t.Helper()
	return n.Person(t, name, core.AgentRole, capacity)
}

// Person is Agent for any role.
func (n *Node) Person(t testing.TB, name string, role core.Role, capacity int) core.Actor {
	t.Helper()
	ctx := t.Context()
	a, err := n.AddUser(ctx, core.Desk, access.NewUser{ID: core.NewID(core.AgentPrefix), At: time.Now(), Email: fmt.Sprintf("%s.%s@example.org", name, core.NewID("")), Name: name, Role: role, PasswordHash: "x"})
	if err != nil {
		t.Fatalf("add %s: %v", name, err)
	}
	status := core.Available
	a, err = n.SetStatus(ctx, a.ID, core.AgentChange{Status: &status, Capacity: &capacity})
	if err != nil {
		t.Fatalf("make %s available: %v", name, err)
	}
	return core.Actor{Role: a.Role, ID: a.ID, Name: a.Name, Generation: a.Generation, Queues: a.Queues}
}

// Bot gives a bot as its key would.
func Bot(name string) core.Actor {
	return core.Actor{Role: core.BotRole, ID: "bot_" + name, Name: name, Generation: 1}
}

// Customer gives the customer of a session as he would come in.
func Customer(s *core.Session) core.Actor {
	return core.Actor{Role: core.CustomerRole, ID: s.Customer.ID, Name: s.Customer.Name}
}

// Request makes a session for a bot's conversation.
func (n *Node) Request(t testing.TB, bot core.Actor, conversation string) *core.Session {
	t.Helper()
	r, err := n.Desk.Request(t.Context(), bot, core.Handoff{ConversationID: conversation, Customer: core.Customer{ExternalID: conversation, Name: "Ann"}})
	if err != nil {
		t.Fatalf("request %s: %v", conversation, err)
	}
	return r.Session
}

// Active makes a session that an agent has.
func (n *Node) Active(t testing.TB, bot core.Actor, conversation string, agent core.Actor) *core.Session {
	t.Helper()
	s := n.Request(t, bot, conversation)
	s, err := n.Desk.Assign(t.Context(), core.Actor{Role: core.Supervisor, ID: "agt_boss", Name: "Boss"}, s.ID, agent.ID, false)
	if err != nil {
		t.Fatalf("assign %s to %s: %v", s.ID, agent.Name, err)
	}
	return s
}

// Log reads the whole log of a session.
func (n *Node) Log(t testing.TB, session string) []*core.Event {
	t.Helper()
	events, err := n.Events(t.Context(), session, 0, false, 1<<20)
	if err != nil {
		t.Fatalf("read the log of %s: %v", session, err)
	}
	return events
}

// Types names the events of a log in order.
func Types(events []*core.Event) []core.EventType {
	types := make([]core.EventType, len(events))
	for i, e := range events {
		types[i] = e.Type()
	}
	return types
}

// Until waits until a condition holds; it fails the test after a while.
func Until(t testing.TB, what string, holds func() bool) {
	t.Helper()
	deadline := time.After(20 * time.Second)
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-deadline:
			t.Fatalf("waited for nothing: %s", what)
		case <-tick.C:
		}
	}
}

// CheckLog fails the test unless the log is whole: numbered from 1 without holes, in order of time but for
// history, and with the chain of public events unbroken.
func CheckLog(t testing.TB, events []*core.Event) {
	t.Helper()
	var public int64
	var last time.Time
	for i, e := range events {
		if e.Seq != int64(i+1) {
			t.Fatalf("event %d of %s has the number %d", i+1, e.Session, e.Seq)
		}
		if p, ok := e.Data.(*core.Posted); !ok || !p.History {
			if e.At.Before(last) {
				t.Errorf("event %d of %s happened before the one before it", e.Seq, e.Session)
			}
			last = e.At
		}
		if !e.Public() {
			continue
		}
		if e.PublicPrev != public {
			t.Errorf("event %d of %s says that the public event before it is %d, but that is %d", e.Seq, e.Session, e.PublicPrev, public)
		}
		public = e.Seq
	}
}

// CheckPlaces fails the test unless every agent's load is what sessions hold of him, and within his capacity
// unless he was forced.
func (n *Node) CheckPlaces(t testing.TB) {
	t.Helper()
	open, _, err := n.Sessions(t.Context(), core.SessionFilter{Statuses: []core.Status{core.StatusPending, core.StatusWaiting, core.StatusActive}, Limit: 500})
	if err != nil {
		t.Fatal(err)
	}
	agents, err := n.Agents(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range agents {
		active, load := 0, 0
		for _, s := range open {
			owner, offered := s.Holders()
			if owner == a.ID {
				active, load = active+1, load+1
			}
			if offered == a.ID {
				load++
			}
		}
		if a.Active != active || a.Load != load {
			t.Errorf("%s has active %d and load %d, but sessions say %d and %d", a.Name, a.Active, a.Load, active, load)
		}
	}
}

// posted gives the texts of the messages in a log.
func posted(events []*core.Event) []string {
	var texts []string
	for _, e := range events {
		if p, ok := e.Data.(*core.Posted); ok {
			texts = append(texts, p.Text)
		}
	}
	return texts
}

func sameTypes(got []*core.Event, want ...core.EventType) bool { return slices.Equal(Types(got), want) }
