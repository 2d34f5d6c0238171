package sqlstore

import (
	"errors"
	"strings"
	"testing"

	"baton/adapters/sqlstore/sqltest"
	"baton/core"
)

func migrated(t *testing.T, s *Store) []string {
	t.Helper()
	names, err := s.MigrateUp(t.Context())
	if err != nil {
		t.Fatalf("migrate: %v", err)
	}
	return names
}

func openAsIs(t *testing.T, dsn string) *Store {
	t.Helper()
	s, err := OpenAsIs(t.Context(), Config{DSN: dsn})
	if err != nil {
		t.Fatalf("open %s as it is: %v", dsn, err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestMigrationsRunOnceAndSayWhatTheyDid(t *testing.T) {
	for name, dsn := range map[string]string{"file": fileDSN(t), "postgres": sqltest.DSN(t)} {
		t.Run(name, func(t *testing.T) {
			s := openAsIs(t, dsn)
			all, err := s.MigrationStatus(t.Context())
			if err != nil || len(all) == 0 || !all[0].AppliedAt.IsZero() {
				t.Fatalf("an empty database has the migrations %v (%v), want some that wait", all, err)
			}
			if _, err := Open(t.Context(), Config{DSN: dsn, Migrate: "off"}); core.KindOf(err) != core.Conflict || !strings.Contains(err.Error(), "baton migrate up") {
				t.Errorf("with migrate off an outdated database gave %v, want a conflict that names `baton migrate up`", err)
			}
			if did := migrated(t, s); len(did) != len(all) {
				t.Errorf("migrating took the steps %v, want all of %v", did, all)
			}
			if did := migrated(t, s); len(did) != 0 {
				t.Errorf("migrating again took the steps %v, want none", did)
			}
			after, err := s.MigrationStatus(t.Context())
			if err != nil || after[len(after)-1].AppliedAt.IsZero() {
				t.Errorf("after migrating the status is %v (%v), want all applied", after, err)
			}
			again, err := Open(t.Context(), Config{DSN: dsn, Migrate: "off"})
			if err != nil {
				t.Fatalf("with migrate off a current database gave %v", err)
			}
			_ = again.Close()
		})
	}
}

func TestLockThatADeadMigrationLeftIsNamedAndCanBeTakenOff(t *testing.T) {
	dsn := sqltest.DSN(t)
	s := openAsIs(t, dsn)
	m, err := s.migrator(s.write)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(m.Init(t.Context()), m.Lock(t.Context())); err != nil {
		t.Fatal(err)
	}
	if _, err := s.MigrateUp(t.Context()); core.KindOf(err) != core.Conflict || !strings.Contains(err.Error(), "baton migrate unlock") {
		t.Fatalf("a lock left behind gave %v, want a conflict that names `baton migrate unlock`", err)
	}
	if err := s.MigrateUnlock(t.Context()); err != nil {
		t.Fatalf("unlock: %v", err)
	}
	if did := migrated(t, s); len(did) == 0 {
		t.Error("after the unlock nothing was migrated")
	}
}

func TestCurrentDatabaseOpensWhileAMigrationLockIsHeld(t *testing.T) {
	for name, dsn := range map[string]string{"file": fileDSN(t), "postgres": sqltest.DSN(t)} {
		t.Run(name, func(t *testing.T) {
			s := openTest(t, dsn)
			m, err := s.migrator(s.write)
			if err != nil {
				t.Fatal(err)
			}
			if err := m.Lock(t.Context()); err != nil {
				t.Fatal(err)
			}
			openTest(t, dsn)
		})
	}
}
