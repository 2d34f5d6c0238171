package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"baton/core"
)

// sqlitePragmas hold for every connection. A misspelt one would be ignored in silence, so a test reads them
// back. FULL is what keeps acknowledged rows when the power fails. No table refers to another by a foreign key.
const sqlitePragmas = "_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(OFF)"

func (s *Store) openSQLite(ctx context.Context) error {
	if !s.dsn.memory {
		if err := makeFile(s.dsn.path); err != nil {
			return err
		}
	}
	write, err := openPool(s.dsn.path, sqlitePragmas+sqliteWriterPragmas, 1)
	if err != nil {
		return err
	}
	s.write, s.read = write, write
	// The first connection sets WAL, so that the readers, who cannot, find it set.
	if err := write.PingContext(ctx); err != nil {
		return err
	}
	if s.dsn.memory {
		return nil
	}
	s.read, err = openPool(s.dsn.path, sqlitePragmas+"&_pragma=query_only(1)", max(4, runtime.GOMAXPROCS(0)))
	return err
}

func openPool(path, options string, connections int) (*bun.DB, error) {
	pool, err := sql.Open("sqlite", "file:"+escapePath(path)+"?"+options)
	if err != nil {
		return nil, err
	}
	// Idle connections are kept for good: a database in memory lives in its one connection.
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	return bun.NewDB(pool, sqlitedialect.New()), nil
}

// escapePath writes a path as it must stand in a file: address.
func escapePath(path string) string {
	return strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
}

// makeFile makes the database file and its folder readable by this user alone: it holds people's talk.
func makeFile(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// Serve claims the database for one server and gives back how to let go of it. On a SQLite file a second server
// is refused with a Conflict while the first lives; the claim ends with the process, however that ends. Commands
// beside a running server do not claim. PostgreSQL and a database in memory need no claim and refuse nobody.
func (s *Store) Serve(ctx context.Context) (release func() error, err error) {
	if s.dsn.postgres || s.dsn.memory {
		return func() error { return nil }, nil
	}
	path, err := filepath.EvalSymlinks(s.dsn.path)
	if err != nil {
		return nil, err
	}
	// The claim is a transaction on an empty database of its own: SQLite's locks work wherever SQLite does.
	claim, err := sql.Open("sqlite", "file:"+escapePath(path+"-server")+"?_txlock=exclusive")
	if err != nil {
		return nil, err
	}
	// The claim must outlive the call that made it, so the caller's ctx is not its own.
	held, err := claim.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		_ = claim.Close()
		return nil, core.Refuse(core.Conflict, "another server is running on %s; end it first", s.dsn).Because(err)
	}
	return func() error { return errors.Join(held.Rollback(), claim.Close()) }, nil
}
