package api_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"baton/adapters/api"
	"baton/adapters/lua"
	"baton/adapters/sqlstore"
	"baton/core"
	"baton/core/access"
	"baton/core/coretest"
	"baton/core/desk"
	"baton/core/hours"
	"baton/core/scripting"
	"baton/core/simulate"
	"baton/core/stats"
	"baton/scripts"
)

// drawer keeps files in memory: what the server does with them is tested here, how they are kept elsewhere.
type drawer struct {
	mu    sync.Mutex // guards files
	files map[string][]byte
}

type sheet struct{ *bytes.Reader }

func (sheet) Close() error { return nil }

func (d *drawer) Put(_ context.Context, name string, r io.Reader) (int64, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return 0, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.files[name] = data
	return int64(len(data)), nil
}

func (d *drawer) Open(_ context.Context, name string) (io.ReadSeekCloser, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	data, there := d.files[name]
	if !there {
		return nil, core.Missing()
	}
	return sheet{bytes.NewReader(data)}, nil
}

func (d *drawer) Remove(_ context.Context, name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.files, name)
	return nil
}

func (d *drawer) Names(context.Context, time.Time) ([]string, error) { return nil, nil }

func (d *drawer) count() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.files)
}

// house is a whole server on a real listener, with the store in memory.
type house struct {
	*coretest.Node
	store   *sqlstore.Store
	access  *access.Access
	scripts *scripting.Library
	rollup  *stats.Rollup
	talk    *talk
	files   *drawer
	url     string
	addr    string
	log     *logBook
	client  *http.Client

	simulations *simulate.Bench
}

const password = "correct horse battery"

// open starts a house; change may alter its configuration, or be nil.
func open(t testing.TB, change func(*api.Config, *api.Deps)) *house {
	t.Helper()
	return openOn(t, "sqlite::memory:", change)
}

func openOn(t testing.TB, dsn string, change func(*api.Config, *api.Deps)) *house {
	t.Helper()
	store, err := sqlstore.Open(t.Context(), sqlstore.Config{DSN: dsn})
	if err != nil {
		t.Fatal(err)
	}
	h := &house{store: store, talk: &talk{}, files: &drawer{files: make(map[string][]byte)}, log: &logBook{}, client: &http.Client{
		Transport:     &http.Transport{MaxIdleConnsPerHost: 16},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	h.Node = coretest.Start(t, store, coretest.Options{})
	h.talk.desk = h.Desk
	h.access = access.New(store, quickHasher{}, noIdentity{}, access.Config{})
	h.scripts = scripting.New(lua.New(lua.Config{}), store, scripting.Sources{BuiltIn: scripts.BuiltIn}, slog.New(slog.DiscardHandler))
	if err := h.scripts.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	secret, err := store.Secret(t.Context(), "api")
	if err != nil {
		t.Fatal(err)
	}
	cfg := api.Config{Calls: 1 << 20, CallsBurst: 1 << 20, Visitors: 1 << 20, CustomerMessages: 1 << 20, CustomerBurst: 1 << 20, AgentMessages: 1 << 20, AgentBurst: 1 << 20}
	h.rollup = stats.NewRollup(store, coretest.ExactSketch, slog.New(slog.NewJSONHandler(h.log, nil)))
	deps := api.Deps{
		Desk: h.Desk, Access: h.access, Directory: store, Blobs: h.files, Sockets: h.talk, Typist: h.talk, Scripts: h.scripts, Secret: secret, ICS: readLines,
		Figures: stats.NewFigures(store, h.rollup, coretest.ExactSketch),
		Log:     slog.New(slog.NewJSONHandler(h.log, nil)),
	}
	deps.Simulations = simulate.NewBench(store, h.scripts, desk.Config{}, deps.Log)
	if change != nil {
		change(&cfg, &deps)
	}
	h.simulate(t, deps.Simulations)
	h.serve(t, deps, cfg)
	return h
}

// simulate runs simulations until the test ends.
func (h *house) simulate(t testing.TB, bench *simulate.Bench) {
	h.simulations = bench
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- bench.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the simulations ended with %v", err)
		}
	})
}

