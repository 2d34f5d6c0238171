package sandbox

import (
	"context"
	"runtime/metrics"
	"sync"
	"time"
)

// beat is how often a running call is looked at. Most calls end before the first look.
const beat = 5 * time.Millisecond

// clock stops a call that takes too long, that nobody waits for, or during which the heap grows too much. It begins when
// the call has taken its first steps or is about to wait. It is a timer and not a goroutine: nothing is left of it when
// no script runs.
type clock struct {
	budget *Budget

	mu      sync.Mutex // guards what follows
	running bool
	ctx     context.Context //nolint:containedctx // of the call that runs
	end     time.Time
	heap    uint64 // of the process when it was first looked at
	timer   *time.Timer
}

func (c *clock) start(ctx context.Context, wall time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.running, c.ctx, c.end, c.heap = true, ctx, time.Now().Add(wall), 0
	if c.timer == nil {
		c.timer = time.AfterFunc(beat, c.look)
	} else {
		c.timer.Reset(beat)
	}
}

func (c *clock) stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.running, c.ctx = false, nil
	c.timer.Stop()
}

// look is what the timer does. A look that comes late, when the next call runs already, judges that call.
func (c *clock) look() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.running {
		return
	}
	if why := c.judge(); why != 0 {
		c.budget.stop.CompareAndSwap(0, int32(why))
		return
	}
	c.timer.Reset(min(beat, max(time.Until(c.end), time.Millisecond)))
}

func (c *clock) judge() reason {
	heap := heapSize()
	if c.heap == 0 {
		c.heap = heap
	}
	switch {
	case !time.Now().Before(c.end):
		return spentTime
	case c.ctx.Err() != nil:
		return abandoned
	case heap > c.heap+c.budget.limits.Heap:
		return heapGrew
	}
	return 0
}

// heapSize is what lives on the heap of the process, and what died and is not swept yet.
func heapSize() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
