package live

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fasthttp/websocket"
	"github.com/valyala/fasthttp"

	"baton/adapters/sqlstore"
	"baton/core"
	"baton/core/access"
	"baton/core/coretest"
	"baton/core/desk"
)

// house is a hub on a real store behind a real listener.
type house struct {
	*coretest.Node
	store  *sqlstore.Store
	access *access.Access
	hub    *Hub
	addr   string
	boss   core.Actor

	mu     sync.Mutex // guards actors
	actors map[string]core.Actor
}

// options say how the house differs from the usual one.
type options struct {
	live       Config
	desk       desk.Config
	dispatcher bool
	store      func(Store) Store // wraps what the hub reads
	log        io.Writer
}

func open(t testing.TB, o options) *house {
	t.Helper()
	store, err := sqlstore.Open(t.Context(), sqlstore.Config{DSN: "sqlite::memory:"})
	if err != nil {
		t.Fatal(err)
	}
	h := &house{store: store, actors: map[string]core.Actor{}}
	h.Node = coretest.Start(t, store, coretest.Options{Config: o.desk, Dispatcher: o.dispatcher})
	h.access = access.New(store, nil, nil, access.Config{})
	h.hub, h.addr = h.serve(t, o, nil)
	store.Follow(h.hub)
	h.boss = h.person(t, "Boss", core.Supervisor)
	offline := core.Offline
	if _, err := store.SetStatus(t.Context(), h.boss.ID, core.AgentChange{Status: &offline}); err != nil {
		t.Fatal(err)
	}
	return h
}

// serve runs a hub and a server for it until the test ends.
func (h *house) serve(t testing.TB, o options, nodes Nodes) (*Hub, string) {
	t.Helper()
	var read Store = h.store
	if o.store != nil {
		read = o.store(h.store)
	}
	if o.log == nil {
		o.log = io.Discard
	}
	o.live.Nodes = nodes != nil
	hub := New(h.Desk, read, h.access, nodes, slog.New(slog.NewTextHandler(o.log, nil)), o.live)
	ctx, cancel := context.WithCancel(context.Background())
	ran := make(chan error, 1)
	go func() { ran <- hub.Run(ctx) }()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := ln.Addr().String()
	upgrade := websocket.FastHTTPUpgrader{CheckOrigin: func(*fasthttp.RequestCtx) bool { return true }}
	server := &fasthttp.Server{ReduceMemoryUsage: true, Logger: silent{}, Handler: func(c *fasthttp.RequestCtx) {
		h.mu.Lock()
		actor := h.actors[string(c.Request.Header.Peek("X-Actor"))]
		h.mu.Unlock()
		// A refused upgrade is answered by the upgrader itself.
		_ = upgrade.Upgrade(c, func(ws *websocket.Conn) {
			hub.Serve(context.Background(), ws.NetConn().(interface{ UnsafeConn() net.Conn }).UnsafeConn(), actor)
		})
	}}
	served := make(chan error, 1)
	go func() { served <- server.Serve(ln) }()
	t.Cleanup(func() {
		hub.Close(closeRestart)
		down := server.Shutdown()
		_ = ln.Close() // of a test that was over before the server had begun, nothing else would end it
		if err := errors.Join(down, <-served); err != nil {
			t.Errorf("end the server: %v", err)
		}
		cancel()
		if err := <-ran; err != nil {
			t.Errorf("end the hub: %v", err)
		}
	})
	return hub, addr
}

type silent struct{}

func (silent) Printf(string, ...any) {}

// person adds somebody of the team who is signed in and available.
func (h *house) person(t testing.TB, name string, role core.Role) core.Actor {
	t.Helper()
	a := h.Person(t, name, role, 4)
	a.Credential = core.NewID(core.LoginPrefix)
	_, err := h.store.AddLogin(t.Context(), access.NewLogin{ID: a.Credential, Hash: a.Credential, Agent: a.ID, Generation: a.Generation, At: time.Now()})
	if err != nil {
		t.Fatalf("sign %s in: %v", name, err)
	}
	return a
}

func (h *house) agent(t testing.TB, name string) core.Actor {
	t.Helper()
	return h.person(t, name, core.AgentRole)
}

