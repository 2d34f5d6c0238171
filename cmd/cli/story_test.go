package cli

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"baton/adapters/sqlstore/sqltest"
)

// The stories in testdata run the real program: testscript starts this test binary again as `baton`.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"baton": func() { os.Exit(Main(os.Args[1:])) }})
}

func TestStoriesOnSQLite(t *testing.T) {
	tell(t, "sqlite", func() []string { return nil })
}

func TestStoriesOnPostgreSQL(t *testing.T) {
	tell(t, "postgres", func() []string { return []string{"BATON_DATABASE_DSN=" + sqltest.DSN(t)} })
}

// tell runs all stories, each in a folder of its own and with what environ gives it.
func tell(t *testing.T, database string, environ func() []string) {
	s := &stories{}
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
			env.Vars = append(env.Vars, environ()...)
			return nil
		},
		Condition: func(name string) (bool, error) {
			if name != "sqlite" && name != "postgres" {
				return false, fmt.Errorf("there is no condition %q", name)
			}
			return name == database, nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"serve": s.start, "end": s.end, "call": call, "keep": keep},
	})
}

// stories remembers the servers that its stories have started, by their folder.
type stories struct{ running sync.Map }

// server is one that runs in a story.
type server struct {
	*exec.Cmd
	output chan string // all of standard output, when it has ended
	errors bytes.Buffer
}

// start is the command `serve [ARGS]`. It sets URL to the address that the first line names.
func (all *stories) start(ts *testscript.TestScript, neg bool, args []string) {
	path, err := exec.LookPath("baton")
	ts.Check(err)
	s := &server{Cmd: exec.Command(path, append([]string{"serve", "--addr", "127.0.0.1:0"}, args...)...), output: make(chan string, 1)}
	s.Dir, s.Stderr = ts.Getenv("WORK"), &s.errors
	s.Env = append(os.Environ(), "HOME="+ts.Getenv("HOME"), "BATON_DATABASE_DSN="+ts.Getenv("BATON_DATABASE_DSN"))
	pipe, err := s.StdoutPipe()
	ts.Check(err)
	ts.Check(s.Start())
	ts.Defer(func() { _ = s.Process.Kill() })
	out := bufio.NewReader(pipe)
	first, err := out.ReadString('\n')
	if (err == nil) == neg {
		_ = s.Process.Kill()
		_ = s.Wait()
		ts.Fatalf("serve said %q first, and on standard error:\n%s", first, s.errors.String())
	}
	if neg {
		_ = s.Wait()
		_, err := io.WriteString(ts.Stderr(), s.errors.String())
		ts.Check(err)
		return
	}
	url, ok := strings.CutPrefix(strings.TrimSpace(first), "listening on ")
	if !ok {
		ts.Fatalf("the first line is %q, not `listening on ...`", first)
	}
	ts.Setenv("URL", url)
	go func() {
		rest, _ := io.ReadAll(out)
		s.output <- first + string(rest)
	}()
	all.running.Store(ts.Getenv("WORK"), s)
}

// end is the command `end`: SIGTERM, and then what the server printed is in serve.out and serve.err.
func (all *stories) end(ts *testscript.TestScript, _ bool, _ []string) {
	found, _ := all.running.LoadAndDelete(ts.Getenv("WORK"))
	s, ok := found.(*server)
	if !ok {
		ts.Fatalf("no server is running")
	}
	ts.Check(s.Process.Signal(syscall.SIGTERM))
	killed := time.AfterFunc(15*time.Second, func() { _ = s.Process.Kill() })
	output := <-s.output
	err := s.Wait()
	if !killed.Stop() {
		ts.Fatalf("the server did not end within 15 s of SIGTERM")
	}
	ts.Check(os.WriteFile(ts.MkAbs("serve.out"), []byte(output), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs("serve.err"), s.errors.Bytes(), 0o600))
	if err != nil {
		ts.Fatalf("the server ended with %v:\n%s", err, s.errors.String())
	}
}

// call is the command `call STATUS METHOD PATH [BODY [TOKEN]]`; the answer is what stdout matches against.
func call(ts *testscript.TestScript, _ bool, args []string) {
	args = append(args, "", "")
	want, method, path, body, token := args[0], args[1], args[2], args[3], args[4]
	request, err := http.NewRequest(method, ts.Getenv("URL")+path, strings.NewReader(body))
	ts.Check(err)
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := http.DefaultClient.Do(request)
	ts.Check(err)
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	ts.Check(err)
	_, err = ts.Stdout().Write(content)
	ts.Check(err)
	if fmt.Sprint(answer.StatusCode) != want {
		ts.Fatalf("%s %s answered %d, want %s:\n%s", method, path, answer.StatusCode, want, content)
	}
}

// keep is the command `keep NAME PATTERN`: what the pattern's group matches in the last answer is $NAME from then on.
func keep(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("it is keep NAME PATTERN")
	}
	match := regexp.MustCompile(args[1]).FindStringSubmatch(ts.ReadFile("stdout"))
	if len(match) < 2 {
		ts.Fatalf("the last answer has nothing like %s", args[1])
	}
	ts.Setenv(args[0], match[1])
}
