package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"baton/core"
)

// OpenToRead connects to a database whose tables fit this program, for a command that only reads. It makes and changes
// nothing, and a SQLite file cannot be written through it. It works beside a running server.
func OpenToRead(ctx context.Context, c Config) (*Store, error) {
	where, err := parseDSN(c.DSN)
	if err != nil {
		return nil, err
	}
	s := &Store{dsn: where, dialect: dialect{postgres: where.postgres}, engine: newEngine(slog.Default())}
	open := s.openFileToRead
	if where.postgres {
		open = s.openPostgres
	}
	if err := open(ctx); err != nil {
		return nil, fmt.Errorf("open the database %s: %w", where, err)
	}
	waiting, err := s.waiting(ctx)
	if err == nil && len(waiting) > 0 {
		err = core.Refuse(core.Conflict, "the tables of %s are not up to date (%s); run `baton migrate up`, or start the server once", where, strings.Join(waiting, ", "))
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Store) openFileToRead(context.Context) error {
	if _, err := os.Stat(s.dsn.path); err != nil {
		return err
	}
	pool, err := openPool(s.dsn.path, "mode=rw&_pragma=busy_timeout(5000)&_pragma=query_only(1)", 1)
	s.read, s.write = pool, pool
	return err
}
