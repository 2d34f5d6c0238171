package hours

import (
	"fmt"
	"time"
)

// day is a date, counted from 1 January 1970.
type day int

const secondsOfDay = 24 * 60 * 60

func dayOf(year int, month time.Month, date int) day {
	return day(time.Date(year, month, date, 0, 0, 0, 0, time.UTC).Unix() / secondsOfDay)
}

func (d day) date() (year int, month time.Month, date int) {
	return time.Unix(int64(d)*secondsOfDay, 0).UTC().Date()
}

// weekday is 0 for Monday.
func (d day) weekday() int {
	const thursday = 3 // that is what 1 January 1970 was
	return ((int(d)+thursday)%7 + 7) % 7
}

// yearly is a date of every year, as 100 × month + day; 0 is none.
type yearly int

func (d day) yearly() yearly {
	_, month, date := d.date()
	return yearly(100*int(month) + date)
}

// in gives the date in a year; 29 February is not in every one.
func (y yearly) in(year int) (day, bool) {
	d := dayOf(year, time.Month(y/100), int(y%100))
	return d, d.yearly() == y
}

// date is one day, or one of every year.
type date struct {
	on     day
	yearly yearly
}

// The years that dates may be in.
const firstYear, lastYear = 1970, 2199

// parseDate reads 2026-12-25 or 12-25.
func parseDate(text string) (date, error) {
	const leapYear = "2000-"
	if t, err := time.Parse(time.DateOnly, text); err == nil && t.Year() >= firstYear && t.Year() <= lastYear {
		return date{on: dayOf(t.Date())}, nil
	}
	if t, err := time.Parse(time.DateOnly, leapYear+text); err == nil {
		return date{yearly: yearly(100*int(t.Month()) + t.Day())}, nil
	}
	return date{}, fmt.Errorf("%q is no date; write one from %d to %d such as 2026-12-25, or 12-25 for every year", text, firstYear, lastYear)
}

// edge says which of two moments is meant when a clock that is put back shows a time twice.
type edge int

const (
	first edge = iota
	last
)

// moment is when a clock in this zone shows a minute of a day, which may lie beyond its midnight. Of a time that it
// never shows, because it is put forward, it is the moment after the gap.
func moment(zone *time.Location, d day, minute int, e edge) time.Time {
	wall := int64(d)*secondsOfDay + int64(minute)*60
	near := periodAt(time.Unix(wall, 0).In(zone)) // no clock is two days off
	if near.calm(wall) {
		return time.Unix(wall-near.offset, 0).In(zone)
	}
	periods := near.around(zone)
	var shown []int64
	for _, p := range periods {
		if at := wall - p.offset; p.begins <= at && at < p.ends {
			shown = append(shown, at)
		}
	}
	if len(shown) > 0 {
		return time.Unix(shown[int(e)*(len(shown)-1)], 0).In(zone)
	}
	for i := 1; i < len(periods); i++ {
		if change := periods[i].begins; wall < change+periods[i].offset {
			return time.Unix(change, 0).In(zone)
		}
	}
	return time.Unix(wall-near.offset, 0).In(zone)
}

// period is a time in which a zone's clock runs evenly, in seconds of Unix time.
type period struct{ begins, ends, offset int64 }

const (
	distantPast   = -1 << 62
	distantFuture = 1 << 62
)

func periodAt(t time.Time) period {
	begins, ends := t.ZoneBounds()
	_, offset := t.Zone()
	p := period{begins: distantPast, ends: distantFuture, offset: int64(offset)}
	if !begins.IsZero() {
		p.begins = begins.Unix()
	}
	if !ends.IsZero() {
		p.ends = ends.Unix()
	}
	return p
}

// calm says whether no clock is changed within two days of this moment.
func (p period) calm(at int64) bool {
	return at-2*secondsOfDay > p.begins && at+2*secondsOfDay < p.ends
}

// around gives the period with the one before and the one after it.
func (p period) around(zone *time.Location) []period {
	var list []period
	if p.begins != distantPast {
		list = append(list, periodAt(time.Unix(p.begins-1, 0).In(zone)))
	}
	list = append(list, p)
	if p.ends != distantFuture {
		list = append(list, periodAt(time.Unix(p.ends, 0).In(zone)))
	}
	return list
}
