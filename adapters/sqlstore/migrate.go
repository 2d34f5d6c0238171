package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/driver/pgdriver"
	"github.com/uptrace/bun/migrate"

	"baton/core"
	"baton/migrations"
)

const (
	migrationsTable = "bun_migrations"
	migrationLocks  = "bun_migration_locks"
	// migrationLockWait is how long a start waits for another one that migrates the same SQLite file.
	migrationLockWait = 10 * time.Second
	// migrationTimeout is how long one statement of a migration may take on PostgreSQL.
	migrationTimeout = time.Hour
	// migrationAdvisoryLock is the number of the lock that PostgreSQL nodes migrate under.
	migrationAdvisoryLock = 0x6261746f6e // "baton"
)

// Migration is one step of the tables' shape, and when it was taken; zero when it waits.
type Migration struct {
	Name      string
	AppliedAt time.Time
}

// MigrateUp brings the tables up to date and names the steps that it took. With nothing to do it takes no lock.
// Each step is kept whole or not at all. When a migration that died left its lock behind it is a Conflict that
// says how to let go of it.
func (s *Store) MigrateUp(ctx context.Context) ([]string, error) {
	if waiting, err := s.waiting(ctx); err != nil || len(waiting) == 0 {
		return nil, err
	}
	db, release, err := s.migrationDB(ctx)
	if err != nil {
		return nil, fmt.Errorf("get ready to migrate: %w", err)
	}
	applied, err := s.migrateAlone(ctx, db)
	if failed := release(); err == nil {
		err = failed
	}
	return applied, err
}

// MigrationStatus lists all steps in order.
func (s *Store) MigrationStatus(ctx context.Context) ([]Migration, error) {
	m, err := s.migrator(s.write)
	if err != nil {
		return nil, err
	}
	known, err := s.hasTable(ctx, migrationsTable)
	if err != nil {
		return nil, fmt.Errorf("look for the table of migrations: %w", err)
	}
	steps := m.known
	if known {
		if steps, err = m.MigrationsWithStatus(ctx); err != nil {
			return nil, fmt.Errorf("read which migrations were taken: %w", err)
		}
	}
	all := make([]Migration, 0, len(steps))
	for _, step := range steps {
		all = append(all, Migration{Name: step.String(), AppliedAt: step.MigratedAt})
	}
	return all, nil
}

// MigrateUnlock lets go of the lock that a migration left behind when it died. Nothing happens when there is none.
func (s *Store) MigrateUnlock(ctx context.Context) error {
	if locked, err := s.hasTable(ctx, migrationLocks); err != nil || !locked {
		return err
	}
	m, err := s.migrator(s.write)
	if err != nil {
		return err
	}
	if err := m.Unlock(ctx); err != nil {
		return fmt.Errorf("let go of the migration lock: %w", err)
	}
	return nil
}

func (s *Store) mustBeCurrent(ctx context.Context) error {
	waiting, err := s.waiting(ctx)
	if err != nil || len(waiting) == 0 {
		return err
	}
	return core.Refuse(core.Conflict, "the tables of %s are not up to date (%s) and database.migrate is off; run `baton migrate up`",
		s.dsn, strings.Join(waiting, ", "))
}

// waiting names the steps that were not taken yet.
func (s *Store) waiting(ctx context.Context) ([]string, error) {
	all, err := s.MigrationStatus(ctx)
	var names []string
	for _, m := range all {
		if m.AppliedAt.IsZero() {
			names = append(names, m.Name)
		}
	}
	return names, err
}

// migrationDB gives what to migrate by. On PostgreSQL it is one connection of its own, which waits long for its
// answers and holds the advisory lock until release.
func (s *Store) migrationDB(ctx context.Context) (db *bun.DB, release func() error, err error) {
	if !s.dialect.postgres {
		return s.write, func() error { return nil }, nil
	}
	connector, err := s.pgConnector(nil, pgdriver.WithReadTimeout(migrationTimeout))
	if err != nil {
		return nil, nil, err
	}
	pool := sql.OpenDB(connector)
	pool.SetMaxOpenConns(1)
	if _, err := pool.ExecContext(ctx, "SELECT pg_advisory_lock($1)", migrationAdvisoryLock); err != nil {
		_ = pool.Close()
		return nil, nil, err
	}
	return bun.NewDB(pool, pgdialect.New()), pool.Close, nil
}

func (s *Store) migrateAlone(ctx context.Context, db *bun.DB) ([]string, error) {
	m, err := s.migrator(db)
	if err != nil {
		return nil, err
	}
	if err := m.Init(ctx); err != nil {
		return nil, fmt.Errorf("make the table of migrations: %w", err)
	}
	if done, err := s.lockMigrations(ctx, m); err != nil || done {
		return nil, err
	}
	group, err := m.Migrate(ctx)
	// The lock goes even when ctx has ended, or the next start would find it.
	if unlock := m.Unlock(context.WithoutCancel(ctx)); err == nil {
		err = unlock
	}
	if err != nil {
		return nil, fmt.Errorf("bring the tables up to date: %w", err)
	}
	names := make([]string, 0, len(group.Migrations))
	for _, step := range group.Migrations {
		names = append(names, step.String())
	}
	return names, nil
}

// lockMigrations takes the lock, or finds that whoever had it did all there was to do.
func (s *Store) lockMigrations(ctx context.Context, m *migrator) (done bool, err error) {
	patience := time.Now().Add(migrationLockWait)
	for {
		locked := m.Lock(ctx)
		if locked == nil {
			waiting, err := m.MigrationsWithStatus(ctx)
			if err == nil && len(waiting.Unapplied()) > 0 {
				return false, nil
			}
			if unlock := m.Unlock(ctx); err == nil {
				err = unlock
			}
			return true, err
		}
		// On PostgreSQL the advisory lock is ours, so nobody who lives can hold this one.
		if s.dialect.postgres || time.Now().After(patience) {
			return false, core.Refuse(core.Conflict, "a migration holds the lock of %s; if none is running, one died: "+
				"run `baton migrate unlock` and start again", s.dsn).Because(locked)
		}
		select {
		case <-ctx.Done():
			return false, ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// migrator knows the steps for the store's dialect.
type migrator struct {
	*migrate.Migrator
	known migrate.MigrationSlice
}

func (s *Store) migrator(db *bun.DB) (*migrator, error) {
	from := migrations.SQLite
	if s.dialect.postgres {
		from = migrations.Postgres
	}
	var files fs.FS
	files, err := from()
	if err != nil {
		return nil, err
	}
	steps := migrate.NewMigrations()
	if err := steps.Discover(files); err != nil {
		return nil, fmt.Errorf("read the migrations: %w", err)
	}
	// Each step's transaction writes the row that says it was taken; bun's own mark, which comes after the
	// commit, then finds it there.
	mark := func(ctx context.Context, tx bun.IConn, step *migrate.Migration) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO "+migrationsTable+" (name, group_id) VALUES (?, ?)", step.Name, step.GroupID)
		return err
	}
	m := migrate.NewMigrator(db, steps, migrate.WithTableName(migrationsTable), migrate.WithLocksTableName(migrationLocks),
		migrate.WithMarkAppliedOnSuccess(true), migrate.WithUpsert(true), migrate.AfterMigration(mark))
	return &migrator{Migrator: m, known: steps.Sorted()}, nil
}

func (s *Store) hasTable(ctx context.Context, name string) (bool, error) {
	query := "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?"
	if s.dialect.postgres {
		query = "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = ?"
	}
	var n int
	err := s.write.NewRaw(query, name).Scan(ctx, &n)
	return n > 0, err
}
