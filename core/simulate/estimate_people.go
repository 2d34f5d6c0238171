package simulate

import (
	"cmp"
	"context"
	"encoding/json"
	"math"
	"slices"
	"time"

	"baton/core"
	"baton/core/stats"
)

// kinds looks at some chats of a queue: what they were like when they came, and how long agents took to accept them.
func (x *estimate) kinds(ctx context.Context, q *Queue, facts []*stats.Fact) (delays []float64, err error) {
	n := min(len(facts), kindsRead)
	ids := make([]string, n)
	for i := range ids {
		ids[i] = facts[i*len(facts)/n].Session
	}
	logs, err := x.source.Logs(ctx, ids)
	if err != nil {
		return nil, err
	}
	counts := map[string]*Kind{}
	for _, id := range ids {
		var offered time.Time
		for _, e := range logs[id] {
			switch d := e.Data.(type) {
			case *core.Requested:
				countKind(counts, d)
			case *core.Offered:
				offered = e.At
			case *core.Accepted:
				if !offered.IsZero() {
					delays = append(delays, rounded(e.At.Sub(offered).Seconds(), 1))
				}
			}
		}
	}
	for _, k := range counts {
		q.Kinds = append(q.Kinds, *k)
	}
	slices.SortFunc(q.Kinds, func(a, b Kind) int { return cmp.Or(cmp.Compare(b.Share, a.Share), cmp.Compare(a.name(), b.name())) })
	return delays, nil
}

func countKind(counts map[string]*Kind, d *core.Requested) {
	k := &Kind{Priority: d.Priority, Channel: d.Channel, Language: d.Language, Tags: d.Tags, Skills: d.Skills}
	if d.Reason != nil {
		k.Reason = d.Reason.Code
	}
	name := k.name()
	if counts[name] == nil {
		counts[name] = k
	}
	counts[name].Share++
}

// name tells kinds apart.
func (k *Kind) name() string {
	of := *k
	of.Share = 0
	text, _ := json.Marshal(of) // of texts and numbers alone, which always can be written
	return string(text)
}

// quarters are the quarters of an hour of a day.
const quarters = 24 * 4

// presence is how long an agent was there on the days of one weekday, in milliseconds.
type presence struct {
	days, worked int
	there, busy  [quarters]float64
	passed       [quarters]float64 // of the days on which he worked
}

// agents estimates who is there when.
func (x *estimate) agents(ctx context.Context) error {
	agents, err := x.source.Agents(ctx)
	if err != nil {
		return err
	}
	states, err := x.source.States(ctx, x.span)
	if err != nil {
		return err
	}
	queues, err := x.source.Queues(ctx, time.Time{})
	if err != nil {
		return err
	}
	names := map[string]string{}
	for _, q := range queues {
		names[q.ID] = q.Name
	}
	offered := x.offers()
	x.plan.Answers.Missed, x.plan.Answers.Declined = offered[""].shares()
	taken := map[string]bool{}
	for _, a := range agents {
		shifts := x.shifts(a.ID, states)
		if !a.TakesChats() || len(shifts) == 0 {
			continue
		}
		is := Agent{Name: a.Name, Capacity: max(1, a.Capacity), Skills: a.Skills, Languages: a.Languages, Shifts: shifts, Queues: []string{}}
		for taken[is.Name] { // two may have one name
			is.Name += "*"
		}
		taken[is.Name] = true
		for _, id := range a.Queues {
			if names[id] != "" {
				is.Queues = append(is.Queues, names[id])
			}
		}
		if o := offered[a.ID]; o != nil && o.Offered >= fewestChats {
			missed, declined := o.shares()
			is.Missed, is.Declined = &missed, &declined
		}
		x.plan.Agents = append(x.plan.Agents, is)
	}
	return nil
}

// offersOf is what became of offers.
type offersOf struct{ Offered, Missed, Declined int64 }

func (o *offersOf) shares() (missed, declined float64) {
	missed = rounded(share(o.Missed, o.Offered), 3)
	return missed, min(rounded(share(o.Declined, o.Offered), 3), 1-missed)
}

// offers counts offers by agent, and all of them under "".
func (x *estimate) offers() map[string]*offersOf {
	counts := map[string]*offersOf{"": {}}
	for _, f := range x.facts {
		for _, s := range f.Agents {
			if counts[s.Agent.ID] == nil {
				counts[s.Agent.ID] = &offersOf{}
			}
			for _, o := range []*offersOf{counts[""], counts[s.Agent.ID]} {
				o.Offered, o.Missed, o.Declined = o.Offered+s.Offered, o.Missed+s.Missed, o.Declined+s.Declined
			}
		}
	}
	return counts
}

