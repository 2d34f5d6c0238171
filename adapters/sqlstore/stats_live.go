package sqlstore

import (
	"context"
	"strings"

	"github.com/uptrace/bun"

	"baton/core"
	"baton/core/stats"
)

// openBy are the columns that open sessions are counted by.
var openBy = map[stats.Group]string{
	stats.GroupStatus: "status", stats.GroupQueue: "queue_id", stats.GroupAgent: "agent_id", stats.GroupPriority: "priority", stats.GroupTag: "tags",
	stats.GroupBot: "bot_id", stats.GroupChannel: "channel", stats.GroupReason: "reason", stats.GroupQuarter: "created_at / 900000",
}

// Open counts open sessions by what they have in common. See stats.Live.
func (s *Store) Open(ctx context.Context, in stats.Span, queues []string, by stats.Group) ([]stats.Grouped, error) {
	var rows []struct {
		Key string
		N   int64
	}
	column := openBy[by]
	q := s.read.NewSelect().TableExpr("sessions").ColumnExpr("CAST("+column+" AS TEXT) AS key, count(*) AS n").
		Where("status <> 'ended'").Where("created_at >= ?", in.From).Where("created_at < ?", in.To).GroupExpr("1")
	if by == stats.GroupAgent {
		q = q.Where("status = 'active'")
	}
	if err := oneOf(q, "queue_id", queues).Scan(ctx, &rows); err != nil {
		return nil, wrap(err, "count open sessions")
	}
	list := make([]stats.Grouped, 0, len(rows))
	for _, r := range rows {
		for _, key := range openKeys(by, r.Key) {
			list = append(list, stats.Grouped{Key: key, N: r.N})
		}
	}
	return list, nil
}

// openKeys makes of a column what facts call it.
func openKeys(by stats.Group, column string) []string {
	switch by {
	case stats.GroupTag:
		return splitList(column)
	case stats.GroupStatus:
		if column == statusParked {
			return []string{string(core.StatusWaiting)}
		}
	case stats.GroupPriority:
		if rank := int(column[0] - '0'); len(column) == 1 && rank < len(core.Priorities) {
			return []string{string(core.Priorities[rank])}
		}
	}
	return []string{column}
}

// OpenIDs gives open sessions by id. See stats.Live.
func (s *Store) OpenIDs(ctx context.Context, in stats.Span, queues []string, after string, limit int) (ids []string, err error) {
	q := s.read.NewSelect().TableExpr("sessions").Column("id").Where("status <> 'ended'").Where("created_at >= ?", in.From).Where("created_at < ?", in.To)
	err = oneOf(q, "queue_id", queues).Where("id > ?", after).Order("id").Limit(int64(limit)).Scan(ctx, &ids)
	return ids, wrap(err, "list open sessions")
}

// Lines counts who waits in each queue. See stats.Live.
func (s *Store) Lines(ctx context.Context) (map[string]int64, error) {
	return s.counts(ctx, "SELECT queue_id AS key, count(*) AS n FROM sessions WHERE status IN ('waiting', 'pending') GROUP BY queue_id UNION ALL SELECT id, 0 FROM queues")
}

// counts reads a query of keys and numbers, and adds up those of one key.
func (s *Store) counts(ctx context.Context, query string, args ...any) (map[string]int64, error) {
	var rows []struct {
		Key string
		N   int64
	}
	if err := s.read.NewRaw(query, args...).Scan(ctx, &rows); err != nil {
		return nil, wrap(err, "count for the figures")
	}
	counts := make(map[string]int64, len(rows))
	for _, r := range rows {
		counts[r.Key] += r.N
	}
	return counts, nil
}

// Names gives names by id. See stats.Live.
func (s *Store) Names(ctx context.Context) (map[string]string, error) {
	var rows []struct{ ID, Name string }
	err := s.read.NewRaw("SELECT id, name FROM agents UNION ALL SELECT id, name FROM queues UNION ALL SELECT id, name FROM bots").Scan(ctx, &rows)
	if err != nil {
		return nil, wrap(err, "read names")
	}
	names := make(map[string]string, len(rows))
	for _, r := range rows {
		names[r.ID] = r.Name
	}
	return names, nil
}

// Rated gives the newest ratings, with the comments from the sessions themselves. See stats.Live.
func (s *Store) Rated(ctx context.Context, in stats.Span, queues []string, limit int) ([]stats.Rated, error) {
	facts, err := s.readFacts(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		q = q.Where("score > 0").Where("created_at >= ?", in.From).Where("created_at < ?", in.To)
		return oneOf(q, "queue_id", queues).Order("created_at DESC", "session_id DESC").Limit(int64(limit))
	})
	if err != nil || len(facts) == 0 {
		return nil, err
	}
	ids := make([]string, len(facts))
	for i, f := range facts {
		ids[i] = f.Session
	}
	comments, err := s.comments(ctx, ids)
	if err != nil {
		return nil, err
	}
	rated := make([]stats.Rated, len(facts))
	for i, f := range facts {
		rated[i] = stats.Rated{Session: f.Session, Agent: f.Agent, At: f.RatedAt, Score: f.Score, Comment: comments[f.Session]}
	}
	return rated, nil
}

