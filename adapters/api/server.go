package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"baton/core"
	"baton/core/access"
	"baton/core/desk"
	"baton/core/hours"
	"baton/core/scripting"
	"baton/core/simulate"
	"baton/core/stats"
)

// Config is what an operator may change about HTTP. Zero values stand for the defaults.
type Config struct {
	// PublicURL is how browsers reach the server; empty means the address that they used.
	PublicURL string
	// TrustedProxies are the addresses whose forwarded headers count; none by default.
	TrustedProxies []netip.Prefix
	// WidgetOrigins are the pages that may show the chat; a port of * stands for every port.
	WidgetOrigins []string
	// Version is that of the program, for the documents.
	Version string

	JSONBody    int64 // 256 KiB
	HandoffBody int64 // 1 MiB
	Attachment  int64 // 20 MiB
	Storage     int64 // of all attached files together; no bound when it is 0

	HeaderTime  time.Duration // 5 s for a request line and its headers
	BodyTime    time.Duration // 15 s for a JSON body
	FileSilence time.Duration // 30 s that an upload may stand still
	FileRate    int64         // 16 KiB a second that an upload must keep up

	CustomerMessages, CustomerBurst int // 10 a second, 40
	AgentMessages, AgentBurst       int // 20 a second, 40
	Calls, CallsBurst               int // 100 a second, 400
	Visitors                        int // 60 a minute from one address
	Connections                     int // 20,000 sockets, and as many other connections
}

// WithDefaults puts the defaults where nothing is said.
func (c Config) WithDefaults() Config {
	size := func(n *int64, v int64) {
		if *n == 0 {
			*n = v
		}
	}
	count := func(n *int, v int) {
		if *n == 0 {
			*n = v
		}
	}
	span := func(d *time.Duration, v time.Duration) {
		if *d == 0 {
			*d = v
		}
	}
	span(&c.HeaderTime, 5*time.Second)
	span(&c.BodyTime, 15*time.Second)
	span(&c.FileSilence, 30*time.Second)
	size(&c.FileRate, 16<<10)
	size(&c.JSONBody, 256<<10)
	size(&c.HandoffBody, 1<<20)
	size(&c.Attachment, 20<<20)
	count(&c.CustomerMessages, 10)
	count(&c.CustomerBurst, 40)
	count(&c.AgentMessages, 20)
	count(&c.AgentBurst, 40)
	count(&c.Calls, 100)
	count(&c.CallsBurst, 400)
	count(&c.Visitors, 60)
	count(&c.Connections, 20000)
	return c
}

// Access says who is calling.
type Access interface {
	SetUp(ctx context.Context, r access.SetUpRequest) (access.Login, error)
	SignIn(ctx context.Context, email, password, address string) (access.Login, error)
	SignOut(ctx context.Context, actor core.Actor) error
	Authenticate(ctx context.Context, token string) (core.Actor, error)
	ChangeUser(ctx context.Context, by core.Actor, id string, change access.UserChange) (*core.Agent, error)
	ChangePassword(ctx context.Context, by core.Actor, old, next string) (access.Login, error)
	MakeKey(ctx context.Context, by core.Actor, name string, scopes []string) (secret string, key access.Key, err error)
	RevokeKey(ctx context.Context, by core.Actor, keyID string) error
	Keys(ctx context.Context, by core.Actor) ([]access.Key, error)
	MakeVisitor(ctx context.Context, r access.VisitorRequest) (token string, customer core.Customer, err error)
	Invite(ctx context.Context, by core.Actor, r access.InviteRequest) (code string, invite access.Invite, err error)
	Invites(ctx context.Context, by core.Actor) ([]access.Invite, error)
	RevokeInvite(ctx context.Context, by core.Actor, id string) error
	AcceptInvite(ctx context.Context, r access.AcceptRequest) (access.Login, error)
	Reset(ctx context.Context, by core.Actor, id string) (code string, expires time.Time, err error)
	UseReset(ctx context.Context, code, password, address string) (access.Login, error)
	Look(ctx context.Context, code, address string) (access.Link, error)
	MakeTicket(ctx context.Context, actor core.Actor) (ticket string, expires time.Time, err error)
	RedeemTicket(ctx context.Context, ticket string) (core.Actor, error)
}