// shifts estimates when an agent is there in a week.
func (x *estimate) shifts(agent string, states []stats.State) []Shift {
	days := map[stats.Day]*presence{}
	for i, s := range states {
		status := core.AgentStatus(s.State)
		if s.Agent != agent || !status.Takes() {
			continue
		}
		until := x.span.To
		if i+1 < len(states) && states[i+1].Agent == agent {
			until = states[i+1].Since
		}
		x.quartersOf(stats.Span{From: max(s.Since, x.span.From), To: min(until, x.span.To)}, func(day stats.Day, quarter int, ms float64) {
			if days[day] == nil {
				days[day] = new(presence)
			}
			days[day].there[quarter] += ms
			if status == core.BusyAgent {
				days[day].busy[quarter] += ms
			}
		})
	}
	return shiftsOf(x.weekdays(days))
}

// quartersOf cuts a time where quarters of an hour begin.
func (x *estimate) quartersOf(in stats.Span, each func(day stats.Day, quarter int, ms float64)) {
	length := stats.QuarterLength.Milliseconds()
	for at := in.From; at < in.To; {
		next := min((at/length+1)*length, in.To)
		local := time.UnixMilli(at).In(x.zone)
		each(stats.DayOf(local, x.zone), quarterOf(local), float64(next-at))
		at = next
	}
}

// weekdays sums days up by weekday.
func (x *estimate) weekdays(days map[stats.Day]*presence) (week [7]presence) {
	seen := map[stats.Day]bool{}
	x.quartersOf(x.span, func(day stats.Day, quarter int, ms float64) {
		w := &week[day.Weekday()]
		d := days[day]
		if !seen[day] {
			seen[day] = true
			w.days++
			if d != nil {
				w.worked++
			}
		}
		if d != nil {
			w.passed[quarter] += ms
		}
	})
	for day, d := range days {
		w := &week[day.Weekday()]
		for q := range quarters {
			w.there[q] += d.there[q]
			w.busy[q] += d.busy[q]
		}
	}
	return week
}

const (
	// hardlyThere is the share of a quarter of an hour below which nobody counts on an agent.
	hardlyThere = 0.05
	// alike is how much two quarters of one shift may differ.
	alike = 0.15
)

// shiftsOf makes shifts of what an agent was on each weekday; days that are alike share them.
func shiftsOf(week [7]presence) []Shift {
	var all []Shift
	for d := range week {
		for _, s := range week[d].shifts() {
			same := func(o Shift) bool {
				return o.From == s.From && o.To == s.To && o.Works == s.Works && o.Present == s.Present && o.Busy == s.Busy
			}
			if i := slices.IndexFunc(all, same); i >= 0 {
				all[i].Days = append(all[i].Days, weekdays[d])
				continue
			}
			s.Days = []string{weekdays[d]}
			all = append(all, s)
		}
	}
	return all
}

// shifts cuts a weekday where an agent's presence changes.
func (p *presence) shifts() []Shift {
	var list []Shift
	for q := 0; q < quarters; {
		if p.part(q) < hardlyThere {
			q++
			continue
		}
		from, there, busy, passed := q, 0.0, 0.0, 0.0
		for q < quarters && p.part(q) >= hardlyThere && (q == from || math.Abs(p.part(q)-there/passed) <= alike) {
			there, busy, passed = there+p.there[q], busy+p.busy[q], passed+p.passed[q]
			q++
		}
		list = append(list, Shift{
			From: clockText(from * 15), To: clockText(q * 15), Works: said(float64(p.worked) / float64(p.days)), Present: said(there / passed), Busy: rounded(busy/there, 2),
		})
	}
	return list
}

// part is the share of a quarter of an hour in which he was there, of the days on which he worked.
func (p *presence) part(quarter int) float64 {
	if p.passed[quarter] == 0 {
		return 0
	}
	return p.there[quarter] / p.passed[quarter]
}

// said leaves out a share of 1, and never says 0, which would stand for it.
func said(share float64) float64 {
	if share = max(0.01, rounded(share, 2)); share >= 1 {
		return 0
	}
	return share
}
