package hours

import (
	"errors"
	"strings"
	"testing"

	"baton/core"
)

func TestC07BadSchedulesAreRefusedWithAPointerToThePlace(t *testing.T) {
	mon := func(spans ...Span) []Weekday { return []Weekday{{Day: "mon", Spans: spans}} }
	for story, row := range map[string]struct {
		s             Schedule
		pointer, says string
	}{
		"no name":                       {Schedule{Name: " "}, "/name", "a name has"},
		"an unknown zone":               {Schedule{TimeZone: "Europe/Berln"}, "/time_zone", `no time zone "Europe/Berln"`},
		"the machine's own zone":        {Schedule{TimeZone: "Local"}, "/time_zone", "Local"},
		"an unknown day":                {Schedule{Week: []Weekday{{Day: "monday"}}}, "/week/0/day", `not "monday"`},
		"a day twice":                   {Schedule{Week: []Weekday{{Day: "mon"}, {Day: "tue"}, {Day: "mon"}}}, "/week/2/day", "mon is there twice"},
		"no time":                       {Schedule{Week: mon(Span{"9:00", "17:00"})}, "/week/0/spans/0/from", `"9:00" is no time`},
		"25 o'clock":                    {Schedule{Week: mon(Span{"09:00", "25:00"})}, "/week/0/spans/0/to", `"25:00" is no time`},
		"a second spelling of midnight": {Schedule{Week: mon(Span{"09:00", "24:00"})}, "/week/0/spans/0/to", "00:00 to 23:59"},
		"spans that overlap": {Schedule{Week: mon(Span{"13:00", "17:00"}, Span{"09:00", "13:30"})}, "/week/0/spans/0",
			"13:00 to 17:00 overlaps 09:00 to 13:30"},
		"the same span twice": {Schedule{Week: mon(Span{"09:00", "10:00"}, Span{"09:00", "10:00"})}, "/week/0/spans/1", "overlaps"},
		"a night that reaches into the next day": {Schedule{Week: []Weekday{{Day: "sun", Spans: []Span{{"22:00", "06:00"}}}, {Day: "mon", Spans: []Span{{"05:00", "09:00"}}}}},
			"/week/0/spans/0", "reaches into what begins at 05:00"},
		"no date":                      {Schedule{Days: []Day{{Date: "25.12.2026", Closed: true}}}, "/days/0/date", "2026-12-25, or 12-25"},
		"30 February":                  {Schedule{Days: []Day{{Date: "02-30", Closed: true}}}, "/days/0/date", "no date"},
		"a date twice":                 {Schedule{Days: []Day{{Date: "12-25", Closed: true}, {Date: "2026-12-25", Closed: true}, {Date: "12-25", Closed: true}}}, "/days/2/date", "twice"},
		"closed and open":              {Schedule{Days: []Day{{Date: "12-25", Closed: true, Spans: []Span{{"09:00", "10:00"}}}}}, "/days/0/spans", "one or the other"},
		"neither closed nor open":      {Schedule{Days: []Day{{Date: "12-25"}}}, "/days/0", "neither"},
		"overlap on a holiday":         {Schedule{Days: []Day{{Date: "12-25", Spans: []Span{{"09:00", "12:00"}, {"11:00", "13:00"}}}}}, "/days/0/spans/1", "overlaps"},
		"more days than there may be":  {Schedule{Days: make([]Day, MaxDays+1)}, "/days", "the most"},
		"more spans than there may be": {Schedule{Week: mon(make([]Span, MaxSpans+1)...)}, "/week/0/spans", "at most"},
	} {
		if row.s.Name == "" {
			row.s.Name = "Support"
		}
		if row.s.TimeZone == "" {
			row.s.TimeZone = "Europe/Berlin"
		}
		_, err := Check(row.s)
		var refusal *core.Error
		if !errors.As(err, &refusal) || refusal.Kind != core.Invalid || refusal.Fields[0].Pointer != row.pointer || !strings.Contains(refusal.Detail, row.says) {
			t.Errorf("%s: got %v (%+v), want %s at %s", story, err, refusal, row.says, row.pointer)
		}
		if _, compiled := Compile(row.s); compiled == nil {
			t.Errorf("%s: it was compiled", story)
		}
	}
}

func TestEveryMistakeIsToldAtOnce(t *testing.T) {
	_, err := Check(Schedule{Name: "x", TimeZone: "Nowhere", Week: []Weekday{{Day: "mon", Spans: []Span{{"a", "b"}}}}, Days: []Day{{Date: "x", Closed: true}}})
	var refusal *core.Error
	if !errors.As(err, &refusal) || len(refusal.Fields) != 4 {
		t.Errorf("got %+v, want four places", refusal)
	}
}

func TestCheckedScheduleIsInOrder(t *testing.T) {
	given := Schedule{
		Name: " Support ", TimeZone: "Europe/Berlin", Week: []Weekday{{Day: "sun"}, {Day: "mon", Spans: []Span{{"22:00", "06:00"}, {"09:00", "22:00"}}}},
		Days: []Day{{Date: "2026-12-25", Closed: true}, {Date: "12-25", Name: "Christmas", Closed: true}},
	}
	s, err := Check(given)
	if err != nil {
		t.Fatal(err)
	}
	if s.Name != "Support" || s.Week[0].Day != "mon" || s.Days[0].Date != "12-25" || given.Week[0].Day != "sun" {
		t.Errorf("it was kept as %+v, and what was given is %+v", s, given)
	}
}