// Directory knows agents, queues, customers and files; the store is one.
type Directory interface {
	Agents(ctx context.Context) ([]*core.Agent, error)
	Agent(ctx context.Context, id string) (*core.Agent, error)
	Queue(ctx context.Context, nameOrID string) (*core.Queue, error)
	MakeQueue(ctx context.Context, by core.Actor, name string) (*core.Queue, error)
	ChangeQueue(ctx context.Context, by core.Actor, id string, change core.QueueChange) (*core.Queue, error)
	Customer(ctx context.Context, id string) (core.Customer, error)
	// OpenSessionOf names the newest open session of a customer, or "".
	OpenSessionOf(ctx context.Context, customer string) (string, error)
	// AddAttachment keeps what is known of an uploaded file, unless all files would then have more than most bytes;
	// the request's key, if it has one, is kept with it. StoredBytes is how many they have. Attachment gives a file
	// with its session.
	AddAttachment(ctx context.Context, by core.Actor, session string, a core.Attachment, most int64, key *core.Idempotency) error
	StoredBytes(ctx context.Context) (int64, error)
	Attachment(ctx context.Context, id string) (a core.Attachment, session string, err error)
	// Seen writes down that these agents gave a sign of life.
	Seen(ctx context.Context, agents []string, at time.Time) error
	// Idempotency gives the kept outcome of a request key, or nil.
	Idempotency(ctx context.Context, scope, key string) (*core.Idempotency, error)
}

// Sockets talks to one upgraded connection until it ends, and leaves closing it to us.
type Sockets interface {
	Serve(ctx context.Context, conn net.Conn, actor core.Actor)
}

// Typist tells the others in a session that somebody is typing.
type Typist interface {
	Typing(ctx context.Context, by core.Actor, session string) error
}

// Pages are the files of the browser's part. Page answers a GET of a path below /, if something lies there; header
// gives the request's headers.
type Pages interface {
	Page(path string, header func(name string) string) (status int, headers map[string]string, body []byte, ok bool)
}

// Gauge is a figure of another part of the house for /metrics.
type Gauge struct {
	Name, Help string
	Value      func() float64
}

// Deps is what the server needs of the rest of the house. Pages, Ready, Gauges and Log may be missing.
type Deps struct {
	Desk      *desk.Desk
	Access    Access
	Directory Directory
	Blobs     core.Blobs
	Sockets   Sockets
	Typist    Typist
	Scripts   *scripting.Library
	Figures   *stats.Figures
	// ICS reads the days of an .ics file; what is broken is an Invalid error that names the line.
	ICS   func(text string) (hours.Import, error)
	Pages Pages
	// Secret signs cursors and links: a row of the database, so that all nodes share it.
	Secret []byte
	// Ready says why the server cannot serve now; nil when it can.
	Ready  func(context.Context) error
	Gauges []Gauge
	Log    *slog.Logger

	// Simulations says what would be; whoever made it runs it.
	Simulations *simulate.Bench
}

// Server is the HTTP side of Baton.
type Server struct {
	cfg     Config
	desk    *desk.Desk
	access  Access
	dir     Directory
	blobs   core.Blobs
	sockets Sockets
	typist  Typist
	scripts *scripting.Library
	ics     func(text string) (hours.Import, error)
	figures *stats.Figures
	pages   Pages
	ready   func(context.Context) error
	log     *slog.Logger

	app      *fiber.App
	huma     huma.API
	routes   map[string]*Route
	rules    map[desk.Act]desk.Rule
	origins  map[string]bool
	limits   *limits
	sign     signer
	metrics  *metrics
	document []byte // OpenAPI as JSON
	manual   []byte // the same for people
	keys     flights
	presence presence

	room *room // of sockets

	simulations *simulate.Bench
}

const (
	// idleTimeout is how long a connection rests between two requests.
	idleTimeout = 75 * time.Second
	// writeTimeout is how long an answer may take to leave; a file of 20 MiB needs 80 KiB/s.
	writeTimeout = 5 * time.Minute
	// headerBytes bounds the headers of a request.
	headerBytes = 8 << 10
	// shutdownPatience is how long requests and sockets may take to end.
	shutdownPatience = 10 * time.Second
)