// visitor adds a customer who came by a page.
func (h *house) visitor(t testing.TB, name string) core.Actor {
	t.Helper()
	c := core.Customer{ID: core.NewID(core.CustomerPrefix), Name: name}
	v := access.NewVisitor{ID: core.NewID(string(access.VisitorKind)), Hash: c.ID, Customer: c, At: time.Now()}
	if _, err := h.store.AddVisitor(t.Context(), v); err != nil {
		t.Fatalf("let %s in: %v", name, err)
	}
	return core.Actor{Role: core.CustomerRole, ID: c.ID, Name: name, Credential: v.ID}
}

// talk makes a session of a visitor that an agent has.
func (h *house) talk(t testing.TB, customer, agent core.Actor) *core.Session {
	t.Helper()
	r, err := h.Desk.Request(t.Context(), customer, core.Handoff{})
	if err != nil {
		t.Fatalf("ask for a person: %v", err)
	}
	s, err := h.Desk.Assign(t.Context(), h.boss, r.Session.ID, agent.ID, false)
	if err != nil {
		t.Fatalf("assign the chat: %v", err)
	}
	return s
}

// frame is whatever the server said.
type frame map[string]any

func (f frame) text(name string) string { s, _ := f[name].(string); return s }

func (f frame) number(name string) int64 { n, _ := f[name].(float64); return int64(n) }

// event is the event of an event frame.
func (f frame) event() frame { e, _ := f["event"].(map[string]any); return e }

func (f frame) data() frame { d, _ := f["data"].(map[string]any); return d }

// client is the other end of a connection.
type client struct {
	t    testing.TB
	name string
	ws   *websocket.Conn
	past []frame // what came by while something else was awaited
	ids  int
}

// patient is how long a test waits for what must come.
const patient = 15 * time.Second

func (h *house) dial(t testing.TB, a core.Actor) *client { return h.dialAt(t, h.addr, a) }

// dialAt connects to a hub and expects to be welcome.
func (h *house) dialAt(t testing.TB, addr string, a core.Actor) *client {
	t.Helper()
	c := h.dialRaw(t, addr, a)
	if f := c.read(); f.text("type") != "welcome" {
		t.Fatalf("the first frame is %v, want welcome", f)
	}
	return c
}

func (h *house) dialRaw(t testing.TB, addr string, a core.Actor) *client {
	t.Helper()
	key := core.NewID("")
	h.mu.Lock()
	h.actors[key] = a
	h.mu.Unlock()
	dialer := websocket.Dialer{HandshakeTimeout: patient, ReadBufferSize: 1024, WriteBufferSize: 1024}
	ws, response, err := dialer.Dial("ws://"+addr+"/", http.Header{"X-Actor": {key}})
	if err != nil {
		t.Fatalf("%s could not connect: %v", a.Name, err)
	}
	if err := response.Body.Close(); err != nil {
		t.Fatal(err)
	}
	c := &client{t: t, name: a.Name, ws: ws}
	t.Cleanup(func() { _ = ws.Close() })
	return c
}

// say sends a frame as it is written.
func (c *client) say(format string, args ...any) {
	c.t.Helper()
	if err := c.ws.WriteMessage(websocket.TextMessage, fmt.Appendf(nil, format, args...)); err != nil {
		c.t.Fatalf("%s could not send: %v", c.name, err)
	}
}

// read gives the next frame that came.
func (c *client) read() frame {
	c.t.Helper()
	f, err := c.tryRead()
	if err != nil {
		c.t.Fatalf("%s waited for a frame: %v", c.name, err)
	}
	return f
}

func (c *client) tryRead() (frame, error) {
	if err := c.ws.SetReadDeadline(time.Now().Add(patient)); err != nil {
		return nil, err
	}
	_, text, err := c.ws.ReadMessage()
	if err != nil {
		return nil, err
	}
	var f frame
	if err := json.Unmarshal(text, &f); err != nil {
		return nil, fmt.Errorf("%w in %s", err, text)
	}
	return f, nil
}

