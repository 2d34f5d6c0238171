package sqlstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/uptrace/bun"

	"baton/core"
	"baton/core/stats"
)

var _ stats.Store = (*Store)(nil)

// statsAtOnce is how many rows of the roll-up one statement takes.
const statsAtOnce = 200

// factRow is what is counted of a session, as it is kept.
type factRow struct {
	bun.BaseModel `bun:"table:session_facts,alias:f"`

	SessionID  string `bun:"session_id,pk"`
	Seq        int64  `bun:"seq"`
	CreatedAt  int64  `bun:"created_at"`
	EndedAt    int64  `bun:"ended_at"`
	QueueID    string `bun:"queue_id"`
	Outcome    string `bun:"outcome"`
	Score      int64  `bun:"score"`
	Marks      string `bun:"marks"`
	Agents     string `bun:"agents"`
	Overflowed string `bun:"overflowed"`
	Data       string `bun:"data"`
}

func factRowOf(f *stats.Fact) (*factRow, error) {
	data, err := json.Marshal(f)
	if err != nil {
		return nil, fmt.Errorf("writing what is counted of %s: %w", f.Session, err)
	}
	return &factRow{
		SessionID: f.Session, Seq: f.Seq, CreatedAt: f.CreatedAt, EndedAt: f.EndedAt, QueueID: f.Queue.ID, Outcome: f.EndReason, Score: int64(f.Score),
		Marks: joinList(factMarks(f)), Agents: joinList(f.Served()), Overflowed: joinList(f.Overflowed), Data: string(data),
	}, nil
}

// What a fact is marked with for each agent, before his id.
const (
	markOffered = "offered:"
	markPassed  = "passed:"
)

// factMarks are what a fact is found by.
func factMarks(f *stats.Fact) []string {
	marks := f.Marks()
	f.Offers(func(agent string, offered, passed bool) {
		if offered {
			marks = append(marks, markOffered+agent)
		}
		if passed {
			marks = append(marks, markPassed+agent)
		}
	})
	return marks
}

func factsOf(texts []string) ([]*stats.Fact, error) {
	facts := make([]*stats.Fact, len(texts))
	for i, text := range texts {
		facts[i] = new(stats.Fact)
		if err := jsonv2.Unmarshal([]byte(text), facts[i]); err != nil {
			return nil, fmt.Errorf("reading what is counted of a session: %w", err)
		}
	}
	return facts, nil
}

// readFacts reads the facts that a query chooses.
func (s *Store) readFacts(ctx context.Context, choose func(*bun.SelectQuery) *bun.SelectQuery) ([]*stats.Fact, error) {
	var texts []string
	if err := choose(s.read.NewSelect().Model((*factRow)(nil)).Column("data")).Scan(ctx, &texts); err != nil {
		return nil, wrap(err, "read what is counted of sessions")
	}
	return factsOf(texts)
}

// Facts gives the facts of these sessions. See stats.Ledger.
func (s *Store) Facts(ctx context.Context, ids []string) ([]*stats.Fact, error) {
	return s.readFacts(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("session_id IN (?)", bun.List(ids)) })
}

// FactsAfter gives facts by the time of their request. See stats.Ledger.
func (s *Store) FactsAfter(ctx context.Context, created int64, session string, limit int) ([]*stats.Fact, error) {
	return s.readFacts(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("(created_at, session_id) > (?, ?)", created, session).Order("created_at", "session_id").Limit(int64(limit))
	})
}

// FactsIn gives facts of sessions that were there at some time within. See stats.Ledger.
func (s *Store) FactsIn(ctx context.Context, in stats.Span, after string, limit int) ([]*stats.Fact, error) {
	return s.readFacts(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("created_at < ?", in.To).Where("ended_at >= ?", in.From).Where("session_id > ?", after).Order("session_id").Limit(int64(limit))
	})
}

// FactsOf gives facts of sessions requested in a time. See stats.Live.
func (s *Store) FactsOf(ctx context.Context, in stats.Span, queues []string, created int64, session string, limit int) ([]*stats.Fact, error) {
	return s.readFacts(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		q = q.Where("created_at >= ?", max(in.From, created)).Where("created_at < ?", in.To).Where("(created_at, session_id) > (?, ?)", created, session)
		return oneOf(q, "queue_id", queues).Order("created_at", "session_id").Limit(int64(limit))
	})
}

// Unfolded gives ended sessions whose fact is missing or old. See stats.Ledger.
func (s *Store) Unfolded(ctx context.Context, since int64, limit int) (ids []string, last int64, err error) {
	var rows []struct {
		ID        string
		ChangedAt int64
	}
	err = s.read.NewRaw("SELECT s.id, s.changed_at FROM sessions s LEFT JOIN session_facts f ON f.session_id = s.id"+
		" WHERE s.status = 'ended' AND s.changed_at >= ? AND (f.seq IS NULL OR f.seq < s.last_seq) ORDER BY s.changed_at, s.id LIMIT ?", since, limit).Scan(ctx, &rows)
	for _, r := range rows {
		ids, last = append(ids, r.ID), r.ChangedAt
	}
	return ids, last, wrap(err, "look for ended sessions that are not counted")
}

