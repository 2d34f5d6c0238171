package coretest

import (
	"encoding/binary"
	"fmt"
	"log/slog"
	"maps"
	"math"
	"slices"
	"strconv"
	"testing"
	"time"

	"baton/core"
	"baton/core/stats"
)

// exact is a sketch that forgets nothing, so that what is compared with it must be exact.
type exact map[int64]int64

// ExactSketch makes sketches that forget nothing.
func ExactSketch() stats.Sketch { return exact{} }

func (s exact) Add(value, times int64) {
	if s[value] += times; s[value] == 0 {
		delete(s, value)
	}
}

func (s exact) Merge(data []byte) error {
	for len(data) > 0 {
		value, a := binary.Varint(data)
		times, b := binary.Varint(data[a:])
		s.Add(value, times)
		data = data[a+b:]
	}
	return nil
}

func (s exact) Quantiles(q ...float64) []int64 {
	values := make([]int64, len(q))
	for i := range q {
		values[i] = s.quantile(q[i])
	}
	return values
}

func (s exact) quantile(q float64) int64 {
	var all []int64
	for _, value := range slices.Sorted(maps.Keys(s)) {
		all = append(all, slices.Repeat([]int64{value}, int(s[value]))...)
	}
	if len(all) == 0 {
		return 0
	}
	return all[int(math.Floor(q*float64(len(all)-1)))]
}

func (s exact) Bytes() (data []byte) {
	for _, value := range slices.Sorted(maps.Keys(s)) {
		data = binary.AppendVarint(binary.AppendVarint(data, value), s[value])
	}
	return data
}

// desk of figures: a node with tales, what rolls them up and what answers.
type counted struct {
	*Node
	tales   *Tales
	rollup  *stats.Rollup
	figures *stats.Figures
}

// tellTenDays tells ten days to a node and counts them, some of it in two steps.
func tellTenDays(t *testing.T, n *Node) *counted {
	t.Helper()
	c := &counted{Node: n, tales: TenDays()}
	c.rollup = stats.NewRollup(n, ExactSketch, slog.New(slog.DiscardHandler)).At(func() time.Time { return c.tales.Now })
	c.figures = stats.NewFigures(n, c.rollup, ExactSketch)
	c.setZone(t, c.tales.Zone.String())
	c.tales.Tell(t, n)
	must(t, c.rollup.Collect(t.Context()))
	c.tales.TellTheRest(t, n)
	must(t, c.rollup.Collect(t.Context()))
	return c
}

func (c *counted) setZone(t *testing.T, name string) {
	t.Helper()
	_, err := c.ChangeAccount(t.Context(), core.Desk, core.AccountChange{TimeZone: &name})
	must(t, err)
}

// slowly reads all logs for the slow computation.
func (c *counted) slowly(t *testing.T, zone *time.Location) slow {
	t.Helper()
	x := slow{zone: zone, now: c.tales.Now}
	for _, tale := range c.tales.List {
		x.logs = append(x.logs, c.Log(t, tale.ID))
	}
	return x
}

// scriptedDays compares every figure of ten days with the slow computation, then changes the time zone and does it
// again.
func scriptedDays(t *testing.T, db Database) {
	c := tellTenDays(t, Start(t, db(t), Options{}))
	for _, name := range []string{"Europe/Berlin", "America/Los_Angeles", "Asia/Kathmandu"} {
		zone, err := time.LoadLocation(name)
		must(t, err)
		c.setZone(t, name)
		x := c.slowly(t, zone)
		for _, period := range [][2]string{{"2026-10-20", "2026-10-29"}, {"2026-10-25", "2026-10-25"}, {"2026-10-24", "2026-10-26"}, {"2026-10-29", "2026-10-29"}, {"2026-09-01", "2026-10-19"}, {"2026-09-17", "2026-11-02"}} {
			ask := stats.Ask{From: period[0], To: period[1]}
			c.compareSummary(t, x, ask)
			for _, queue := range c.tales.Queues {
				c.compareSummary(t, x, stats.Ask{From: period[0], To: period[1], Queues: []string{queue.ID}})
			}
			c.compareQueues(t, x, ask)
			c.compareAgents(t, x, ask)
			c.compareBreakdowns(t, x, ask)
			c.compareHeatmap(t, x, ask)
		}
		c.compareDaily(t, x, stats.Ask{From: "2026-10-20", To: "2026-10-29"})
		c.compareDaily(t, x, stats.Ask{From: "2026-10-20", To: "2026-10-29", Queues: []string{"que_help"}})
	}
}

