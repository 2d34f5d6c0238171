package sqlstore

import (
	"context"
	"fmt"
	"time"

	"baton/core"
)

// General is the queue that exists from the start and that every new agent is in.
const General = "general"

// ensureGeneral makes the queue general if it is missing. Two nodes may do it at once.
func (s *Store) ensureGeneral(ctx context.Context) error {
	var n int
	if err := s.read.NewRaw("SELECT count(*) FROM queues WHERE name = ?", General).Scan(ctx, &n); err != nil || n > 0 {
		return wrap(err, "look for the queue general")
	}
	_, err := s.write.ExecContext(ctx, "INSERT INTO queues (id, name, strategy, rev, created_at) VALUES (?, ?, '', 1, ?) ON CONFLICT (name) DO NOTHING",
		core.NewID(core.QueuePrefix), General, time.Now().UnixMilli())
	return wrap(err, "make the queue general")
}

// wrap says what we were doing when an error came; nil stays nil.
func wrap(err error, doing string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, err)
}
