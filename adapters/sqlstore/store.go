// Package sqlstore keeps everything in SQLite or PostgreSQL: one set of models, one set of statements, and a
// dialect of a few fragments where the two differ. All changes of sessions go through the committer; accounts
// and settings are written where they are asked for.
package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"github.com/uptrace/bun"

	"baton/core"
)

// Config says where the data is.
type Config struct {
	// DSN is "sqlite:PATH", "sqlite::memory:" or "postgres://USER:PASSWORD@HOST:PORT/DATABASE".
	DSN string `yaml:"dsn"`
	// Migrate brings the tables up to date when the store is opened ("on" or empty), or leaves that to the
	// migrate command ("off").
	Migrate string `yaml:"migrate"`
}

// Store is the database. Its methods may be called from many goroutines.
type Store struct {
	dsn     dsn
	dialect dialect
	write   *bun.DB // SQLite: one connection whose transactions begin as writers
	read    *bun.DB // SQLite: connections that cannot write; in memory and on PostgreSQL the same as write
	engine  *engine

	audience audience
	revokes  revocations
	pictures pictures
	secrets  sync.Map // of names to []byte; a secret never changes
}

// Open connects to the database, brings its tables up to date as Config says, and makes sure that the queue
// general and the account's schedule exist. It starts nothing.
func Open(ctx context.Context, c Config) (*Store, error) {
	if c.Migrate != "" && c.Migrate != "on" && c.Migrate != "off" {
		return nil, core.RefuseField("/database/migrate", "database.migrate is on or off, not %q", c.Migrate)
	}
	s, err := OpenAsIs(ctx, c)
	if err != nil {
		return nil, err
	}
	if err := s.prepare(ctx, c.Migrate != "off"); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// OpenAsIs connects to the database and does not look at its tables. Only the migrate verbs and Backup can be
// counted on; it is for the commands that bring an outdated database up to date.
func OpenAsIs(ctx context.Context, c Config) (*Store, error) {
	where, err := parseDSN(c.DSN)
	if err != nil {
		return nil, err
	}
	s := &Store{dsn: where, dialect: dialect{postgres: where.postgres}, engine: newEngine(slog.Default())}
	open := s.openSQLite
	if where.postgres {
		open = s.openPostgres
	}
	if err := open(ctx); err != nil {
		return nil, fmt.Errorf("open the database %s: %w", where, err)
	}
	return s, nil
}

// prepare makes the tables fit this program, or refuses when they do not and may not be changed here.
func (s *Store) prepare(ctx context.Context, migrate bool) error {
	if migrate {
		if _, err := s.MigrateUp(ctx); err != nil {
			return err
		}
	} else if err := s.mustBeCurrent(ctx); err != nil {
		return err
	}
	if err := s.ensureSchedule(ctx); err != nil {
		return err
	}
	return s.ensureGeneral(ctx)
}

// Close ends all connections. Nothing may use the store afterwards.
func (s *Store) Close() error {
	var err error
	if s.read != nil && s.read != s.write {
		err = s.read.Close()
	}
	if s.write != nil {
		err = errors.Join(err, s.write.Close())
	}
	return err
}
