// Package sqltest gives tests a PostgreSQL of their own, started from the machine's binaries and gone when the
// process that asked for it is, however that ends.
package sqltest

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	_ "github.com/uptrace/bun/driver/pgdriver" // the driver "pg"
)

// ErrMissing says that this machine has no PostgreSQL server.
var ErrMissing = errors.New("no PostgreSQL server on this machine: install Debian's package `postgresql`")

// Options may stay zero.
type Options struct {
	// Settings are added to postgresql.conf, for example "fsync = off".
	Settings []string
	// Dir is the folder under which the data is kept; the system's temporary folder when empty.
	Dir string
}

// Server is a running PostgreSQL on 127.0.0.1 with everybody trusted and one user, postgres.
type Server struct {
	Port int
	dir  string
	bin  string
	as   *syscall.Credential
	run  *exec.Cmd
	done chan struct{} // closed when run has ended
	keep io.Closer
}

// Start makes a database cluster in a new folder and serves it. Stop ends it; if this process dies first, the
// server ends with it and its folder is removed.
func Start(ctx context.Context, o Options) (*Server, error) {
	bin, err := findBinaries()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(o.Dir, "baton-postgres-")
	if err != nil {
		return nil, err
	}
	s := &Server{dir: dir, bin: bin}
	if err := s.build(ctx, o); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if err := s.Launch(ctx); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

// DSN names one database of the server.
func (s *Server) DSN(database string) string {
	return fmt.Sprintf("postgres://postgres@127.0.0.1:%d/%s?sslmode=disable", s.Port, database)
}

// Pid is the process of the server.
func (s *Server) Pid() int { return s.run.Process.Pid }

// Exec runs one statement in the database postgres.
func (s *Server) Exec(ctx context.Context, query string) error {
	db, err := sql.Open("pg", s.DSN("postgres"))
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, query)
	return errors.Join(err, db.Close())
}

// End stops the server as if its machine had lost power (kill) or at once but in order. The data stays; Launch
// starts it again on the same port.
func (s *Server) End(kill bool) error {
	if s.run == nil {
		return nil
	}
	sig := syscall.SIGINT
	if kill {
		sig = syscall.SIGQUIT // all processes of the server end without writing anything more
	}
	if err := s.run.Process.Signal(sig); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	<-s.done
	s.run = nil
	return nil
}

// Stop ends the server and removes its data.
func (s *Server) Stop() error {
	err := s.End(true)
	if s.keep != nil {
		err = errors.Join(err, s.keep.Close())
	}
	return errors.Join(err, os.RemoveAll(s.dir))
}

// build makes the cluster, and the watcher that removes it when this process is gone.
func (s *Server) build(ctx context.Context, o Options) error {
	if err := s.chooseUser(); err != nil {
		return err
	}
	if err := s.watch(); err != nil {
		return err
	}
	data := filepath.Join(s.dir, "data")
	initdb := exec.CommandContext(ctx, filepath.Join(s.bin, "initdb"), "-D", data, "-U", "postgres", "-A", "trust",
		"-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions")
	initdb.Dir, initdb.SysProcAttr = s.dir, &syscall.SysProcAttr{Credential: s.as}
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	settings := append([]string{"listen_addresses = '127.0.0.1'", "unix_socket_directories = ''", "max_connections = 200"}, o.Settings...)
	conf, err := os.OpenFile(filepath.Join(data, "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = conf.WriteString("\n" + strings.Join(settings, "\n") + "\n")
	return errors.Join(err, conf.Close())
}

// chooseUser finds who may run the server: PostgreSQL refuses root.
func (s *Server) chooseUser() error {
	if os.Geteuid() != 0 {
		return nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.Atoi(u.Uid)
		gid, err2 := strconv.Atoi(u.Gid)
		if err := errors.Join(err1, err2); err != nil {
			return err
		}
		s.as = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		return os.Chown(s.dir, uid, gid)
	}
	return errors.New("root may not run PostgreSQL, and there is no user postgres or nobody to run it")
}

// watch starts a small process that waits for this one to go and then removes the folder. It notices by the end
// of its input, so it works for every way of dying.
func (s *Server) watch() error {
	keeper := exec.Command("/bin/sh", "-c", `cat >/dev/null; sleep 1; rm -rf "$0"`, s.dir)
	keeper.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // a Ctrl-C for the tests is not for it
	stdin, err := keeper.StdinPipe()
	if err != nil {
		return err
	}
	s.keep = stdin
	if err := keeper.Start(); err != nil {
		return err
	}
	go func() { _ = keeper.Wait() }()
	return nil
}

// Launch starts the server on the data it has and waits until it answers.
func (s *Server) Launch(ctx context.Context) error {
	var err error
	for range 5 {
		if s.Port == 0 {
			if s.Port, err = freePort(); err != nil {
				return err
			}
		}
		if err = s.launchOnce(ctx); err == nil {
			return nil
		}
		s.Port = 0 // somebody was quicker to take it
	}
	return err
}

func (s *Server) launchOnce(ctx context.Context) error {
	var log bytes.Buffer
	run := exec.Command(filepath.Join(s.bin, "postgres"), "-D", filepath.Join(s.dir, "data"), "-p", strconv.Itoa(s.Port))
	run.Dir, run.Stdout, run.Stderr = s.dir, &log, &log
	run.SysProcAttr = &syscall.SysProcAttr{Credential: s.as, Pdeathsig: syscall.SIGQUIT, Setpgid: true}
	started, done := make(chan error), make(chan struct{})
	go func() {
		// The death signal comes when the thread that started the server ends, so this one stays.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := run.Start()
		started <- err
		if err == nil {
			_ = run.Wait()
		}
		close(done)
	}()
	if err := <-started; err != nil {
		return err
	}
	s.run, s.done = run, done
	if err := s.answers(ctx); err != nil {
		err = errors.Join(err, s.End(true))
		return fmt.Errorf("start postgres: %w\n%s", err, log.String())
	}
	return nil
}

func (s *Server) answers(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for {
		err := s.Exec(ctx, "SELECT 1")
		if err == nil {
			return nil
		}
		select {
		case <-s.done:
			return errors.New("it ended at once")
		case <-ctx.Done():
			return err
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}

// findBinaries gives the folder with initdb and postgres: the newest of Debian's, or that of the PATH.
func findBinaries() (string, error) {
	folders, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	for i := len(folders) - 1; i >= 0; i-- {
		if _, err := os.Stat(filepath.Join(folders[i], "initdb")); err == nil {
			return folders[i], nil
		}
	}
	initdb, err := exec.LookPath("initdb")
	if err != nil {
		return "", ErrMissing
	}
	if initdb, err = filepath.EvalSymlinks(initdb); err != nil {
		return "", ErrMissing
	}
	return filepath.Dir(initdb), nil
}
