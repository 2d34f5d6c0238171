package sandbox

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	glua "github.com/yuin/gopher-lua"
)

// reason says why a call was stopped; 0 is that it was not.
type reason int32

const (
	spentSteps reason = iota + 1
	spentBytes
	spentTime
	heapGrew
	abandoned
	broken
)

// Budget is what is left for one call. It is the context of the interpreter, which asks Done before each instruction:
// so Done counts, and once it has said stop it keeps saying so, and no pcall can go on.
type Budget struct {
	left   int64 // steps until it is asked what comes then
	later  int64 // steps beyond those, while nobody watches the call
	bytes  int64
	why    reason
	used   int64        // steps, when it was stopped
	stop   atomic.Int32 // a reason, from the clock
	limits *Limits
	ctx    context.Context //nolint:containedctx // of the call, until the clock watches it
	clock  clock
}

var _ context.Context = (*Budget)(nil)

// closed is what Done gives when it is over.
var closed = func() <-chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()

func newBudget(limits *Limits) *Budget {
	b := &Budget{limits: limits}
	b.clock.budget = b
	return b
}

// unwatched is how many steps a call takes before the clock runs: less than a tenth of a millisecond. Most calls end
// before, and starting a timer costs as much as an empty hook.
const unwatched = 1000

// begin fills the budget. The call ends early when ctx does.
func (b *Budget) begin(ctx context.Context) {
	b.left = min(b.limits.Steps, unwatched)
	b.later = b.limits.Steps - b.left
	b.bytes, b.why, b.used, b.ctx = b.limits.Bytes, 0, 0, ctx
	b.stop.Store(0)
}

func (b *Budget) end() {
	if b.ctx == nil {
		b.clock.stop()
	}
	b.ctx = nil
}

// Watch lets the clock run from now on, if it does not yet: the call takes long, or is about to wait for something.
func (b *Budget) Watch() {
	if b.ctx == nil {
		return
	}
	b.clock.start(b.ctx, b.limits.Wall)
	b.left, b.later, b.ctx = b.left+b.later, 0, nil
}

// Done counts one instruction. A nil channel lets the interpreter go on.
func (b *Budget) Done() <-chan struct{} {
	b.left--
	if b.left >= 0 && b.stop.Load() == 0 || b.more() {
		return nil
	}
	b.halt()
	return closed
}

// more says whether the call may go on, being watched, when it has taken its first steps.
func (b *Budget) more() bool {
	if b.ctx == nil || b.why != 0 {
		return false
	}
	b.Watch()
	return b.left >= 0
}

// Err says why the call was stopped; the interpreter raises it as the script's error.
func (b *Budget) Err() error {
	if b.why == 0 {
		return nil
	}
	return fmt.Errorf("stopped: %s", b.reason())
}

// Deadline and Value make a Budget a context; nobody asks them.
func (b *Budget) Deadline() (time.Time, bool) { return time.Time{}, false }

// Value gives nothing.
func (b *Budget) Value(any) any { return nil }

// Used is how many steps the call has taken, at most all that it had.
func (b *Budget) Used() int64 {
	if b.why != 0 {
		return b.used
	}
	return b.limits.Steps - max(b.left+b.later, 0)
}

// Made is how many bytes of strings and tables it has made.
func (b *Budget) Made() int64 { return b.limits.Bytes - b.bytes }

// Spent says whether the call was stopped.
func (b *Budget) Spent() bool { return b.why != 0 }

// halt stops the call for good, for the first reason there was.
func (b *Budget) halt() {
	if b.why == 0 {
		b.why = reason(b.stop.Load())
		if b.why == 0 {
			b.why = spentSteps
		}
	}
	b.settle()
}

func (b *Budget) settle() {
	if b.used == 0 {
		b.used = b.limits.Steps - max(b.left+b.later, 0)
	}
	b.left, b.later = 0, 0
}

// trip stops the call because of why and raises it.
func (b *Budget) trip(l *glua.LState, why reason) {
	if b.why == 0 {
		b.why = why
	}
	b.settle()
	l.RaiseError("%s", b.Err().Error())
}

// Steps pays for work that the library does.
func (b *Budget) Steps(l *glua.LState, n int) {
	b.left -= int64(n)
	if (b.left < 0 || b.stop.Load() != 0) && !b.more() {
		b.halt()
		b.trip(l, b.why)
	}
}

// Memory pays for a table or a part of one.
func (b *Budget) Memory(l *glua.LState, n int) {
	b.bytes -= int64(n)
	if b.bytes < 0 {
		b.trip(l, spentBytes)
	}
}

// Text pays for a new string of n bytes, which must be within the limit of one string.
func (b *Budget) Text(l *glua.LState, n int) {
	b.Fits(l, n)
	b.Memory(l, n+16)
	b.Steps(l, n>>6+1)
}

// Fits refuses a string of n bytes when it would be too large. A script may catch that.
func (b *Budget) Fits(l *glua.LState, n int) {
	if n > b.limits.String || n < 0 {
		l.RaiseError("the string would be too large (limit %d bytes)", b.limits.String)
	}
}

func (b *Budget) reason() string {
	switch b.why {
	case spentSteps:
		return fmt.Sprintf("instruction limit reached (%d steps)", b.limits.Steps)
	case spentBytes:
		return fmt.Sprintf("memory limit reached (%d bytes of new strings and tables)", b.limits.Bytes)
	case spentTime:
		return fmt.Sprintf("time limit reached (%v)", b.limits.Wall)
	case heapGrew:
		return "memory limit reached (the server is short of memory)"
	case abandoned:
		return "whoever asked did not wait any longer"
	default:
		return "the interpreter failed"
	}
}
