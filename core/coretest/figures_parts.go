package coretest

import (
	"fmt"
	"slices"
	"strconv"
	"testing"

	"baton/core"
	"baton/core/stats"
)

// statusOf is what a session is after its log.
func statusOf(log []*core.Event) string {
	s := new(core.Session)
	for _, e := range log {
		s.Apply(e)
	}
	return string(s.Status)
}

// tagsOf are the tags of a session after its log.
func tagsOf(log []*core.Event) []string {
	tags := slices.Clone(request(log).Tags)
	for _, e := range log {
		switch d := e.Data.(type) {
		case *core.TagAdded:
			tags = append(tags, d.Tag)
		case *core.TagRemoved:
			tags = slices.DeleteFunc(tags, func(tag string) bool { return tag == d.Tag })
		}
	}
	return tags
}

// partsOf are the keys of a session in each breakdown.
func partsOf(by string, log []*core.Event) []string {
	r := request(log)
	key := ""
	switch by {
	case "priority":
		key = string(r.Priority)
	case "status":
		key = statusOf(log)
	case "queue":
		key = queueAt(log)
	case "tag":
		return tagsOf(log)
	case "channel":
		key = r.Channel
	case "bot":
		if r.Bot != nil {
			key = r.Bot.ID
		}
	case "reason":
		if r.Reason != nil {
			key = r.Reason.Code
		}
	case "outcome":
		if endOf(log) == nil {
			return nil
		}
		key = endOf(log).Data.(*core.Ended).Reason
	}
	if key == "" {
		key = stats.None
	}
	return []string{key}
}

func (c *counted) compareBreakdowns(t *testing.T, x slow, a stats.Ask) {
	t.Helper()
	asked := x.on(a.From, a.To)
	for _, by := range stats.Breakdowns() {
		got, err := c.figures.Breakdown(t.Context(), a, by)
		must(t, err)
		keys := map[string]bool{}
		for _, log := range asked.logs {
			for _, key := range partsOf(by, log) {
				keys[key] = true
			}
		}
		if len(got.Data) != len(keys) {
			t.Errorf("%s to %s by %s has %d lines, want %d", a.From, a.To, by, len(got.Data), len(keys))
		}
		for i, line := range got.Table().Lines {
			part := asked.only(func(log []*core.Event) bool { return slices.Contains(partsOf(by, log), got.Data[i].Key) })
			want := part.totals(part, nil)
			for column := range want {
				if !slices.Contains(got.Table().Header, column) {
					delete(want, column)
				}
				// Only whole days have their spread kept.
				if quantile := slices.Contains([]string{"p50", "p90", "p99"}, column[max(0, len(column)-3):]); quantile && by != "status" && by != "queue" {
					delete(want, column)
				}
			}
			compareLine(t, fmt.Sprintf("%s to %s by %s %s in %s", a.From, a.To, by, got.Data[i].Key, x.zone), got.Table().Header, line, want)
		}
	}
}

func (c *counted) compareHeatmap(t *testing.T, x slow, a stats.Ask) {
	t.Helper()
	got, err := c.figures.Heatmap(t.Context(), a)
	must(t, err)
	var want [7][24]int64
	for _, log := range x.on(a.From, a.To).logs {
		at := requestOf(log).At.In(x.zone)
		want[(int(at.Weekday())+6)%7][at.Hour()]++
	}
	if got.Hours != want {
		t.Errorf("the heatmap of %s to %s in %s is %v, the logs say %v", a.From, a.To, x.zone, got.Hours, want)
	}
}

// badPeriods: each is refused in words, at the parameter that is wrong.
func badPeriods(t *testing.T, db Database) {
	c := tellTenDays(t, Start(t, db(t), Options{}))
	for _, a := range []stats.Ask{
		{From: "20.10.2026"}, {To: "2026-02-30"}, {From: "2026-10-25", To: "2026-10-24"}, {From: "2026-11-01", To: "2026-11-02"},
		{From: "2025-09-24", To: "2026-10-29"}, {From: "2026-10-1"}, {From: "0000-00-00"},
	} {
		_, err := c.figures.Summary(t.Context(), a)
		refused(t, err, core.Invalid, fmt.Sprintf("the period %+v", a))
	}
	for _, a := range []stats.Ask{{}, {From: "2025-09-25", To: "2026-10-29"}, {To: "2026-12-31", From: "2026-10-29"}} {
		got, err := c.figures.Summary(t.Context(), a)
		must(t, err)
		if !got.Partial {
			t.Errorf("the period %+v ends today or later and is not marked as partial", a)
		}
	}
	got, err := c.figures.Daily(t.Context(), stats.Ask{})
	must(t, err)
	if n := len(got.Data); n != 30 || got.Data[0].Partial || !got.Data[n-1].Partial || string(got.To) != "2026-10-29" {
		t.Errorf("without dates there are %s lines to %s", strconv.Itoa(n), got.To)
	}
	_, err = c.figures.Breakdown(t.Context(), stats.Ask{}, "weather")
	refused(t, err, core.Invalid, "a breakdown by the weather")
}
