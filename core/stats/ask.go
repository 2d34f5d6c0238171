package stats

import (
	"net/url"
	"strings"
	"time"

	"baton/core"
)

// MostDays is the longest period that can be asked for.
const MostDays = 400

// defaultDays is the length of a period whose beginning is not named.
const defaultDays = 30

// Ask is a question: days from one to another, both included, and ids of queues. Empty days stand for the last 30, and
// no queues for all.
type Ask struct {
	From, To string
	Queues   []string
}

// Period is what an answer is about.
type Period struct {
	From     Day    `json:"from" doc:"The first day"`
	To       Day    `json:"to" doc:"The last day, included"`
	TimeZone string `json:"time_zone"`
	Partial  bool   `json:"partial" doc:"Whether the last day is not over"`
	// Rebuilding says that the figures are still those of another zone, or not all counted yet.
	Rebuilding bool `json:"rebuilding" doc:"Whether figures are still being counted, or made for another time zone: then these are not the last word"`
}

// period is a question that was found acceptable.
type period struct {
	Period
	zone   *time.Location
	now    time.Time
	queues []string
	days   []Day
	span   Span
	p      Progress
}

// period checks a question.
func (a Ask) period(p Progress, zone *time.Location, now time.Time) (*period, error) {
	x := &period{zone: zone, now: now, queues: a.Queues, p: p}
	x.TimeZone, x.Rebuilding = p.Zone, p.Next != ""
	today := DayOf(now, zone)
	var err error
	x.To = today
	if a.To != "" {
		if x.To, err = ParseDay("to", a.To); err != nil {
			return nil, err
		}
	}
	x.From = x.To.Plus(1 - defaultDays)
	if a.From != "" {
		if x.From, err = ParseDay("from", a.From); err != nil {
			return nil, err
		}
	}
	switch {
	case x.From > x.To:
		return nil, core.RefuseField("from", "from is %s, which is after to, %s", x.From, x.To)
	case x.From > today:
		return nil, core.RefuseField("from", "from is %s, which is in the future; today is %s in %s", x.From, today, p.Zone)
	case x.To >= x.From.Plus(MostDays):
		return nil, core.RefuseField("from", "a period has at most %d days; %s to %s is longer", MostDays, x.From, x.To)
	}
	x.Partial = x.To >= today
	x.days = daysBetween(x.From, min(x.To, today))
	x.span = Span{x.From.Start(zone).UnixMilli(), x.To.End(zone).UnixMilli()}
	return x, nil
}

// passed is how much of the period is over, in milliseconds.
func (x *period) passed() int64 { return min(x.span.To, x.now.UnixMilli()) - x.span.From }

// day is the part of the period that a day is, for links.
func (x *period) day(d Day) *period {
	one := *x
	one.span = Span{d.Start(x.zone).UnixMilli(), d.End(x.zone).UnixMilli()}
	return &one
}

// link leads to the sessions behind a figure: those of the period that also meet these conditions, pairs of a name and
// a value.
func (x *period) link(conditions ...string) string {
	values := url.Values{}
	at := func(ms int64) string { return string(core.AppendTime(nil, time.UnixMilli(ms))) }
	values.Set("from", at(x.span.From))
	values.Set("to", at(x.span.To))
	if len(x.queues) > 0 {
		values.Set("queue", strings.Join(x.queues, ","))
	}
	for i := 0; i+1 < len(conditions); i += 2 {
		values.Set(conditions[i], conditions[i+1])
	}
	return "/v1/sessions?" + values.Encode()
}