// EndedSince gives ended sessions by id. See stats.Ledger.
func (s *Store) EndedSince(ctx context.Context, since int64, after string, limit int) (ids []string, err error) {
	err = s.read.NewRaw("SELECT id FROM sessions WHERE last_at >= ? AND status = 'ended' AND id > ? ORDER BY id LIMIT ?", since, after, limit).Scan(ctx, &ids)
	return ids, wrap(err, "list sessions that have ended")
}

// ActiveSince gives sessions by id. See stats.Ledger.
func (s *Store) ActiveSince(ctx context.Context, since int64, after string, limit int) (ids []string, err error) {
	err = s.read.NewRaw("SELECT id FROM sessions WHERE last_at >= ? AND id > ? ORDER BY id LIMIT ?", since, after, limit).Scan(ctx, &ids)
	return ids, wrap(err, "list sessions that were active")
}

// Logs gives whole logs; one that cannot be read is left out and told of. See stats.Ledger.
func (s *Store) Logs(ctx context.Context, ids []string) (map[string][]*core.Event, error) {
	var rows []eventRow
	if err := s.read.NewSelect().Model(&rows).Where("session_id IN (?)", bun.List(ids)).Order("session_id", "seq").Scan(ctx); err != nil {
		return nil, wrap(err, "read the logs of sessions")
	}
	logs, broken := make(map[string][]*core.Event, len(ids)), map[string]error{}
	for i := range rows {
		id := rows[i].SessionID
		e, err := rows[i].event()
		if err != nil {
			broken[id] = err
			continue
		}
		logs[id] = append(logs[id], e)
	}
	for id, err := range broken {
		s.engine.log.Error("a log cannot be read", "session", id, "error", err)
		delete(logs, id)
	}
	return logs, nil
}

// Progress says how far the roll-up has come. See stats.Ledger.
func (s *Store) Progress(ctx context.Context) (stats.Progress, error) {
	var rows []struct {
		Rev  int64
		Data string
	}
	var p stats.Progress
	if err := s.read.NewRaw("SELECT rev, data FROM stats_progress WHERE id = 1").Scan(ctx, &rows); err != nil || len(rows) == 0 {
		return p, wrap(err, "read how far the figures are")
	}
	err := json.Unmarshal([]byte(rows[0].Data), &p)
	p.Rev = rows[0].Rev
	return p, wrap(err, "read how far the figures are")
}

// Keep writes a change of the roll-up in one transaction. See stats.Ledger.
func (s *Store) Keep(ctx context.Context, was int64, c stats.Change) error {
	err := s.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if err := moveProgress(ctx, tx, was, c.Progress); err != nil {
			return err
		}
		if err := clearStats(ctx, tx, c); err != nil {
			return err
		}
		return errors.Join(writeFacts(ctx, tx, c.Facts), writePages(ctx, tx, c.Pages))
	})
	return wrap(err, "write the figures")
}

// moveProgress is what only one of several nodes gets through.
func moveProgress(ctx context.Context, tx bun.Tx, was int64, p stats.Progress) error {
	data, err := json.Marshal(p)
	if err != nil {
		return err
	}
	q := tx.NewRaw("UPDATE stats_progress SET rev = rev + 1, data = ? WHERE id = 1 AND rev = ?", string(data), was)
	if was == 0 {
		q = tx.NewRaw("INSERT INTO stats_progress (id, rev, data) VALUES (1, 1, ?) ON CONFLICT DO NOTHING", string(data))
	}
	result, err := q.Exec(ctx)
	return takenUnlessOne(result, err, "another server has changed the figures meanwhile")
}

func clearStats(ctx context.Context, tx bun.Tx, c stats.Change) error {
	if c.Reset {
		_, err := tx.NewRaw("DELETE FROM stats_days").Exec(ctx)
		_, more := tx.NewRaw("DELETE FROM session_facts").Exec(ctx)
		return errors.Join(err, more)
	}
	for _, zone := range c.Drop {
		if _, err := tx.NewRaw("DELETE FROM stats_days WHERE zone = ?", zone).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

func writeFacts(ctx context.Context, tx bun.Tx, facts []*stats.Fact) error {
	for len(facts) > 0 {
		n := min(len(facts), statsAtOnce)
		rows := make([]*factRow, n)
		for i, f := range facts[:n] {
			var err error
			if rows[i], err = factRowOf(f); err != nil {
				return err
			}
		}
		_, err := tx.NewInsert().Model(&rows).On("CONFLICT (session_id) DO UPDATE").
			Set("seq = excluded.seq, created_at = excluded.created_at, ended_at = excluded.ended_at, queue_id = excluded.queue_id, outcome = excluded.outcome," +
				" score = excluded.score, marks = excluded.marks, agents = excluded.agents, overflowed = excluded.overflowed, data = excluded.data").Exec(ctx)
		if err != nil {
			return err
		}
		facts = facts[n:]
	}
	return nil
}