// until gives the next frame that fits, be it one that came by before; what it passes over is kept.
func (c *client) until(what string, fits func(frame) bool) frame {
	c.t.Helper()
	if i := slices.IndexFunc(c.past, fits); i >= 0 {
		f := c.past[i]
		c.past = slices.Delete(c.past, i, i+1)
		return f
	}
	for {
		f, err := c.tryRead()
		if err != nil {
			c.t.Fatalf("%s waited for %s: %v; before it came %v", c.name, what, err, c.past)
		}
		if fits(f) {
			return f
		}
		c.past = append(c.past, f)
	}
}

// await gives the next frame of a type.
func (c *client) await(kind string) frame {
	c.t.Helper()
	return c.until(kind, func(f frame) bool { return f.text("type") == kind })
}

// awaitEvent gives the next event of a type.
func (c *client) awaitEvent(kind core.EventType) frame {
	c.t.Helper()
	return c.until(string(kind), func(f frame) bool { return f.text("type") == "event" && f.event().text("type") == string(kind) })
}

// ask sends a frame with an id of its own and gives the answer to it. Fields are written behind type and id.
func (c *client) ask(kind, fields string, args ...any) frame {
	c.t.Helper()
	c.ids++
	id := fmt.Sprintf("q%d", c.ids)
	if fields != "" {
		fields = "," + fmt.Sprintf(fields, args...)
	}
	c.say(`{"type":%q,"id":%q%s}`, kind, id, fields)
	return c.until("the answer to "+kind, func(f frame) bool { return f.text("id") == id })
}

// ok is ask for what must be granted.
func (c *client) ok(kind, fields string, args ...any) frame {
	c.t.Helper()
	f := c.ask(kind, fields, args...)
	if f.text("type") != "ok" {
		c.t.Fatalf("%s asked for %s and got %v", c.name, kind, f)
	}
	return f
}

// refused is ask for what must be refused with this code.
func (c *client) refused(code core.Kind, kind, fields string, args ...any) frame {
	c.t.Helper()
	f := c.ask(kind, fields, args...)
	if f.text("type") != "problem" || f.text("code") != string(code) {
		c.t.Fatalf("%s asked for %s and got %v, want a problem %s", c.name, kind, f, code)
	}
	return f
}

// closed reads to the end and gives the close frame.
func (c *client) closed() *websocket.CloseError {
	c.t.Helper()
	for {
		f, err := c.tryRead()
		if err == nil {
			c.past = append(c.past, f)
			continue
		}
		var closed *websocket.CloseError
		if !errors.As(err, &closed) {
			c.t.Fatalf("%s waited for a close frame: %v", c.name, err)
		}
		return closed
	}
}

// closedWith fails the test unless the connection ends with this code.
func (c *client) closedWith(code int) *websocket.CloseError {
	c.t.Helper()
	closed := c.closed()
	if closed.Code != code {
		c.t.Fatalf("the connection of %s was closed with %d %q, want %d", c.name, closed.Code, closed.Text, code)
	}
	return closed
}

// nothingOf fails the test when a frame of a kind about a session has come, or comes before a question of the
// client is answered.
func (c *client) nothingOf(kind, session string) {
	c.t.Helper()
	c.ok("unsubscribe", `"session":"ses_none"`)
	for _, f := range c.past {
		if f.text("type") == kind && f.text("session") == session {
			c.t.Fatalf("%s was told %v", c.name, f)
		}
	}
}

// chain applies events as a client does, and fails the test when one is missing, doubled or out of order.
type chain struct {
	t    testing.TB
	name string
	at   int64
	seen []frame
}

func (ch *chain) apply(f frame) {
	ch.t.Helper()
	seq, prev := f.number("seq"), f.number("prev")
	if seq <= ch.at {
		ch.t.Fatalf("%s was told event %d after %d", ch.name, seq, ch.at)
	}
	if prev > ch.at {
		ch.t.Fatalf("%s has %d and was told event %d, which says that %d comes before it", ch.name, ch.at, seq, prev)
	}
	ch.at = seq
	ch.seen = append(ch.seen, f)
}

// follow applies events until one has this seq.
func (ch *chain) follow(c *client, seq int64) {
	ch.t.Helper()
	for ch.at < seq {
		ch.apply(c.await("event"))
	}
}

// kinds names the events of a chain.
func (ch *chain) kinds() string {
	var kinds []string
	for _, f := range ch.seen {
		kinds = append(kinds, f.event().text("type"))
	}
	return strings.Join(kinds, " ")
}
