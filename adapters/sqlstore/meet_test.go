package sqlstore

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"baton/adapters/sqlstore/sqltest"
	"baton/core"
	"baton/core/access"
)

// race runs do on two nodes of one PostgreSQL, from many goroutines that begin together, and counts the outcomes.
func race(t *testing.T, nodes []*Store, do func(s *Store, i int) error) map[core.Kind]int {
	t.Helper()
	const runners = 12
	var mu sync.Mutex
	counts, begin := map[core.Kind]int{}, make(chan struct{})
	var wg sync.WaitGroup
	for i := range runners {
		wg.Go(func() {
			<-begin
			err := do(nodes[i%len(nodes)], i)
			mu.Lock()
			defer mu.Unlock()
			if counts[core.KindOf(err)]++; core.KindOf(err) == core.Internal {
				t.Error(err)
			}
		})
	}
	close(begin)
	wg.Wait()
	return counts
}

func TestA13SetUpsThatMeetInTheDatabaseMakeOneOwner(t *testing.T) {
	dsn := sqltest.DSN(t)
	nodes := []*Store{openTest(t, dsn), openTest(t, dsn)}
	for round := range 10 {
		if _, err := nodes[0].write.ExecContext(t.Context(), "DELETE FROM agents"); err != nil {
			t.Fatal(err)
		}
		for _, code := range []string{"one", "two"} {
			if err := nodes[0].KeepSetUpCode(t.Context(), code, time.Now(), time.Time{}); err != nil {
				t.Fatal(err)
			}
		}
		counts := race(t, nodes, func(s *Store, i int) error {
			id := fmt.Sprintf("agt_%d_%d", round, i)
			_, err := s.SetUp(t.Context(), []string{"one", "two"}[i/2%2], core.Account{TimeZone: "UTC"}, access.NewUser{ID: id, Email: id + "@example.org", Name: "Olga", Role: core.Owner, At: time.Now()},
				access.NewLogin{ID: "log_" + id, Hash: id, Agent: id, Generation: 1, At: time.Now()})
			return err
		})
		if counts[""] != 1 || counts[core.Unauthorized] != 11 {
			t.Fatalf("twelve set-ups that met ended as %v, want one owner", counts)
		}
	}
}

func TestKeysThatMeetInTheDatabaseAreTwoAtMost(t *testing.T) {
	dsn := sqltest.DSN(t)
	nodes := []*Store{openTest(t, dsn), openTest(t, dsn)}
	for round := range 10 {
		counts := race(t, nodes, func(s *Store, i int) error {
			id := fmt.Sprintf("key_%d_%d", round, i)
			_, err := s.AddKey(t.Context(), core.Desk, fmt.Sprintf("bot %d", round), id, access.Key{ID: id, CreatedAt: time.Now()})
			return err
		})
		if counts[""] != 2 || counts[core.Conflict] != 10 {
			t.Fatalf("twelve keys that met ended as %v, want two", counts)
		}
	}
}
