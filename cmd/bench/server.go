package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"baton/adapters/sqlstore/sqltest"
)

// server is a Baton that a measurement started, with a database and a data folder of its own.
type server struct {
	*process
	*caller
	workshop *workshop
	dir      string
	env      []string
	dsn      string
	database int // the process whose children are the database's, or 0
	end      func() error
}

// workshop is where measurements find what they need.
type workshop struct {
	dir   string // removed at the end
	baton string // the program, built as it is shipped
	bench string // this program
	quick bool
	files int // descriptors that one process may have
	say   func(format string, args ...any)
}

// password is that of everybody whom measurements add to a team.
const password = "correct horse battery staple"

// raised are limits on floods and places, which a measurement is meant to go over. Nothing else is changed.
var raised = []string{
	"BATON_LIMITS_CUSTOMER_MESSAGES=1000000", "BATON_LIMITS_CUSTOMER_BURST=1000000", "BATON_LIMITS_CALLS=1000000", "BATON_LIMITS_CALLS_BURST=1000000",
	"BATON_LIMITS_VISITORS=1000000", "BATON_AGENTS_CAPACITY_MAX=100000",
}

// onSQLite starts a server on a SQLite file in dir, which may hold one already.
func (w *workshop) onSQLite(ctx context.Context, dir string) (*server, error) {
	dsn := "sqlite:" + filepath.Join(dir, "baton.db")
	s := &server{workshop: w, dir: dir, dsn: dsn, env: append([]string{"BATON_DATABASE_DSN=" + dsn}, raised...)}
	return s, s.run(ctx)
}

// onPostgres starts a server on a PostgreSQL of its own, which writes to the disk as it does in production.
func (w *workshop) onPostgres(ctx context.Context) (*server, error) {
	dir, err := os.MkdirTemp(w.dir, "data-")
	if err != nil {
		return nil, err
	}
	database, err := sqltest.Start(ctx, sqltest.Options{})
	if err != nil {
		return nil, err
	}
	s := &server{workshop: w, dir: dir, dsn: database.DSN("postgres"), database: database.Pid(), end: database.Stop}
	s.env = append([]string{"BATON_DATABASE_DSN=" + s.dsn}, raised...)
	if err := s.run(ctx); err != nil {
		return nil, errors.Join(err, database.Stop())
	}
	return s, nil
}

func (s *server) run(ctx context.Context) error {
	env := append([]string{"BATON_DATA_DIR=" + s.dir}, s.env...)
	p, err := start(ctx, s.dir, env, s.workshop.baton, "serve", "--addr", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s.process, s.caller = p, newCaller(p.addr)
	return nil
}

// stop ends the server and its database. The data of SQLite stays until the workshop is closed.
func (s *server) stop() error {
	err := s.process.end()
	if s.end != nil {
		err = errors.Join(err, s.end())
	}
	return err
}

// command runs a command of the program beside the server and gives the last line of its output.
func (s *server) command(ctx context.Context, input string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, s.workshop.baton, args...)
	cmd.Dir, cmd.Env, cmd.Stdin = s.dir, append(append(os.Environ(), "BATON_DATA_DIR="+s.dir), s.env...), strings.NewReader(input)
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("baton %s: %w", strings.Join(args, " "), err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return lines[len(lines)-1], nil
}

// person adds somebody to the team and signs him in.
func (s *server) person(ctx context.Context, name, role string) (token string, err error) {
	email := name + "@bench.example"
	if _, err := s.command(ctx, password+"\n", "user", "add", "--email", email, "--name", name, "--role", role, "--password-stdin"); err != nil {
		return "", err
	}
	return s.signIn(ctx, email)
}

func (s *server) signIn(ctx context.Context, email string) (token string, err error) {
	in, err := s.call(ctx, "", "POST", "/v1/login", map[string]string{"email": email, "password": password})
	return in.Token, err
}

// cpu is the processor time of the server, and that of its database.
func (s *server) cpu() (own, database time.Duration) {
	own = cpuOf(s.cmd.Process.Pid)
	if s.database != 0 {
		database = familyCPU(s.database)
	}
	return own, database
}
