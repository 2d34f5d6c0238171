package torture

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"baton/adapters/sqlstore/sqltest"
	"baton/cmd/client"
)

// program is the binary that all tests run, built once, unless BATON_PROGRAM names one that was built already.
var program = sync.OnceValues(func() (string, error) {
	if built := os.Getenv("BATON_PROGRAM"); built != "" {
		return built, nil
	}
	path := filepath.Join(os.TempDir(), fmt.Sprintf("baton-torture-%d", os.Getpid()))
	build := exec.Command("go", "build", "-buildvcs=false", "-o", path, "baton/cmd/baton")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the program: %w\n%s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	status := m.Run()
	os.Remove(filepath.Join(os.TempDir(), fmt.Sprintf("baton-torture-%d", os.Getpid())))
	os.Exit(status)
}

// proof says whether the full counts are asked for.
func proof() bool { return os.Getenv("BATON_PROOF") == "1" }

// onEachStore runs a story on SQLite and on PostgreSQL, both at once: most of it is waiting.
func onEachStore(t *testing.T, story func(t *testing.T, h *house)) {
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		story(t, newHouse(t, ""))
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		story(t, newHouse(t, sqltest.DSN(t)))
	})
}

// house is a database with a folder of files, and what servers on it are started with.
type house struct {
	t    *testing.T
	path string
	dir  string
	env  []string
}

func newHouse(t *testing.T, dsn string) *house {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, path: path, dir: t.TempDir(), env: os.Environ()}
	for name, value := range map[string]string{
		"DATABASE_DSN": dsn, "LOG_LEVEL": "warn", "LIMITS_VISITORS": "100000", "LIMITS_DISK_FREE": "0",
		"LIMITS_CUSTOMER_MESSAGES": "100000", "LIMITS_CUSTOMER_BURST": "100000",
		"LIMITS_AGENT_MESSAGES": "100000", "LIMITS_AGENT_BURST": "100000", "LIMITS_CALLS": "100000", "LIMITS_CALLS_BURST": "100000",
	} {
		h.env = append(h.env, "BATON_"+name+"="+value)
	}
	return h
}

// server is a running baton serve.
type server struct {
	*exec.Cmd
	t         *testing.T
	complains bool // may say something on standard error
	url       string
	code      string // of the set-up link, or ""
	mu        sync.Mutex
	errors    bytes.Buffer // guarded by mu
	finished  chan struct{}
	err       error // of the process, once finished
}

// Write takes what the server says on standard error.
func (s *server) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.errors.Write(p)
}

// said is what the server said on standard error so far.
func (s *server) said() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.errors.String()
}

// serve starts a server and waits until it answers. It is killed when the test ends.
func (h *house) serve(env ...string) *server {
	h.t.Helper()
	s := &server{Cmd: exec.Command(h.path, "serve", "--addr", "127.0.0.1:0"), t: h.t, finished: make(chan struct{})}
	s.Dir, s.Env, s.Stderr = h.dir, append(h.env, env...), s
	out, err := s.StdoutPipe()
	if err != nil {
		h.t.Fatal(err)
	}
	if err := s.Start(); err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() {
		s.kill()
		// Whatever was kept: a warning is something that went wrong inside, and nobody outside gave a reason for it.
		if said := s.said(); said != "" && !s.complains {
			h.t.Errorf("a server complained:\n%s", said[:min(len(said), 4000)])
		}
	})
	first := make(chan string, 1)
	go func() {
		defer close(s.finished)
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			first <- lines.Text()
			break
		}
		for lines.Scan() {
			if _, code, found := strings.Cut(lines.Text(), "/setup#"); found {
				first <- code
			}
		}
		s.err = s.Wait()
	}()
	s.url = strings.TrimPrefix(h.within(20*time.Second, s, first), "listening on ")
	if !strings.HasPrefix(s.url, "http://") {
		h.t.Fatalf("the server said %q first", s.url)
	}
	if len(env) == 0 || env[0] != known {
		s.code = h.within(5*time.Second, s, first)
	}
	return s
}

// known is the environment of a server whose team is there already, so that no set-up link is waited for.
const known = "BATON_TORTURE_TEAM=known"

