package ics

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"baton/core/hours"
)

// days gives the dates of an event as schedules write them, MM-DD when they come every year without an end.
func (e *event) days(now time.Time) ([]string, error) {
	switch {
	case strings.EqualFold(e.props["STATUS"].value(), "CANCELLED"):
		return nil, &skippedError{"it was cancelled"}
	case e.props["RECURRENCE-ID"].BaseProperty != nil:
		return nil, &skippedError{"it changes one time of another event"}
	}
	start, length, err := e.extent()
	if err != nil {
		return nil, err
	}
	begins := []time.Time{start}
	if rule := e.props["RRULE"]; rule.BaseProperty != nil {
		r, err := readRule(rule.Value, rule.line)
		if err != nil {
			return nil, err
		}
		if e.props["EXDATE"].BaseProperty == nil && r.forEver(start) {
			return spread(begins, length, "01-02"), nil
		}
		if start.Year() < firstYear {
			return nil, fmt.Errorf("line %d: a rule of some years begins in %d at the earliest", e.line, firstYear)
		}
		begins = r.expand(start, now)
		if begins, err = e.except(begins); err != nil {
			return nil, err
		}
	}
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	begins = slices.DeleteFunc(begins, func(t time.Time) bool { return t.AddDate(0, 0, length).Before(today) })
	if len(begins) == 0 {
		return nil, &skippedError{"it is over"}
	}
	return spread(begins, length, time.DateOnly), nil
}

// firstYear is how far back the times of a rule are counted.
const firstYear = 1970

func (p property) value() string {
	if p.BaseProperty == nil {
		return ""
	}
	return p.Value
}

// spread writes all days of events that begin on these, each once. More than there may be are not all written.
func spread(begins []time.Time, length int, layout string) []string {
	var dates []string
	seen := map[string]bool{}
	for _, begin := range begins {
		for i := range length {
			date := begin.AddDate(0, 0, i).Format(layout)
			if !seen[date] {
				seen[date], dates = true, append(dates, date)
			}
			if len(dates) > hours.MaxDays {
				return dates
			}
		}
	}
	return dates
}

// extent is the first day of an event, and how many there are.
func (e *event) extent() (start time.Time, days int, err error) {
	from, there := e.props["DTSTART"]
	if !there {
		return start, 0, fmt.Errorf("line %d: the event has no DTSTART", e.line)
	}
	start, whole, err := dayOf(from.Value, from.line)
	if err != nil {
		return start, 0, err
	}
	if !whole {
		return start, 0, &skippedError{"it lasts hours and not days"}
	}
	if until, there := e.props["DTEND"]; there {
		end, whole, err := dayOf(until.Value, until.line)
		switch {
		case err != nil:
			return start, 0, err
		case !whole:
			return start, 0, &skippedError{"it lasts hours and not days"}
		case end.Before(start):
			return start, 0, fmt.Errorf("line %d: the event ends before it begins", until.line)
		}
		days = int(end.Sub(start).Hours() / 24)
	} else if lasts, there := e.props["DURATION"]; there {
		if days, err = daysIn(lasts.Value, lasts.line); err != nil {
			return start, 0, err
		}
	}
	if days > maxDays {
		return start, 0, fmt.Errorf("line %d: the event lasts %d days; %d are the most", e.line, days, maxDays)
	}
	return start, max(1, days), nil
}

// dayOf reads a date. Whole is false for a time of a day; midnight counts as a date, because some programs write whole
// days like that.
func dayOf(text string, number int) (day time.Time, whole bool, err error) {
	if t, err := time.Parse("20060102", text); err == nil {
		return t, true, nil
	}
	for _, layout := range []string{"20060102T150405", "20060102T150405Z"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, t.Hour()+t.Minute()+t.Second() == 0 && !strings.HasSuffix(text, "Z"), nil
		}
	}
	return day, false, fmt.Errorf("line %d: %.40q is no date", number, text)
}

// daysIn reads a duration of days or weeks.
func daysIn(text string, number int) (int, error) {
	for unit, days := range map[string]int{"D": 1, "W": 7} {
		count, ok := strings.CutSuffix(strings.TrimPrefix(text, "P"), unit)
		if n, err := strconv.Atoi(count); ok && err == nil && n >= 0 && n <= maxDays {
			return n * days, nil
		}
	}
	if strings.HasPrefix(text, "P") && strings.Contains(text, "T") {
		return 0, &skippedError{"it lasts hours and not days"}
	}
	return 0, fmt.Errorf("line %d: %.40q is no duration of days", number, text)
}

// except leaves out what EXDATE names.
func (e *event) except(begins []time.Time) ([]time.Time, error) {
	p := e.props["EXDATE"]
	if p.BaseProperty == nil {
		return begins, nil
	}
	for text := range strings.SplitSeq(p.Value, ",") {
		day, _, err := dayOf(text, p.line)
		if err != nil {
			return nil, err
		}
		begins = slices.DeleteFunc(begins, day.Equal)
	}
	return begins, nil
}
