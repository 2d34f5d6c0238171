package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"baton/adapters/sketch"
	"baton/adapters/sqlstore"
	"baton/core"
	"baton/core/access"
	"baton/core/stats"
)

// counted says what was seeded.
type counted struct {
	sessions, messages int64
	from, to           stats.Day
}

// A busy house: 90 days with 111,111 messages in 11,111 sessions each, ten messages in a session.
const (
	numbersMessages = 10_000_000
	numbersEach     = 10 // messages of a session
	numbersQueues   = 8
	numbersAgents   = 40
	importAtOnce    = 2000
)

// seedNumbers writes what the roll-up would have made of 90 days, by the roll-up itself. The messages themselves are not
// written: no question reads the log.
func (w *workshop) seedNumbers(ctx context.Context, dsn string) (counted, error) {
	store, err := sqlstore.Open(ctx, sqlstore.Config{DSN: dsn})
	if err != nil {
		return counted{}, err
	}
	c, err := w.fillNumbers(ctx, store)
	return c, errors.Join(err, store.Close())
}

func (w *workshop) fillNumbers(ctx context.Context, store *sqlstore.Store) (counted, error) {
	newSketch, err := sketch.New()
	if err != nil {
		return counted{}, err
	}
	name := "Europe/Berlin"
	zone, err := time.LoadLocation(name)
	if err != nil {
		return counted{}, err
	}
	if _, err := store.ChangeAccount(ctx, core.Desk, core.AccountChange{TimeZone: &name}); err != nil {
		return counted{}, err
	}
	team, err := newNumbersTeam(ctx, store)
	if err != nil {
		return counted{}, err
	}
	messages := int64(numbersMessages)
	if w.quick {
		messages /= 10
	}
	rollup := stats.NewRollup(store, newSketch, slog.New(slog.DiscardHandler))
	if err := rollup.Collect(ctx); err != nil {
		return counted{}, err
	}
	to := stats.DayOf(time.Now(), zone)
	c := counted{from: to.Plus(1 - questionDays), to: to}
	perDay := int(messages / numbersEach / questionDays)
	for day := c.from; day <= c.to; day = day.Plus(1) {
		if err := team.day(ctx, rollup, store, day, zone, perDay); err != nil {
			return c, err
		}
		c.sessions, c.messages = c.sessions+int64(perDay), c.messages+int64(perDay*numbersEach)
	}
	return c, rollup.Collect(ctx)
}

// numbersTeam is who talks in the seeded days.
type numbersTeam struct {
	dice   *rand.Rand
	queues []core.Ref
	agents []core.Ref
	made   int
}

func newNumbersTeam(ctx context.Context, store *sqlstore.Store) (*numbersTeam, error) {
	t := &numbersTeam{dice: rand.New(rand.NewPCG(1, 2))}
	for i := range numbersQueues {
		queue, err := store.MakeQueue(ctx, core.Desk, fmt.Sprint("queue ", i))
		if err != nil {
			return nil, err
		}
		t.queues = append(t.queues, queue.Ref())
	}
	for i := range numbersAgents {
		agent, err := store.AddUser(ctx, core.Desk, access.NewUser{
			ID: core.NewID(core.AgentPrefix), At: time.Now(), Email: fmt.Sprintf("n%d@bench.example", i), Name: fmt.Sprint("agent ", i), Role: core.AgentRole, PasswordHash: "x",
		})
		if err != nil {
			return nil, err
		}
		t.agents = append(t.agents, agent.Ref())
	}
	return t, nil
}

// day seeds one day: its sessions, the counters of its messages, and what its agents were.
func (t *numbersTeam) day(ctx context.Context, rollup *stats.Rollup, store *sqlstore.Store, day stats.Day, zone *time.Location, sessions int) error {
	start, end := day.Start(zone).UnixMilli(), min(day.End(zone).UnixMilli(), time.Now().UnixMilli())
	counts := map[stats.Quarter]int64{}
	for sessions > 0 {
		facts := make([]*stats.Fact, min(sessions, importAtOnce))
		for i := range facts {
			facts[i] = t.fact(start, end)
			quarter := stats.QuarterOf(facts[i].CreatedAt)
			counts[stats.Quarter{Number: quarter, Role: core.CustomerRole}] += facts[i].Messages.Customer
			counts[stats.Quarter{Number: quarter, Role: core.AgentRole}] += facts[i].Messages.Agent
		}
		if err := rollup.Import(ctx, facts); err != nil {
			return err
		}
		sessions -= len(facts)
	}
	var states []stats.State
	for _, a := range t.agents {
		for i, state := range []string{"available", "away", "available", "busy", "available", "offline"} {
			states = append(states, stats.State{Agent: a.ID, Since: start + int64(8+2*i)*time.Hour.Milliseconds(), State: state})
		}
	}
	return errors.Join(store.Recount(ctx, stats.Span{From: start, To: end}, counts), store.PutStates(ctx, states))
}

// fact makes a session as they happen: most are answered within minutes and last half an hour.
func (t *numbersTeam) fact(start, end int64) *stats.Fact {
	t.made++
	long := func(mean float64) int64 { return int64(t.dice.ExpFloat64() * mean * 1000) }
	f := &stats.Fact{
		Session: fmt.Sprintf("ses_%016d", t.made), Seq: numbersEach + 4, Queue: t.queues[t.dice.IntN(numbersQueues)], Bot: &core.Ref{ID: fmt.Sprint("bot_", t.dice.IntN(3))},
		Channel: []string{"web", "whatsapp", "telegram", "api"}[t.dice.IntN(4)], Priority: core.Priorities[t.dice.IntN(4)],
		Reason: []string{"customer_request", "low_confidence", "policy"}[t.dice.IntN(3)], EndedBy: core.AgentRole, EndReason: "resolved",
		CreatedAt: start + t.dice.Int64N(max(1, end-start)), BotTime: long(120),
	}
	for range t.dice.IntN(3) {
		f.Tags = append(f.Tags, fmt.Sprint("tag ", t.dice.IntN(20)))
	}
	joined := f.CreatedAt + long(90)
	f.EndedAt = joined + long(1500) + 1
	f.Waits = []stats.Wait{{Queue: f.Queue.ID, Span: stats.Span{From: f.CreatedAt, To: joined}}}
	f.Messages = stats.Volume{Customer: numbersEach / 2, Agent: numbersEach / 2}
	if t.dice.IntN(12) == 0 {
		f.EndedBy, f.EndReason, f.EndedAt = core.CustomerRole, "abandoned", joined+1
		return f
	}
	reply := long(20)
	f.JoinedAt, f.RepliedAt, f.Agent = joined, joined+reply, &t.agents[t.dice.IntN(numbersAgents)]
	f.Agents = []stats.Served{{Agent: *f.Agent, Spans: []stats.Span{{From: joined, To: f.EndedAt}}, Reply: &reply, Messages: numbersEach / 2, Offered: 1}}
	if t.dice.IntN(3) == 0 {
		f.Score, f.RatedAt = 1+t.dice.IntN(5), f.EndedAt
	}
	return f
}
