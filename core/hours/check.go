package hours

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"baton/core"
)

// Check gives a schedule as it is kept: names clean, the week from Monday on, days in order. What is wrong is an
// Invalid error with a pointer to each place, in the order of the schedule.
func Check(s Schedule) (Schedule, error) {
	p := new(problems)
	s.Name = p.name("/name", s.Name)
	p.add(core.CheckTimeZone("/time_zone", s.TimeZone))
	s.Week, s.Days = slices.Clone(s.Week), slices.Clone(s.Days)
	p.week(s.Week)
	p.days(s.Days)
	if p.fields != nil {
		return s, &core.Error{Kind: core.Invalid, Detail: p.fields[0].Detail, Fields: p.fields}
	}
	slices.SortFunc(s.Week, func(a, b Weekday) int { return cmp.Compare(weekdayOf(a.Day), weekdayOf(b.Day)) })
	slices.SortFunc(s.Days, func(a, b Day) int { return strings.Compare(a.Date, b.Date) })
	return s, nil
}

// problems collects what is wrong with a schedule.
type problems struct{ fields []core.FieldError }

// maxProblems is how many are told of at once.
const maxProblems = 20

func (p *problems) add(err error) {
	var refusal *core.Error
	if errors.As(err, &refusal) && len(p.fields) < maxProblems {
		p.fields = append(p.fields, refusal.Fields...)
	}
}

func (p *problems) refuse(pointer, format string, args ...any) {
	p.add(core.RefuseField(pointer, format, args...))
}

func (p *problems) name(pointer, name string) string {
	clean, err := core.CheckName(pointer, name)
	p.add(err)
	return clean
}

func (p *problems) week(week []Weekday) {
	var parsed [len(weekdays)][]span
	named := map[int]bool{}
	for i, w := range week {
		at, pointer := weekdayOf(w.Day), fmt.Sprintf("/week/%d", i)
		switch {
		case at < 0:
			p.refuse(pointer+"/day", "a day is one of %s, not %q", strings.Join(weekdays[:], ", "), w.Day)
			continue
		case named[at]:
			p.refuse(pointer+"/day", "%s is there twice; put all its spans into one", w.Day)
			continue
		}
		named[at] = true
		parsed[at] = p.spans(pointer, w.Spans)
	}
	for i, w := range week {
		if at := weekdayOf(w.Day); at >= 0 {
			p.night(fmt.Sprintf("/week/%d", i), w, parsed[at], parsed[(at+1)%len(weekdays)])
		}
	}
}

// night refuses a span that reaches into one of the next day.
func (p *problems) night(pointer string, w Weekday, today, tomorrow []span) {
	for _, s := range today {
		if len(tomorrow) > 0 && s.to-minutesOfDay > tomorrow[0].from {
			p.refuse(fmt.Sprintf("%s/spans/%d", pointer, s.at), "%s %s to %s reaches into what begins at %s on the next day", w.Day, clock(s.from), clock(s.to), clock(tomorrow[0].from))
		}
	}
}

func (p *problems) days(days []Day) {
	if len(days) > MaxDays {
		p.refuse("/days", "there are %d days; %d are the most", len(days), MaxDays)
		return
	}
	seen := map[string]int{}
	for i := range days {
		d, pointer := &days[i], fmt.Sprintf("/days/%d", i)
		if d.Name != "" {
			d.Name = p.name(pointer+"/name", d.Name)
		}
		if _, err := parseDate(d.Date); err != nil {
			p.refuse(pointer+"/date", "%v", err)
		} else if first, twice := seen[d.Date]; twice {
			p.refuse(pointer+"/date", "%s is there twice, first as day %d", d.Date, first+1)
		}
		seen[d.Date] = i
		switch {
		case d.Closed && len(d.Spans) > 0:
			p.refuse(pointer+"/spans", "%s is closed and has spans; it is one or the other", d.Date)
		case !d.Closed && len(d.Spans) == 0:
			p.refuse(pointer, "%s is neither closed nor has spans", d.Date)
		default:
			p.spans(pointer, d.Spans)
		}
	}
}

// spans reads the spans of a day and refuses those that overlap. They come back in order.
func (p *problems) spans(pointer string, list []Span) []span {
	if len(list) > MaxSpans {
		p.refuse(pointer+"/spans", "a day has %d spans at most, not %d", MaxSpans, len(list))
		return nil
	}
	parsed := make([]span, 0, len(list))
	for i, s := range list {
		read, fine := span{at: i}, true
		for _, part := range []struct {
			name, text string
			into       *int
		}{{"from", s.From, &read.from}, {"to", s.To, &read.to}} {
			minute, err := parseClock(part.text)
			if err != nil {
				p.refuse(fmt.Sprintf("%s/spans/%d/%s", pointer, i, part.name), "%v", err)
				fine = false
			}
			*part.into = minute
		}
		if fine {
			parsed = append(parsed, read.wrapped())
		}
	}
	slices.SortFunc(parsed, func(a, b span) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	for i := 1; i < len(parsed); i++ {
		if before, s := parsed[i-1], parsed[i]; s.from < before.to {
			p.refuse(fmt.Sprintf("%s/spans/%d", pointer, s.at), "%s to %s overlaps %s to %s", clock(s.from), clock(s.to), clock(before.from), clock(before.to))
		}
	}
	return parsed
}

// span is a span in minutes of its day; to may lie on the next.
type span struct{ from, to, at int }

const minutesOfDay = 24 * 60

// wrapped puts an end that is not after the beginning on the next day.
func (s span) wrapped() span {
	if s.to <= s.from {
		s.to += minutesOfDay
	}
	return s
}

func parseClock(text string) (minute int, err error) {
	t, err := time.Parse("15:04", text)
	if err != nil || len(text) != len("15:04") {
		return 0, fmt.Errorf("%q is no time; write one from 00:00 to 23:59 such as 09:30", text)
	}
	return t.Hour()*60 + t.Minute(), nil
}

func clock(minute int) string {
	minute %= minutesOfDay
	return fmt.Sprintf("%02d:%02d", minute/60, minute%60)
}

// weekdayOf gives the place of a day in the week, or -1.
func weekdayOf(name string) int { return slices.Index(weekdays[:], name) }
