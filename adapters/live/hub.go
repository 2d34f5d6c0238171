package live

import (
	"context"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"baton/core"
	"baton/core/desk"
)

// Config is what an operator may change about the socket. Zero values stand for the defaults.
type Config struct {
	Build            string        // what welcome calls this server
	FrameBytes       int           // 64 KiB: the largest frame that is read
	QueueBytes       int           // 1 MiB may wait for a slow reader before he is cut off
	SlowAfter        time.Duration // 10 s: how old the oldest waiting frame may be
	MissedEvents     int           // 5,000: a reader who missed more is told to resync
	Connections      int           // 20,000 at once
	CustomerMessages int           // 10 a second
	CustomerBurst    int           // 40
	AgentMessages    int           // 20 a second
	AgentBurst       int           // 40
	Pings            int           // 60 a minute
	PingAfter        time.Duration // 20 s of silence
	DeadAfter        time.Duration // 45 s of silence
	// Nodes says that other servers write into the same store: what they did is looked for each second.
	Nodes bool
}

func (c Config) withDefaults() Config {
	for _, n := range []struct {
		value    *int
		standard int
	}{
		{&c.FrameBytes, 64 << 10}, {&c.QueueBytes, 1 << 20}, {&c.MissedEvents, 5000}, {&c.Connections, 20000},
		{&c.CustomerMessages, 10}, {&c.CustomerBurst, 40}, {&c.AgentMessages, 20}, {&c.AgentBurst, 40}, {&c.Pings, 60},
	} {
		if *n.value == 0 {
			*n.value = n.standard
		}
	}
	for _, d := range []struct {
		value    *time.Duration
		standard time.Duration
	}{{&c.SlowAfter, 10 * time.Second}, {&c.PingAfter, 20 * time.Second}, {&c.DeadAfter, 45 * time.Second}} {
		if *d.value == 0 {
			*d.value = d.standard
		}
	}
	return c
}

// Store is what the hub reads and writes beside the desk.
type Store interface {
	core.Reader
	Agent(ctx context.Context, id string) (*core.Agent, error)
	// Seen writes down that these agents give a sign of life now.
	Seen(ctx context.Context, agents []string, at time.Time) error
}

// Nodes tells what other servers wrote into the same store.
type Nodes interface {
	// ChangedSince gives the sessions that changed after a mark, and the next mark. The first mark is 0: it gives
	// no session, only the mark of now.
	ChangedSince(ctx context.Context, mark int64) ([]*core.Session, int64, error)
	// LastSeqs gives the seq of the last event in the log of each of these sessions.
	LastSeqs(ctx context.Context, sessions []string) (map[string]int64, error)
	// AgentRevs gives the revision of each agent, which grows with each change of his row.
	AgentRevs(ctx context.Context) (map[string]int64, error)
	// QueueRevs gives the revision of each queue, which grows when it is changed and when it opens or closes.
	QueueRevs(ctx context.Context) (map[string]int64, error)
	// Nodes gives the ids of the servers that live now, and our own.
	Nodes(ctx context.Context) (live []string, own string, err error)
}

// Access says whether those who came in earlier may stay. Both are Unauthorized when not.
type Access interface {
	// Check asks memory only, so it may be asked often.
	Check(ctx context.Context, a core.Actor) error
	// Refresh gives the actor as he is now.
	Refresh(ctx context.Context, a core.Actor) (core.Actor, error)
}

// Hub keeps the connections of this process and tells them what happens. All its methods may be called by many
// at once.
type Hub struct {
	cfg    Config
	desk   *desk.Desk
	store  Store
	access Access
	nodes  Nodes // nil on a single server
	log    *slog.Logger
	rules  map[desk.Act]desk.Rule
	verbs  map[string]verb

	buffers sync.Pool // *[]byte: frames being read, and what is about to be written
	inbox   inbox
	chores  chores
	open    sync.WaitGroup // connections in Serve
	slow    atomic.Int64   // connections that were cut off as too slow

	mu        sync.Mutex // guards what follows, and the subscriptions of all connections
	closing   int        // the close code once the hub is closing
	conns     map[*conn]struct{}
	customers map[string][]*conn
	agents    map[string]*presence
	feeds     map[*conn]struct{} // those who follow the desk
	rooms     map[string]*room
	glances   map[string]glance        // of open sessions that changed
	stale     map[string]*core.Session // rows that wait to be told with the next look
	line      map[string]*standing     // sessions in line of which somebody here is told the place
	moved     map[string]struct{}      // queues whose line moved since the last look
	switched  bool                     // a queue itself changed since the last look: it may have opened or closed
	opened    map[string]bool          // whether a queue was open when that was last looked at
	visits    map[string]visit         // open sessions that their customer followed here
	several   bool                     // other servers live beside this one
}

var _ core.Follower = (*Hub)(nil)

