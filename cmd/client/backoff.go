package client

import (
	"context"
	"math/rand/v2"
	"time"
)

// Backoff says how long to wait before the next try: each time about twice as long, by chance a little more or
// less, so that many clients do not come back in one moment. The zero value begins at 50 ms and ends at 2 s.
type Backoff struct {
	First, Most time.Duration
	tries       int
}

// Wait waits for the next try. It is an error when ctx ends first.
func (b *Backoff) Wait(ctx context.Context) error {
	return pause(ctx, b.next())
}

// Reset says that a try has succeeded.
func (b *Backoff) Reset() { b.tries = 0 }

func (b *Backoff) next() time.Duration {
	first, most := b.First, b.Most
	if first <= 0 {
		first = 50 * time.Millisecond
	}
	if most <= 0 {
		most = 2 * time.Second
	}
	wait := min(first<<min(b.tries, 20), most)
	b.tries++
	return wait/2 + rand.N(wait/2+1)
}

// pause waits for so long, or until ctx ends, which is an error.
func pause(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