// line compares one line of a table.
func compareLine(t *testing.T, what string, header, line []string, want table) {
	t.Helper()
	if text := want.differ(header, line); text != "" {
		t.Errorf("%s:%s", what, text)
	}
	for column := range want {
		if !slices.Contains(header, column) {
			t.Errorf("%s has no column %s", what, column)
		}
	}
}

// expected are the totals that the logs come to.
func (c *counted) expected(x slow, a stats.Ask) table {
	all := x.on(a.From, a.To)
	if len(a.Queues) == 0 {
		return all.totals(all, nil)
	}
	return all.only(func(log []*core.Event) bool { return slices.Contains(a.Queues, queueAt(log)) }).totals(all, a.Queues)
}

func (t table) sent(x slow, from, to string, none bool) {
	for _, role := range []core.Role{core.CustomerRole, core.AgentRole, core.BotRole, core.System} {
		t["messages_"+string(role)] = x.sent(role, from, to)
		if none {
			t["messages_"+string(role)] = ""
		}
	}
}

func (c *counted) compareSummary(t *testing.T, x slow, a stats.Ask) {
	t.Helper()
	got, err := c.figures.Summary(t.Context(), a)
	must(t, err)
	want := c.expected(x, a)
	want.sent(x, a.From, a.To, len(a.Queues) > 0)
	want["partial"] = strconv.FormatBool(a.To >= x.now.In(x.zone).Format(time.DateOnly))
	compareLine(t, fmt.Sprintf("the summary of %v in %s", a, x.zone), got.Table().Header, got.Table().Lines[0], want)
}

func (c *counted) compareDaily(t *testing.T, x slow, a stats.Ask) {
	t.Helper()
	got, err := c.figures.Daily(t.Context(), a)
	must(t, err)
	lines := got.Table().Lines
	for i := range lines {
		day := time.Date(2026, 10, 20+i, 0, 0, 0, 0, x.zone)
		name := day.Format(time.DateOnly)
		want := c.expected(x, stats.Ask{From: name, To: name, Queues: a.Queues})
		want.sent(x, name, name, len(a.Queues) > 0)
		next := day.AddDate(0, 0, 1)
		want["day"], want["partial"], want["hours"] = name, strconv.FormatBool(next.After(x.now)), strconv.Itoa(int(next.Sub(day).Hours()))
		compareLine(t, fmt.Sprintf("the day %s of %v in %s", name, a.Queues, x.zone), got.Table().Header, lines[i], want)
	}
	if len(lines) != 10 {
		t.Errorf("ten days in %s have %d lines", x.zone, len(lines))
	}
}

func (c *counted) compareQueues(t *testing.T, x slow, a stats.Ask) {
	t.Helper()
	got, err := c.figures.Queues(t.Context(), a)
	must(t, err)
	for i, line := range got.Table().Lines {
		id := got.Data[i].Queue.ID
		a.Queues = []string{id}
		want := c.expected(x, a)
		want["queue_id"] = id
		from, _ := time.ParseInLocation(time.DateOnly, a.From, x.zone)
		to, _ := time.ParseInLocation(time.DateOnly, a.To, x.zone)
		var waited int64
		for _, log := range x.ended().logs {
			waited += x.during(holds(log, func(until []*core.Event) bool {
				return ownerAt(until) == "" && !keptAt(until) && queueAt(until) == id && endOf(until) == nil
			}), a.From, a.To)
		}
		passed := min(to.AddDate(0, 0, 1).UnixMilli(), x.now.UnixMilli()) - from.UnixMilli()
		want["average_waiting"] = shown(float64(waited*1000/passed) / 1000)
		compareLine(t, fmt.Sprintf("the queue %s of %s to %s in %s", id, a.From, a.To, x.zone), got.Table().Header, line, want)
	}
}

