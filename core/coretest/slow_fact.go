package coretest

import (
	"math"
	"slices"

	"baton/core"
	"baton/core/stats"
)

// SlowFact makes the fact of a session as stats.Fold must, by a search of its own for each part.
func SlowFact(log []*core.Event) *stats.Fact {
	r, asked, s := request(log), requestOf(log).At.UnixMilli(), new(core.Session)
	for _, e := range log {
		s.Apply(e)
	}
	f := &stats.Fact{
		Session: log[0].Session, Seq: int64(len(log)), Queue: s.Queue, Agent: s.Agent, Bot: r.Bot, Channel: r.Channel, Priority: s.Priority,
		Continues: r.Continues, CreatedAt: asked, AfterHours: afterHours(log), Overflowed: overflows(log), Score: rating(log),
	}
	if tags := tagsOf(log); len(tags) > 0 {
		f.Tags = tags
	}
	if r.Reason != nil {
		f.Reason = r.Reason.Code
	}
	if e := joined(log); e != nil {
		f.JoinedAt = e.At.UnixMilli()
	}
	if e := opened(log); e != nil {
		f.OpenedAt = e.At.UnixMilli()
	}
	if e := promise(log); e != nil {
		told := e.Data.(*core.Waiting).Wait
		f.Promise = &stats.Promise{At: e.At.UnixMilli(), Low: int64(told.Low), High: int64(told.High)}
	}
	if by := said(log, core.AgentRole); len(by) > 0 {
		f.RepliedAt = by[0].At.UnixMilli()
	}
	if e := endOf(log); e != nil {
		d := e.Data.(*core.Ended)
		f.EndedAt, f.EndedBy, f.EndReason = e.At.UnixMilli(), d.By, d.Reason
	}
	if e := find[*core.Rated](log); e != nil {
		f.RatedAt = e.At.UnixMilli()
	}
	f.Messages = stats.Volume{
		Customer: int64(len(said(log, core.CustomerRole))), Agent: int64(len(said(log, core.AgentRole))),
		Bot: int64(len(said(log, core.BotRole))), System: int64(len(said(log, core.System))),
	}
	for _, e := range log {
		if p, is := e.Data.(*core.Posted); is && p.History {
			f.BotTime = max(f.BotTime, asked-e.At.UnixMilli())
		}
		if _, is := e.Data.(*core.Transferred); is && e.Actor.Role != core.System {
			f.Transfers++
		}
	}
	f.Waits, f.Agents = waitsOf(log), servedOf(log)
	return f
}

func waitsOf(log []*core.Event) (waits []stats.Wait) {
	for i := range log {
		if log[i].Seq < requestOf(log).Seq || ownerAt(log[:i+1]) != "" || keptAt(log[:i+1]) || endOf(log[:i+1]) != nil {
			continue
		}
		w := stats.Wait{Queue: queueAt(log[:i+1]), Span: stats.Span{From: log[i].At.UnixMilli(), To: math.MaxInt64}}
		if i+1 < len(log) {
			w.To = log[i+1].At.UnixMilli()
		}
		if n := len(waits); n > 0 && waits[n-1].To == w.From && waits[n-1].Queue == w.Queue && ownerAt(log[:i]) == "" && !keptAt(log[:i]) {
			waits[n-1].To = w.To
		} else {
			waits = append(waits, w)
		}
	}
	return slices.DeleteFunc(waits, func(w stats.Wait) bool { return w.To == w.From || w.To == math.MaxInt64 })
}

// meets names the agent that an event brings into a session.
func meets(e *core.Event) (agent core.Ref, is bool) {
	switch d := e.Data.(type) {
	case *core.Offered:
		return d.Agent, true
	case *core.Accepted:
		return d.Agent, true
	case *core.Assigned:
		return d.Agent, true
	case *core.Posted:
		return core.Ref{ID: d.Author.ID, Name: d.Author.Name}, !d.History && !d.Whisper && d.Author.Role == core.AgentRole
	}
	return agent, false
}

func servedOf(log []*core.Event) (agents []stats.Served) {
	for _, e := range log {
		agent, is := meets(e)
		if !is || slices.ContainsFunc(agents, func(s stats.Served) bool { return s.Agent.ID == agent.ID }) {
			continue
		}
		agents = append(agents, serveOf(log, agent))
	}
	return agents
}

// serveOf is what one agent had to do with a session.
func serveOf(log []*core.Event, agent core.Ref) stats.Served {
	his := func(until []*core.Event) bool { return ownerAt(until) == agent.ID }
	s := stats.Served{Agent: agent}
	var since int64
	for i, e := range log {
		if his(log[:i+1]) && !his(log[:i]) {
			since = e.At.UnixMilli()
			s.Spans = append(s.Spans, stats.Span{From: since})
		}
		if !his(log[:i+1]) && his(log[:i]) {
			s.Spans[len(s.Spans)-1].To = e.At.UnixMilli()
		}
		p, is := e.Data.(*core.Posted)
		if !is || p.Author.ID != agent.ID || p.Author.Role != core.AgentRole || p.History || p.Whisper {
			continue
		}
		s.Messages++
		if took := e.At.UnixMilli() - since; s.Reply == nil && his(log[:i+1]) {
			s.Reply = &took
		}
	}
	if n := len(s.Spans); n > 0 && his(log) {
		s.Spans = s.Spans[:n-1] // it has not ended: nobody knows how long he will have it
	}
	offersOf(log, agent, &s)
	return s
}

// offersOf counts what an agent was offered, and how he answered.
func offersOf(log []*core.Event, agent core.Ref, s *stats.Served) {
	s.Offered = events(log, func(d core.Data) bool { o, is := d.(*core.Offered); return is && o.Agent.ID == agent.ID })
	s.Declined = events(log, func(d core.Data) bool { o, is := d.(*core.Declined); return is && o.Agent.ID == agent.ID })
	s.Missed = events(log, func(d core.Data) bool {
		o, is := d.(*core.Expired)
		return is && o.Agent.ID == agent.ID && o.Withdrawn == ""
	})
}

// events counts those that meet a condition.
func events(log []*core.Event, is func(core.Data) bool) (n int64) {
	for _, e := range log {
		if is(e.Data) {
			n++
		}
	}
	return n
}
