package simulate

import (
	"context"
	"fmt"
	"slices"
	"time"

	"baton/core"
	"baton/core/stats"
)

// Source is what a plan is estimated from; the store is one. Nothing is written to it.
type Source interface {
	Account(ctx context.Context) (core.Account, error)
	Agents(ctx context.Context) ([]*core.Agent, error)
	Queues(ctx context.Context, seenAfter time.Time) ([]*core.QueueState, error)
	// FactsOf gives facts of sessions requested in a time, by that time and id, after that of another one.
	FactsOf(ctx context.Context, in stats.Span, queues []string, created int64, session string, limit int) ([]*stats.Fact, error)
	// States gives what agents were during a time: for each the last state before it and those within, by agent and time.
	States(ctx context.Context, in stats.Span) ([]stats.State, error)
	// Logs gives the whole logs of sessions.
	Logs(ctx context.Context, ids []string) (map[string][]*core.Event, error)
}

// Period is what a plan is estimated from: days of the account's time zone, both included. Empty ones stand for the last
// 28 days that are over, with today when there is too little before.
type Period struct{ From, To string }

const (
	usualDays = 28
	// fewestChats is how many answered chats an estimate needs.
	fewestChats = 20
	factsAtOnce = 1000
	mostFacts   = 200_000
	// valuesKept is how many values stand for a distribution in a plan, and pointsKept how many for patience.
	valuesKept = 100
	pointsKept = 12
	// kindsRead is how many chats of a queue are looked at to know what they are like.
	kindsRead = 200
)

// estimate is a plan on its way.
type estimate struct {
	source Source
	plan   *Plan
	zone   *time.Location
	span   stats.Span
	facts  []*stats.Fact
}

// Estimate makes a plan of what the statistics know of a period until now. It is Invalid when they know too little.
func Estimate(ctx context.Context, source Source, in Period, now time.Time) (*Plan, error) {
	account, err := source.Account(ctx)
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(account.TimeZone)
	if err != nil {
		return nil, err
	}
	x := &estimate{source: source, zone: zone, plan: &Plan{TimeZone: account.TimeZone}}
	today := stats.DayOf(now, zone)
	from, to, err := in.days(today)
	if err != nil {
		return nil, err
	}
	err = x.measure(ctx, from, to, now)
	if core.KindOf(err) == core.Invalid && in.To == "" {
		to = today
		err = x.measure(ctx, from, to, now)
	}
	if err != nil {
		return nil, err
	}
	if err := x.queues(ctx); err != nil {
		return nil, err
	}
	return x.plan, x.agents(ctx)
}

// measure reads what really was, and says which days are simulated.
func (x *estimate) measure(ctx context.Context, from, to stats.Day, now time.Time) error {
	zone := x.zone
	x.facts = nil
	x.span = stats.Span{From: from.Start(zone).UnixMilli(), To: min(to.End(zone).UnixMilli(), now.UnixMilli())}
	if err := x.read(ctx); err != nil {
		return err
	}
	if n := x.count(answered); n < fewestChats {
		return core.Refuse(core.Invalid, "from %s to %s %d chats were answered and have ended; a simulation needs %d at least: take a longer period, or write a plan", from, to, n, fewestChats)
	}
	// Before the first chat there was nothing to be counted: the server may be younger than the period.
	from = max(from, stats.DayOf(time.UnixMilli(x.facts[0].CreatedAt), zone))
	x.span.From = max(x.span.From, min(x.facts[0].CreatedAt, from.Start(zone).Add(24*time.Hour).UnixMilli()))
	for x.plan.From, x.plan.Days = from, 1; from.Plus(x.plan.Days-1) < to; {
		x.plan.Days++
	}
	x.plan.Measured = x.measured(from, to)
	return nil
}

// days checks a period.
func (in Period) days(today stats.Day) (from, to stats.Day, err error) {
	to = today.Plus(-1)
	if in.To != "" {
		if to, err = stats.ParseDay("to", in.To); err != nil {
			return "", "", err
		}
	}
	to = min(to, today)
	from = to.Plus(1 - usualDays)
	if in.From != "" {
		if from, err = stats.ParseDay("from", in.From); err != nil {
			return "", "", err
		}
	}
	switch {
	case from > to:
		return "", "", core.RefuseField("from", "from is %s, which is after %s", from, to)
	case from < to.Plus(-mostDays):
		return "", "", core.RefuseField("from", "a period has at most %d days; %s to %s is longer", mostDays, from, to)
	}
	return from, to, nil
}

// read gathers the facts of the period that are about the desk's work. A chat that was kept until an opening counts as
// come then; one that came after hours and did not last until then is left out.
func (x *estimate) read(ctx context.Context) error {
	var created int64
	var session string
	for {
		page, err := x.source.FactsOf(ctx, x.span, nil, created, session, factsAtOnce)
		if err != nil {
			return err
		}
		for _, f := range page {
			if f.Ended() && (!f.AfterHours || came(f) > f.CreatedAt) {
				x.facts = append(x.facts, f)
			}
		}
		if len(page) < factsAtOnce || len(x.facts) > mostFacts {
			return nil
		}
		created, session = page[len(page)-1].CreatedAt, page[len(page)-1].Session
	}
}