// comments gives what customers wrote when they rated these sessions.
func (s *Store) comments(ctx context.Context, ids []string) (map[string]string, error) {
	var rows []sessionRow
	if err := s.read.NewSelect().Model(&rows).Column("id", "state").Where("id IN (?)", bun.List(ids)).Scan(ctx); err != nil {
		return nil, wrap(err, "read ratings")
	}
	comments := make(map[string]string, len(rows))
	for i := range rows {
		session, err := rows[i].decodeState()
		if err != nil {
			return nil, err
		}
		if session.Rating != nil {
			comments[rows[i].ID] = session.Rating.Comment
		}
	}
	return comments, nil
}

// Scripted counts decisions by script and hook. A question that was decided alike several times in a row counts as
// often. See stats.Live.
func (s *Store) Scripted(ctx context.Context, in stats.Span) ([]stats.Scripted, error) {
	var rows []struct {
		Answered, Failed, Hook string
		N                      int64
	}
	err := s.read.NewRaw("SELECT answered, failed, hook, sum(count) AS n FROM decisions WHERE last_at >= ? AND at < ? AND at >= ? AND (answered <> '' OR failed <> '') GROUP BY answered, failed, hook",
		in.From, in.To, in.From).Scan(ctx, &rows)
	if err != nil {
		return nil, wrap(err, "count decisions")
	}
	type key struct{ script, hook string }
	sums := map[key]*stats.Scripted{}
	of := func(script, hook string) *stats.Scripted {
		if sums[key{script, hook}] == nil {
			sums[key{script, hook}] = &stats.Scripted{Script: script, Hook: core.Hook(hook)}
		}
		return sums[key{script, hook}]
	}
	for _, r := range rows {
		if r.Answered != "" {
			of(r.Answered, r.Hook).Decisions += r.N
		}
		for _, script := range splitList(r.Failed) {
			if !strings.HasPrefix(script, draftOf("")) { // a draft in the shadow harmed nobody
				of(script, r.Hook).Errors += r.N
			}
		}
	}
	list := make([]stats.Scripted, 0, len(sums))
	for _, sum := range sums {
		list = append(list, *sum)
	}
	return list, nil
}

// States gives what agents were during a time. Whoever is silent now was gone from his last sign of life on, though
// nothing says so until he comes back. See stats.Ledger.
func (s *Store) States(ctx context.Context, in stats.Span) ([]stats.State, error) {
	var rows []struct {
		AgentID string
		Since   int64
		State   string
	}
	err := s.read.NewRaw("SELECT agent_id, since, state FROM agent_states WHERE since >= ? AND since < ?"+
		" UNION ALL SELECT id, since, state FROM (SELECT a.id, (SELECT max(b.since) FROM agent_states b WHERE b.agent_id = a.id AND b.since < ?) AS since,"+
		" (SELECT c.state FROM agent_states c WHERE c.agent_id = a.id AND c.since < ? ORDER BY c.since DESC LIMIT 1) AS state FROM agents a) x WHERE since IS NOT NULL"+
		" UNION ALL SELECT id, seen_at, ? FROM agents WHERE status <> 'offline' AND seen_at > 0 AND seen_at < ? AND seen_at < "+s.dialect.nowMillis()+" - ?"+
		" ORDER BY 1, 2", in.From, in.To, in.From, in.From, stats.Gone, in.To, silentFor).Scan(ctx, &rows)
	if err != nil {
		return nil, wrap(err, "read what agents were")
	}
	list := make([]stats.State, len(rows))
	for i, r := range rows {
		list[i] = stats.State{Agent: r.AgentID, Since: r.Since, State: r.State}
	}
	return list, nil
}

// silentFor is for how long an agent who is there may be silent, in milliseconds; the triggers on agents say the same.
const silentFor = 60_000

// Begun is when the first thing that is counted happened. See stats.Ledger.
func (s *Store) Begun(ctx context.Context) (int64, error) {
	var begun *int64
	err := s.read.NewRaw("SELECT min(at) FROM (SELECT min(since) AS at FROM agent_states UNION ALL SELECT min(quarter) * 900000 FROM counters) b").Scan(ctx, &begun)
	if err != nil || begun == nil {
		return 0, wrap(err, "look when counting began")
	}
	return *begun, nil
}

// stateRow is what an agent was from a moment on.
type stateRow struct {
	bun.BaseModel `bun:"table:agent_states"`

	AgentID string `bun:"agent_id,pk"`
	Since   int64  `bun:"since,pk"`
	State   string `bun:"state"`
}

// PutStates adds what agents were, for those who bring a history with them.
func (s *Store) PutStates(ctx context.Context, states []stats.State) error {
	for len(states) > 0 {
		rows := make([]stateRow, min(len(states), statsAtOnce))
		for i := range rows {
			rows[i] = stateRow{AgentID: states[i].Agent, Since: states[i].Since, State: states[i].State}
		}
		if _, err := s.write.NewInsert().Model(&rows).On("CONFLICT (agent_id, since) DO UPDATE").Set("state = excluded.state").Exec(ctx); err != nil {
			return wrap(err, "write what agents were")
		}
		states = states[len(rows):]
	}
	return nil
}
