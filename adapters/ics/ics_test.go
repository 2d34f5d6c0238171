package ics

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"baton/core"
)

var now = time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)

// file makes a calendar of lines of its events.
func file(events ...string) string {
	text := "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\n"
	for _, e := range events {
		text += "BEGIN:VEVENT\r\n" + strings.ReplaceAll(strings.TrimSpace(e), "\n", "\r\n") + "\r\nEND:VEVENT\r\n"
	}
	return text + "END:VCALENDAR\r\n"
}

func TestWholeDaysAreClosures(t *testing.T) {
	for story, row := range map[string]struct{ event, want string }{
		"one day":                    {"DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261226\nSUMMARY:Christmas", "2026-12-25 Christmas"},
		"without an end":             {"DTSTART;VALUE=DATE:20261225\nSUMMARY:Christmas", "2026-12-25 Christmas"},
		"an end that is no later":    {"DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261225", "2026-12-25"},
		"several days":               {"DTSTART;VALUE=DATE:20261230\nDTEND;VALUE=DATE:20270102\nSUMMARY:Inventory", "2026-12-30 Inventory, 2026-12-31 Inventory, 2027-01-01 Inventory"},
		"by their number":            {"DTSTART;VALUE=DATE:20261230\nDURATION:P2D", "2026-12-30, 2026-12-31"},
		"midnight to midnight":       {"DTSTART;TZID=Europe/Berlin:20261224T000000\nDTEND;TZID=Europe/Berlin:20261225T000000\nSUMMARY:Eve", "2026-12-24 Eve"},
		"every year":                 {"DTSTART;VALUE=DATE:20101225\nRRULE:FREQ=YEARLY\nSUMMARY:Christmas", "12-25 Christmas"},
		"every year, said in full":   {"DTSTART;VALUE=DATE:20101225\nRRULE:FREQ=YEARLY;INTERVAL=1;BYMONTH=12;BYMONTHDAY=25;WKST=MO", "12-25"},
		"two days of every year":     {"DTSTART;VALUE=DATE:20101225\nDTEND;VALUE=DATE:20101227\nRRULE:FREQ=YEARLY", "12-25, 12-26"},
		"every year for a while":     {"DTSTART;VALUE=DATE:20251225\nRRULE:FREQ=YEARLY;COUNT=3", "2026-12-25, 2027-12-25"},
		"until a year":               {"DTSTART;VALUE=DATE:20251225\nRRULE:FREQ=YEARLY;UNTIL=20271224", "2026-12-25"},
		"not in one year":            {"DTSTART;VALUE=DATE:20251225\nRRULE:FREQ=YEARLY;UNTIL=20281226\nEXDATE;VALUE=DATE:20271225", "2026-12-25, 2028-12-25"},
		"the fourth Thursday":        {"DTSTART;VALUE=DATE:20251127\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;UNTIL=20281231\nSUMMARY:Thanksgiving", "2027-11-25 Thanksgiving, 2028-11-23 Thanksgiving"},
		"the last Monday":            {"DTSTART;VALUE=DATE:20260525\nRRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO;UNTIL=20281231", "2027-05-31, 2028-05-29"},
		"the Tuesday after a Monday": {"DTSTART;VALUE=DATE:20261103\nRRULE:FREQ=YEARLY;INTERVAL=2;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8;COUNT=3", "2028-11-07, 2030-11-05"},
		"a name with odd signs":      {"DTSTART;VALUE=DATE:20261225\nSUMMARY;LANGUAGE=en:New Year\\, \\\"half\n  day\\\"\\; really", `2026-12-25 New Year, \"half day\"; really`},
		"an alarm within":            {"DTSTART;VALUE=DATE:20261225\nBEGIN:VALARM\nTRIGGER:-PT15M\nSUMMARY:wake up\nEND:VALARM", "2026-12-25"},
	} {
		found, err := Read(file(row.event), now)
		if err != nil {
			t.Errorf("%s: %v", story, err)
			continue
		}
		var days []string
		for _, d := range found.Days {
			if days = append(days, strings.TrimSpace(d.Date+" "+d.Name)); !d.Closed || d.Line != 4 {
				t.Errorf("%s: %+v is not closed, or not of line 4", story, d)
			}
		}
		if got := strings.Join(days, ", "); got != row.want {
			t.Errorf("%s: got %s, want %s", story, got, row.want)
		}
	}
}

