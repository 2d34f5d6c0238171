package hours

import (
	"context"
	"sync"

	"baton/core"
)

// Shelf is where schedules are kept; the store is one.
type Shelf interface {
	// Schedule gives a schedule; it is NotFound when there is none of this id.
	Schedule(ctx context.Context, id string) (*Kept, error)
}

// Book gives the calendars that queues go by. It compiles a schedule once for each of its revisions, so what a queue
// names is never out of date. Many may use it at once.
type Book struct {
	shelf Shelf

	mu    sync.Mutex // guards pages
	pages map[string]page
}

type page struct {
	rev      int64
	calendar *Calendar
}

// NewBook makes a book of what is on the shelf.
func NewBook(shelf Shelf) *Book { return &Book{shelf: shelf, pages: map[string]page{}} }

// Calendar gives the calendar that a queue goes by, as it was when the queue was read or newer.
func (b *Book) Calendar(ctx context.Context, q *core.Queue) (*Calendar, error) {
	if q.Schedule.ID == "" {
		return AlwaysOpen(), nil
	}
	b.mu.Lock()
	known, there := b.pages[q.Schedule.ID]
	b.mu.Unlock()
	if there && known.rev >= q.ScheduleRev {
		return known.calendar, nil
	}
	kept, err := b.shelf.Schedule(ctx, q.Schedule.ID)
	if err != nil {
		return nil, err
	}
	calendar, err := Compile(kept.Schedule)
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.pages[kept.ID].rev < kept.Rev {
		b.pages[kept.ID] = page{kept.Rev, calendar}
	}
	return calendar, nil
}
