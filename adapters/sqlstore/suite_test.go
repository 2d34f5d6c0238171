package sqlstore

import (
	"path/filepath"
	"strings"
	"testing"

	"baton/adapters/sqlstore/sqltest"
	"baton/core/coretest"
)

var _ coretest.Backend = (*Store)(nil)

// database opens stores on one DSN.
func database(dsn string) coretest.Database {
	return func(t testing.TB) coretest.Backend {
		t.Helper()
		s, err := Open(t.Context(), Config{DSN: dsn})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
}

func TestStoreSuiteOnSQLiteInMemory(t *testing.T) {
	coretest.StoreSuite(t, func(testing.TB) coretest.Database { return database("sqlite::memory:") }, coretest.Gone)
}

func TestStoreSuiteOnSQLiteFile(t *testing.T) {
	coretest.StoreSuite(t, func(t testing.TB) coretest.Database {
		return database("sqlite:" + filepath.Join(t.TempDir(), "baton.db"))
	}, coretest.Kept)
}

func TestStoreSuiteOnPostgreSQL(t *testing.T) {
	dsn := sqltest.DSN(t)
	coretest.StoreSuite(t, func(t testing.TB) coretest.Database {
		empty(t, dsn)
		return database(dsn)
	}, coretest.Shared)
}

// empty takes everything out of a PostgreSQL database: making another one for each story takes much longer.
func empty(t testing.TB, dsn string) {
	t.Helper()
	s, err := Open(t.Context(), Config{DSN: dsn})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var tables []string
	err = s.read.NewRaw("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename NOT LIKE 'bun_%'").Scan(t.Context(), &tables)
	if err != nil {
		t.Fatal(err)
	}
	// TRUNCATE makes a new file for each table and index, which takes longer than all of a story.
	if _, err := s.write.ExecContext(t.Context(), "DELETE FROM "+strings.Join(tables, "; DELETE FROM ")); err != nil {
		t.Fatal(err)
	}
}
