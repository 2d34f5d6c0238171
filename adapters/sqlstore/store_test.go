package sqlstore

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/driver/pgdriver"

	"baton/adapters/sqlstore/sqltest"
	"baton/core"
)

// onEachDatabase runs a test on SQLite in memory, on a SQLite file and on PostgreSQL.
func onEachDatabase(t *testing.T, test func(t *testing.T, s *Store)) {
	t.Helper()
	t.Run("memory", func(t *testing.T) { test(t, openTest(t, "sqlite::memory:")) })
	t.Run("file", func(t *testing.T) { test(t, openTest(t, fileDSN(t))) })
	t.Run("postgres", func(t *testing.T) { test(t, openTest(t, sqltest.DSN(t))) })
}

func fileDSN(t *testing.T) string {
	return "sqlite:" + filepath.Join(t.TempDir(), "baton.db")
}

func openTest(t *testing.T, dsn string) *Store {
	t.Helper()
	s, err := Open(t.Context(), Config{DSN: dsn})
	if err != nil {
		t.Fatalf("open %s: %v", dsn, err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close the store: %v", err)
		}
	})
	return s
}

func pragma(t *testing.T, db *bun.DB, name string) string {
	t.Helper()
	var value string
	if err := db.NewRaw("PRAGMA "+name).Scan(t.Context(), &value); err != nil {
		t.Fatalf("read PRAGMA %s: %v", name, err)
	}
	return value
}

func TestSQLiteSettingsReallyHold(t *testing.T) {
	s := openTest(t, fileDSN(t))
	want := map[string]string{"journal_mode": "wal", "synchronous": "2", "busy_timeout": "5000"}
	for name, value := range want {
		for pool, db := range map[string]*bun.DB{"writing": s.write, "reading": s.read} {
			if got := pragma(t, db, name); got != value {
				t.Errorf("the %s pool has %s = %s, want %s", pool, name, got, value)
			}
		}
	}
	if got := s.write.DB.Stats().MaxOpenConnections; got != 1 {
		t.Errorf("the writing pool may open %d connections, want 1", got)
	}
	if _, err := s.read.ExecContext(t.Context(), "DELETE FROM queues"); err == nil {
		t.Error("a reading connection could write")
	}
	tx, err := s.write.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	other, err := sql.Open("sqlite", "file:"+s.dsn.path+"?_txlock=immediate&_pragma=busy_timeout(0)")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if second, err := other.BeginTx(t.Context(), nil); err == nil {
		second.Rollback()
		t.Error("two writing transactions began at once: transactions do not begin as writers")
	}
}

func TestOddFileNamesAreTakenAsTheyAre(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new folder", "50% off?mode=memory#1.db")
	openTest(t, "sqlite:"+path)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatalf("the database is not where the DSN says: %v", err)
	}
	if info.Mode().Perm() != 0o600 || info.Size() == 0 {
		t.Errorf("the database has mode %v and %d bytes, want it readable by its user alone and not empty", info.Mode(), info.Size())
	}
}

func TestUnknownDSNIsRefusedWithoutShowingIt(t *testing.T) {
	for _, dsn := range []string{"", "sqlite:", "mysql://root:hunter2@db/x", "baton.db", "postgres://%zz:hunter2@"} {
		_, err := Open(t.Context(), Config{DSN: dsn})
		if core.KindOf(err) != core.Invalid {
			t.Errorf("DSN %q gave %v, want an invalid refusal", dsn, err)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("the refusal of %q repeats the password: %v", dsn, err)
		}
	}
}

