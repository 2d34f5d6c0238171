package desk

import (
	"context"
	"time"

	"baton/core"
	"baton/core/hours"
)

// Hours knows when queues are open. The calendar that it gives answers what holds at any time, what comes next and when
// it opens; hours.Book is one that reads schedules from the store.
type Hours interface {
	Calendar(ctx context.Context, q *core.Queue) (*hours.Calendar, error)
}

// Schedules keeps what says when queues are open. A taken name is a Conflict.
type Schedules interface {
	hours.Shelf
	Schedules(ctx context.Context) ([]*hours.Kept, error)
	AddSchedule(ctx context.Context, by core.Actor, s hours.Schedule) (*hours.Kept, error)
	// ChangeSchedule asks decide what becomes of the newest picture of a schedule, which nobody else can change meanwhile.
	ChangeSchedule(ctx context.Context, by core.Actor, id string, decide func(was *hours.Kept) (hours.Schedule, error)) (*hours.Kept, error)
	// RemoveSchedule is a Conflict while a queue has it, or the account.
	RemoveSchedule(ctx context.Context, by core.Actor, id string) error
}

// UseHours makes the desk go by what the queues' schedules say; without it they are always open. It must be called
// before the desk is used.
func (d *Desk) UseHours(h Hours) { d.hours = h }

// alwaysOpen are the hours of a desk that has none.
type alwaysOpen struct{}

func (alwaysOpen) Calendar(context.Context, *core.Queue) (*hours.Calendar, error) {
	return hours.AlwaysOpen(), nil
}

// OpenAt says whether a queue is open at a time, why not, and until when that holds; next is when it opens after that
// time if it is closed then, or zero when it never does.
func (d *Desk) OpenAt(ctx context.Context, q *core.Queue, at time.Time) (state hours.State, next time.Time, err error) {
	calendar, err := d.hours.Calendar(ctx, q)
	if err != nil {
		return hours.State{}, time.Time{}, err
	}
	state = calendar.At(at)
	if !state.Open {
		next = state.Until
	}
	return state, next, nil
}

// Open is OpenAt for a queue by name or id; empty is general, which takes whoever comes from a page.
func (d *Desk) Open(ctx context.Context, queue string, at time.Time) (state hours.State, next time.Time, err error) {
	q, err := d.queue(ctx, "/queue", queue)
	if err != nil {
		return hours.State{}, time.Time{}, err
	}
	return d.OpenAt(ctx, q, at)
}

// Schedules gives all schedules.
func (d *Desk) Schedules(ctx context.Context) ([]*hours.Kept, error) { return d.dir.Schedules(ctx) }

// Schedule gives one schedule.
func (d *Desk) Schedule(ctx context.Context, id string) (*hours.Kept, error) {
	return d.dir.Schedule(ctx, id)
}

// ScheduleChange names what is to change about a schedule; nil leaves a part as it is. Rev, when it is not 0, is the
// revision that the change was made on: it is a Conflict when there is a newer one.
type ScheduleChange struct {
	Name, TimeZone *string
	Week           *[]hours.Weekday
	Days           *[]hours.Day
	Rev            int64
}

func (c ScheduleChange) apply(s hours.Schedule) hours.Schedule {
	if c.Name != nil {
		s.Name = *c.Name
	}
	if c.TimeZone != nil {
		s.TimeZone = *c.TimeZone
	}
	if c.Week != nil {
		s.Week = *c.Week
	}
	if c.Days != nil {
		s.Days = *c.Days
	}
	return s
}

// AddSchedule keeps a new schedule, in the account's time zone if it names none.
func (d *Desk) AddSchedule(ctx context.Context, by core.Actor, s hours.Schedule) (*hours.Kept, error) {
	if s.TimeZone == "" {
		account, err := d.dir.Account(ctx)
		if err != nil {
			return nil, err
		}
		s.TimeZone = account.TimeZone
	}
	s, err := hours.Check(s)
	if err != nil {
		return nil, err
	}
	return d.dir.AddSchedule(ctx, by, s)
}

// ChangeSchedule changes what is named. The queues that go by it are open or closed by it from now on.
func (d *Desk) ChangeSchedule(ctx context.Context, by core.Actor, id string, c ScheduleChange) (*hours.Kept, error) {
	return d.dir.ChangeSchedule(ctx, by, id, func(was *hours.Kept) (hours.Schedule, error) {
		if c.Rev != 0 && c.Rev != was.Rev {
			return was.Schedule, core.Refuse(core.Conflict, "somebody else changed %s meanwhile; look at it before you change it", was.Name)
		}
		return hours.Check(c.apply(was.Schedule))
	})
}

// RemoveSchedule removes a schedule. It is a Conflict that names the queues while one has it, or the account.
func (d *Desk) RemoveSchedule(ctx context.Context, by core.Actor, id string) error {
	return d.dir.RemoveSchedule(ctx, by, id)
}

// ImportDays adds days to a schedule. Dates of which it says something already are left as they are and come back among
// those that were skipped.
func (d *Desk) ImportDays(ctx context.Context, by core.Actor, id string, read hours.Import) (kept *hours.Kept, done hours.Import, err error) {
	kept, err = d.dir.ChangeSchedule(ctx, by, id, func(was *hours.Kept) (hours.Schedule, error) {
		s := was.Schedule
		s.Days, done = read.Into(was.Days)
		return hours.Check(s)
	})
	return kept, done, err
}