// New makes a hub; Run starts it. Nodes may be nil: then nobody else writes into the store.
func New(d *desk.Desk, store Store, access Access, nodes Nodes, log *slog.Logger, cfg Config) *Hub {
	h := &Hub{
		cfg: cfg.withDefaults(), desk: d, store: store, access: access, nodes: nodes, log: log, rules: desk.Rules(),
		conns: map[*conn]struct{}{}, customers: map[string][]*conn{}, agents: map[string]*presence{}, feeds: map[*conn]struct{}{},
		rooms: map[string]*room{}, glances: map[string]glance{}, stale: map[string]*core.Session{}, line: map[string]*standing{}, moved: map[string]struct{}{},
		opened: map[string]bool{}, switched: true,
		visits: map[string]visit{},
	}
	h.verbs = h.allVerbs()
	h.inbox.changed, h.inbox.answered = make(chan struct{}, 1), make(chan struct{}, 1)
	h.chores.wake, h.chores.presence = make(chan struct{}, 1), make(chan struct{}, 1)
	h.chores.behind, h.chores.agents, h.chores.queues = map[string]struct{}{}, map[string]struct{}{}, map[string]struct{}{}
	h.buffers.New = func() any { b := make([]byte, 0, bufferBytes); return &b }
	return h
}

// bufferBytes is where pooled buffers start; keepBytes is how large they may come back.
const (
	bufferBytes = 4 << 10
	keepBytes   = 128 << 10
)

func (h *Hub) buffer() *[]byte { return h.buffers.Get().(*[]byte) }

func (h *Hub) release(b *[]byte) {
	if cap(*b) <= keepBytes {
		*b = (*b)[:0]
		h.buffers.Put(b)
	}
}

// Run tells the connections what happens until ctx ends. Close the hub before: frames that are told after Run
// has returned reach nobody.
func (h *Hub) Run(ctx context.Context) error {
	loops, ctx := errgroup.WithContext(ctx)
	for _, loop := range []func(context.Context){h.tell, h.look, h.sweep, h.check, h.watchNodes} {
		loops.Go(func() error {
			loop(ctx)
			return nil
		})
	}
	return loops.Wait()
}

// Room says whether one more connection may be opened.
func (h *Hub) Room() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.closing == 0 && len(h.conns) < h.cfg.Connections
}

// Connections is how many connections are open.
func (h *Hub) Connections() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.conns)
}

// CutOff is how many connections were cut off because they did not take what was said to them.
func (h *Hub) CutOff() int64 { return h.slow.Load() }

// Close closes every connection with this code, refuses new ones, and returns when all are closed. Messages that
// are under way are answered first, if that takes no longer than a second.
func (h *Hub) Close(code int) {
	h.mu.Lock()
	if h.closing == 0 {
		h.closing = code
	}
	for c := range h.conns {
		c.stop(code)
	}
	h.mu.Unlock()
	h.open.Wait()
}

// Serve talks on a connection that was just upgraded, for an actor whose credential was checked, and returns when
// the connection may be closed, which it leaves to the caller. Nothing else may read from it or write to it meanwhile.
func (h *Hub) Serve(ctx context.Context, raw net.Conn, actor core.Actor) {
	c := newConn(ctx, h, raw, &actor)
	defer c.cancel()
	if !h.enter(c) {
		c.end()
		return
	}
	defer h.open.Done()
	ended := context.AfterFunc(ctx, func() { c.stop(closeRestart) })
	defer ended()
	c.push(appendWelcome(nil, h.cfg.Build, time.Now()))
	c.readAll()
	h.leave(c)
	c.end()
}

// enter puts a connection into the registry. It is false when the hub is closing.
func (h *Hub) enter(c *conn) bool {
	actor := c.actor.Load()
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closing != 0 {
		c.stop(h.closing)
		return false
	}
	h.open.Add(1)
	h.conns[c] = struct{}{}
	switch {
	case actor.Role == core.CustomerRole:
		h.customers[actor.ID] = append(h.customers[actor.ID], c)
	case actor.Login():
		h.arrive(actor.ID, c)
	}
	return true
}

// leave takes a connection out of everything; it is told nothing more.
func (h *Hub) leave(c *conn) {
	actor := c.actor.Load()
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.conns, c)
	delete(h.feeds, c)
	for len(c.subs) > 0 {
		h.unsubscribe(c.subs[len(c.subs)-1])
	}
	switch {
	case actor.Role == core.CustomerRole:
		if h.customers[actor.ID] = without(h.customers[actor.ID], c); len(h.customers[actor.ID]) == 0 {
			delete(h.customers, actor.ID)
			h.leaveLine(actor.ID)
		}
	case actor.Login():
		h.depart(actor.ID, c)
	}
}

// without removes one element; the order is not kept.
func without[T comparable](list []T, gone T) []T {
	for i, x := range list {
		if x == gone {
			last := len(list) - 1
			list[i] = list[last]
			clear(list[last:])
			return list[:last]
		}
	}
	return list
}
