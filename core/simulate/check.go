package simulate

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"baton/core"
)

// What a plan may have at most.
const (
	mostDays   = 366
	mostAgents = 1000
	mostRate   = 100_000
)

// Check refuses a plan that cannot be simulated. The pointer of the refusal leads to the part that is not acceptable, as
// in /queues/0/handle.
func (p *Plan) Check() error {
	if _, err := time.Parse(time.DateOnly, string(p.From)); err != nil {
		return core.RefuseField("/from", "from is the first day, such as 2026-10-19, not %q", p.From)
	}
	if p.Days < 1 || p.Days > mostDays {
		return core.RefuseField("/days", "days is a number from 1 to %d, not %d", mostDays, p.Days)
	}
	if err := core.CheckTimeZone("/time_zone", p.TimeZone); err != nil {
		return err
	}
	if len(p.Queues) == 0 {
		return core.RefuseField("/queues", "there is no queue; a plan has at least one")
	}
	for i := range p.Queues {
		at := fmt.Sprintf("/queues/%d", i)
		if err := p.Queues[i].check(at, p.Queues[:i]); err != nil {
			return err
		}
		if err := p.Queues[i].Rules.check(at, p); err != nil {
			return err
		}
	}
	if err := p.checkAgents(); err != nil {
		return err
	}
	if p.Expected() == 0 {
		return core.RefuseField("/queues", "nobody comes within the %d days from %s; check the arrivals", p.Days, p.From)
	}
	return p.Answers.check("/answers")
}

// has says whether the plan has a queue of this name.
func (p *Plan) has(queue string) bool {
	return slices.ContainsFunc(p.Queues, func(q Queue) bool { return q.Name == queue })
}

// under puts the pointers of a refusal below another one.
func under(pointer string, err error) error {
	var refused *core.Error
	if errors.As(err, &refused) && len(refused.Fields) > 0 {
		return core.RefuseField(pointer+refused.Fields[0].Pointer, "%s", refused.Fields[0].Detail)
	}
	return err
}

func (q *Queue) check(pointer string, before []Queue) error {
	switch {
	case strings.TrimSpace(q.Name) == "":
		return core.RefuseField(pointer, "a queue has a name")
	case slices.ContainsFunc(before, func(other Queue) bool { return other.Name == q.Name }):
		return core.RefuseField(pointer+"/name", "there are two queues %q", q.Name)
	case q.HoldLimit < 0:
		return core.RefuseField(pointer+"/hold_limit", "hold_limit is a number of seconds, not %v", q.HoldLimit)
	case len(q.Handle) == 0:
		return core.RefuseField(pointer, "handle is missing: say how many seconds chats take, as in handle: [120, 240, 600]")
	}
	if err := checkSample(pointer+"/handle", q.Handle); err != nil {
		return err
	}
	for i, r := range q.Arrivals {
		at := fmt.Sprintf("%s/arrivals/%d", pointer, i)
		if err := checkTimes(at, r.Days, r.From, r.To); err != nil {
			return err
		}
		if r.PerHour < 0 || r.PerHour > mostRate {
			return core.RefuseField(at+"/per_hour", "per_hour is a number of chats from 0 to %d, not %v", mostRate, r.PerHour)
		}
	}
	for i, k := range q.Kinds {
		if err := k.check(fmt.Sprintf("%s/kinds/%d", pointer, i)); err != nil {
			return err
		}
	}
	return q.Patience.check(pointer + "/patience")
}

func (k *Kind) check(pointer string) error {
	switch {
	case k.Share <= 0:
		return core.RefuseField(pointer, "share says how many chats are of this kind, beside the others; it is above 0")
	case k.Priority != "" && k.Priority.Rank() < 0:
		return core.RefuseField(pointer+"/priority", "priority is low, normal, high or urgent, not %q", k.Priority)
	}
	return checkShare(pointer, "returning", k.Returning)
}

