package sqlstore

import (
	"context"
	"encoding/json"
	"time"

	"github.com/uptrace/bun"

	"baton/core"
	"baton/core/desk"
	"baton/core/stats"
)

var _ desk.Pace = (*Store)(nil)

// Handled gives the handle times of a queue's chats that ended last, how long customers waited there, and how many left.
func (s *Store) Handled(ctx context.Context, queue string, chats int) (times []time.Duration, waited time.Duration, left int, err error) {
	var rows []string
	if err := s.read.NewRaw("SELECT data FROM session_facts WHERE queue_id = ? ORDER BY ended_at DESC LIMIT ?", queue, chats).Scan(ctx, &rows); err != nil {
		return nil, 0, 0, wrap(err, "read the pace of a queue")
	}
	for _, row := range rows {
		var fact stats.Fact
		if err := json.Unmarshal([]byte(row), &fact); err != nil {
			continue // the nightly repair makes it anew
		}
		held, stood, gone := fact.Pace()
		times = append(times, held...)
		waited += stood
		if gone {
			left++
		}
	}
	return times, waited, left, nil
}

// BusySince gives, for each of these agents, since when he has had each of his chats.
func (s *Store) BusySince(ctx context.Context, agents []string) (map[string][]time.Time, error) {
	var rows []struct {
		AgentID   string
		HeldSince int64
	}
	err := s.read.NewRaw("SELECT agent_id, held_since FROM sessions WHERE status = 'active' AND agent_id IN (?)", bun.List(agents)).Scan(ctx, &rows)
	if err != nil {
		return nil, wrap(err, "read what agents have")
	}
	since := map[string][]time.Time{}
	for _, r := range rows {
		since[r.AgentID] = append(since[r.AgentID], timeAt(r.HeldSince))
	}
	return since, nil
}

// Arrivals counts the requests to a queue since a time, by priority.
func (s *Store) Arrivals(ctx context.Context, queue string, since time.Time) (map[core.Priority]int, error) {
	var rows []struct {
		Priority int
		N        int
	}
	// Whatever was requested since then was active since then: that has an index.
	err := s.read.NewRaw("SELECT priority, count(*) AS n FROM sessions WHERE last_at >= ?0 AND created_at >= ?0 AND queue_id = ?1 GROUP BY priority", millis(since), queue).Scan(ctx, &rows)
	if err != nil {
		return nil, wrap(err, "count the requests to a queue")
	}
	counts := map[core.Priority]int{}
	for _, r := range rows {
		if r.Priority >= 0 && r.Priority < len(core.Priorities) {
			counts[core.Priorities[r.Priority]] = r.N
		}
	}
	return counts, nil
}
