package sqlstore

import (
	"path/filepath"
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
	coretest.StoreSuite(t, func(t testing.TB) coretest.Database { return database(sqltest.DSN(t)) }, coretest.Shared)
}