func (h *house) serve(t testing.TB, deps api.Deps, cfg api.Config) {
	t.Helper()
	server, err := api.New(deps, cfg)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h.addr = listener.Addr().String()
	h.url = "http://" + h.addr
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Run(ctx, listener) }()
	t.Cleanup(func() {
		h.client.CloseIdleConnections()
		h.talk.hangUp()
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the server ended with %v", err)
		}
	})
}

// readLines stands for what reads .ics files, which is tested where it is: each line is a date, and none is broken but "x".
func readLines(text string) (found hours.Import, err error) {
	for i, date := range strings.Fields(text) {
		if date == "x" {
			return found, core.RefuseField("/ics", "line %d: x is no date", i+1)
		}
		found.Days = append(found.Days, hours.Found{Line: i + 1, Day: hours.Day{Date: date, Name: "Feast", Closed: true}})
	}
	return found, nil
}

// quickHasher keeps passwords as no server should: tests sign in often.
type quickHasher struct{}

func (quickHasher) Hash(_ context.Context, password string) (string, error) {
	sum := sha256.Sum256([]byte(password))
	return hex.EncodeToString(sum[:]), nil
}

func (q quickHasher) Verify(ctx context.Context, hash, password string) (bool, error) {
	made, err := q.Hash(ctx, password)
	return hash == made, err
}

// noIdentity vouches for nobody.
type noIdentity struct{}

func (noIdentity) Verify(string, time.Time) (access.Claims, error) {
	return access.Claims{}, core.Refuse(core.Unauthorized, "no page vouches for anybody here")
}
func (noIdentity) Trusts(string) bool { return false }

// talk is a socket that says who came, repeats what it hears, and panics when it is told to.
type talk struct {
	desk *desk.Desk

	mu    sync.Mutex // guards conns
	conns []net.Conn
}

func (s *talk) Serve(_ context.Context, conn net.Conn, actor core.Actor) {
	s.mu.Lock()
	s.conns = append(s.conns, conn)
	s.mu.Unlock()
	in := bufio.NewReader(conn)
	for said, err := actor.ID, error(nil); err == nil; said, err = shortText(in) {
		if said == "panic" {
			panic("a secret of ours")
		}
		if _, err := conn.Write(append([]byte{0x81, byte(len(said))}, said...)); err != nil {
			return
		}
	}
}

// shortText reads a text frame of a client, of at most 125 bytes; anything else is the end.
func shortText(in *bufio.Reader) (string, error) {
	var head [6]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return "", err
	}
	text := make([]byte, head[1]&0x7f)
	if _, err := io.ReadFull(in, text); err != nil || head[0] != 0x81 || len(text) > 125 {
		return "", io.EOF
	}
	for i := range text {
		text[i] ^= head[2+i%4]
	}
	return string(text), nil
}

// Typing tells nobody, but only of a session that the caller may read.
func (s *talk) Typing(ctx context.Context, by core.Actor, session string) error {
	_, err := s.desk.Session(ctx, by, session)
	return err
}

func (s *talk) hangUp() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, conn := range s.conns {
		_ = conn.Close()
	}
}

// logBook keeps what was logged.
type logBook struct {
	mu   sync.Mutex // guards text
	text bytes.Buffer
}

func (l *logBook) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *logBook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// caller is somebody with a credential; the zero one has none.
type caller struct {
	core.Actor
	token string
}

func (h *house) person(t testing.TB, name string, role core.Role) caller {
	t.Helper()
	email := strings.ToLower(name) + "@example.org"
	if _, err := h.access.AddUser(t.Context(), core.Desk, access.UserRequest{Email: email, Name: name, Role: role, Password: password}); err != nil {
		t.Fatal(err)
	}
	return h.signIn(t, email)
}

