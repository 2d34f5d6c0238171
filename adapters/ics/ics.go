// Package ics reads the closures that an .ics file tells of. arran4/golang-ical takes its lines apart; what is a line, and
// which one is broken, is counted here, because the library does not say.
package ics

import (
	"errors"
	"fmt"
	"strings"
	"time"

	ical "github.com/arran4/golang-ical"

	"baton/core"
	"baton/core/hours"
)

// How much of a file is read.
const (
	maxBytes  = 256 << 10
	maxEvents = 2000
	maxDays   = 366 // of one event
)

// Read gives the whole days that a file tells of as closures. What is over by now, lasts hours only, was cancelled or
// repeats in a way that no schedule can is skipped, and said so. A file that is broken or too large is an Invalid error
// that names the line.
func Read(text string, now time.Time) (hours.Import, error) {
	if len(text) > maxBytes {
		return hours.Import{}, refuse("the file is larger than %d KiB", maxBytes>>10)
	}
	events, err := eventsOf(text)
	if err != nil {
		return hours.Import{}, refuse("%v", err)
	}
	var found hours.Import
	for _, e := range events {
		days, err := e.days(now)
		var skipped *skippedError
		if errors.As(err, &skipped) {
			found.Skipped = append(found.Skipped, hours.Skipped{Line: e.line, Name: e.name(), Why: skipped.why})
			continue
		}
		if err != nil {
			return hours.Import{}, refuse("%v", err)
		}
		if len(found.Days)+len(days) > hours.MaxDays {
			return hours.Import{}, refuse("line %d: the file tells of more than %d days", e.line, hours.MaxDays)
		}
		for _, date := range days {
			found.Days = append(found.Days, hours.Found{Line: e.line, Day: hours.Day{Date: date, Name: e.name(), Closed: true}})
		}
	}
	return found, nil
}

func refuse(format string, args ...any) error { return core.RefuseField("/ics", format, args...) }

// skippedError says why an event is no closure.
type skippedError struct{ why string }

func (e *skippedError) Error() string { return e.why }

// line is a line of content: those that were folded are one again.
type line struct {
	number int // of the first of them
	text   string
}

// unfold puts lines together that were folded.
func unfold(text string) []line {
	var lines []line
	for i, part := range strings.Split(strings.TrimPrefix(text, "\ufeff"), "\n") {
		part = strings.TrimSuffix(part, "\r")
		switch {
		case part == "":
		case (part[0] == ' ' || part[0] == '\t') && len(lines) > 0:
			lines[len(lines)-1].text += part[1:]
		default:
			lines = append(lines, line{i + 1, part})
		}
	}
	return lines
}

// event is a VEVENT with the properties that matter, each with its line.
type event struct {
	line  int
	props map[string]property
}

type property struct {
	*ical.BaseProperty
	line int
}

func (e *event) name() string {
	p, there := e.props["SUMMARY"]
	if !there {
		return ""
	}
	name := core.CleanName(p.Value)
	for len(name) > core.MaxName {
		runes := []rune(name)
		name = string(runes[:len(runes)-1])
	}
	return name
}

// eventsOf takes a file apart.
func eventsOf(text string) ([]*event, error) {
	var events []*event
	var within []string // components, from the outermost
	var current *event
	lines := unfold(text)
	for _, l := range lines {
		p, err := parse(l)
		if err != nil {
			return nil, err
		}
		token, value := strings.ToUpper(p.IANAToken), strings.ToUpper(p.Value)
		switch {
		case token == "BEGIN":
			if (value == "VCALENDAR") != (len(within) == 0) {
				return nil, fmt.Errorf("line %d: BEGIN:%s cannot stand here", l.number, value)
			}
			within = append(within, value)
			if value == "VEVENT" {
				current = &event{line: l.number, props: map[string]property{}}
			}
		case len(within) == 0:
			return nil, fmt.Errorf("line %d: the file does not begin with BEGIN:VCALENDAR, or goes on after its end", l.number)
		case token == "END":
			if value != within[len(within)-1] {
				return nil, fmt.Errorf("line %d: END:%s where %s has to end", l.number, value, within[len(within)-1])
			}
			if within = within[:len(within)-1]; value == "VEVENT" {
				events = append(events, current)
			}
			if len(events) > maxEvents {
				return nil, fmt.Errorf("line %d: the file has more than %d events", l.number, maxEvents)
			}
		case within[len(within)-1] == "VEVENT":
			if _, twice := current.props[token]; twice && once(token) {
				return nil, fmt.Errorf("line %d: the event has a second %s", l.number, token)
			}
			current.props[token] = property{p, l.number}
		}
	}
	if len(lines) == 0 {
		return nil, errors.New("the file is empty")
	}
	if len(within) > 0 {
		return nil, fmt.Errorf("line %d: the file ends within %s", lines[len(lines)-1].number, within[len(within)-1])
	}
	return events, nil
}

// once says whether an event has a property once at most.
func once(token string) bool {
	switch token {
	case "DTSTART", "DTEND", "DURATION", "RRULE", "SUMMARY", "STATUS":
		return true
	}
	return false
}

// parse reads one line by the library.
func parse(l line) (*ical.BaseProperty, error) {
	p, err := ical.ParseProperty(ical.ContentLine(l.text))
	if err != nil {
		return nil, fmt.Errorf("line %d: %w", l.number, err)
	}
	if p == nil || !strings.HasPrefix(l.text, p.IANAToken) {
		return nil, fmt.Errorf("line %d: this is no line of a calendar: %.40q", l.number, l.text)
	}
	return p, nil
}
