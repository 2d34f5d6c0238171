package sqlstore

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"baton/core"
)

const (
	// batchSize is how many commands share a transaction at most.
	batchSize = 256
	// queueLength is how many commands wait before callers do.
	queueLength = 4096
	// answerWithin is how long Change and Begin wait for the committer.
	answerWithin = 2 * time.Second
	// forgetEvery is how often is looked for what was not used for long.
	forgetEvery = time.Second
	// sharedFor is how long a session counts as written by other nodes too.
	sharedFor = time.Minute
	// retryPause is how long the committer rests after trouble that may pass.
	retryPause = 50 * time.Millisecond
)

// committer decides and writes all commands of this node, one batch after the other. Only its goroutine touches
// the fields below the queue.
type committer struct {
	store    *Store
	node     string
	writer   writer
	rows     rowFlusher
	heads    *heads
	postgres bool
	log      *slog.Logger
	queue    chan *command
	loaded   chan loaded
	foreign  chan string // sessions that another node wrote, as the poll says
	ending   <-chan struct{}
	ended    chan struct{} // closed when nothing is decided any more

	turn sync.Mutex // held while a batch is decided and written

	front  []*command            // commands that come before the queue, in order
	lines  map[string][]*command // commands that wait until their session's head has been read
	shared map[string]time.Time  // sessions that other nodes write too, until when
}

// loaded is a head that was read for a waiting line, or why it could not be.
type loaded struct {
	session string
	head    *head
	err     error
}

// run commits until ctx ends, and then what was accepted before.
func (c *committer) run(ctx context.Context) error {
	c.ending = ctx.Done()
	var beside sync.WaitGroup
	due := make(chan time.Time)
	beside.Go(func() { c.flushBeside(ctx, due) })
	forget := time.NewTicker(forgetEvery)
	defer forget.Stop()
	for ctx.Err() == nil {
		if len(c.front) > 0 {
			c.step(c.fill(nil))
			continue
		}
		select {
		case <-ctx.Done():
		case cmd := <-c.queue:
			c.step(c.fill(cmd))
		case l := <-c.loaded:
			c.resume(l)
		case now := <-due:
			c.flush(now.Add(-flushAfter))
		case now := <-forget.C:
			c.heads.drop(now)
			c.forgetShared(now)
		}
	}
	beside.Wait()
	c.drain()
	c.turnAway()
	return c.writer.close()
}

// drain commits what was queued before the end, for at most a few seconds.
func (c *committer) drain() {
	deadline := time.After(5 * time.Second)
	for {
		if len(c.front) > 0 {
			c.step(c.fill(nil))
			continue
		}
		select {
		case cmd := <-c.queue:
			c.step(c.fill(cmd))
			continue
		default:
		}
		if len(c.lines) == 0 {
			break
		}
		select {
		case l := <-c.loaded:
			c.resume(l)
			continue
		case <-deadline:
		}
		break
	}
	for now := time.Now(); c.flush(now); {
		continue // rows that could not be written count as younger than now
	}
}

// fill takes what is there, without waiting for more.
func (c *committer) fill(first *command) []*command {
	cmds := make([]*command, 0, min(batchSize, len(c.front)+len(c.queue)+1))
	if first != nil {
		c.front = append(c.front, first)
	}
	n := min(batchSize, len(c.front))
	cmds = append(cmds, c.front[:n]...)
	c.front = slices.Delete(c.front, 0, n)
	for len(cmds) < batchSize {
		select {
		case cmd := <-c.queue:
			cmds = append(cmds, cmd)
		default:
			return cmds
		}
	}
	return cmds
}

// step takes commands through decision, writing and telling. Whatever goes wrong, each command is answered, or
// waits in front or in a line.
func (c *committer) step(cmds []*command) {
	c.turn.Lock()
	defer c.turn.Unlock()
	cmds = c.skipLines(cmds)
	now := time.Now()
	var b *batch
	var outcome *outcome
	var err error
	if shared := c.sharedOf(cmds, now); len(shared) > 0 {
		b, outcome, err = c.writeShared(shared, cmds, now)
	} else {
		b = c.newBatch(now)
		outcome = c.decide(b, cmds)
		err = c.write(b)
	}
	if err != nil {
		c.trouble(err, b, cmds)
		return
	}
	c.settle(b, outcome, now)
}

func (c *committer) newBatch(now time.Time) *batch {
	b := newBatch(c.heads, c.node, now.UTC().Truncate(time.Millisecond))
	b.uncounted = c.store.engine.uncounted
	return b
}

