package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"baton/core"
	"baton/core/desk"
)

const (
	// maxKey is how long an Idempotency-Key may be.
	maxKey = 255
	// keyPatience is how long a repeat waits for the first.
	keyPatience = 1500 * time.Millisecond
)

// takeKey reads the Idempotency-Key, which only a bot's calls may carry.
func (s *Server) takeKey(_ context.Context, f *fiber.Ctx, c *call) error {
	key := f.Get("Idempotency-Key")
	if key == "" || !c.route.Keyed || c.actor.Role != core.BotRole {
		return nil
	}
	if len(key) > maxKey {
		return core.RefuseField("Idempotency-Key", "an idempotency key has at most %d characters", maxKey)
	}
	for _, b := range []byte(key) {
		if b < ' ' || b > '~' {
			return core.RefuseField("Idempotency-Key", "an idempotency key is made of printable ASCII")
		}
	}
	c.key = key
	return nil
}

// once runs an act at most once for a request's Idempotency-Key. The key is kept with the act, in its
// transaction; a repeat is answered by again, from what was kept. Refusals are not kept.
func once[O any](ctx context.Context, s *Server, status int, act func(context.Context) (O, error), again func(context.Context, *core.Idempotency) (O, error)) (O, error) {
	var none O
	c := callOf(ctx)
	if c.key == "" {
		return act(ctx)
	}
	done, err := s.keys.take(ctx, c.actor.ID+"\x00"+c.key)
	if err != nil {
		return none, err
	}
	defer done()
	if kept, err := s.kept(ctx, c); err != nil || kept != nil {
		if err != nil {
			return none, err
		}
		return again(ctx, kept)
	}
	out, err := act(desk.Once(ctx, *c.keyed(status)))
	if core.KindOf(err) != core.KeyInProgress {
		return out, err
	}
	// Another node was faster: its act is the one.
	kept, lookErr := s.kept(ctx, c)
	if lookErr != nil || kept == nil {
		return none, firstOf(lookErr, err)
	}
	return again(ctx, kept)
}

// keyed is the request's key as it is kept with an act that is answered with this status; nil without one.
func (c *call) keyed(status int) *core.Idempotency {
	if c.key == "" {
		return nil
	}
	return &core.Idempotency{Scope: c.actor.ID, Key: c.key, BodyHash: c.bodyHash(), Status: status}
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// kept gives what was kept of the request's key, if it was used before.
func (s *Server) kept(ctx context.Context, c *call) (*core.Idempotency, error) {
	kept, err := s.dir.Idempotency(ctx, c.actor.ID, c.key)
	switch {
	case core.KindOf(err) == core.NotFound:
		return nil, nil
	case err != nil || kept == nil:
		return nil, err
	case kept.BodyHash != c.bodyHash():
		return nil, core.Refuse(core.KeyReused, "this idempotency key was used for another request; make a new one for each")
	}
	return kept, nil
}

// bodyHash tells one request from another; of an upload the body is what was said in its form.
func (c *call) bodyHash() string {
	h := sha256.New()
	h.Write([]byte(c.route.Method + " " + c.path + "\x00"))
	h.Write(c.body)
	return hex.EncodeToString(h.Sum(nil))
}

// flights are the keyed requests under way on this node.
type flights struct {
	mu      sync.Mutex // guards waiting
	waiting map[string]chan struct{}
}

// take waits until no other request with this key is under way here.
func (f *flights) take(ctx context.Context, key string) (done func(), err error) {
	patience := time.NewTimer(keyPatience)
	defer patience.Stop()
	for {
		f.mu.Lock()
		other, busy := f.waiting[key]
		if !busy {
			mine := make(chan struct{})
			f.waiting[key] = mine
			f.mu.Unlock()
			return func() {
				f.mu.Lock()
				delete(f.waiting, key)
				f.mu.Unlock()
				close(mine)
			}, nil
		}
		f.mu.Unlock()
		select {
		case <-other:
		case <-patience.C:
			return nil, core.Refuse(core.KeyInProgress, "a request with this idempotency key is still under way; send it again in a moment")
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