func TestWhatIsNoClosureIsSkippedAndSaid(t *testing.T) {
	for story, row := range map[string]struct{ event, why string }{
		"an hour":              {"DTSTART:20261225T100000Z\nDTEND:20261225T110000Z\nSUMMARY:Call", "hours and not days"},
		"an hour by duration":  {"DTSTART;VALUE=DATE:20261225\nDURATION:PT1H\nSUMMARY:Call", "hours and not days"},
		"what was cancelled":   {"DTSTART;VALUE=DATE:20261225\nSTATUS:CANCELLED\nSUMMARY:Call", "cancelled"},
		"what is over":         {"DTSTART;VALUE=DATE:20251225\nSUMMARY:Call", "it is over"},
		"every week":           {"DTSTART;VALUE=DATE:20251225\nRRULE:FREQ=WEEKLY\nSUMMARY:Call", "not by the year"},
		"a rule of some years": {"DTSTART;VALUE=DATE:20251225\nRRULE:FREQ=YEARLY;BYWEEKNO=20\nSUMMARY:Call", "BYWEEKNO"},
		"a change of another":  {"DTSTART;VALUE=DATE:20261225\nRECURRENCE-ID;VALUE=DATE:20261224\nSUMMARY:Call", "another event"},
	} {
		found, err := Read(file(row.event), now)
		if err != nil || len(found.Days) != 0 || len(found.Skipped) != 1 {
			t.Errorf("%s: got %+v, %v", story, found, err)
			continue
		}
		if s := found.Skipped[0]; s.Line != 4 || s.Name != "Call" || !strings.Contains(s.Why, row.why) {
			t.Errorf("%s: it was skipped as %+v, want %s", story, s, row.why)
		}
	}
}

func TestBrokenFileNamesTheLine(t *testing.T) {
	for story, row := range map[string]struct{ text, want string }{
		"nothing":                   {"", "empty"},
		"another kind of file":      {"<html>\n<body>", "line 1: this is no line of a calendar"},
		"no calendar":               {"BEGIN:VEVENT\nEND:VEVENT\n", "line 1: BEGIN:VEVENT cannot stand here"},
		"a calendar that goes on":   {file() + "X:1\n", "line 5: the file does not begin"},
		"a file that was cut off":   {"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261225\n", "line 3: the file ends within VEVENT"},
		"ends in the wrong order":   {"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n", "line 3: END:VCALENDAR where VEVENT has to end"},
		"no colon":                  {file("DTSTART;VALUE=DATE:20261225\nSUMMARY"), "line 6"},
		"a parameter without value": {file("DTSTART;VALUE:20261225"), "line 5"},
		"no date":                   {file("SUMMARY:x\nDTSTART;VALUE=DATE:20261325"), `line 6: "20261325" is no date`},
		"no start":                  {file("SUMMARY:x"), "line 4: the event has no DTSTART"},
		"two starts":                {file("DTSTART;VALUE=DATE:20261225\nDTSTART;VALUE=DATE:20261226"), "line 6: the event has a second DTSTART"},
		"an end before the start":   {file("DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261224"), "line 6: the event ends before it begins"},
		"a closure of two years":    {file("DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20281224"), "line 4: the event lasts 730 days"},
		"a rule without frequency":  {file("DTSTART;VALUE=DATE:20261225\nRRULE:COUNT=3"), "line 6: the RRULE does not say how often"},
		"a rule with a bad month":   {file("DTSTART;VALUE=DATE:20261225\nRRULE:FREQ=YEARLY;BYMONTH=13"), "line 6: BYMONTH in RRULE"},
		"after a folded line":       {file("SUMMARY:a\n b\n c\nDTSTART:never"), `line 8: "never" is no date`},
		"too many events":           {file(strings.Split(strings.Repeat("DTSTART;VALUE=DATE:20261225|", maxEvents+1), "|")[:maxEvents+1]...), "more than 2000 events"},
		"too many days": {file(strings.Split(strings.Repeat("DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20271225|", 20), "|")[:20]...),
			"tells of more than 4000 days"},
		"too large": {strings.Repeat("x", maxBytes+1), "larger than 256 KiB"},
	} {
		_, err := Read(row.text, now)
		if core.KindOf(err) != core.Invalid || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: got %v, want %s", story, err, row.want)
		}
	}
}

func FuzzReadEndsAndNamesALine(f *testing.F) {
	f.Add(file("DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261226\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH\nEXDATE:20271225"))
	f.Fuzz(func(t *testing.T, text string) {
		began := time.Now()
		_, err := Read(text, now)
		if err != nil && core.KindOf(err) != core.Invalid {
			t.Errorf("%q: %v", text, err)
		}
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("%q took %v", text, took)
		}
	})
}

func TestLargeFileIsReadAtOnce(t *testing.T) {
	var events []string
	for i := range 1900 {
		events = append(events, fmt.Sprintf("DTSTART;VALUE=DATE:%s\nSUMMARY:x", now.AddDate(0, 0, i).Format("20060102")))
	}
	text := file(events...)
	if len(text) > maxBytes {
		t.Fatalf("the file has %d bytes", len(text))
	}
	found, err := Read(text, now)
	if err != nil || len(found.Days) != 1900 {
		t.Errorf("got %d days, %v", len(found.Days), err)
	}
}