// New makes a server; it starts nothing. It is an error when a route has no row in the policy, or a row no route.
func New(deps Deps, cfg Config) (*Server, error) {
	cfg = cfg.WithDefaults()
	s := &Server{
		cfg: cfg, desk: deps.Desk, access: deps.Access, dir: deps.Directory, blobs: deps.Blobs, sockets: deps.Sockets,
		typist: deps.Typist, scripts: deps.Scripts, ics: deps.ICS, figures: deps.Figures, pages: deps.Pages, ready: deps.Ready, log: deps.Log, routes: make(map[string]*Route),
		rules: desk.Rules(), origins: make(map[string]bool), limits: newLimits(cfg), sign: signer{secret: deps.Secret},
		keys: flights{waiting: make(map[string]chan struct{})}, presence: presence{seen: make(map[string]time.Time)},
		room: newRoom(cfg.Connections), simulations: deps.Simulations,
	}
	if len(deps.Secret) < 16 {
		return nil, errors.New("the secret that signs links and cursors is missing")
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	for _, origin := range cfg.WidgetOrigins {
		s.origins[origin] = true
	}
	if err := s.takePublicOrigin(); err != nil {
		return nil, err
	}
	s.metrics = newMetrics(s, deps.Gauges)
	s.makeApp()
	if err := s.register(); err != nil {
		return nil, err
	}
	return s, s.makeDocuments()
}

// Document gives the OpenAPI document of a version without anything behind it.
func Document(version string) ([]byte, error) {
	s, err := New(Deps{Secret: make([]byte, 16)}, Config{Version: version})
	if err != nil {
		return nil, err
	}
	return s.document, nil
}

func (s *Server) makeApp() {
	s.app = fiber.New(fiber.Config{
		StrictRouting: true, CaseSensitive: true, Immutable: true, DisableStartupMessage: true,
		BodyLimit: int(s.cfg.Attachment) + 1<<20, StreamRequestBody: true, DisablePreParseMultipartForm: true,
		ReadTimeout: s.cfg.HeaderTime, IdleTimeout: idleTimeout, WriteTimeout: writeTimeout, ReadBufferSize: headerBytes,
		ReduceMemoryUsage: true, Concurrency: s.cfg.Connections, ErrorHandler: s.answerError,
	})
	server := s.app.Server()
	server.HeaderReceived = s.bodyTime
	server.CloseOnShutdown = true
	server.KeepHijackedConns = true // sockets outlive their upgrade
}

// register puts every row of the table in front of what serves it.
func (s *Server) register() error {
	s.huma = newHuma(s.app, s.cfg.Version)
	s.huma.UseMiddleware(s.gate)
	serve := allHandlers()
	for _, route := range Routes() {
		handler, there := serve[route.ID]
		if !there {
			return fmt.Errorf("the route %s has a row and nothing that serves it", route.ID)
		}
		if _, there := s.rules[route.Act]; !there {
			return fmt.Errorf("the route %s has no rule for %s in the policy", route.ID, route.Act)
		}
		delete(serve, route.ID)
		s.routes[route.ID] = &route
		handler(s, s.operation(&route))
	}
	for id := range serve {
		return fmt.Errorf("the route %s is served and has no row in the table", id)
	}
	s.servePages()
	return nil
}

func allHandlers() handlers {
	all := make(handlers)
	for _, group := range []handlers{
		loginHandlers(), meHandlers(), visitorHandlers(), agentHandlers(), queueHandlers(), scheduleHandlers(), keyHandlers(), handoffHandlers(), settingsHandlers(), quickReplyHandlers(), customerHandlers(), linkHandlers(),
		scriptHandlers(), trialHandlers(), dryRunHandlers(), simulationHandlers(), decisionHandlers(), analyticsHandlers(), csvHandlers(), sessionHandlers(), offerHandlers(), messageHandlers(), noteHandlers(), attachmentHandlers(), socketHandlers(), plainHandlers(),
	} {
		for id, h := range group {
			all[id] = h
		}
	}
	return all
}

// Run serves on the listener until ctx ends, and returns when all requests and sockets have. Whoever owns the
// sockets must end them when ctx does.
func (s *Server) Run(ctx context.Context, listener net.Listener) error {
	s.app.Server().Handler = s.outermost(s.app.Handler())
	served := make(chan error, 1)
	go func() { served <- s.app.Listener(listener) }()
	select {
	case err := <-served:
		return fmt.Errorf("serve HTTP: %w", err)
	case <-ctx.Done():
	}
	ended := s.room.close()
	err := s.app.ShutdownWithTimeout(shutdownPatience)
	select {
	case <-ended:
	case <-time.After(shutdownPatience):
		return errors.Join(err, errors.New("some sockets did not end in time"))
	}
	return err
}
