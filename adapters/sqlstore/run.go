package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/uptrace/bun"

	"baton/core"
)

const (
	// heartbeat is how often a node says that it lives; live is seen within three of them.
	heartbeat = time.Second
	nodeDies  = 3 * heartbeat
	// commitsKept is how long the marks of transactions are kept.
	commitsKept = 10 * time.Minute
	// keysKept is how long an idempotency key is remembered.
	keysKept = 48 * time.Hour
	// sweepEvery is how often what is too old is removed.
	sweepEvery = time.Minute
)

// Run commits what is queued, until ctx ends and all that was accepted has been written. Commands may be given
// to the store once Ready has been closed.
func (s *Store) Run(ctx context.Context) error {
	if err := s.mendPlaces(ctx); err != nil {
		return err
	}
	if err := s.catchUpRows(ctx); err != nil {
		return err
	}
	if err := s.startCommitter(); err != nil {
		return err
	}
	var background sync.WaitGroup
	if s.dialect.postgres {
		if err := s.beat(ctx); err != nil {
			return errors.Join(err, s.engine.committer.writer.close())
		}
		background.Go(func() { s.every(ctx, heartbeat, s.beat) })
		background.Go(func() { s.every(ctx, countEvery, s.flushCounters) })
	}
	close(s.engine.ready)
	background.Go(func() { s.every(ctx, sweepEvery, s.sweep) })
	background.Go(func() { s.every(ctx, sweepEvery, s.catchUpRows) })
	background.Go(func() { s.watchRevocations(ctx) })
	if !s.dialect.postgres && !s.dsn.memory {
		background.Go(func() { s.checkpoint(ctx) })
	}
	err := s.engine.committer.run(ctx)
	background.Wait()
	return errors.Join(err, s.leave())
}

// Ready is closed when commands are taken.
func (s *Store) Ready() <-chan struct{} { return s.engine.ready }

// every does a job at once and then again and again. One that goes wrong is logged and comes round again.
func (s *Store) every(ctx context.Context, pause time.Duration, job func(context.Context) error) {
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for {
		if err := job(ctx); err != nil && ctx.Err() == nil {
			s.engine.log.Warn("a job of the store", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// beat says that this node lives, by the database's clock, and forgets nodes that do not.
func (s *Store) beat(ctx context.Context) error {
	now := s.dialect.nowMillis()
	_, err := s.write.ExecContext(ctx, "INSERT INTO nodes (id, started_at, seen_at) VALUES (?, "+now+", "+now+") ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at", s.engine.node)
	return wrap(err, "say that this node lives")
}

// leave writes what is left to be written and takes this node off the list.
func (s *Store) leave() error {
	if !s.dialect.postgres {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), answerWithin)
	defer cancel()
	counted := s.flushCounters(ctx)
	_, err := s.write.ExecContext(ctx, "DELETE FROM nodes WHERE id = ?", s.engine.node)
	return errors.Join(counted, wrap(err, "take this node off the list"))
}

// Nodes are the ids of the nodes that live now, in order, and this node's own. A SQLite file has one.
func (s *Store) Nodes(ctx context.Context) (live []string, own string, err error) {
	if !s.dialect.postgres {
		return []string{s.engine.node}, s.engine.node, nil
	}
	err = s.read.NewRaw("SELECT id FROM nodes WHERE seen_at > "+s.dialect.nowMillis()+" - ? ORDER BY id", nodeDies.Milliseconds()).Scan(ctx, &live)
	return live, s.engine.node, wrap(err, "list the live nodes")
}

// sweep removes what is kept for a while only.
func (s *Store) sweep(ctx context.Context) error {
	now := s.dialect.nowMillis()
	for _, old := range []struct {
		table, column string
		kept          time.Duration
	}{{"commits", "at", commitsKept}, {"idempotency", "created_at", keysKept}, {"nodes", "seen_at", time.Minute}, {"decisions", "last_at", core.DecisionsKept}} {
		if _, err := s.write.ExecContext(ctx, "DELETE FROM ? WHERE ? < "+now+" - ?", bun.Ident(old.table), bun.Ident(old.column), old.kept.Milliseconds()); err != nil {
			return wrap(err, "sweep "+old.table)
		}
	}
	_, err := s.write.ExecContext(ctx, "DELETE FROM script_values WHERE expires_at > 0 AND expires_at < "+now)
	if err != nil {
		return wrap(err, "sweep what scripts kept for a while")
	}
	return s.sweepRuns(ctx)
}

// eventsBehind is how many of the newest events are looked at for rows that are behind: far more than are written
// between two flushes. "baton doctor --rebuild" looks at all.
const eventsBehind = 20000

// catchUpRows brings the rows of open sessions up to date with the log: a node that died may have left their
// coalesced columns behind. Ended sessions cannot be behind: the end and what comes after it write all columns.
func (s *Store) catchUpRows(ctx context.Context) error {
	var ids []string
	err := s.read.NewRaw("SELECT s.id FROM sessions s WHERE s.status <> 'ended'"+
		" AND s.id IN (SELECT e.session_id FROM events e WHERE e.id > (SELECT coalesce(max(id), 0) FROM events) - ?)"+
		" AND EXISTS (SELECT 1 FROM events e WHERE e.session_id = s.id AND e.seq > s.last_seq)", eventsBehind).Scan(ctx, &ids)
	if err != nil {
		return wrap(err, "look for rows that are behind the log")
	}
	for len(ids) > 0 {
		n := min(len(ids), batchSize)
		if err := s.catchUp(ctx, ids[:n]); err != nil {
			return err
		}
		ids = ids[n:]
	}
	return nil
}

// catchUp writes the coalesced columns of these sessions from the log.
func (s *Store) catchUp(ctx context.Context, ids []string) error {
	list, err := s.readHeads(ctx, ids, false)
	if err != nil {
		return err
	}
	return s.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		for _, h := range list {
			row := &sessionRow{ID: h.session.ID}
			row.coalesce(h.session, time.Now())
			_, err := tx.NewUpdate().Model(row).Column("last_seq", "public_seq", "last_at", "last_text", "last_role", "last_text_at", "unread", "unanswered_since", "changed_at").
				WherePK().Where("last_seq < ?", row.LastSeq).Exec(ctx)
			if err != nil {
				return fmt.Errorf("bring %s up to date with its log: %w", row.ID, err)
			}
		}
		return nil
	})
}

// mendPlaces counts the agents' places from who holds sessions. They are right unless somebody changed the
// database by hand; then this is what sets them right.
func (s *Store) mendPlaces(ctx context.Context) error {
	var wrong int
	if err := s.read.NewRaw("SELECT count(*) FROM agents WHERE "+miscounted).Scan(ctx, &wrong); err != nil || wrong == 0 {
		return wrap(err, "count the agents' places")
	}
	return s.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if s.dialect.postgres {
			// Other nodes move places meanwhile: without the lock an update would count with an older picture than
			// the row that it corrects.
			if _, err := tx.ExecContext(ctx, "LOCK TABLE agents IN SHARE ROW EXCLUSIVE MODE"); err != nil {
				return wrap(err, "lock the agents")
			}
		}
		_, err := tx.ExecContext(ctx, "UPDATE agents SET active = "+owned+", load = "+owned+" + "+reserved+", rev = rev + 1 WHERE "+miscounted)
		return wrap(err, "correct the agents' places")
	})
}

