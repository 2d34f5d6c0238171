package stats

import (
	"slices"

	"baton/core"
)

// folding is a session's log on its way into a fact.
type folding struct {
	session core.Session
	fact    *Fact
	botFrom int64

	owner string // who has it, and since when
	since int64
	line  string // the queue in which nobody has it, and since when
	stood int64
}

// Fold makes the fact of a session from its whole log.
func Fold(log []*core.Event) *Fact {
	x := &folding{fact: new(Fact)}
	for _, e := range log {
		x.take(e)
	}
	return x.finish()
}

func (x *folding) take(e *core.Event) {
	was, at := x.session.Queue.ID, e.At.UnixMilli()
	x.session.Apply(e)
	switch d := e.Data.(type) {
	case *core.Posted:
		x.post(d, at)
	case *core.Offered:
		x.served(d.Agent).Offered++
	case *core.Declined:
		x.served(d.Agent).Declined++
	case *core.Expired:
		if d.Withdrawn == "" {
			x.served(d.Agent).Missed++
		}
	case *core.Transferred:
		x.transfer(e, d, was)
	case *core.Waiting:
		x.wait(d, at)
	case *core.Ended:
		x.fact.EndedAt, x.fact.EndedBy, x.fact.EndReason = at, d.By, d.Reason
		x.fact.AfterHours = x.fact.AfterHours || d.Reason == IsAfterHours
	case *core.Rated:
		x.fact.Score, x.fact.RatedAt = min(max(d.Score, 1), 5), at
	}
	x.move(at)
}

// wait notes what the desk said of a wait.
func (x *folding) wait(d *core.Waiting, at int64) {
	x.fact.AfterHours = x.fact.AfterHours || d.Reason == core.WaitAfterHours
	if d.Reason == core.WaitOpened && x.fact.JoinedAt == 0 {
		x.fact.OpenedAt = at
	}
	if d.Wait != nil && x.fact.Promise == nil && x.fact.JoinedAt == 0 {
		x.fact.Promise = &Promise{At: at, Low: int64(d.Wait.Low), High: int64(d.Wait.High)}
	}
}

// transfer counts who passes a chat on. That the desk itself puts it into another queue is no transfer: it waited too
// long.
func (x *folding) transfer(e *core.Event, d *core.Transferred, from string) {
	if d.Queue != nil && e.Actor.Role == core.System {
		x.fact.Overflowed = append(x.fact.Overflowed, from)
		return
	}
	x.fact.Transfers++
}

// post counts a message that the customer can see. What was said before the handoff only tells how long that took.
func (x *folding) post(d *core.Posted, at int64) {
	switch {
	case d.Whisper:
		return
	case d.History:
		if x.botFrom == 0 || at < x.botFrom {
			x.botFrom = at
		}
		return
	}
	*x.fact.Messages.of(d.Author.Role)++
	if d.Author.Role != core.AgentRole {
		return
	}
	if x.fact.RepliedAt == 0 {
		x.fact.RepliedAt = at
	}
	by := x.served(core.Ref{ID: d.Author.ID, Name: d.Author.Name})
	by.Messages++
	if by.Reply == nil && x.owner == by.Agent.ID {
		took := at - x.since
		by.Reply = &took
	}
}

// move closes and opens times where somebody else has the session, or another queue.
func (x *folding) move(at int64) {
	owner, line := "", ""
	switch x.session.Status {
	case core.StatusActive:
		owner = x.session.Agent.ID
	case core.StatusWaiting, core.StatusPending:
		if !x.session.Parked {
			line = x.session.Queue.ID
		}
	}
	if owner != x.owner {
		if x.owner != "" {
			by := x.served(core.Ref{ID: x.owner})
			by.Spans = append(by.Spans, Span{x.since, at})
		}
		if x.owner, x.since = owner, at; owner != "" {
			x.served(*x.session.Agent)
			if x.fact.JoinedAt == 0 {
				x.fact.JoinedAt = at
			}
		}
	}
	if line != x.line {
		if x.line != "" && at > x.stood {
			x.fact.Waits = append(x.fact.Waits, Wait{x.line, Span{x.stood, at}})
		}
		x.line, x.stood = line, at
	}
}

// served finds what an agent had to do with the session.
func (x *folding) served(agent core.Ref) *Served {
	at := slices.IndexFunc(x.fact.Agents, func(s Served) bool { return s.Agent.ID == agent.ID })
	if at < 0 {
		x.fact.Agents = append(x.fact.Agents, Served{Agent: agent})
		at = len(x.fact.Agents) - 1
	}
	return &x.fact.Agents[at]
}

// finish takes over what the session is at the end of its log.
func (x *folding) finish() *Fact {
	s, f := &x.session, x.fact
	f.Session, f.Seq, f.Queue, f.Agent, f.Bot = s.ID, s.Seq, s.Queue, s.Agent, s.Bot
	f.Channel, f.Priority, f.Tags, f.Continues = s.Channel, s.Priority, s.Tags, s.Continues
	f.CreatedAt = s.CreatedAt.UnixMilli()
	if s.Reason != nil {
		f.Reason = s.Reason.Code
	}
	if x.botFrom > 0 {
		f.BotTime = max(0, f.CreatedAt-x.botFrom)
	}
	if len(f.Tags) == 0 {
		f.Tags = nil
	}
	return f
}
