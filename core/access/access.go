// Package access says who is calling: it lets people in by password, bots by key and customers by token, and
// throws them out again. Whoever holds a credential is a core.Actor; what that actor may do is not decided here.
//
// Every secret that is given out is 256 random bits and is kept as its SHA-256 only; passwords are kept as the
// Hasher makes them. A credential that was revoked stops on this node at once and on all others within a second:
// the store keeps a table of what was revoked, which Authenticate, Check and each command ask.
package access

import (
	"context"
	"time"
)

// Config may stay zero.
type Config struct {
	Now func() time.Time // the clock; time.Now when nil
	// A login ends when it was not used for IdleAfter (12 h), and LastsFor (7 d) after it began in any case.
	IdleAfter time.Duration
	LastsFor  time.Duration
	// VisitorIdleAfter (7 d) is how long a customer's token lives without use.
	VisitorIdleAfter time.Duration
	// TicketFor (30 s) is how long a ticket for the socket can be redeemed.
	TicketFor time.Duration
	// CapacityMax (20) is the highest capacity that an agent can be given.
	CapacityMax int
}

func (c Config) withDefaults() Config {
	def := func(d *time.Duration, v time.Duration) {
		if *d == 0 {
			*d = v
		}
	}
	def(&c.IdleAfter, 12*time.Hour)
	def(&c.LastsFor, 7*24*time.Hour)
	def(&c.VisitorIdleAfter, 7*24*time.Hour)
	def(&c.TicketFor, 30*time.Second)
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.CapacityMax == 0 {
		c.CapacityMax = 20
	}
	return c
}

// Hasher makes passwords into something that can be kept. It waits for its turn: hashing is slow on purpose.
type Hasher interface {
	Hash(ctx context.Context, password string) (string, error)
	// Verify says whether the hash was made from this password. With an empty hash it takes as long and is false.
	Verify(ctx context.Context, hash, password string) (bool, error)
}

// Identity checks what a host page says about its visitor.
type Identity interface {
	// Verify gives what a token claims, or an Unauthorized refusal that says what was wrong with it.
	Verify(token string, now time.Time) (Claims, error)
	// Trusts says whether tokens of this issuer are still accepted.
	Trusts(issuer string) bool
}

// Claims are what a host page vouches for: a person, by an id that is the page's own.
type Claims struct {
	Issuer  string // the id of the key that signed
	Subject string
	Name    string
	Email   string
}

// Access lets callers in. Its methods may be called by many at once.
type Access struct {
	cfg      Config
	store    Store
	hasher   Hasher
	identity Identity
	cache    answers
	turns    turns
}

// New makes an Access; it starts nothing.
func New(store Store, hasher Hasher, identity Identity, cfg Config) *Access {
	return &Access{cfg: cfg.withDefaults(), store: store, hasher: hasher, identity: identity}
}

// sweepEvery is how often what has expired is removed.
const sweepEvery = 10 * time.Minute

// Run removes credentials, tickets and counts of failures that have had their time, now and every ten minutes,
// until ctx ends. An error of one round is left to the next.
func (a *Access) Run(ctx context.Context, report func(error)) error {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		if err := a.Sweep(ctx); err != nil && ctx.Err() == nil {
			report(err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Sweep removes what has expired once.
func (a *Access) Sweep(ctx context.Context) error {
	now := a.cfg.Now()
	return a.store.Sweep(ctx, Expired{
		LoginsBegun: now.Add(-a.cfg.LastsFor), LoginsUsed: now.Add(-a.cfg.IdleAfter),
		VisitorsUsed: now.Add(-a.cfg.VisitorIdleAfter), Tickets: now, Links: now, Failures: now.Add(-accountWindow),
	})
}
