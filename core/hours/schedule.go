// Package hours says when a company is open: schedules as people write them down, and calendars that answer what holds
// at a moment and when it changes.
//
// Times of a schedule are what a clock on the wall of its zone shows. When that clock is put forward, a time that it
// jumps over is the moment after the gap. When it is put back and shows a time twice, an opening is the first of the two
// and a closing the last: nobody finds the door shut earlier than the sign says.
package hours

import "baton/core"

// SchedulePrefix begins the ids of schedules.
const SchedulePrefix = "sch_"

// Schedule is a week, and the days that are not like the others of their week.
type Schedule struct {
	Name     string    `json:"name"`
	TimeZone string    `json:"time_zone" doc:"IANA name" example:"Europe/Berlin"`
	Week     []Weekday `json:"week" doc:"A day that is not named is closed"`
	Days     []Day     `json:"days" doc:"Holidays, half days and closures; what is said of a day here holds instead of its week"`
}

// Weekday is one day of every week.
type Weekday struct {
	Day   string `json:"day" enum:"mon,tue,wed,thu,fri,sat,sun"`
	Spans []Span `json:"spans"`
}

// Span is a time of being open. A To that is not after From is on the next day: 22:00 to 06:00 is a night, 09:00 to
// 00:00 ends at midnight, 00:00 to 00:00 is a whole day. There is no 24:00.
type Span struct {
	From string `json:"from" example:"09:00"`
	To   string `json:"to" example:"17:00" doc:"On the next day when it is not after from; 00:00 is midnight"`
}

// Day is a date, 2026-12-25, or one of every year, 12-25; of two that meet, the one with a year counts. It is Closed or
// has spans of its own. Nothing of the evening before reaches into it: a night shift ends at its midnight. 02-29 comes
// in leap years only.
type Day struct {
	Date   string `json:"date" example:"2026-12-24" doc:"One date, or MM-DD for every year"`
	Name   string `json:"name,omitempty" example:"Christmas Eve"`
	Closed bool   `json:"closed,omitempty"`
	Spans  []Span `json:"spans,omitempty" doc:"When it is open, unless closed"`
}

// Whole is a schedule that is open at every moment of every day.
func Whole(name, zone string) Schedule {
	s := Schedule{Name: name, TimeZone: zone, Days: []Day{}}
	for _, day := range weekdays {
		s.Week = append(s.Week, Weekday{Day: day, Spans: []Span{{From: "00:00", To: "00:00"}}})
	}
	return s
}

// Kept is a schedule as it is kept.
type Kept struct {
	ID string
	Schedule
	// Default is that of the account: queues without a schedule of their own go by it.
	Default bool
	// Queues are those that have it as their own.
	Queues []core.Ref
	Rev    int64 // grows with each change
}

// How much a schedule may hold.
const (
	MaxSpans = 12   // in a day
	MaxDays  = 4000 // days that are not like the others
)

// weekdays are the names of the days in the order of a week.
var weekdays = [...]string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
