package sqlstore

import (
	"context"
	"time"
)

const (
	// flushAfter is how long coalesced columns wait to be written. That is done a few rows at a time, in so many
	// turns of flushEvery at most, so that no message waits behind the rows of all sessions.
	flushAfter  = 800 * time.Millisecond
	flushEvery  = 25 * time.Millisecond
	flushTurns  = 32
	flushAtOnce = 16
)

// rowFlusher writes the coalesced columns of sessions whose rows are behind.
type rowFlusher interface {
	flush(rows []*sessionRow) error
}

// flushBeside says when list columns are due. Where they go over a connection of their own they are written here,
// beside the committer, so that no message waits for them; otherwise the committer is asked to.
func (c *committer) flushBeside(ctx context.Context, due chan<- time.Time) {
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			if c.postgres {
				c.flush(now.Add(-flushAfter))
				continue
			}
			select {
			case due <- now:
			case <-ctx.Done():
			}
		}
	}
}

// flush writes coalesced columns that are behind since before this time, and says whether there were any.
func (c *committer) flush(before time.Time) bool {
	list := c.heads.unwritten(before)
	if len(list) == 0 {
		return false
	}
	rows := make([]*sessionRow, len(list))
	now := time.Now()
	for i, s := range list {
		rows[i] = &sessionRow{ID: s.ID}
		rows[i].coalesce(s, now)
	}
	if err := c.rows.flush(rows); err != nil {
		c.heads.putBack(list, now)
		c.log.Warn("writing the list columns", "error", err, "sessions", len(list))
	}
	return true
}
