package access_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"baton/adapters/argon2id"
	"baton/adapters/jwt"
	"baton/adapters/sqlstore"
	"baton/adapters/sqlstore/sqltest"
	"baton/core"
	"baton/core/access"
)

const (
	password   = "correct horse"
	pageSecret = "a secret that the page and Baton share"
)

// house is an Access on a store, at a time that the test decides.
type house struct {
	*access.Access
	store *sqlstore.Store
	dsn   string
	clock *clock
}

type clock struct {
	mu  sync.Mutex // guards now
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// onBoth runs a test on a SQLite file and on PostgreSQL.
func onBoth(t *testing.T, test func(t *testing.T, h *house)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		test(t, open(t, "sqlite:"+filepath.Join(t.TempDir(), "baton.db"), &clock{now: time.Now()}))
	})
	t.Run("postgres", func(t *testing.T) { test(t, open(t, sqltest.DSN(t), &clock{now: time.Now()})) })
}

func open(t *testing.T, dsn string, at *clock) *house {
	t.Helper()
	store, err := sqlstore.Open(t.Context(), sqlstore.Config{DSN: dsn})
	if err != nil {
		t.Fatalf("open %s: %v", dsn, err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Errorf("close the store: %v", err)
		}
	})
	return &house{Access: newAccess(store, at, "page"), store: store, dsn: dsn, clock: at}
}

// cheap is what a hash of most tests costs: they are about who may come in, not about guessing.
const cheap = 64

// newAccess makes an Access that trusts host pages by the keys of these ids. Its passwords are cheap to hash.
func newAccess(store access.Store, at *clock, kids ...string) *access.Access {
	return newAccessAt(store, at, cheap, kids...)
}

// newAccessAt is newAccess with passwords that cost this many KiB to hash; 0 costs what users pay.
func newAccessAt(store access.Store, at *clock, memory uint32, kids ...string) *access.Access {
	keys := map[string]string{}
	for _, kid := range kids {
		keys[kid] = pageSecret
	}
	return access.New(store, argon2id.New(argon2id.Config{Memory: memory}), jwt.New(jwt.Config{Keys: keys}), access.Config{Now: at.Now})
}

// again is another node on the same database, or the same after a restart.
func (h *house) again(t *testing.T) *house { return open(t, h.dsn, h.clock) }

func (h *house) user(t *testing.T, email string, role core.Role) *core.Agent {
	t.Helper()
	u, err := h.AddUser(t.Context(), core.Desk, access.UserRequest{Email: email, Name: "Ann", Role: role, Password: password})
	if err != nil {
		t.Fatalf("add the user %s: %v", email, err)
	}
	return u
}

func (h *house) signIn(t *testing.T, email string) access.Login {
	t.Helper()
	login, err := h.SignIn(t.Context(), email, password, "")
	if err != nil {
		t.Fatalf("sign in as %s: %v", email, err)
	}
	return login
}

// known fails the test unless the token is that of this person.
func (h *house) known(t *testing.T, token, id, when string) {
	t.Helper()
	if actor, err := h.Authenticate(t.Context(), token); err != nil || actor.ID != id {
		t.Errorf("%s the token gave %q (%v), want %q", when, actor.ID, err, id)
	}
}

func (h *house) stranger(t *testing.T, token, when string) {
	t.Helper()
	if actor, err := h.Authenticate(t.Context(), token); core.KindOf(err) != core.Unauthorized {
		t.Errorf("%s the token gave %q (%v), want unauthorized", when, actor.ID, err)
	}
}

func refused(t *testing.T, err error, kind core.Kind, when string) {
	t.Helper()
	if core.KindOf(err) != kind {
		t.Errorf("%s: got %v, want %s", when, err, kind)
	}
}

// vouch signs what a host page claims.
func vouch(t *testing.T, kid string, at time.Time, subject, name string) string {
	t.Helper()
	header, err1 := json.Marshal(map[string]any{"alg": "HS256", "typ": "JWT", "kid": kid})
	claims, err2 := json.Marshal(map[string]any{"sub": subject, "name": name, "email": subject + "@shop.example", "aud": "baton", "exp": at.Add(5 * time.Minute).Unix()})
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	text := base64.RawURLEncoding.EncodeToString
	signed := text(header) + "." + text(claims)
	mac := hmac.New(sha256.New, []byte(pageSecret))
	fmt.Fprint(mac, signed)
	return signed + "." + text(mac.Sum(nil))
}

// atOnce runs the same thing n times at once and counts the outcomes.
func atOnce(n int, do func(i int) error) map[core.Kind]int {
	var mu sync.Mutex
	counts := map[core.Kind]int{}
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			kind := core.KindOf(do(i))
			mu.Lock()
			defer mu.Unlock()
			counts[kind]++
		})
	}
	wg.Wait()
	return counts
}

// ear hears of revocations.
type ear chan string

func (e ear) Follow(changes []core.Change) {
	for _, c := range changes {
		for _, subject := range c.Revoked {
			e <- subject
		}
	}
}

// hears waits until a node has been told of a revocation, at most for the second that it may take.
func (e ear) hears(t *testing.T, subject string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	for {
		select {
		case got := <-e:
			if got == subject {
				return
			}
		case <-ctx.Done():
			t.Fatalf("a second after %s was revoked the other node had not heard of it", subject)
		}
	}
}