// again is serve on a house that has its team.
func (h *house) again(env ...string) *server { return h.serve(append([]string{known}, env...)...) }

// within waits for a line of the server.
func (h *house) within(wait time.Duration, s *server, line <-chan string) string {
	h.t.Helper()
	select {
	case text := <-line:
		return text
	case <-s.finished:
		h.t.Fatalf("the server ended with %v at once and had said:\n%s", s.err, s.said())
	case <-time.After(wait):
		h.t.Fatalf("the server said nothing for %v on standard output, and on standard error:\n%s", wait, s.said())
	}
	return ""
}

// kill ends the server as a power cut does to a process: it gets no chance to do anything more.
func (s *server) kill() {
	if err := s.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		s.t.Errorf("kill the server: %v", err)
	}
	<-s.finished
}

// end asks the server to end and waits until it has.
func (s *server) end() {
	s.t.Helper()
	if err := s.Process.Signal(syscall.SIGTERM); err != nil {
		s.t.Fatalf("SIGTERM: %v", err)
	}
	select {
	case <-s.finished:
	case <-time.After(20 * time.Second):
		s.t.Fatalf("the server did not end within 20 s of SIGTERM; it had said:\n%s", s.said())
	}
	if s.err != nil {
		s.t.Fatalf("the server ended with %v and had said:\n%s", s.err, s.said())
	}
}

// freeze stops the server in the middle of whatever it does, and thaw lets it go on.
func (s *server) freeze() { s.signal(syscall.SIGSTOP) }
func (s *server) thaw()   { s.signal(syscall.SIGCONT) }

func (s *server) signal(sig syscall.Signal) {
	s.t.Helper()
	if err := s.Process.Signal(sig); err != nil {
		s.t.Fatalf("%v: %v", sig, err)
	}
}

// command runs another command of the program on the house and gives the last line of what it printed.
func (h *house) command(input string, args ...string) string {
	h.t.Helper()
	cmd := exec.Command(h.path, args...)
	cmd.Dir, cmd.Env, cmd.Stdin = h.dir, h.env, strings.NewReader(input)
	var errors bytes.Buffer
	cmd.Stderr = &errors
	out, err := cmd.Output()
	if err != nil {
		h.t.Fatalf("baton %s: %v\n%s", strings.Join(args, " "), err, errors.String())
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return lines[len(lines)-1]
}

const password = "correct horse battery staple"

// team is the people and the bot of a house, all at one address that a Move changes for them together.
type team struct {
	anyone *client.Client // not signed in
	owner  *client.Client
	bot    *client.Client
	agents []*member
}

// member is one of the team.
type member struct {
	*client.Client
	id, name string
}

// found makes the owner by the set-up code, and this many agents and a bot by command.
func (h *house) found(ctx context.Context, s *server, agents int) *team {
	h.t.Helper()
	all := &team{anyone: client.New(s.url)}
	login, err := all.anyone.SetUp(ctx, s.code, "olga@example.com", "Olga", password)
	if err != nil {
		h.t.Fatalf("set up the team: %v", err)
	}
	all.owner = all.anyone.As(login.Token)
	all.bot = all.anyone.As(h.command("", "key", "add", "shop"))
	for i := range agents {
		name := []string{"Rosa", "Milo", "Chen", "Dana", "Emil", "Fay"}[i]
		email := strings.ToLower(name) + "@example.com"
		h.command(password+"\n", "user", "add", "--email", email, "--name", name, "--role", "agent", "--password-stdin")
		all.agents = append(all.agents, all.signIn(ctx, h.t, email))
	}
	return all
}

func (all *team) signIn(ctx context.Context, t *testing.T, email string) *member {
	t.Helper()
	login, err := all.anyone.SignIn(ctx, email, password)
	if err != nil {
		t.Fatalf("sign in as %s: %v", email, err)
	}
	return &member{Client: all.anyone.As(login.Token), id: login.Agent.ID, name: login.Agent.Name}
}

// run keeps a socket connected until the test ends.
func run(ctx context.Context, t *testing.T, s *client.Socket) *client.Socket {
	t.Helper()
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("a socket ended: %v", err)
		}
	})
	return s
}