func (p *Patience) check(pointer string) error {
	if p.Mean < 0 {
		return core.RefuseField(pointer+"/mean", "mean is a number of seconds, not %v", p.Mean)
	}
	var last Gone
	for i, g := range p.Gone {
		at := fmt.Sprintf("%s/gone/%d", pointer, i)
		if g.After <= last.After || g.Share < last.Share || g.Share > 1 {
			return core.RefuseField(at, "more and more have gone: after and share grow from line to line, and share ends at 1")
		}
		last = g
	}
	return nil
}

func (p *Plan) checkAgents() error {
	all := 0
	names := map[string]bool{}
	for i := range p.Agents {
		a, at := &p.Agents[i], fmt.Sprintf("/agents/%d", i)
		if a.Count < 0 {
			return core.RefuseField(at+"/count", "count is how many there are of this agent, not %d", a.Count)
		}
		if names[a.Name] {
			return core.RefuseField(at+"/name", "there are two agents %q; write count: 2 for two who are alike", a.Name)
		}
		names[a.Name] = true
		if all += max(1, a.Count); all > mostAgents {
			return core.RefuseField(at, "a plan has at most %d agents", mostAgents)
		}
		if err := p.checkAgent(at, a); err != nil {
			return err
		}
	}
	return nil
}

func (p *Plan) checkAgent(pointer string, a *Agent) error {
	if strings.TrimSpace(a.Name) == "" {
		return core.RefuseField(pointer, "an agent has a name")
	}
	if a.Capacity < 1 {
		return core.RefuseField(pointer, "capacity is how many chats %s has at once: 1 or more", a.Name)
	}
	for i, name := range a.Queues {
		if !p.has(name) {
			return core.RefuseField(fmt.Sprintf("%s/queues/%d", pointer, i), "there is no queue %q in this plan", name)
		}
	}
	for i, s := range a.Shifts {
		at := fmt.Sprintf("%s/shifts/%d", pointer, i)
		if err := checkTimes(at, s.Days, s.From, s.To); err != nil {
			return err
		}
		for name, share := range map[string]float64{"works": s.Works, "present": s.Present, "busy": s.Busy} {
			if err := checkShare(at, name, share); err != nil {
				return err
			}
		}
	}
	for name, share := range map[string]*float64{"missed": a.Missed, "declined": a.Declined} {
		if share == nil {
			continue
		}
		if err := checkShare(pointer, name, *share); err != nil {
			return err
		}
	}
	return nil
}

func (a *Answers) check(pointer string) error {
	if err := checkSample(pointer+"/seconds", a.Seconds); err != nil {
		return err
	}
	if err := checkShare(pointer, "missed", a.Missed); err != nil {
		return err
	}
	if a.Missed+a.Declined > 1 {
		return core.RefuseField(pointer, "missed and declined are more than all offers together")
	}
	return checkShare(pointer, "declined", a.Declined)
}

func checkShare(pointer, name string, share float64) error {
	if share < 0 || share > 1 {
		return core.RefuseField(pointer+"/"+name, "%s is a share from 0 to 1, not %v", name, share)
	}
	return nil
}

func checkSample(pointer string, values []float64) error {
	for i, v := range values {
		if v < 0 {
			return core.RefuseField(fmt.Sprintf("%s/%d", pointer, i), "%v is no number of seconds", v)
		}
	}
	if !slices.IsSorted(values) {
		return core.RefuseField(pointer, "the seconds stand in order, the smallest first")
	}
	return nil
}

func checkTimes(pointer string, days []string, from, to string) error {
	for i, d := range days {
		if !slices.Contains(weekdays[:], d) {
			return core.RefuseField(fmt.Sprintf("%s/days/%d", pointer, i), "a day is one of %s, not %q", strings.Join(weekdays[:], ", "), d)
		}
	}
	begins, ok := minutes(from)
	if !ok || begins == 24*60 {
		return core.RefuseField(pointer+"/from", "from is a time of day such as 09:00, not %q", from)
	}
	ends, ok := minutes(to)
	switch {
	case !ok:
		return core.RefuseField(pointer+"/to", "to is a time of day such as 17:30, or 24:00, not %q", to)
	case ends <= begins:
		return core.RefuseField(pointer+"/to", "%s to %s is no time of one day; write a night as two, to 24:00 and from 00:00", from, to)
	}
	return nil
}
