package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
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

func TestBothDialectsHaveTheSameShape(t *testing.T) {
	lite, pg := openTest(t, fileDSN(t)), openTest(t, sqltest.DSN(t))
	a, b := sqliteShape(t, lite), postgresShape(t, pg)
	for what := range a {
		if a[what] != b[what] {
			t.Errorf("%s: SQLite has %q, PostgreSQL has %q", what, a[what], b[what])
		}
	}
	for what := range b {
		if _, ok := a[what]; !ok {
			t.Errorf("%s: PostgreSQL has %q, SQLite does not have it", what, b[what])
		}
	}
	if len(a) < 50 {
		t.Errorf("only %d tables, columns and indexes were compared", len(a))
	}
}

// typeClasses maps the types of both dialects onto what they can hold.
var typeClasses = strings.NewReplacer("bigint", "integer", "smallint", "integer", "bytea", "bytes", "blob", "bytes",
	"double precision", "real")

func sqliteShape(t *testing.T, s *Store) map[string]string {
	t.Helper()
	shape := map[string]string{}
	rows := query(t, s, `SELECT t.name, c.name, lower(c.type), c."notnull", c.pk FROM pragma_table_list t, pragma_table_info(t.name) c
		WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name NOT LIKE 'bun_%'`)
	for _, r := range rows {
		required := r[3] == "1" || r[4] != "0"
		shape["column "+r[0]+"."+r[1]] = fmt.Sprintf("%s required=%v key=%v", typeClasses.Replace(r[2]), required, r[4] != "0")
	}
	rows = query(t, s, `SELECT i.name, t.name, i."unique", i.partial, group_concat(x.name, ',' ORDER BY x.seqno)
		FROM pragma_table_list t, pragma_index_list(t.name) i, pragma_index_info(i.name) x
		WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name NOT LIKE 'bun_%' AND i.origin <> 'pk' GROUP BY 1, 2, 3, 4`)
	for _, r := range rows {
		addIndex(shape, r)
	}
	return shape
}

func postgresShape(t *testing.T, s *Store) map[string]string {
	t.Helper()
	shape := map[string]string{}
	rows := query(t, s, `SELECT c.relname, a.attname, format_type(a.atttypid, NULL), a.attnotnull::text,
		EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND a.attnum = ANY(i.indkey))::text
		FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND c.relname NOT LIKE 'bun_%'`)
	for _, r := range rows {
		shape["column "+r[0]+"."+r[1]] = fmt.Sprintf("%s required=%v key=%v", typeClasses.Replace(r[2]), r[3] == "true", r[4] == "true")
	}
	rows = query(t, s, `SELECT x.relname, c.relname, i.indisunique::int::text, (i.indpred IS NOT NULL)::int::text,
		(SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(i.indkey::smallint[]) WITH ORDINALITY k(attnum, n)
			JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum)
		FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
		WHERE c.relnamespace = current_schema()::regnamespace AND c.relname NOT LIKE 'bun_%' AND NOT i.indisprimary`)
	for _, r := range rows {
		addIndex(shape, r)
	}
	return shape
}

// addIndex notes an index of name, table, unique, partial and columns. The name of an index that a UNIQUE in a
// table makes is the database's own.
func addIndex(shape map[string]string, r []string) {
	name := r[0]
	if strings.HasPrefix(name, "sqlite_autoindex") || strings.HasSuffix(name, "_key") {
		name = "unique of " + r[1] + " on " + r[4]
	}
	shape["index "+name] = fmt.Sprintf("on %s(%s) unique=%s partial=%s", r[1], r[4], r[2], r[3])
}

func query(t *testing.T, s *Store, text string) [][]string {
	t.Helper()
	rows, err := s.read.QueryContext(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var all [][]string
	for rows.Next() {
		values, into := make([]string, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		all = append(all, values)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}