// came is when the desk could first do something for a chat, and cameTo the id of the queue that it came to.
func came(f *stats.Fact) int64 {
	if f.OpenedAt > 0 && (f.JoinedAt == 0 || f.JoinedAt >= f.OpenedAt) {
		return f.OpenedAt
	}
	return f.CreatedAt
}

func cameTo(f *stats.Fact) string {
	if len(f.Overflowed) > 0 {
		return f.Overflowed[0]
	}
	return f.Queue.ID
}

func answered(f *stats.Fact) bool  { return f.JoinedAt > 0 }
func abandoned(f *stats.Fact) bool { return slices.Contains(f.Marks(), stats.IsAbandoned) }

func (x *estimate) count(is func(*stats.Fact) bool) (n int) {
	for _, f := range x.facts {
		if is(f) {
			n++
		}
	}
	return n
}

// measured is what really was.
func (x *estimate) measured(from, to stats.Day) *Measured {
	passed := time.Duration(x.span.To-x.span.From) * time.Millisecond
	m := &Measured{From: from, To: to, Days: max(1, rounded(passed.Hours()/24, 3)), Chats: len(x.facts)}
	var waits []float64
	for _, f := range x.facts {
		if answered(f) {
			waits = append(waits, seconds(f.JoinedAt-came(f)))
		}
	}
	slices.Sort(waits)
	m.Answered, m.Wait = len(waits), waitTimes(waits)
	m.Abandoned = rounded(share(int64(x.count(abandoned)), int64(len(x.facts))), 4)
	m.Wait.Mean = rounded(m.Wait.Mean, 3)
	return m
}

// queues estimates who asks where.
func (x *estimate) queues(ctx context.Context) error {
	queues, err := x.source.Queues(ctx, time.Time{})
	if err != nil {
		return err
	}
	names := map[string]string{}
	for _, q := range queues {
		names[q.ID] = q.Name
	}
	exposed := x.exposure()
	everybody := patienceOf(x.facts)
	var delays []float64
	for _, q := range queues {
		var facts []*stats.Fact
		for _, f := range x.facts {
			if cameTo(f) == q.ID {
				facts = append(facts, f)
			}
		}
		is := Queue{Name: q.Name, Strategy: q.Strategy, HoldLimit: q.HoldLimit.Seconds(), Arrivals: []Rate{}, Handle: []float64{0}}
		is.Rules = rulesOf(q.Rules, func(id string) string { return names[id] })
		if len(facts) == 0 {
			x.plan.Queues = append(x.plan.Queues, is)
			continue
		}
		is.Arrivals, is.Handle, is.Patience = x.arrivals(facts, exposed), handleOf(facts), everybody
		if p := patienceOf(facts); len(p.Gone) >= pointsKept/2 {
			is.Patience = p
		}
		more, err := x.kinds(ctx, &is, facts)
		if err != nil {
			return err
		}
		delays = append(delays, more...)
		if len(is.Handle) == 0 { // nobody of it was answered
			is.Handle = handleOf(x.facts)
		}
		x.plan.Queues = append(x.plan.Queues, is)
	}
	slices.Sort(delays)
	x.plan.Answers.Seconds = thinned(delays)
	return nil
}

// week is a number for each quarter of an hour of a week, Monday first.
type week [7][quarters]float64

// sum adds up some quarters from one on.
func (w *week) sum(day, from, n int) (sum float64) {
	for _, x := range w[day][from : from+n] {
		sum += x
	}
	return sum
}

// exposure is how long each quarter was within the period, in hours.
func (x *estimate) exposure() *week {
	w := new(week)
	x.quartersOf(x.span, func(day stats.Day, quarter int, ms float64) { w[day.Weekday()][quarter] += ms / 3_600_000 })
	return w
}

// arrivals gives the rates of a queue by the hour, with hours that are alike as one; by the quarter of an hour while the
// period is shorter than a day. What was seen for less than a quarter counts as if it was one, lest a server that is a
// minute old expects the world.
func (x *estimate) arrivals(facts []*stats.Fact, exposed *week) []Rate {
	counts := new(week)
	for _, f := range facts {
		local := time.UnixMilli(came(f)).In(x.zone)
		counts[(int(local.Weekday())+6)%7][quarterOf(local)]++
	}
	step := 4
	if time.Duration(x.span.To-x.span.From)*time.Millisecond < 24*time.Hour {
		step = 1
	}
	var rates []Rate
	for d := range counts {
		for q := 0; q < quarters; q += step {
			n := counts.sum(d, q, step)
			if n == 0 {
				continue
			}
			r := Rate{Days: []string{weekdays[d]}, From: clockText(q * 15), To: clockText((q + step) * 15), PerHour: rounded(n/max(exposed.sum(d, q, step), 0.25), 3)}
			if last := len(rates) - 1; last >= 0 && rates[last].Days[0] == r.Days[0] && rates[last].To == r.From && rates[last].PerHour == r.PerHour {
				rates[last].To = r.To
				continue
			}
			rates = append(rates, r)
		}
	}
	return rates
}

func quarterOf(local time.Time) int { return local.Hour()*4 + local.Minute()/15 }

func clockText(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }
