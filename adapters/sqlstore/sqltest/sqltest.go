package sqltest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
)

// shared is the one server of a test process, started when the first test asks for it.
var shared struct {
	once sync.Once
	*Server
	err error
	n   atomic.Int64
}

// quick spares the disk: tests end processes, not machines, so nothing that PostgreSQL was told is ever lost.
var quick = []string{"fsync = off", "full_page_writes = off", "autovacuum = off"}

// DSN gives the test a fresh, empty PostgreSQL database, which is dropped when the test ends. All tests of a
// process share one server. Without PostgreSQL on the machine the test is skipped.
func DSN(t testing.TB) string {
	t.Helper()
	shared.once.Do(func() { shared.Server, shared.err = Start(context.Background(), Options{Settings: quick}) })
	if errors.Is(shared.err, ErrMissing) {
		t.Skipf("SKIPPED, NOT PROVEN ON POSTGRESQL: %v", shared.err)
	}
	if shared.err != nil {
		t.Fatalf("start a PostgreSQL for the tests: %v", shared.err)
	}
	name := fmt.Sprintf("test%d", shared.n.Add(1))
	if err := shared.Exec(context.Background(), "CREATE DATABASE "+name); err != nil {
		t.Fatalf("make a database for the test: %v", err)
	}
	t.Cleanup(func() {
		if err := shared.Exec(context.Background(), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("drop the database of the test: %v", err)
		}
	})
	return shared.DSN(name)
}
