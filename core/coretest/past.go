package coretest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"baton/core"
	"baton/core/stats"
)

// Past is a period that a desk could have had, made by a process that is known: what a simulation is estimated from.
type Past struct {
	Facts  []*stats.Fact
	Was    []stats.State
	People []*core.Agent
	Logged map[string][]*core.Event
	// From and To are its first and last day, and Now is the end of it.
	From, To stats.Day
	Now      time.Time
}

// LastWeeks is FourWeeks that are over at a time.
func LastWeeks(now time.Time) *Past {
	today := stats.DayOf(now, time.UTC)
	return FourWeeks(today.Plus(-35 - today.Weekday()))
}

// Account gives the time zone, as a store does; so do the methods that follow.
func (*Past) Account(context.Context) (core.Account, error) {
	return core.Account{TimeZone: "Europe/Berlin"}, nil
}

// Agents are Ada, Ben and a viewer.
func (p *Past) Agents(context.Context) ([]*core.Agent, error) { return p.People, nil }

// Queues are that of all chats, and one to which nobody came.
func (*Past) Queues(context.Context, time.Time) ([]*core.QueueState, error) {
	queue := func(id, name string) *core.QueueState {
		return &core.QueueState{Queue: core.Queue{ID: id, Name: name, Strategy: "least_busy", HoldLimit: time.Minute, Rules: core.DefaultRules()}}
	}
	return []*core.QueueState{queue("que_a", "sales"), queue("que_b", "empty")}, nil
}

// FactsOf gives facts by the time of their request.
func (p *Past) FactsOf(_ context.Context, in stats.Span, _ []string, created int64, session string, limit int) ([]*stats.Fact, error) {
	var page []*stats.Fact
	for _, f := range p.Facts {
		if f.CreatedAt >= in.From && f.CreatedAt < in.To && (f.CreatedAt > created || f.CreatedAt == created && f.Session > session) && len(page) < limit {
			page = append(page, f)
		}
	}
	return page, nil
}

// States gives what the agents were.
func (p *Past) States(context.Context, stats.Span) ([]stats.State, error) { return p.Was, nil }

// Logs gives short logs: asked, offered and accepted.
func (p *Past) Logs(_ context.Context, ids []string) (map[string][]*core.Event, error) {
	logs := map[string][]*core.Event{}
	for _, id := range ids {
		logs[id] = p.Logged[id]
	}
	return logs, nil
}

// FourWeeks is a past of 28 days from a Monday on: ten chats an hour from 9 to 17 on weekdays, five minutes each on
// average, people who would wait four minutes on average, answered after two minutes at most; Ada is there from 9 to 17
// on Mondays to Fridays, Ben from 9 to 13 on every second Monday.
func FourWeeks(monday stats.Day) *Past {
	zone, _ := time.LoadLocation("Europe/Berlin")
	first := monday.Start(zone)
	p := &Past{Logged: map[string][]*core.Event{}, People: []*core.Agent{
		{ID: "agt_a", Name: "Ada", Role: core.AgentRole, Capacity: 3, Queues: []string{"que_a"}, Skills: []string{"refund"}},
		{ID: "agt_b", Name: "Ben", Role: core.Supervisor, Capacity: 2, Queues: []string{"que_a", "que_b"}},
		{ID: "agt_c", Name: "Cleo", Role: core.Viewer, Capacity: 2, Queues: []string{"que_a"}},
	}}
	r := rand.New(rand.NewPCG(1, 2))
	at := func(day, hour int) time.Time { return first.AddDate(0, 0, day).Add(time.Duration(hour) * time.Hour) }
	for day := range 28 {
		if day%7 > 4 {
			continue
		}
		p.Was = append(p.Was, stats.State{Agent: "agt_a", Since: at(day, 9).UnixMilli(), State: "available"}, stats.State{Agent: "agt_a", Since: at(day, 17).UnixMilli(), State: "offline"})
		for t := at(day, 9); ; {
			t = t.Add(time.Duration(r.ExpFloat64() * float64(6*time.Minute)))
			if !t.Before(at(day, 17)) {
				break
			}
			p.chat(t, r)
		}
	}
	for _, day := range []int{0, 14} {
		p.Was = append(p.Was, stats.State{Agent: "agt_b", Since: at(day, 9).UnixMilli(), State: "busy"}, stats.State{Agent: "agt_b", Since: at(day, 13).UnixMilli(), State: "gone"})
	}
	slices.SortStableFunc(p.Was, func(a, b stats.State) int { return strings.Compare(a.Agent, b.Agent) })
	p.From, p.To, p.Now = monday, monday.Plus(27), at(28, 0)
	return p
}

// chat keeps a chat that came then.
func (p *Past) chat(t time.Time, r *rand.Rand) {
	f := &stats.Fact{Session: fmt.Sprintf("ses_%06d", len(p.Facts)), Queue: core.Ref{ID: "que_a"}, CreatedAt: t.UnixMilli()}
	patience, wait, handle := int64(r.ExpFloat64()*240_000), int64(r.Float64()*120_000), int64(r.ExpFloat64()*300_000)
	if patience < wait {
		f.EndedAt, f.EndedBy, f.EndReason = f.CreatedAt+patience, core.CustomerRole, "abandoned"
	} else {
		f.JoinedAt, f.EndedAt = f.CreatedAt+wait, f.CreatedAt+wait+handle
		f.Agents = []stats.Served{{Agent: core.Ref{ID: "agt_a"}, Offered: 1, Spans: []stats.Span{{From: f.JoinedAt, To: f.EndedAt}}}}
		if len(p.Facts)%10 == 0 {
			f.Agents = append([]stats.Served{{Agent: core.Ref{ID: "agt_b"}, Offered: 1, Missed: 1}}, f.Agents...)
		}
	}
	language := "en"
	if len(p.Facts)%4 == 0 {
		language = "de"
	}
	p.Logged[f.Session] = []*core.Event{
		{At: t, Data: &core.Requested{Priority: core.Normal, Channel: "web", Language: language}},
		{At: t.Add(time.Second), Data: &core.Offered{}}, {At: t.Add(5 * time.Second), Data: &core.Accepted{}},
	}
	p.Facts = append(p.Facts, f)
}
