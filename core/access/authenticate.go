package access

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"sync"
	"time"

	"baton/core"
)

const (
	// cacheFor is how long a positive answer may be given again without asking the store.
	cacheFor = time.Second
	// cacheSize bounds the memory that answers take.
	cacheSize = 10_000
	// usedEvery is how exactly the last use of a credential is known.
	usedEvery = time.Minute
	// tokenLength is that of every secret: a prefix of three and 256 bits in base32.
	tokenLength = 3 + 52
)

// stranger is the one answer to everybody who is not known, whatever the reason.
func stranger() *core.Error {
	return core.Refuse(core.Unauthorized, "you are not signed in, or no longer")
}

// hashOf is how a secret of 256 random bits is kept.
func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// Authenticate says who shows this token: hs_ of a login, hk_ of a bot, hv_ of a customer. It is Unauthorized for
// what is unknown, expired or revoked. A positive answer holds for one second, but ends at once when this node
// hears of a revocation; a negative one is never kept.
func (a *Access) Authenticate(ctx context.Context, token string) (core.Actor, error) {
	kinds := map[string]Kind{loginSecret: LoginKind, keySecret: KeyKind, visitorSecret: VisitorKind}
	if len(token) != tokenLength || kinds[token[:3]] == "" {
		return core.Actor{}, stranger()
	}
	hash, now := hashOf(token), a.cfg.Now()
	if actor, ok := a.cache.get(hash, now); ok && !a.store.Revoked(actor) {
		return actor, nil
	}
	c, err := a.store.CredentialByHash(ctx, kinds[token[:3]], hash)
	if err := a.admit(ctx, c, err, now); err != nil {
		return core.Actor{}, err
	}
	a.cache.put(hash, c.Actor, now)
	return c.Actor, nil
}

// Check says whether the credential of an actor who came in earlier is still good; it is Unauthorized when not.
// It asks memory only and costs next to nothing, so open sockets may ask it often.
func (a *Access) Check(_ context.Context, actor core.Actor) error {
	if a.store.Revoked(actor) {
		return stranger()
	}
	return nil
}

// Refresh gives an actor who came in earlier as he is now: his name, role, queues and scopes may have changed. It
// is Unauthorized when the credential is no longer good, its age included. It does not count as a use, but of a key:
// an open socket keeps that in use.
func (a *Access) Refresh(ctx context.Context, actor core.Actor) (core.Actor, error) {
	c, err := a.store.CredentialByID(ctx, actor.Credential)
	if err == nil && c.Kind == KeyKind {
		err = a.admit(ctx, c, err, a.cfg.Now())
	} else {
		err = a.judge(c, err, a.cfg.Now())
	}
	if err != nil {
		return core.Actor{}, err
	}
	return c.Actor, nil
}

// admit judges a credential that was looked up for use, and notes the use.
func (a *Access) admit(ctx context.Context, c *Credential, err error, now time.Time) error {
	if err := a.judge(c, err, now); err != nil {
		return err
	}
	if now.Sub(c.UsedAt) >= usedEvery {
		return a.store.Used(ctx, c.Actor.Credential, now)
	}
	return nil
}

// judge says whether a credential that was looked up is good now.
func (a *Access) judge(c *Credential, err error, now time.Time) error {
	if core.KindOf(err) == core.NotFound {
		return stranger()
	}
	if err != nil {
		return err
	}
	good := !a.store.Revoked(c.Actor)
	switch c.Kind {
	case LoginKind:
		good = good && now.Sub(c.UsedAt) < a.cfg.IdleAfter && now.Sub(c.CreatedAt) < a.cfg.LastsFor
	case VisitorKind:
		good = good && now.Sub(c.UsedAt) < a.cfg.VisitorIdleAfter && (c.Issuer == "" || a.identity.Trusts(c.Issuer))
	}
	if !good {
		return stranger()
	}
	return nil
}

// MakeTicket gives a ticket that opens one socket as this actor, within TicketFor.
func (a *Access) MakeTicket(ctx context.Context, actor core.Actor) (ticket string, expires time.Time, err error) {
	if actor.Credential == "" {
		return "", time.Time{}, core.Refuse(core.Forbidden, "a ticket is for somebody who has signed in")
	}
	ticket, expires = core.NewSecret(ticketSecret), a.cfg.Now().Add(a.cfg.TicketFor)
	return ticket, expires, a.store.AddTicket(ctx, hashOf(ticket), actor.Credential, expires)
}

// RedeemTicket says who comes by this ticket. It works once, on any node, and only while the credential that
// the ticket was made with is good.
func (a *Access) RedeemTicket(ctx context.Context, ticket string) (core.Actor, error) {
	if len(ticket) != tokenLength || !strings.HasPrefix(ticket, ticketSecret) {
		return core.Actor{}, stranger()
	}
	now := a.cfg.Now()
	credential, err := a.store.TakeTicket(ctx, hashOf(ticket), now)
	if core.KindOf(err) == core.NotFound {
		return core.Actor{}, stranger()
	}
	if err != nil {
		return core.Actor{}, err
	}
	c, err := a.store.CredentialByID(ctx, credential)
	if err := a.admit(ctx, c, err, now); err != nil {
		return core.Actor{}, err
	}
	return c.Actor, nil
}

// answers are positive answers of the last second.
type answers struct {
	mu    sync.Mutex // guards known
	known map[string]answer
}

type answer struct {
	actor core.Actor
	until time.Time
}

func (c *answers) get(hash string, now time.Time) (core.Actor, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	known, ok := c.known[hash]
	// A clock that was set back must not keep an answer alive.
	if !ok || !now.Before(known.until) || now.Before(known.until.Add(-cacheFor)) {
		return core.Actor{}, false
	}
	return known.actor, true
}

func (c *answers) put(hash string, actor core.Actor, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known == nil || len(c.known) >= cacheSize {
		c.known = map[string]answer{}
	}
	c.known[hash] = answer{actor: actor, until: now.Add(cacheFor)}
}
