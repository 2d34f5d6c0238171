package simulate

import (
	"cmp"
	"context"
	"fmt"
	"math"
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

// read gathers the facts of the period that are about the desk's work: a chat that came after hours waited for the
// opening.
func (x *estimate) read(ctx context.Context) error {
	var created int64
	var session string
	for {
		page, err := x.source.FactsOf(ctx, x.span, nil, created, session, factsAtOnce)
		if err != nil {
			return err
		}
		for _, f := range page {
			if f.Ended() && !f.AfterHours {
				x.facts = append(x.facts, f)
			}
		}
		if len(page) < factsAtOnce || len(x.facts) > mostFacts {
			return nil
		}
		created, session = page[len(page)-1].CreatedAt, page[len(page)-1].Session
	}
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
	m := &Measured{From: from, To: to, Days: rounded(passed.Hours()/24, 3), Chats: len(x.facts)}
	var waits []float64
	for _, f := range x.facts {
		if answered(f) {
			waits = append(waits, seconds(f.JoinedAt-f.CreatedAt))
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
	exposed := x.exposure()
	everybody := patienceOf(x.facts)
	var delays []float64
	for _, q := range queues {
		var facts []*stats.Fact
		for _, f := range x.facts {
			if f.Queue.ID == q.ID {
				facts = append(facts, f)
			}
		}
		if len(facts) == 0 {
			x.plan.Queues = append(x.plan.Queues, Queue{Name: q.Name, Strategy: q.Strategy, HoldLimit: q.HoldLimit.Seconds(), Arrivals: []Rate{}, Handle: []float64{0}})
			continue
		}
		is := Queue{Name: q.Name, Strategy: q.Strategy, HoldLimit: q.HoldLimit.Seconds(), Arrivals: x.arrivals(facts, exposed), Handle: handleOf(facts), Patience: everybody}
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

// week is a number for each hour of a week, Monday first.
type week [7][24]float64

// hoursOf cuts a time where hours begin.
func (x *estimate) hoursOf(in stats.Span, each func(weekday, hour int, ms int64)) {
	for at := in.From; at < in.To; {
		local := time.UnixMilli(at).In(x.zone)
		next := local.Truncate(time.Minute).Add(time.Duration(60-local.Minute()) * time.Minute).UnixMilli()
		next = min(next, in.To)
		each((int(local.Weekday())+6)%7, local.Hour(), next-at)
		at = next
	}
}

// exposure is how long each hour of a week was within the period, in hours.
func (x *estimate) exposure() *week {
	w := new(week)
	x.hoursOf(x.span, func(weekday, hour int, ms int64) { w[weekday][hour] += float64(ms) / 3_600_000 })
	return w
}

// arrivals gives the rates of a queue, with hours that are alike as one.
func (x *estimate) arrivals(facts []*stats.Fact, exposed *week) []Rate {
	counts := new(week)
	for _, f := range facts {
		local := time.UnixMilli(f.CreatedAt).In(x.zone)
		counts[(int(local.Weekday())+6)%7][local.Hour()]++
	}
	var rates []Rate
	for d := range counts {
		for h := range counts[d] {
			if counts[d][h] == 0 {
				continue
			}
			rate := rounded(counts[d][h]/exposed[d][h], 3)
			last := len(rates) - 1
			if last >= 0 && rates[last].Days[0] == weekdays[d] && rates[last].To == clockText(h*60) && rates[last].PerHour == rate {
				rates[last].To = clockText((h + 1) * 60)
				continue
			}
			rates = append(rates, Rate{Days: []string{weekdays[d]}, From: clockText(h * 60), To: clockText((h + 1) * 60), PerHour: rate})
		}
	}
	return rates
}

func clockText(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

// handleOf gives how long agents had chats.
func handleOf(facts []*stats.Fact) []float64 {
	var values []float64
	for _, f := range facts {
		if answered(f) {
			values = append(values, seconds(f.Handled()))
		}
	}
	slices.Sort(values)
	return thinned(values)
}

// thinned gives as many values as a plan keeps, each for as many of the given ones. They stand in order.
func thinned(sorted []float64) []float64 {
	n := min(len(sorted), valuesKept)
	kept := make([]float64, n)
	for i := range kept {
		part := sorted[i*len(sorted)/n : (i+1)*len(sorted)/n]
		kept[i] = rounded(mean(part), 1)
	}
	return kept
}

// patienceOf estimates how long people wait before they go away (Kaplan and Meier): whoever was answered would have
// waited longer, nobody knows how much. Beyond the longest wait people leave as they did before it, on average.
func patienceOf(facts []*stats.Fact) Patience {
	type wait struct {
		ms   int64
		gone bool
	}
	var waits []wait
	var all float64
	var left int
	for _, f := range facts {
		switch {
		case abandoned(f):
			waits = append(waits, wait{f.EndedAt - f.CreatedAt, true})
			left++
		case answered(f):
			waits = append(waits, wait{f.JoinedAt - f.CreatedAt, false})
		default:
			waits = append(waits, wait{f.EndedAt - f.CreatedAt, false})
		}
		all += seconds(waits[len(waits)-1].ms)
	}
	if left == 0 {
		return Patience{}
	}
	slices.SortFunc(waits, func(a, b wait) int { return cmp.Compare(a.ms, b.ms) })
	stays, shown := 1.0, 0.0
	p := Patience{Mean: rounded(all/float64(left), 1)}
	for i, w := range waits {
		if !w.gone {
			continue
		}
		stays *= 1 - 1/float64(len(waits)-i)
		after := rounded(seconds(w.ms), 1)
		if n := len(p.Gone); n > 0 && after <= p.Gone[n-1].After {
			p.Gone[n-1].Share = rounded(1-stays, 4)
		} else if 1-stays >= shown && after > 0 {
			p.Gone = append(p.Gone, Gone{After: after, Share: rounded(1-stays, 4)})
			shown += 1.0 / pointsKept / 4
		}
	}
	return p
}

func seconds(ms int64) float64 { return float64(ms) / 1000 }

func rounded(x float64, digits int) float64 {
	scale := math.Pow10(digits)
	return math.Round(x*scale) / scale
}
