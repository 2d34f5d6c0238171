package cli

import (
	"context"
	"fmt"
	"time"

	"baton/adapters/sqlstore"
	"baton/cmd/config"
	"baton/core"
	"baton/core/desk"
)

type hoursOptions struct{ queue, at, priority, language string }

func hoursFlags(f *flags) {
	f.StringVar(&f.hours.queue, "queue", "", "")
	f.StringVar(&f.hours.at, "at", "", "")
	f.StringVar(&f.hours.priority, "priority", "", "")
	f.StringVar(&f.hours.language, "language", "", "")
}

// hoursAt says what would become of a chat, by the schedules that are kept. It works beside a running server.
func hoursAt(ctx context.Context, t *terminal, f *flags) error {
	q := desk.Question{At: time.Now(), Priority: core.Priority(f.hours.priority), Language: f.hours.language}
	if f.hours.at != "" {
		at, err := time.Parse(time.RFC3339, f.hours.at)
		if err != nil {
			return misuse("--at is %q; write a time such as 2026-12-24T17:55:00+01:00", f.hours.at)
		}
		q.At = at
	}
	return withStore(ctx, t, f, func(store *sqlstore.Store, c *config.Config) error {
		queue, err := store.Queue(ctx, f.hours.queue)
		if core.KindOf(err) == core.NotFound {
			return fmt.Errorf("there is no queue %q", f.hours.queue)
		}
		if err != nil {
			return err
		}
		q.Queue = queue
		v, err := newDesk(store, c).Probe(ctx, q)
		if err == nil {
			fmt.Fprintln(t.out, v.Phrase)
		}
		return err
	})
}
