package hours

import (
	"sort"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The calendar finds each change by computing; the slow implementation by looking at every minute.
func TestCalendarAgreesWithAClockOnTheWallMinuteByMinute(t *testing.T) {
	for _, zone := range zones() {
		t.Run(zone, func(t *testing.T) {
			clock := watch(t, zone)
			rapid.Check(t, func(t *rapid.T) {
				schedule := anySchedule(t, zone)
				c, err := Compile(schedule)
				if err != nil {
					t.Fatal(err)
				}
				agree(t, c, schedule, clock)
			})
		})
	}
}

// agree compares all changes in the window, and what holds just before, at and after some of them and at random.
func agree(t *rapid.T, c *Calendar, schedule Schedule, clock *slow) {
	from, to := clock.part(t)
	open := clock.open(schedule, from, to)
	changes := c.Changes(clock.at(from), clock.at(to-1))
	var minutes []int
	for i := from + 1; i < to; i++ {
		if open[i] == open[i-1] {
			continue
		}
		minutes = append(minutes, i)
		if n := len(minutes); n > len(changes) || !changes[n-1].Equal(clock.at(i)) {
			t.Fatalf("change %d is at %v (open: %v), but the calendar says %v", n, clock.at(i).In(c.Zone()), open[i], near(changes, n-1))
		}
	}
	if len(changes) != len(minutes) {
		t.Fatalf("the calendar has a change at %v, and there is none", changes[len(minutes)].In(c.Zone()))
	}
	if len(minutes) > 0 {
		for range 10 {
			i := rapid.SampledFrom(minutes).Draw(t, "change")
			for _, minute := range []int{i - 1, i, i + 1} {
				agreeAt(t, c, schedule, clock, open, minutes, max(from, min(minute, to-1)), to)
			}
		}
	}
	for range 20 {
		agreeAt(t, c, schedule, clock, open, minutes, rapid.IntRange(from, to-1).Draw(t, "minute"), to)
	}
}

func near(changes []time.Time, i int) any {
	if i < len(changes) {
		return changes[i]
	}
	return "none"
}

// agreeAt compares what holds at one minute, when it changes and when it opens next, if that is within what was seen.
// Changes are the minutes at which the clock was seen to open or close.
func agreeAt(t *rapid.T, c *Calendar, schedule Schedule, clock *slow, open []bool, changes []int, minute, to int) {
	at := clock.at(minute)
	state := c.At(at)
	on := saysOn(schedule, day(clock.wall[minute]/minutesOfDay))
	want := State{Open: open[minute], Reason: Closed, Holiday: on.name}
	switch {
	case want.Open:
		want.Reason = ""
	case on.special:
		want.Reason = Holiday
	}
	opens := time.Time{}
	next := sort.SearchInts(changes, minute+1)
	if next < len(changes) {
		want.Until = clock.at(changes[next])
	}
	for ; next < len(changes) && opens.IsZero(); next++ {
		if open[changes[next]] {
			opens = clock.at(changes[next])
		}
	}
	if want.Until.IsZero() && state.Until.After(clock.at(to-1)) {
		want.Until = state.Until // beyond what was seen
	}
	if state.Open != want.Open || state.Reason != want.Reason || state.Holiday != want.Holiday || !state.Until.Equal(want.Until) {
		t.Fatalf("at %v it is %+v, but the calendar says %+v", at.In(c.Zone()), want, state)
	}
	opening, there := c.NextOpening(at)
	if !opening.Equal(opens) && !(opens.IsZero() && (!there || opening.After(clock.at(to-1)))) {
		t.Fatalf("after %v it opens at %v, but the calendar says %v", at.In(c.Zone()), opens, opening)
	}
	change, there := c.NextChange(at)
	if there == state.Until.IsZero() || !change.Equal(state.Until) {
		t.Fatalf("at %v the next change is %v, %v, and what holds is until %v", at, change, there, state.Until)
	}
}

func week(spans ...Span) []Weekday {
	var all []Weekday
	for _, name := range weekdays {
		all = append(all, Weekday{Day: name, Spans: spans})
	}
	return all
}

func calendar(t *testing.T, s Schedule) *Calendar {
	t.Helper()
	if s.Name == "" {
		s.Name = "Support"
	}
	c, err := Compile(s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func instant(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestClockThatIsChangedMovesOpeningsAsTheSignSays(t *testing.T) {
	for _, row := range []struct {
		story, zone string
		span        Span
		opens       string
		closes      string
	}{
		{"an ordinary day", "Europe/Berlin", Span{"02:15", "02:45"}, "2026-06-01T00:15:00Z", "2026-06-01T00:45:00Z"},
		{"an opening in the gap of spring is the moment after it", "Europe/Berlin", Span{"02:30", "05:00"}, "2026-03-29T01:00:00Z", "2026-03-29T03:00:00Z"},
		{"a closing in the gap of spring is the moment after it", "Europe/Berlin", Span{"01:00", "02:30"}, "2026-03-29T00:00:00Z", "2026-03-29T01:00:00Z"},
		{"an opening that autumn has twice is the first", "Europe/Berlin", Span{"02:30", "05:00"}, "2026-10-25T00:30:00Z", "2026-10-25T04:00:00Z"},
		{"a closing that autumn has twice is the last", "Europe/Berlin", Span{"01:00", "02:30"}, "2026-10-24T23:00:00Z", "2026-10-25T01:30:00Z"},
		{"a night over the change of spring is an hour shorter", "Europe/Berlin", Span{"22:00", "06:00"}, "2026-03-28T21:00:00Z", "2026-03-29T04:00:00Z"},
		{"midnight that Havana jumps over", "America/Havana", Span{"00:00", "08:00"}, "2026-03-08T05:00:00Z", "2026-03-08T12:00:00Z"},
		{"half an hour on Lord Howe", "Australia/Lord_Howe", Span{"02:15", "05:00"}, "2026-10-03T15:30:00Z", "2026-10-03T18:00:00Z"},
	} {
		c := calendar(t, Schedule{TimeZone: row.zone, Week: week(row.span)})
		opens, closes := instant(t, row.opens), instant(t, row.closes)
		if before := c.At(opens.Add(-time.Second)); before.Open || !before.Until.Equal(opens) {
			t.Errorf("%s: a second before %s it is %+v", row.story, row.opens, before)
		}
		if state := c.At(opens); !state.Open || !state.Until.Equal(closes) {
			t.Errorf("%s: at %s it is %+v, want open until %s", row.story, row.opens, state, row.closes)
		}
		if state := c.At(closes); state.Open {
			t.Errorf("%s: at %s it is still open", row.story, row.closes)
		}
	}
}

func TestSpanThatTheClockJumpsOverIsNotThere(t *testing.T) {
	c := calendar(t, Schedule{TimeZone: "Europe/Berlin", Week: week(Span{"02:10", "02:50"})})
	day := instant(t, "2026-03-28T12:00:00Z")
	if next, ok := c.NextOpening(day); !ok || !next.Equal(instant(t, "2026-03-30T00:10:00Z")) {
		t.Errorf("after %v it opens at %v, want on the day after the change", day, next)
	}
}

func TestDaysThatAreNotLikeTheOthers(t *testing.T) {
	c := calendar(t, Schedule{
		TimeZone: "Europe/Berlin", Week: append(week(Span{"09:00", "18:00"})[:5], Weekday{Day: "sat", Spans: []Span{{"22:00", "06:00"}}}),
		Days: []Day{
			{Date: "12-24", Name: "Christmas Eve", Spans: []Span{{"09:00", "13:00"}}},
			{Date: "12-25", Name: "Christmas Day", Closed: true},
			{Date: "2027-12-24", Name: "Closed for once", Closed: true},
			{Date: "2026-09-06", Name: "Works outing", Closed: true}, // a Sunday, after the night of Saturday
		},
	})
	for _, row := range []struct{ story, at, want string }{
		{"before noon of the half day", "2026-12-24T10:00:00Z", "open Christmas Eve until 2026-12-24T12:00:00Z"},
		{"the urgent chat of 17:55", "2026-12-24T16:55:00Z", "holiday Christmas Eve until 2026-12-26T21:00:00Z"},
		{"Christmas Day", "2026-12-25T10:00:00Z", "holiday Christmas Day until 2026-12-26T21:00:00Z"},
		{"the night of an ordinary Saturday", "2026-12-27T04:00:00Z", "open  until 2026-12-27T05:00:00Z"},
		{"an ordinary Sunday", "2026-12-27T10:00:00Z", "closed  until 2026-12-28T08:00:00Z"},
		{"the date with a year counts", "2027-12-24T10:00:00Z", "holiday Closed for once until 2027-12-27T08:00:00Z"},
		{"a night ends where a closed day begins", "2026-09-05T21:00:00Z", "open  until 2026-09-05T22:00:00Z"},
		{"the closed day after the night", "2026-09-06T01:00:00Z", "holiday Works outing until 2026-09-07T07:00:00Z"},
	} {
		s := c.At(instant(t, row.at))
		word := string(s.Reason)
		if s.Open {
			word = "open"
		}
		if got := word + " " + s.Holiday + " until " + s.Until.UTC().Format(time.RFC3339); got != row.want {
			t.Errorf("%s: at %s it is %s, want %s", row.story, row.at, got, row.want)
		}
	}
}

func TestScheduleThatNeverOpensOrNeverClosesHasNoNextChange(t *testing.T) {
	at := instant(t, "2026-05-05T12:00:00Z")
	for story, c := range map[string]*Calendar{
		"an empty week":          calendar(t, Schedule{TimeZone: "Europe/Berlin"}),
		"a holiday in none":      calendar(t, Schedule{TimeZone: "Europe/Berlin", Days: []Day{{Date: "12-25", Closed: true}}}),
		"always":                 AlwaysOpen(),
		"whole days":             calendar(t, Whole("Always", "Europe/Berlin")),
		"whole days from eight":  calendar(t, Schedule{TimeZone: "Europe/Berlin", Week: week(Span{"08:00", "08:00"})}),
		"an opening in the past": calendar(t, Schedule{TimeZone: "UTC", Days: []Day{{Date: "2020-01-01", Spans: []Span{{"09:00", "10:00"}}}}}),
		"all days of the year closed": calendar(t, func() Schedule {
			s := Schedule{TimeZone: "Europe/Berlin", Week: week(Span{"09:00", "17:00"})}
			for d := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC); d.Year() == 2024; d = d.AddDate(0, 0, 1) {
				s.Days = append(s.Days, Day{Date: d.Format("01-02"), Closed: true})
			}
			return s
		}()),
	} {
		if change, there := c.NextChange(at); there {
			t.Errorf("%s: it changes at %v", story, change)
		}
		if next, there := c.NextOpening(at); there {
			t.Errorf("%s: it opens at %v", story, next)
		}
		if changes := c.Changes(at, at.AddDate(9, 0, 0)); len(changes) != 0 {
			t.Errorf("%s: there are the changes %v", story, changes)
		}
	}
}

func TestFarOpeningIsFoundAtOnce(t *testing.T) {
	c := calendar(t, Schedule{TimeZone: "Europe/Berlin", Days: []Day{{Date: "02-29", Name: "Leap day", Spans: []Span{{"09:00", "10:00"}}}}})
	if next, _ := c.NextOpening(instant(t, "2026-05-05T12:00:00Z")); !next.Equal(instant(t, "2028-02-29T08:00:00Z")) {
		t.Errorf("the next leap day is %v", next)
	}
	full := calendar(t, Schedule{TimeZone: "Europe/Berlin", Week: week(Span{"00:00", "00:00"}), Days: []Day{{Date: "2031-01-01", Closed: true}}})
	at := instant(t, "2026-05-05T12:00:00Z")
	if state := full.At(at); !state.Open || !state.Until.Equal(instant(t, "2030-12-31T23:00:00Z")) {
		t.Errorf("it is %+v, want open until the one closure", state)
	}
	if next, _ := full.NextOpening(at); !next.Equal(instant(t, "2031-01-01T23:00:00Z")) {
		t.Errorf("it opens again at %v", next)
	}
}

func BenchmarkAt(b *testing.B) {
	c, err := Compile(Schedule{Name: "x", TimeZone: "Europe/Berlin", Week: week(Span{"09:00", "12:00"}, Span{"13:00", "18:00"}), Days: []Day{{Date: "12-25", Closed: true}}})
	if err != nil {
		b.Fatal(err)
	}
	at := time.Date(2026, 7, 4, 20, 0, 0, 0, time.UTC)
	for b.Loop() {
		c.At(at)
	}
}

func BenchmarkAlwaysOpen(b *testing.B) {
	c, at := AlwaysOpen(), time.Date(2026, 7, 4, 20, 0, 0, 0, time.UTC)
	for b.Loop() {
		c.At(at)
	}
}
