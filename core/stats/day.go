package stats

import (
	"time"

	"baton/core"
)

// Day is a date of the account's time zone, as 2026-10-25. Days sort as text.
type Day string

// DayOf gives the day of a moment.
func DayOf(t time.Time, zone *time.Location) Day { return Day(t.In(zone).Format(time.DateOnly)) }

// ParseDay reads a date, or refuses it at this parameter.
func ParseDay(parameter, text string) (Day, error) {
	if _, err := time.Parse(time.DateOnly, text); err != nil {
		return "", core.RefuseField(parameter, "%s is a date like 2026-10-25, not %q", parameter, text)
	}
	return Day(text), nil
}

// Plus gives the day so many days later.
func (d Day) Plus(days int) Day {
	t, _ := time.Parse(time.DateOnly, string(d))
	return Day(t.AddDate(0, 0, days).Format(time.DateOnly))
}

// Start is the first moment of the day, which is not midnight where a zone puts its clocks forward at midnight. A day
// that a zone left out starts when the next one does.
func (d Day) Start(zone *time.Location) time.Time {
	t, _ := time.Parse(time.DateOnly, string(d))
	midnight := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, zone)
	if DayOf(midnight, zone) == d && DayOf(midnight.Add(-time.Millisecond), zone) < d {
		return midnight
	}
	before, from := midnight.Add(-36*time.Hour).UnixMilli(), midnight.Add(36*time.Hour).UnixMilli()
	for from-before > 1 {
		if middle := before + (from-before)/2; DayOf(time.UnixMilli(middle), zone) < d {
			before = middle
		} else {
			from = middle
		}
	}
	return time.UnixMilli(from).In(zone)
}

// End is the first moment after the day.
func (d Day) End(zone *time.Location) time.Time { return d.Plus(1).Start(zone) }

// Weekday is 0 for Monday to 6 for Sunday.
func (d Day) Weekday() int {
	t, _ := time.Parse(time.DateOnly, string(d))
	return (int(t.Weekday()) + 6) % 7
}

// month is what the pages of the day's whole month are kept under.
func (d Day) month() Day { return "m" + d[:7] }

// ofMonth gives the first and the last day of a month.
func (d Day) ofMonth() (first, last Day) {
	t, _ := time.Parse("m2006-01", string(d))
	return Day(t.Format(time.DateOnly)), Day(t.AddDate(0, 1, -1).Format(time.DateOnly))
}

// Stretch is a row of days, or of months, from one to another.
type Stretch struct{ From, To Day }

// stretches cuts a period into whole months and the days before and after them. The month of the newest day counts as
// whole when the period goes that far: there is nothing after it. Without a newest day nothing is known of that.
func stretches(from, to, newest Day) []Stretch {
	if newest != "" && to >= newest {
		_, to = newest.month().ofMonth()
	}
	first, _ := from.month().ofMonth()
	if first < from {
		_, last := from.month().ofMonth()
		first = last.Plus(1)
	}
	_, last := to.month().ofMonth()
	if begins, _ := to.month().ofMonth(); last > to {
		last = begins.Plus(-1)
	}
	if first > last {
		return []Stretch{{from, to}}
	}
	all := []Stretch{{first.month(), last.month()}}
	if from < first {
		all = append(all, Stretch{from, first.Plus(-1)})
	}
	if last < to {
		all = append(all, Stretch{last.Plus(1), to})
	}
	return all
}

// daysBetween lists the days from one to another, both included.
func daysBetween(from, to Day) []Day {
	var days []Day
	for d := from; d <= to; d = d.Plus(1) {
		days = append(days, d)
	}
	return days
}

// Span is a time from a moment to another, in milliseconds.
type Span struct {
	From int64 `json:"from"`
	To   int64 `json:"to"`
}

// byDay cuts a span where days begin.
func (s Span) byDay(zone *time.Location, each func(Day, int64)) {
	for from := s.From; from < s.To; {
		day := DayOf(time.UnixMilli(from), zone)
		to := min(s.To, day.End(zone).UnixMilli())
		each(day, to-from)
		from = to
	}
}

// within gives the part of a span that lies in another.
func (s Span) within(o Span) int64 { return max(0, min(s.To, o.To)-max(s.From, o.From)) }

func timeAt(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