func (c *counted) compareAgents(t *testing.T, x slow, a stats.Ask) {
	t.Helper()
	got, err := c.figures.Agents(t.Context(), a)
	must(t, err)
	seen := 0
	for i, line := range got.Table().Lines {
		id := got.Data[i].Agent.ID
		if !slices.ContainsFunc(c.tales.Agents, func(a core.Ref) bool { return a.ID == id }) {
			continue
		}
		seen++
		compareLine(t, fmt.Sprintf("the agent %s of %s to %s in %s", id, a.From, a.To, x.zone), got.Table().Header, line, c.agent(x, id, a))
	}
	if a.From == "2026-10-20" && seen != len(c.tales.Agents) {
		t.Errorf("of %s to %s only %d agents are listed", a.From, a.To, seen)
	}
}

// agent computes an agent's line.
func (c *counted) agent(x slow, id string, a stats.Ask) table {
	asked := x.on(a.From, a.To)
	his := func(until []*core.Event) bool { return ownerAt(until) == id }
	had := asked.ended().only(func(log []*core.Event) bool { return len(holds(log, his)) > 0 })
	want, first, handled := table{"chats": strconv.Itoa(len(had.logs))}, []int64{}, []int64{}
	for _, log := range had.logs {
		handled = append(handled, sumOf(holds(log, his)))
		var since int64
		for i, e := range log {
			if before, is := ownerAt(log[:i]) == id, his(log[:i+1]); is && !before {
				since = e.At.UnixMilli()
			}
			if p, is := e.Data.(*core.Posted); is && p.Author.ID == id && his(log[:i+1]) {
				first = append(first, e.At.UnixMilli()-since)
				break
			}
		}
	}
	want.times("handle", handled, false)
	want.times("first_response", first, false)
	want.ratings(had.only(func(log []*core.Event) bool { return lastOwner(log) == id }))
	var worked int64
	for _, log := range x.ended().logs {
		worked += x.during(holds(log, his), a.From, a.To)
	}
	want["worked"] = shown(float64(worked) / 1000)
	onDuty := int64(0)
	for _, state := range []string{"available", "busy", "away", "gone"} {
		ms := c.was(x, id, state, a)
		want[state] = shown(float64(ms) / 1000)
		if state == "available" || state == "busy" {
			onDuty += ms
		}
	}
	want["occupancy"] = ""
	if onDuty > 0 {
		want["occupancy"] = shown(math.Round(float64(worked)/float64(onDuty)*10000) / 10000)
	}
	for _, log := range asked.ended().logs {
		want.add("offered", log, func(d core.Data) bool { o, is := d.(*core.Offered); return is && o.Agent.ID == id })
		want.add("declined", log, func(d core.Data) bool { o, is := d.(*core.Declined); return is && o.Agent.ID == id })
		want.add("missed", log, func(d core.Data) bool { o, is := d.(*core.Expired); return is && o.Agent.ID == id })
	}
	return want
}

func lastOwner(log []*core.Event) string {
	end := slices.IndexFunc(log, func(e *core.Event) bool { return e.Type() == core.EventEnded })
	return ownerAt(log[:end])
}

// add counts the events that meet a condition.
func (t table) add(column string, log []*core.Event, is func(core.Data) bool) {
	n, _ := strconv.Atoi(t[column])
	for _, e := range log {
		if is(e.Data) {
			n++
		}
	}
	t[column] = strconv.Itoa(n)
}

// was is how long an agent was in a state.
func (c *counted) was(x slow, agent, state string, a stats.Ask) (ms int64) {
	var his []stats.State
	for _, s := range c.tales.States {
		if s.Agent == agent {
			his = append(his, s)
		}
	}
	slices.SortFunc(his, func(a, b stats.State) int { return int(a.Since - b.Since) })
	for i, s := range his {
		until := x.now.UnixMilli()
		if i+1 < len(his) {
			until = min(until, his[i+1].Since)
		}
		if s.State == state && until > s.Since {
			ms += x.during([]stats.Span{{From: s.Since, To: until}}, a.From, a.To)
		}
	}
	return ms
}