func (h *house) signIn(t testing.TB, email string) caller {
	t.Helper()
	login, err := h.access.SignIn(t.Context(), email, password, "")
	if err != nil {
		t.Fatal(err)
	}
	actor, err := h.access.Authenticate(t.Context(), login.Token)
	if err != nil {
		t.Fatal(err)
	}
	return caller{Actor: actor, token: login.Token}
}

func (h *house) bot(t testing.TB, name string, scopes ...string) caller {
	t.Helper()
	key, _, err := h.access.MakeKey(t.Context(), core.Desk, name, scopes)
	if err != nil {
		t.Fatal(err)
	}
	actor, err := h.access.Authenticate(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	return caller{Actor: actor, token: key}
}

func (h *house) visitor(t testing.TB) caller {
	t.Helper()
	token, customer, err := h.access.MakeVisitor(t.Context(), access.VisitorRequest{Name: "Ann"})
	if err != nil {
		t.Fatal(err)
	}
	actor, err := h.access.Authenticate(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	actor.ID = customer.ID
	return caller{Actor: actor, token: token}
}

// chat makes a session of a bot for a visitor, in a queue.
func (h *house) chat(t testing.TB, bot, visitor caller, queue string) *core.Session {
	t.Helper()
	r, err := h.Desk.Request(t.Context(), bot.Actor, core.Handoff{
		ConversationID: core.NewID("conv_"), Customer: core.Customer{ID: visitor.ID}, Queue: queue, Subject: "Parcel",
	})
	if err != nil {
		t.Fatal(err)
	}
	return r.Session
}

// held is chat with an agent who has joined.
func (h *house) held(t testing.TB, bot, visitor, agent caller) *core.Session {
	t.Helper()
	s, err := h.Desk.TakeOver(t.Context(), agent.Actor, h.chat(t, bot, visitor, "").ID, false)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	text   string
	JSON   map[string]any
}

func (a answer) String() string { return fmt.Sprintf("%d %s", a.status, a.text) }

// code is the code of a problem.
func (a answer) code() string {
	code, _ := a.JSON["code"].(string)
	return code
}

// pointer is where a problem's first finding is.
func (a answer) pointer() string {
	errs, _ := a.JSON["errors"].([]any)
	if len(errs) == 0 {
		return "none"
	}
	pointer, _ := errs[0].(map[string]any)["pointer"].(string)
	return pointer
}

// call makes a request with a JSON body, or none when it is empty. Headers are pairs of name and value.
func (h *house) call(t testing.TB, by caller, method, path, body string, headers ...string) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, h.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if by.token != "" {
		r.Header.Set("Authorization", "Bearer "+by.token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i+1] == "" {
			r.Header.Del(headers[i])
			continue
		}
		r.Header.Set(headers[i], headers[i+1])
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
	}
	return h.send(t, r)
}

func (h *house) send(t testing.TB, r *http.Request) answer {
	t.Helper()
	got, err := h.client.Do(r)
	if err != nil {
		t.Fatalf("%s %s: %v", r.Method, r.URL.Path, err)
	}
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatalf("%s %s: %v", r.Method, r.URL.Path, err)
	}
	a := answer{status: got.StatusCode, header: got.Header, text: string(text)}
	if r.Method != http.MethodHead && strings.Contains(got.Header.Get("Content-Type"), "json") {
		if err := json.Unmarshal(text, &a.JSON); err != nil {
			t.Errorf("%s %s answered what is not JSON: %q", r.Method, r.URL.Path, clip(a.text))
		}
	}
	return a
}

func clip(text string) string {
	if len(text) > 300 {
		return text[:300] + "…"
	}
	return text
}

// want ends the test when the answer does not have this status, and code if one is named.
func (a answer) want(t testing.TB, what string, status int, code ...string) answer {
	t.Helper()
	if a.status != status || len(code) > 0 && a.code() != code[0] {
		t.Fatalf("%s: got %s, want %d %s", what, clip(a.String()), status, strings.Join(code, ""))
	}
	return a
}
