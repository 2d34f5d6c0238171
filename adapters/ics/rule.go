package ics

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// rule is a yearly RRULE. Months and days are empty when the first time of the event says them.
type rule struct {
	every    int // years
	count    int // 0: without an end
	until    time.Time
	months   []int
	days     []int
	weekdays []weekday
}

// weekday is one of the week, and the nth of a month, from the end when it is negative; 0 is each.
type weekday struct {
	day time.Weekday
	nth int
}

// yearsAhead is how far a rule is written out that no date of every year can stand for.
const yearsAhead = 10

func readRule(text string, number int) (*rule, error) {
	r := &rule{every: 1}
	yearly := false
	for part := range strings.SplitSeq(strings.ToUpper(text), ";") {
		key, value, _ := strings.Cut(part, "=")
		var err error
		switch key {
		case "FREQ":
			if yearly = value == "YEARLY"; !yearly {
				return nil, &skippedError{"it repeats, and not by the year"}
			}
		case "INTERVAL":
			r.every, err = numberIn(value, 1, 100)
		case "COUNT":
			r.count, err = numberIn(value, 1, 1000)
		case "UNTIL":
			r.until, _, err = dayOf(value, number)
		case "BYMONTH":
			r.months, err = numbersIn(value, 1, 12)
		case "BYMONTHDAY":
			r.days, err = numbersIn(value, -31, 31)
		case "BYDAY":
			r.weekdays, err = weekdaysIn(value)
		case "WKST", "":
		default:
			return nil, &skippedError{"it repeats by " + key + ", which no schedule can"}
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %s in RRULE: %w", number, key, err)
		}
	}
	if !yearly {
		return nil, fmt.Errorf("line %d: the RRULE does not say how often", number)
	}
	if len(r.weekdays) > 0 && len(r.months) == 0 && len(r.days) == 0 {
		return nil, &skippedError{"it repeats by the weekday of a year, which no schedule can"}
	}
	return r, nil
}

func numberIn(text string, least, most int) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most || n == 0 {
		return 0, fmt.Errorf("%.20q is no number from %d to %d", text, least, most)
	}
	return n, nil
}

func numbersIn(text string, least, most int) (all []int, err error) {
	for part := range strings.SplitSeq(text, ",") {
		n, err := numberIn(part, least, most)
		if err != nil {
			return nil, err
		}
		all = append(all, n)
	}
	return all, nil
}

func weekdaysIn(text string) (all []weekday, err error) {
	names := []string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}
	for part := range strings.SplitSeq(text, ",") {
		cut := max(0, len(part)-2)
		day, nth := slices.Index(names, part[cut:]), 0
		if part[:cut] != "" {
			nth, err = numberIn(part[:cut], -5, 5)
		}
		if day < 0 || err != nil {
			return nil, fmt.Errorf("%.20q is no weekday", part)
		}
		all = append(all, weekday{time.Weekday(day), nth})
	}
	return all, nil
}

// forEver says whether the rule is the same date in every year.
func (r *rule) forEver(start time.Time) bool {
	month := len(r.months) == 0 || slices.Equal(r.months, []int{int(start.Month())})
	day := len(r.days) == 0 || slices.Equal(r.days, []int{start.Day()})
	return r.every == 1 && r.count == 0 && r.until.IsZero() && len(r.weekdays) == 0 && month && day
}

// expand gives the times of the rule until ten years from now. Years that are over are looked at only to count.
func (r *rule) expand(start, now time.Time) []time.Time {
	var all []time.Time
	year := start.Year()
	if over := now.Year() - 2 - year; over > 0 && r.count == 0 {
		year += over / r.every * r.every
	}
	for ; year <= now.Year()+yearsAhead; year += r.every {
		for _, t := range r.in(year, start) {
			if t.Before(start) || !r.until.IsZero() && t.After(r.until) {
				continue
			}
			if all = append(all, t); len(all) == r.count {
				return all
			}
		}
	}
	return all
}

// in gives the days of the rule in a year, in order.
func (r *rule) in(year int, start time.Time) []time.Time {
	months := r.months
	switch {
	case len(months) > 0:
	case len(r.days) > 0:
		months = []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}
	default:
		months = []int{int(start.Month())}
	}
	var all []time.Time
	for _, month := range months {
		for t := time.Date(year, time.Month(month), 1, 0, 0, 0, 0, time.UTC); t.Month() == time.Month(month); t = t.AddDate(0, 0, 1) {
			if r.has(t, start) {
				all = append(all, t)
			}
		}
	}
	slices.SortFunc(all, time.Time.Compare)
	return all
}

// has says whether a day of a month that the rule speaks of is one of its days.
func (r *rule) has(t, start time.Time) bool {
	last := t.AddDate(0, 1, -t.Day()).Day()
	if len(r.days) == 0 && len(r.weekdays) == 0 {
		return t.Day() == start.Day()
	}
	if len(r.days) > 0 && !slices.Contains(r.days, t.Day()) && !slices.Contains(r.days, t.Day()-last-1) {
		return false
	}
	if len(r.weekdays) == 0 {
		return true
	}
	nth, fromEnd := (t.Day()+6)/7, -(last-t.Day())/7-1
	return slices.ContainsFunc(r.weekdays, func(w weekday) bool {
		return w.day == t.Weekday() && (w.nth == 0 || w.nth == nth || w.nth == fromEnd)
	})
}
