package hours

import (
	"fmt"
	"os"
	"sync"
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"
)

// proof says whether the full counts are asked for.
func proof() bool { return os.Getenv("BATON_PROOF") != "" }

// zones are those whose clocks are changed in odd ways: at midnight, by half an hour or two hours, in the south, for a
// month of fasting, and never.
func zones() []string {
	few := []string{"Europe/Berlin", "America/Havana", "Australia/Lord_Howe"}
	if !proof() {
		return few
	}
	return append(few, "UTC", "Europe/London", "Europe/Chisinau", "Africa/Casablanca", "Africa/Cairo", "Asia/Beirut", "Asia/Gaza",
		"Asia/Tehran", "Asia/Kathmandu", "America/New_York", "America/St_Johns", "America/Sao_Paulo", "America/Santiago",
		"America/Asuncion", "America/Nuuk", "Antarctica/Troll", "Pacific/Auckland", "Pacific/Apia", "Atlantic/Azores")
}

// years are those that are looked at: in 2011 Samoa had no 30 December.
func years() (from, to int) {
	if proof() {
		return 2017, 2027
	}
	return 2025, 2027
}

// slow is a second implementation: it looks at a clock on the wall, minute by minute.
type slow struct {
	zone  string
	begin time.Time
	wall  []int32 // what the clock shows at each minute from begin, in minutes of its own
	days  map[day]stay
}

// stay is where the minutes of a date are among all: from its first, and up to its last.
type stay struct{ from, to int }

var clocks sync.Map // of zones to *slow

// watch looks at a zone's clock for the years that are asked for, and a while before and after.
func watch(t *testing.T, name string) *slow {
	if known, ok := clocks.Load(name); ok {
		return known.(*slow)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	from, to := years()
	begin, end := time.Date(from, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -8), time.Date(to, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 8)
	s := &slow{zone: name, begin: begin, wall: make([]int32, int(end.Sub(begin).Minutes())), days: map[day]stay{}}
	for i := range s.wall {
		at := begin.Add(time.Duration(i) * time.Minute)
		_, offset := at.In(zone).Zone()
		s.wall[i] = int32((at.Unix() + int64(offset)) / 60)
		on := day(s.wall[i] / minutesOfDay)
		seen, there := s.days[on]
		if !there {
			seen.from = i
		}
		s.days[on] = stay{seen.from, i + 1}
	}
	clocks.Store(name, s)
	return s
}

// find is the first or last minute at which the clock shows a time, or the first at which it shows a later one. All
// minutes that show it are among those of its date; a date that never was ends where the next begins.
func (s *slow) find(wall int32, lastOne bool) int {
	on, there := s.days[day(wall/minutesOfDay)]
	if !there {
		return s.days[day(wall/minutesOfDay)+1].from
	}
	for i := range on.to - on.from {
		minute := on.from + i
		if lastOne {
			minute = on.to - 1 - i
		}
		if s.wall[minute] == wall {
			return minute
		}
	}
	for minute := on.from; minute < on.to; minute++ {
		if s.wall[minute] > wall {
			return minute
		}
	}
	return on.to
}

// open paints the minutes from one to another at which a schedule is open.
func (s *slow) open(schedule Schedule, from, to int) []bool {
	painted := make([]bool, len(s.wall))
	for on := day(s.wall[from]/minutesOfDay) - 2; on <= day(s.wall[to]/minutesOfDay)+2; on++ {
		for _, span := range saysOn(schedule, on).spans {
			begin, end := minuteOf(span.From), minuteOf(span.To)
			if end <= begin {
				end += minutesOfDay
			}
			base := int32(on) * minutesOfDay
			from, to := s.find(base+begin, false), s.find(base+end, true)
			if end >= minutesOfDay && saysOn(schedule, on+1).special {
				to = min(to, s.find(base+minutesOfDay, false))
			}
			for i := from; i < to; i++ {
				painted[i] = true
			}
		}
	}
	return painted
}

func minuteOf(text string) int32 {
	var hour, minute int32
	fmt.Sscanf(text, "%d:%d", &hour, &minute)
	return hour*60 + minute
}

type said struct {
	spans   []Span
	name    string
	special bool
}

// saysOn reads a schedule as a person does: the date, then the date of every year, then the day of the week.
func saysOn(schedule Schedule, on day) said {
	at := time.Unix(int64(on)*secondsOfDay, 0).UTC()
	for _, layout := range []string{"2006-01-02", "01-02"} {
		for _, d := range schedule.Days {
			if d.Date == at.Format(layout) {
				return said{d.Spans, d.Name, true}
			}
		}
	}
	for _, w := range schedule.Week {
		if w.Day == [...]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}[at.Weekday()] {
			return said{spans: w.Spans}
		}
	}
	return said{}
}

