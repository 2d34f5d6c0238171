package sqlstore

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"baton/core"
	"baton/core/desk"
)

var _ desk.RuleBound = (*Store)(nil)

// held reads sessions of a queue that have been where they are since a time, the oldest first.
func (s *Store) held(ctx context.Context, doing, queue, status string, since time.Time, limit int, more func(*bun.SelectQuery) *bun.SelectQuery) ([]*core.Session, error) {
	return s.sessionsWhere(ctx, doing, func(q *bun.SelectQuery) *bun.SelectQuery {
		// The first condition is the one of the index, to the letter: SQLite sees no other way into it.
		q = q.Where("status IN ('waiting', 'active', 'parked')").Where("queue_id = ?", queue).Where("status = ?", status)
		if !since.IsZero() {
			q = q.Where("held_since <= ?", millis(since))
		}
		return more(q).Order("held_since").Limit(int64(limit))
	})
}

func everything(q *bun.SelectQuery) *bun.SelectQuery { return q }

// Parked are the sessions of a queue that are kept until it opens, in the order in which they came.
func (s *Store) Parked(ctx context.Context, queue string, limit int) ([]*core.Session, error) {
	return s.held(ctx, "list what is kept until an opening", queue, statusParked, time.Time{}, limit, everything)
}

// InLine are the waiting sessions of a queue since a time, the longest first.
func (s *Store) InLine(ctx context.Context, queue string, since time.Time, limit int) ([]*core.Session, error) {
	return s.held(ctx, "list who waits", queue, string(core.StatusWaiting), since, limit, everything)
}

// TooLong are the waiting sessions of a queue that came there until a time, and of which that was not noted yet.
func (s *Store) TooLong(ctx context.Context, queue string, since time.Time, limit int) ([]*core.Session, error) {
	return s.held(ctx, "list who waits too long", queue, string(core.StatusWaiting), since, limit, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("too_long = 0")
	})
}

// Unanswered are the active sessions of a queue whose agents joined until a time and have said nothing yet.
func (s *Store) Unanswered(ctx context.Context, queue string, since time.Time, limit int) ([]*core.Session, error) {
	return s.held(ctx, "list who got no reply", queue, string(core.StatusActive), since, limit, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("replied_at = 0")
	})
}

// Silent are the active sessions of a queue in which nothing has happened since a time, after the agent spoke. Those
// after the last session of the page before come next.
func (s *Store) Silent(ctx context.Context, queue string, since time.Time, after *core.Session, limit int) ([]*core.Session, error) {
	return s.sessionsWhere(ctx, "list the silent customers", func(q *bun.SelectQuery) *bun.SelectQuery {
		q = q.Where("status <> 'ended'").Where("status = 'active'").Where("queue_id = ?", queue).Where("last_at <= ?", millis(since)).
			Where("unanswered_since = 0").Where("replied_at > 0")
		if after != nil {
			q = q.Where("(last_at, id) < (?, ?)", millis(after.LastAt), after.ID)
		}
		return q.OrderExpr("last_at DESC, id DESC").Limit(int64(limit))
	})
}