func (c *committer) write(b *batch) error {
	if !b.writes() {
		return nil
	}
	return c.writer.write(b)
}

// skipLines puts commands of sessions that are being read into their lines.
func (c *committer) skipLines(cmds []*command) []*command {
	if len(c.lines) == 0 {
		return cmds
	}
	return slices.DeleteFunc(cmds, func(cmd *command) bool {
		line, waits := c.lines[cmd.session]
		if waits && cmd.session != "" {
			c.lines[cmd.session] = append(line, cmd)
			return true
		}
		return false
	})
}

// outcome is what a batch's decisions came to, besides what it writes.
type outcome struct {
	refusals []refusal
	repeats  []repeat
	unread   []*command // the head is not there, or not fresh enough to refuse on
	later    []*command // not in this batch
}

type refusal struct {
	cmd *command
	err error
}

type repeat struct {
	cmd *command
	is  *errRepeat
}

// decide lets each command decide on what those before it would leave.
func (c *committer) decide(b *batch, cmds []*command) *outcome {
	out := new(outcome)
	for i, cmd := range cmds {
		if c.store.revoked(cmd.by) {
			out.refusals = append(out.refusals, refusal{cmd, core.Refuse(core.Unauthorized, "you are not signed in any more")})
			continue
		}
		// Once a command waits for its session to be read, those behind it wait too.
		if slices.ContainsFunc(out.unread, func(u *command) bool { return u.session == cmd.session && cmd.session != "" }) {
			out.unread = append(out.unread, cmd)
			continue
		}
		if (cmd.alone || b.single()) && len(b.decided) > 0 {
			out.later = append(out.later, cmds[i:]...)
			return out
		}
		what, err := b.decide(cmd)
		if what == nextTime {
			out.later = append(out.later, cmds[i:]...)
			return out
		}
		c.sort(out, cmd, what, err)
	}
	return out
}

// sort puts a decided command where it belongs.
func (c *committer) sort(out *outcome, cmd *command, what verdict, err error) {
	var again *errRepeat
	switch {
	case what == taken:
	case what == unread:
		out.unread = append(out.unread, cmd)
	case errors.As(err, &again) && again.staged:
		out.later = append(out.later, cmd)
	case errors.As(err, &again):
		out.repeats = append(out.repeats, repeat{cmd, again})
	case c.final(cmd, err):
		out.refusals = append(out.refusals, refusal{cmd, err})
	default:
		out.unread = append(out.unread, cmd)
	}
}

// final says whether a refusal may be given: only on a picture that was the newest after the command came. An
// ended session stays ended, and on SQLite nobody else writes.
func (c *committer) final(cmd *command, err error) bool {
	if !c.postgres || cmd.session == "" || core.KindOf(err) == core.SessionEnded || !isRefusal(err) {
		return true
	}
	h, known := c.heads.get(cmd.session)
	return known && !h.freshAt.Before(cmd.queued)
}

// settle adopts a written batch, answers its callers and tells those who follow.
func (c *committer) settle(b *batch, out *outcome, began time.Time) {
	c.heads.adopt(b.order, began, began)
	if c.postgres {
		c.store.engine.tally.add(b.counters())
	}
	for _, d := range b.decided {
		d.cmd.done(&core.Committed{Session: d.txn.session, Events: d.txn.events}, nil)
	}
	for _, r := range out.refusals {
		r.cmd.done(nil, r.err)
	}
	for _, r := range out.repeats {
		c.store.answerRepeat(c, r)
	}
	for _, cmd := range out.unread {
		c.await(cmd)
	}
	c.front = append(out.later, c.front...)
	if changes := b.changes(); len(changes) > 0 {
		c.store.tell(changes)
	}
}

// await puts a command into the line of its session and has the session's head read.
func (c *committer) await(cmd *command) {
	line, waits := c.lines[cmd.session]
	c.lines[cmd.session] = append(line, cmd)
	if waits {
		return
	}
	session := cmd.session
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), answerWithin)
		defer cancel()
		h, err := c.store.readHead(ctx, session)
		c.loaded <- loaded{session: session, head: h, err: err}
	}()
}

// resume lets a line go on after its session's head was read.
func (c *committer) resume(l loaded) {
	line := c.lines[l.session]
	delete(c.lines, l.session)
	if l.err != nil {
		c.refuse(line, busyIfPassing(l.err))
		return
	}
	c.heads.offer(l.head)
	c.front = append(line, c.front...)
}
