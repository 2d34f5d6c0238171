package sqlstore

import (
	"context"

	"baton/core"
)

// take puts a command into the queue. It blocks while the queue is full, as long as ctx allows; when it gives an
// error the command has no answer and will get none.
func (c *committer) take(ctx context.Context, cmd *command) error {
	select {
	case c.queue <- cmd:
	case <-c.ended:
		return core.Overloaded()
	case <-ctx.Done():
		return core.Overloaded()
	}
	select {
	case <-c.ended: // it may have come after the last look into the queue
		c.refuseQueued()
	default:
	}
	return nil
}

// turnAway answers whatever could not be decided before the end, and what comes later: nobody waits for ever.
func (c *committer) turnAway() {
	close(c.ended)
	for _, line := range c.lines {
		c.refuse(line, core.Overloaded())
	}
	c.lines = nil
	c.giveUp()
}

// giveUp answers all that wait for their first decision or a new one.
func (c *committer) giveUp() {
	c.refuse(c.front, core.Overloaded())
	c.front = nil
	c.refuseQueued()
}

func (c *committer) refuseQueued() {
	for {
		select {
		case cmd := <-c.queue:
			cmd.done(nil, core.Overloaded())
		default:
			return
		}
	}
}
