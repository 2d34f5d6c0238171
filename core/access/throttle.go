package access

import (
	"context"
	"errors"
	"net/netip"
	"sync"
	"time"

	"baton/core"
)

const (
	accountDelay    = time.Second
	accountDelayMax = 15 * time.Minute
	accountWindow   = 24 * time.Hour // an account's count starts again after this
	addressLimit    = 5
	addressWindow   = 5 * time.Minute
)

// attempt runs try unless there were too many failures for this account or from this address, and counts it
// when it ends Unauthorized. Attempts for one account, and from one address, take turns, so that many at once
// are not all let through before the first has failed.
func (a *Access) attempt(ctx context.Context, account, address string, try func() error) error {
	var byAddress, byAccount string
	if address != "" {
		byAddress = "address " + network(address)
		defer a.turns.take(byAddress)()
	}
	if account != "" {
		byAccount = accountSubject(account)
		defer a.turns.take(byAccount)()
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	failures, err := a.store.Failures(ctx, byAccount, byAddress)
	if err != nil {
		return err
	}
	if wait := waitAfter(failures[byAccount], failures[byAddress], a.cfg.Now()); wait > 0 {
		refusal := core.Refuse(core.TooMany, "there were too many failed attempts; try again in %s", wait.Truncate(time.Second)+time.Second)
		refusal.RetryAfter = wait
		return refusal
	}
	err = try()
	if err == nil && failures[byAccount].Count > 0 {
		return a.store.Forgive(ctx, byAccount)
	}
	if core.KindOf(err) == core.Unauthorized {
		// A caller who hangs up must not get out of being counted.
		if uncounted := a.countFailure(context.WithoutCancel(ctx), byAccount, byAddress); uncounted != nil {
			return uncounted
		}
	}
	return err
}

// accountSubject is what the failures of an account are counted under. What people type into the field of an e-mail
// address is at times their password.
func accountSubject(account string) string { return "account " + hashOf(account) }

// waitAfter is how long the next attempt has to wait.
func waitAfter(account, address Failure, now time.Time) time.Duration {
	var wait time.Duration
	if account.Count > 0 {
		wait = account.LastAt.Add(delayAfter(account.Count)).Sub(now)
	}
	if address.Count >= addressLimit {
		wait = max(wait, address.FirstAt.Add(addressWindow).Sub(now))
	}
	return min(wait, accountDelayMax) // whatever became of the clock meanwhile
}

func (a *Access) countFailure(ctx context.Context, byAccount, byAddress string) error {
	now := a.cfg.Now()
	var err error
	if byAccount != "" {
		err = a.store.Fail(ctx, byAccount, now, now.Add(-accountWindow))
	}
	if byAddress != "" {
		err = errors.Join(err, a.store.Fail(ctx, byAddress, now, now.Add(-addressWindow)))
	}
	return err
}

// delayAfter is how long an account waits after this many failures: 1 s, 2 s, 4 s ... 15 min.
func delayAfter(failures int) time.Duration {
	const doublings = 10 // 2^10 s is more than the most
	return min(accountDelay<<min(max(failures-1, 0), doublings), accountDelayMax)
}

// network is what counts as one address: an IPv6 customer has a whole /64.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is6() {
		if prefix, err := ip.Prefix(64); err == nil {
			return prefix.String()
		}
	}
	return ip.String()
}

// turns lets callers of one name through one after the other.
type turns struct {
	mu      sync.Mutex // guards waiting
	waiting map[string]*turn
}

type turn struct {
	sync.Mutex
	callers int
}

// take waits for the caller's turn and gives back how to end it.
func (t *turns) take(name string) (done func()) {
	t.mu.Lock()
	if t.waiting == nil {
		t.waiting = map[string]*turn{}
	}
	mine := t.waiting[name]
	if mine == nil {
		mine = &turn{}
		t.waiting[name] = mine
	}
	mine.callers++
	t.mu.Unlock()
	mine.Lock()
	return func() {
		mine.Unlock()
		t.mu.Lock()
		defer t.mu.Unlock()
		if mine.callers--; mine.callers == 0 {
			delete(t.waiting, name)
		}
	}
}
