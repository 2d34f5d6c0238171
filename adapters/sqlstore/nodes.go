package sqlstore

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"baton/core"
)

// changesOverlap is read again at each look: clocks of nodes differ, and rows become visible after they are dated.
const changesOverlap = 5 * time.Second

// ChangedSince gives the sessions that changed after a mark, by whichever node, as they are now, and the next mark.
// The first mark is 0: it gives no session. One change may be given several times.
func (s *Store) ChangedSince(ctx context.Context, mark int64) ([]*core.Session, int64, error) {
	var now int64
	if err := s.read.NewRaw("SELECT "+s.dialect.nowMillis()).Scan(ctx, &now); err != nil || mark == 0 {
		return nil, now, wrap(err, "ask the database for the time")
	}
	list, err := s.sessionsWhere(ctx, "read what other nodes changed", func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("changed_at > ?", mark-changesOverlap.Milliseconds()).Order("changed_at")
	})
	if err != nil {
		return nil, mark, err
	}
	foreign := list[:0]
	for _, read := range list {
		known := s.engine.heads.session(read.ID)
		switch {
		case known == nil:
		case known.Seq < read.Seq:
			s.heardOf(read.ID)
		case known.Seq > read.Seq && mergeReceipts(known.Receipts, read.Receipts) == known.Receipts:
			continue // written here, and the row is behind
		default:
			// That the committer knows a picture does not say that anybody was told of it: it may have read what
			// another node wrote.
			read = withReceipts(known, read.Receipts)
		}
		foreign = append(foreign, read)
	}
	return foreign, now, nil
}

// LastSeqs gives the number of the last event in the log of each of these sessions.
func (s *Store) LastSeqs(ctx context.Context, sessions []string) (map[string]int64, error) {
	var rows []struct {
		SessionID string
		Seq       int64
	}
	err := s.read.NewRaw("SELECT session_id, max(seq) AS seq FROM events WHERE session_id IN (?) GROUP BY session_id", bun.List(sessions)).Scan(ctx, &rows)
	if err != nil {
		return nil, wrap(err, "probe the log")
	}
	last := make(map[string]int64, len(rows))
	for _, r := range rows {
		last[r.SessionID] = r.Seq
		if known := s.engine.heads.session(r.SessionID); known != nil && known.Seq < r.Seq {
			s.heardOf(r.SessionID)
		}
	}
	return last, nil
}

// AgentRevs gives the revision of each agent: whoever reads them again and again sees who changed, by whichever node.
func (s *Store) AgentRevs(ctx context.Context) (map[string]int64, error) {
	var rows []struct {
		ID  string
		Rev int64
	}
	if err := s.read.NewRaw("SELECT id, rev FROM agents").Scan(ctx, &rows); err != nil {
		return nil, wrap(err, "look which agents changed")
	}
	revs := make(map[string]int64, len(rows))
	for _, r := range rows {
		revs[r.ID] = r.Rev
	}
	return revs, nil
}

// heardOf tells the committer that another node writes a session. It is a hint: when it is lost, the fence tells.
func (s *Store) heardOf(session string) {
	select {
	case s.engine.committer.foreign <- session:
	default:
	}
}