const (
	miscounted = "active <> " + owned + " OR load <> " + owned + " + " + reserved
	owned      = "(SELECT count(*) FROM sessions s WHERE s.agent_id = agents.id AND s.status = 'active')"
	reserved   = "(SELECT count(*) FROM sessions s WHERE s.offered_to = agents.id AND s.offered_to <> '')" // the second half lets the partial index serve
)

// Rebuild makes every session's row anew from its log. Nothing else may write meanwhile: a running server does it
// between two batches, or refuses.
func (s *Store) Rebuild(ctx context.Context) (sessions int, err error) {
	after := ""
	for {
		var ids []string
		if err := s.read.NewRaw("SELECT id FROM sessions WHERE id > ? ORDER BY id LIMIT ?", after, batchSize).Scan(ctx, &ids); err != nil {
			return sessions, wrap(err, "list sessions to rebuild")
		}
		if len(ids) == 0 {
			return sessions, s.mendPlaces(ctx)
		}
		for _, id := range ids {
			if err := s.rebuild(ctx, id); err != nil {
				return sessions, err
			}
			sessions++
		}
		after = ids[len(ids)-1]
	}
}

// rebuild folds one session's log and writes its row and its tickets; watermarks, which are not in the log, stay.
func (s *Store) rebuild(ctx context.Context, id string) error {
	events, err := s.Events(ctx, id, 0, false, 1<<30)
	if err != nil {
		return err
	}
	folded := &core.Session{ID: id}
	for _, e := range events {
		folded.Apply(e)
	}
	return s.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		var old sessionRow
		if err := tx.NewRaw("SELECT * FROM sessions WHERE id = ?"+s.dialect.forUpdate(), id).Scan(ctx, &old); err != nil {
			return wrap(err, "read "+id)
		}
		folded.Receive(core.CustomerSide, old.CustomerDelivered, old.CustomerRead)
		folded.Receive(core.AgentSide, old.AgentDelivered, old.AgentRead)
		row, err := rowOf(folded, timeAt(old.ChangedAt))
		if err != nil {
			return err
		}
		_, err = tx.NewUpdate().Model(row).WherePK().Where("last_seq <= ?", row.LastSeq).Exec(ctx)
		return wrap(errors.Join(err, rebuildRecords(ctx, tx, recordsOf(folded, events))), "write "+id)
	})
}
