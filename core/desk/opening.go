package desk

import (
	"context"
	"slices"
	"time"

	"baton/core"
)

// Switches lets everybody know that queues opened or closed; the store is one.
type Switches interface {
	// Switched gives queues a new revision and tells of them: those who follow the desk on this node at once, and those
	// on other nodes when these look at the revisions.
	Switched(ctx context.Context, queues []string) error
}

// Switching is the job that opens and closes queues: at each boundary of their calendars their rows are told to those
// who follow the desk, and the dispatcher looks at the line. All missed boundaries are caught up, in order. What
// becomes of the chats of a queue that closes or opens is the keeper's business, which looks whether it is open.
func (d *Desk) Switching(switches Switches) core.Job {
	return core.Job{
		Name: "queues.switch", Missed: core.MissedAll,
		Due: func(ctx context.Context, after, until time.Time) ([]time.Time, error) {
			boundaries, err := d.boundaries(ctx, after, until)
			var due []time.Time
			for _, b := range boundaries {
				due = append(due, b.at)
			}
			return due, err
		},
		Run: func(ctx context.Context, due time.Time) error {
			boundaries, err := d.boundaries(ctx, due.Add(-time.Millisecond), due)
			if err != nil {
				return err
			}
			var ids []string
			for _, b := range boundaries {
				ids = append(ids, b.queues...)
			}
			return switches.Switched(ctx, ids)
		},
	}
}

// boundary is a moment at which queues open or close.
type boundary struct {
	at     time.Time
	queues []string
}

// boundaries are those after one moment and until another, in order.
func (d *Desk) boundaries(ctx context.Context, after, until time.Time) ([]boundary, error) {
	queues, err := d.Queues(ctx)
	if err != nil {
		return nil, err
	}
	var all []boundary
	for _, q := range queues {
		calendar, err := d.hours.Calendar(ctx, &q.Queue)
		if err != nil {
			return nil, err
		}
		for _, at := range calendar.Changes(after, until) {
			i, there := slices.BinarySearchFunc(all, at, func(b boundary, at time.Time) int { return b.at.Compare(at) })
			if !there {
				all = slices.Insert(all, i, boundary{at: at})
			}
			all[i].queues = append(all[i].queues, q.ID)
		}
	}
	return all, nil
}
