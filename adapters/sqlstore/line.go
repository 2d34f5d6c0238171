package sqlstore

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"baton/core"
	"baton/core/desk"
)

var (
	_ desk.Line      = (*Store)(nil)
	_ desk.Deadlines = (*Store)(nil)
	_ desk.Directory = (*Store)(nil)
	_ desk.People    = (*Store)(nil)
)

// mayTake is what makes an agent eligible for any offer at all; a full one is still eligible.
const mayTake = "NOT disabled AND role <> 'viewer' AND status IN ('available', 'busy') AND seen_at > ?"

// FreeAgents are those who may be offered a chat now and have room.
func (s *Store) FreeAgents(ctx context.Context, seenAfter time.Time) ([]*core.Agent, error) {
	var rows []agentRow
	if err := s.read.NewSelect().Model(&rows).Where(mayTake, millis(seenAfter)).Where("load < capacity").Order("id").Scan(ctx); err != nil {
		return nil, wrap(err, "read the free agents")
	}
	agents := make([]*core.Agent, len(rows))
	for i := range rows {
		var err error
		if agents[i], err = rows[i].agent(); err != nil {
			return nil, err
		}
	}
	return agents, nil
}

// Waiting lists the waiting sessions of these queues in order of service.
func (s *Store) Waiting(ctx context.Context, queues []string, after *core.Session, limit int) ([]*core.Session, error) {
	return s.sessionsWhere(ctx, "list the line", func(q *bun.SelectQuery) *bun.SelectQuery {
		// The first condition is the one of the index, to the letter: SQLite sees no other way into it.
		q = q.Where("status IN ('waiting', 'pending')").Where("status = 'waiting'").Where("queue_id IN (?)", bun.List(queues)).OrderExpr("line_at, id").Limit(int64(limit))
		if after != nil {
			q = q.Where("(line_at, id) > (?, ?)", after.LineKey(), after.ID)
		}
		return q
	})
}

// Undecided names the waiting sessions on which no decision was made yet.
func (s *Store) Undecided(ctx context.Context, limit int) ([]string, error) {
	var ids []string
	err := s.read.NewRaw("SELECT id FROM sessions WHERE status = 'waiting' AND decided = 0 ORDER BY arrived_at LIMIT ?", limit).Scan(ctx, &ids)
	return ids, wrap(err, "list the undecided sessions")
}

// DueOffers are the sessions whose open offer has run out, by the database's clock.
func (s *Store) DueOffers(ctx context.Context, limit int) ([]*core.Session, error) {
	return s.sessionsWhere(ctx, "list the offers that ran out", func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("offered_to <> ''").Where("deadline_at > 0 AND deadline_at <= " + s.dialect.nowMillis()).Order("deadline_at").Limit(int64(limit))
	})
}

// NextDue is when the next offer runs out, or zero.
func (s *Store) NextDue(ctx context.Context) (time.Time, error) {
	var next int64
	// Adding 0 keeps the planner from walking all deadlines: the open offers are few.
	err := s.read.NewRaw("SELECT coalesce(min(deadline_at + 0), 0) FROM sessions WHERE offered_to <> '' AND deadline_at + 0 > 0").Scan(ctx, &next)
	return timeAt(next), wrap(err, "look for the next deadline")
}

// IdleOffers are the sessions that are offered to an agent who may take nothing now.
func (s *Store) IdleOffers(ctx context.Context, seenAfter time.Time, limit int) ([]*core.Session, error) {
	return s.sessionsWhere(ctx, "list the offers nobody will answer", func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("offered_to <> ''").Where("NOT EXISTS (SELECT 1 FROM agents a WHERE a.id = s.offered_to AND "+mayTake+")", millis(seenAfter)).Limit(int64(limit))
	})
}

// LeftBehind are the active sessions of agents who are gone, disabled or may only read.
func (s *Store) LeftBehind(ctx context.Context, seenAfter time.Time, limit int) ([]*core.Session, error) {
	return s.sessionsWhere(ctx, "list the chats of agents who are gone", func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("status = 'active'").Where("agent_id IN (SELECT a.id FROM agents a WHERE a.active > 0 AND (a.disabled OR a.role = 'viewer' OR a.seen_at <= ?))", millis(seenAfter)).Limit(int64(limit))
	})
}

// Looked moves the deadlines of waiting and idle sessions that were looked at. Offers keep theirs.
func (s *Store) Looked(ctx context.Context) error {
	now := s.dialect.nowMillis()
	_, err := s.write.ExecContext(ctx, "UPDATE sessions SET deadline_at = "+now+" + (CASE WHEN status = 'waiting' THEN ? ELSE ? END)"+
		" WHERE deadline_at > 0 AND deadline_at <= "+now+" AND offered_to = '' AND NOT (status = 'waiting' AND decided = 0)",
		core.LookAgainAfter.Milliseconds(), core.IdleLookAfter.Milliseconds())
	return wrap(err, "move the deadlines of what was looked at")
}

// Stranded counts the open sessions that have no owner or whose deadline passed long ago.
func (s *Store) Stranded(ctx context.Context, overdueBy time.Duration) (int, error) {
	var n int
	err := s.read.NewRaw("SELECT count(*) FROM sessions WHERE status <> 'ended' AND (deadline_at = 0 OR deadline_at < "+s.dialect.nowMillis()+" - ?"+
		" OR status = 'active' AND agent_id = '' OR status = 'pending' AND offered_to = '' OR queue_id = '')", overdueBy.Milliseconds()).Scan(ctx, &n)
	return n, wrap(err, "count stranded sessions")
}

// sessionsWhere reads session rows as they are in the database.
func (s *Store) sessionsWhere(ctx context.Context, doing string, where func(*bun.SelectQuery) *bun.SelectQuery) ([]*core.Session, error) {
	var rows []sessionRow
	if err := where(s.read.NewSelect().Model(&rows)).Scan(ctx); err != nil {
		return nil, wrap(err, doing)
	}
	list := make([]*core.Session, len(rows))
	for i := range rows {
		var err error
		if list[i], err = rows[i].session(); err != nil {
			return nil, err
		}
	}
	return list, nil
}