// at is the moment of a minute.
func (s *slow) at(minute int) time.Time { return s.begin.Add(time.Duration(minute) * time.Minute) }

// part draws the minutes that are compared: with some hundred draws, each of all years several times.
func (s *slow) part(t *rapid.T) (from, to int) {
	days := 90
	if proof() {
		days = 1000
	}
	from, to = s.window()
	from = rapid.IntRange(from, to-minutesOfDay).Draw(t, "from minute")
	return from, min(to, from+days*minutesOfDay)
}

// window are the minutes of the years that are looked at.
func (s *slow) window() (from, to int) {
	first, last := years()
	return int(time.Date(first, 1, 1, 0, 0, 0, 0, time.UTC).Sub(s.begin).Minutes()), int(time.Date(last, 1, 1, 0, 0, 0, 0, time.UTC).Sub(s.begin).Minutes())
}

// anySchedule draws a schedule that Check lets pass, with what is hard about one: nights, spans that touch, times that
// clocks jump over, days without a gap, closed and half days.
func anySchedule(t *rapid.T, zone string) Schedule {
	s := Schedule{Name: "drawn", TimeZone: zone}
	style := rapid.SampledFrom([]string{"some", "some", "some", "full", "empty"}).Draw(t, "week")
	for i, name := range weekdays {
		w := Weekday{Day: name}
		switch style {
		case "some":
			w.Spans = anySpans(t, fmt.Sprint("spans of ", i))
		case "full":
			w.Spans = []Span{{"00:00", "00:00"}}
		}
		s.Week = append(s.Week, w)
	}
	if style == "full" && rapid.Bool().Draw(t, "from 08:00") {
		for i := range s.Week {
			s.Week[i].Spans = []Span{{"08:00", "08:00"}}
		}
	}
	for i := range s.Week {
		stayUp(t, s.Week[i].Spans, s.Week[(i+1)%len(s.Week)].Spans)
	}
	from, to := years()
	seen := map[string]bool{}
	for range rapid.IntRange(0, 12).Draw(t, "days") {
		at := time.Date(rapid.IntRange(from, to-1).Draw(t, "year"), 1, rapid.IntRange(1, 366).Draw(t, "day"), 0, 0, 0, 0, time.UTC)
		if rapid.Bool().Draw(t, "in the season of changes") {
			at = time.Date(at.Year(), rapid.SampledFrom([]time.Month{3, 4, 9, 10, 11}).Draw(t, "month"), rapid.IntRange(1, 31).Draw(t, "date"), 0, 0, 0, 0, time.UTC)
		}
		d := Day{Date: at.Format(rapid.SampledFrom([]string{"2006-01-02", "01-02"}).Draw(t, "layout")), Name: "feast"}
		d.Spans = anySpans(t, "of the day")
		d.Closed = len(d.Spans) == 0
		stayUp(t, d.Spans, nil)
		if !seen[d.Date] {
			s.Days = append(s.Days, d)
		}
		seen[d.Date] = true
	}
	return s
}

// stayUp may let the last span of a day go on in the night, until something begins on the next day or 24 hours are over.
func stayUp(t *rapid.T, today, tomorrow []Span) {
	if len(today) == 0 || today[len(today)-1].To != "00:00" || today[len(today)-1].From == "00:00" {
		return
	}
	last := &today[len(today)-1]
	most := minuteOf(last.From)
	if len(tomorrow) > 0 {
		most = min(most, minuteOf(tomorrow[0].From))
	}
	last.To = clock(rapid.IntRange(0, int(most)).Draw(t, "until in the night"))
}

// anySpans draws up to three spans of a day, of which some touch and the last may end at midnight.
func anySpans(t *rapid.T, label string) []Span {
	cut := rapid.Custom(func(t *rapid.T) int {
		if rapid.Bool().Draw(t, "at night") {
			return rapid.IntRange(0, 4*60).Draw(t, "minute")
		}
		return rapid.IntRange(0, minutesOfDay/15-1).Draw(t, "quarter") * 15
	})
	cuts := map[int]bool{}
	for range rapid.IntRange(0, 6).Draw(t, label) {
		cuts[cut.Draw(t, "cut")] = true
	}
	var spans []Span
	begin := -1
	for minute := range minutesOfDay {
		switch {
		case !cuts[minute]:
		case begin < 0:
			begin = minute
		default:
			spans = append(spans, Span{clock(begin), clock(minute)})
			if begin = -1; rapid.Bool().Draw(t, "touching") {
				begin = minute
			}
		}
	}
	if begin >= 0 {
		spans = append(spans, Span{clock(begin), "00:00"})
	}
	return spans
}
