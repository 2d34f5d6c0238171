package stats

import (
	"slices"
	"time"

	"baton/core"
)

// Fact is what is counted of one session. It holds nothing that people wrote. Times are milliseconds; 0 says that
// something did not happen.
type Fact struct {
	Session   string        `json:"session"`
	Seq       int64         `json:"seq"` // of the last event that it was made of
	Queue     core.Ref      `json:"queue"`
	Agent     *core.Ref     `json:"agent,omitempty"` // who had it at the end
	Bot       *core.Ref     `json:"bot,omitempty"`
	Channel   string        `json:"channel"`
	Priority  core.Priority `json:"priority"`
	Tags      []string      `json:"tags,omitempty"`
	Reason    string        `json:"reason,omitempty"` // why a person was asked for
	Continues string        `json:"continues,omitempty"`

	CreatedAt int64     `json:"created_at"`
	OpenedAt  int64     `json:"opened_at,omitempty"`  // when the queue opened for which it was kept
	JoinedAt  int64     `json:"joined_at,omitempty"`  // the first agent
	RepliedAt int64     `json:"replied_at,omitempty"` // the first message of an agent
	EndedAt   int64     `json:"ended_at,omitempty"`
	EndedBy   core.Role `json:"ended_by,omitempty"`
	EndReason string    `json:"end_reason,omitempty"`
	// BotTime is how long the conversation went on before it was handed over.
	BotTime  int64  `json:"bot_time,omitempty"`
	Messages Volume `json:"messages"`
	Score    int    `json:"score,omitempty"`
	RatedAt  int64  `json:"rated_at,omitempty"`

	Transfers  int      `json:"transfers,omitempty"`
	AfterHours bool     `json:"after_hours,omitempty"`
	Overflowed []string `json:"overflowed,omitempty"` // queues in which it waited too long
	Promise    *Promise `json:"promise,omitempty"`    // the first range that its customer could be told
	Waits      []Wait   `json:"waits,omitempty"`
	Agents     []Served `json:"agents,omitempty"` // in the order in which they met it
}

// Promise is a wait that was foretold: at a moment, so many seconds from then.
type Promise struct {
	At   int64 `json:"at"`
	Low  int64 `json:"low"`
	High int64 `json:"high"`
}

// kept says whether the wait ended within the range, and whether that can be said: not of those who left before.
func (p *Promise) kept(f *Fact) (is, known bool) {
	switch {
	case p == nil || !f.Ended():
		return false, false
	case f.JoinedAt > 0:
		took := f.JoinedAt - p.At
		return took >= p.Low*1000 && took <= p.High*1000, true
	}
	return false, f.EndedAt-p.At > p.High*1000
}

// clockStart is when the clock of its waits starts: at the request, or when the queue opened for which it was kept.
func (f *Fact) clockStart() int64 {
	if f.OpenedAt > 0 && (f.JoinedAt == 0 || f.JoinedAt >= f.OpenedAt) {
		return f.OpenedAt
	}
	return f.CreatedAt
}

// Volume is how many messages who wrote.
type Volume struct {
	Customer int64 `json:"customer"`
	Agent    int64 `json:"agent"`
	Bot      int64 `json:"bot"`
	System   int64 `json:"system" doc:"Automatic answers"`
}

// of gives the number of a role.
func (v *Volume) of(role core.Role) *int64 {
	switch role {
	case core.CustomerRole:
		return &v.Customer
	case core.BotRole:
		return &v.Bot
	case core.System:
		return &v.System
	}
	return &v.Agent
}

// Wait is a time in which nobody had the session.
type Wait struct {
	Queue string `json:"queue"`
	Span
}

// Served is what one agent had to do with a session.
type Served struct {
	Agent    core.Ref `json:"agent"`
	Spans    []Span   `json:"spans,omitempty"` // in which he had it
	Reply    *int64   `json:"reply,omitempty"` // from when he joined to his first message
	Messages int64    `json:"messages,omitempty"`
	Offered  int64    `json:"offered,omitempty"`
	Missed   int64    `json:"missed,omitempty"`
	Declined int64    `json:"declined,omitempty"`
}

// Handled is how long he had it altogether.
func (s *Served) Handled() (ms int64) {
	for _, span := range s.Spans {
		ms += span.To - span.From
	}
	return ms
}

// Ended says whether the session has ended; only then is it counted.
func (f *Fact) Ended() bool { return f.EndedAt > 0 }

// Handled is how long agents had it altogether.
func (f *Fact) Handled() (ms int64) {
	for i := range f.Agents {
		ms += f.Agents[i].Handled()
	}
	return ms
}

// What a session can be called.
const (
	IsAnswered    = "answered"
	IsReplied     = "replied"
	IsAbandoned   = "abandoned"
	IsOverflowed  = "overflowed"
	IsAfterHours  = "after_hours"
	IsReopened    = "reopened"
	IsTransferred = "transferred"
	IsRated       = "rated"
	IsPromised    = "promised"
	IsKept        = "promise_kept"
	IsWithBot     = "with_bot"
)

// Marks lists what a session can be called.
func Marks() []string {
	return []string{IsAnswered, IsReplied, IsAbandoned, IsOverflowed, IsAfterHours, IsReopened, IsTransferred, IsRated, IsPromised, IsKept, IsWithBot}
}

// Marks says what the session is called; see the definitions.
func (f *Fact) Marks() []string {
	var marks []string
	kept, promised := f.Promise.kept(f)
	for _, m := range []struct {
		name string
		is   bool
	}{
		{IsAnswered, f.JoinedAt > 0}, {IsReplied, f.RepliedAt > 0}, {IsAbandoned, f.abandoned()}, {IsOverflowed, len(f.Overflowed) > 0},
		{IsAfterHours, f.AfterHours}, {IsReopened, f.Continues != ""}, {IsTransferred, f.Transfers > 0}, {IsRated, f.Score > 0},
		{IsPromised, promised}, {IsKept, kept}, {IsWithBot, f.BotTime > 0},
	} {
		if m.is {
			marks = append(marks, m.name)
		}
	}
	return marks
}

func (f *Fact) abandoned() bool {
	return f.Ended() && f.JoinedAt == 0 && !f.AfterHours &&
		(f.EndedBy == core.CustomerRole || slices.Contains([]string{"abandoned", "customer_left", "no_answer"}, f.EndReason))
}

// Served names the ids of the agents who had the session.
func (f *Fact) Served() []string {
	var ids []string
	for i := range f.Agents {
		if len(f.Agents[i].Spans) > 0 {
			ids = append(ids, f.Agents[i].Agent.ID)
		}
	}
	return ids
}

// Offers says for each agent whether the session was offered to him, and whether he passed on an offer or let it run
// out.
func (f *Fact) Offers(each func(agent string, offered, passed bool)) {
	for i := range f.Agents {
		s := &f.Agents[i]
		each(s.Agent.ID, s.Offered > 0, s.Missed+s.Declined > 0)
	}
}

// Pace is what the session tells of how fast its queue works: how long each agent had it, how long it waited, and
// whether its customer left before anybody came.
func (f *Fact) Pace() (held []time.Duration, waited time.Duration, left bool) {
	for i := range f.Agents {
		for _, span := range f.Agents[i].Spans {
			held = append(held, time.Duration(span.To-span.From)*time.Millisecond)
		}
	}
	if f.AfterHours {
		return held, 0, false
	}
	for _, w := range f.Waits {
		waited += time.Duration(w.To-w.From) * time.Millisecond
	}
	return held, waited, f.abandoned()
}