func TestSecondServerOnOneFileRefusesToStart(t *testing.T) {
	dsn := fileDSN(t)
	first, second := openTest(t, dsn), openTest(t, dsn)
	release, err := first.Serve(t.Context())
	if err != nil {
		t.Fatalf("the first server could not start: %v", err)
	}
	if _, err := second.Serve(t.Context()); core.KindOf(err) != core.Conflict {
		t.Fatalf("the second server got %v, want a conflict", err)
	}
	if _, err := second.write.ExecContext(t.Context(), "UPDATE queues SET rev = rev + 1"); err != nil {
		t.Errorf("a command beside the running server could not write: %v", err)
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
	again, err := second.Serve(t.Context())
	if err != nil {
		t.Fatalf("after the first server ended the second got %v", err)
	}
	if err := again(); err != nil {
		t.Fatal(err)
	}
}

func TestBackupIsAWholeCopyAndOverwritesNothing(t *testing.T) {
	for _, dsn := range []string{fileDSN(t), "sqlite::memory:"} {
		s := openTest(t, dsn)
		path := filepath.Join(t.TempDir(), "copy.db")
		if err := s.Backup(t.Context(), path); err != nil {
			t.Fatalf("back up %s: %v", dsn, err)
		}
		if err := s.Backup(t.Context(), path); core.KindOf(err) != core.Conflict {
			t.Errorf("a second backup to the same file gave %v, want a conflict", err)
		}
		copied := openTest(t, "sqlite:"+path)
		var name string
		if err := copied.read.NewRaw("SELECT name FROM queues").Scan(t.Context(), &name); err != nil || name != General {
			t.Errorf("the copy of %s has the queue %q (%v), want general", dsn, name, err)
		}
		if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".baton*")); len(left) > 0 {
			t.Errorf("the backup left %v behind", left)
		}
	}
}

func TestBackupOfPostgresNamesPgDump(t *testing.T) {
	err := openTest(t, sqltest.DSN(t)).Backup(t.Context(), filepath.Join(t.TempDir(), "x"))
	if core.KindOf(err) != core.Invalid || !strings.Contains(err.Error(), "pg_dump") {
		t.Errorf("the backup of PostgreSQL gave %v, want a refusal that names pg_dump", err)
	}
}

func TestQueueGeneralIsThereOnceWhoeverStartsFirst(t *testing.T) {
	for name, dsn := range map[string]string{"file": fileDSN(t), "postgres": sqltest.DSN(t)} {
		t.Run(name, func(t *testing.T) {
			var wg sync.WaitGroup
			for range 6 {
				wg.Go(func() { openTest(t, dsn) })
			}
			wg.Wait()
			var n int
			if err := openTest(t, dsn).read.NewRaw("SELECT count(*) FROM queues").Scan(t.Context(), &n); err != nil || n != 1 {
				t.Errorf("after six starts at once there are %d queues (%v), want one", n, err)
			}
		})
	}
}

func TestConnectionThatTimedOutNeverAnswersALaterCall(t *testing.T) {
	s := openTest(t, sqltest.DSN(t))
	s.write.DB.SetMaxOpenConns(1)
	stmt, err := s.write.DB.PrepareContext(t.Context(), "SELECT $1::bigint FROM pg_sleep($2::float8)")
	if err != nil {
		t.Fatal(err)
	}
	defer stmt.Close()
	hurried, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	var got int64
	if err := stmt.QueryRowContext(hurried, 1, 0.3).Scan(&got); err == nil {
		t.Fatal("the slow query answered in time; the test proves nothing")
	}
	for want := int64(2); want < 6; want++ {
		if err := stmt.QueryRowContext(t.Context(), want, 0).Scan(&got); err != nil || got != want {
			t.Fatalf("after a timeout the query for %d answered %d (%v)", want, got, err)
		}
	}
}

func TestCommitterConnectionCarriesItsTimeouts(t *testing.T) {
	s := openTest(t, sqltest.DSN(t))
	connector, err := s.pgConnector(map[string]any{"lock_timeout": "2s", "idle_in_transaction_session_timeout": "5s"},
		pgdriver.WithReadTimeout(20*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	db := sql.OpenDB(connector)
	defer db.Close()
	var lock, idle string
	err = db.QueryRowContext(t.Context(), "SELECT current_setting('lock_timeout'), current_setting('idle_in_transaction_session_timeout')").Scan(&lock, &idle)
	if err != nil || lock != "2s" || idle != "5s" {
		t.Errorf("the connection has lock_timeout %s and idle timeout %s (%v), want 2s and 5s", lock, idle, err)
	}
}

func TestDatabaseClockIsInMilliseconds(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, s *Store) {
		var now int64
		if err := s.read.NewRaw("SELECT "+s.dialect.nowMillis()).Scan(t.Context(), &now); err != nil {
			t.Fatal(err)
		}
		if off := time.Since(time.UnixMilli(now)).Abs(); off > time.Minute {
			t.Errorf("the database says %v, %v off", time.UnixMilli(now), off)
		}
	})
}
