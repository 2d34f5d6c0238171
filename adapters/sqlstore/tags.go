package sqlstore

import (
	"context"
	"maps"
	"slices"

	"github.com/uptrace/bun"

	"baton/core"
)

// Tags counts the tags of sessions, by name: of these queues, or of an agent's own chats when there are none.
func (s *Store) Tags(ctx context.Context, within *core.Reach) ([]core.TagCount, error) {
	var rows []struct {
		Tags string
		N    int
	}
	q := s.read.NewSelect().Table("sessions").Column("tags").ColumnExpr("count(*) AS n").Where("tags <> ''").Group("tags")
	switch {
	case within == nil:
	case len(within.Queues) > 0:
		q = q.Where("queue_id IN (?)", bun.List(within.Queues))
	default:
		q = q.Where("agent_id = ?", within.Agent).Where("status = 'active'")
	}
	if err := q.Scan(ctx, &rows); err != nil {
		return nil, wrap(err, "count the tags")
	}
	counts := map[string]int{}
	for _, row := range rows {
		for _, tag := range splitList(row.Tags) {
			counts[tag] += row.N
		}
	}
	list := make([]core.TagCount, 0, len(counts))
	for _, tag := range slices.Sorted(maps.Keys(counts)) {
		list = append(list, core.TagCount{Tag: tag, Count: counts[tag]})
	}
	return list, nil
}
