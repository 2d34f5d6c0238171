package core

import (
	"encoding/json"
	"slices"
	"time"
)

// Status is where a session stands.
type Status string

// The life of a session. Transfer is not an end.
const (
	StatusPending Status = "pending" // an agent is being offered the chat
	StatusWaiting Status = "waiting" // in the queue
	StatusActive  Status = "active"  // an agent has joined
	StatusEnded   Status = "ended"
)

// Priority says who is served first.
type Priority string

// The priorities, the most urgent last.
const (
	Low    Priority = "low"
	Normal Priority = "normal"
	High   Priority = "high"
	Urgent Priority = "urgent"
)

// Priorities lists them in order of rank.
var Priorities = [...]Priority{Low, Normal, High, Urgent}

// Rank is 0 for low to 3 for urgent, and -1 for a word that is no priority.
func (p Priority) Rank() int { return slices.Index(Priorities[:], p) }

// AskEmail asks the customer for a message and his address.
const AskEmail = "email"

// Why a session waits.
const (
	WaitAgentGone  = "agent_gone"
	WaitNoReply    = "no_reply"    // taken back from an agent who did not answer
	WaitAfterHours = "after_hours" // kept until the opening
	WaitOpened     = "opened"
	WaitTooLong    = "long_wait"
)

// Why nobody is there.
const (
	ClosedNoAgents = "no_agents"
	ClosedSoon     = "closing" // the wait would outlast the opening
)

// How long a session may rest before the desk looks at it again.
const (
	LookAgainAfter = 30 * time.Second
	IdleLookAfter  = 24 * time.Hour
)

type (
	// Reason is why the bot (or the customer) asked for a person.
	Reason struct {
		Code string `json:"code,omitempty"`
		Text string `json:"text,omitempty"`
	}
	// Intent is what the bot understood.
	Intent struct {
		Name  string  `json:"name"`
		Score float64 `json:"score"`
	}
	// Offer is an open offer to one agent. Seq is the event that made it; From is the colleague who passes
	// the chat on, or nil for an offer of the queue.
	Offer struct {
		Agent     Ref       `json:"agent"`
		ExpiresAt time.Time `json:"expires_at"`
		Seq       int64     `json:"seq"`
		From      *Ref      `json:"from,omitempty"`
		Note      string    `json:"note,omitempty"`
	}
	// Pass remembers that an agent declined or missed this session.
	Pass struct {
		Agent    string    `json:"agent"`
		Count    int       `json:"count"`
		At       time.Time `json:"at"`
		Declined bool      `json:"declined,omitempty"` // the last time; otherwise the offer ran out
	}
	// Range is a wait as a range of seconds.
	Range struct {
		Low  int `json:"low"`
		High int `json:"high"`
	}
	// AfterHours is what a customer was told while nobody is there.
	AfterHours struct {
		Reason      string  `json:"reason" enum:"closed,holiday,no_agents,closing"`
		Text        string  `json:"text"`
		NextOpening *Time   `json:"next_opening"`
		Ask         *string `json:"ask" enum:"email" doc:"What the customer may leave"`
	}
	// Warning is that of an idle customer. It holds as long as nothing happens.
	Warning struct {
		At       time.Time `json:"at"`
		ClosesAt Time      `json:"closes_at"`
	}
	// Last is the last public message, for lists.
	Last struct {
		Text string    `json:"text"`
		Role Role      `json:"role"`
		At   time.Time `json:"at"`
	}
	// Receipt says up to which seq one side has got and read the messages.
	Receipt struct {
		Delivered int64 `json:"delivered"`
		Read      int64 `json:"read"`
	}
	// Receipts are the two sides' watermarks; they never go back.
	Receipts struct {
		Customer Receipt `json:"customer"`
		Agent    Receipt `json:"agent"`
	}
)

// Session is a handoff and what became of it: the fold of its log. Two parts are not in the log: receipts,
// which are watermarks of their own, and Deadline, which the desk moves as it looks.
//
// A Session that the store handed out is shared and must not be changed; the transitions work on copies, and
// slices are only ever replaced or appended to by the one who owns the newest copy.
type Session struct {
	ID             string          `json:"id"`
	Status         Status          `json:"status"`
	Queue          Ref             `json:"queue"`
	Agent          *Ref            `json:"agent,omitempty"`
	Bot            *Ref            `json:"bot,omitempty"`
	Customer       Customer        `json:"customer"`
	ConversationID string          `json:"conversation_id,omitempty"`
	Channel        string          `json:"channel"`
	Subject        string          `json:"subject,omitempty"`
	Language       string          `json:"language,omitempty"`
	Priority       Priority        `json:"priority"`
	Tags           []string        `json:"tags,omitempty"`
	Reason         *Reason         `json:"reason,omitempty"`
	Summary        string          `json:"summary,omitempty"`
	Tried          []string        `json:"tried,omitempty"`
	Intent         *Intent         `json:"intent,omitempty"`
	Sentiment      *float64        `json:"sentiment,omitempty"`
	Context        json.RawMessage `json:"context,omitempty"`
	Skills         []string        `json:"skills,omitempty"`
	PreferredAgent string          `json:"preferred_agent,omitempty"`
	Continues      string          `json:"continues,omitempty"`
	Epoch          int64           `json:"epoch"`
	CreatedAt      time.Time       `json:"created_at"`
	// WaitingSince is the first arrival in line; a session that is put back keeps it.
	WaitingSince time.Time `json:"waiting_since"`
	// QueuedAt is when it last came into a queue: at the request, by a transfer, or back from an agent.
	QueuedAt   time.Time `json:"queued_at,omitzero"`
	AcceptedAt time.Time `json:"accepted_at,omitzero"`
	EndedAt    time.Time `json:"ended_at,omitzero"`
	Offer      *Offer    `json:"offer,omitempty"`
	// Ageing is what each step of priority counts for in line; 0 stands for strict priorities.
	Ageing Seconds `json:"ageing,omitempty"`
	// AfterHours is why nobody came to it, as long as nobody has; Parked says that it is kept until that changes, and
	// stands in no line meanwhile.
	AfterHours *AfterHours `json:"after_hours,omitempty"`
	Parked     bool        `json:"parked,omitempty"`
	// Ask is what the customer may leave instead of waiting: AskEmail, or nothing.
	Ask string `json:"ask,omitempty"`
	// TooLong says that it has waited longer in its queue than the queue allows, and OverflowedFrom where it did so before.
	TooLong        bool     `json:"too_long,omitempty"`
	OverflowedFrom []string `json:"overflowed_from,omitempty"`
	// Warning is what a silent customer was told.
	Warning *Warning `json:"warning,omitempty"`
	// Decided is false until the desk has offered the waiting session or said that nobody is free.
	Decided  bool      `json:"decided,omitempty"`
	Passes   []Pass    `json:"passes,omitempty"`
	End      *Ended    `json:"end,omitempty"`
	Rating   *Rated    `json:"rating,omitempty"`
	Deadline time.Time `json:"-"`

	// What follows changes with each message and is stored apart from the rest.
	Seq             int64     `json:"-"`
	PublicSeq       int64     `json:"-"`
	LastAt          time.Time `json:"-"`
	Last            *Last     `json:"-"`
	UnreadSeqs      []int64   `json:"-"` // the customer's messages after the agent side's read
	UnansweredSince time.Time `json:"-"`
	RepliedAt       time.Time `json:"-"` // the first message of the agent who has it
	Receipts        Receipts  `json:"-"`
}

// Open says whether the session has not ended.
func (s *Session) Open() bool { return s.Status != StatusEnded }

// OwnedBy says whether this agent has the chat.
func (s *Session) OwnedBy(agent string) bool {
	return s.Status == StatusActive && s.Agent != nil && s.Agent.ID == agent
}

// HasAgent says whether an agent has the chat, or had it at its end.
func (s *Session) HasAgent() bool { return s.Agent != nil }

// OfferedTo says whether the chat is being offered to this agent now.
func (s *Session) OfferedTo(agent string) bool { return s.Offer != nil && s.Offer.Agent.ID == agent }

// Holders are the agents of whom the session takes a place: its owner and the one who is offered it.
func (s *Session) Holders() (owner, offered string) {
	if s.Status == StatusActive && s.Agent != nil {
		owner = s.Agent.ID
	}
	if s.Offer != nil {
		offered = s.Offer.Agent.ID
	}
	return owner, offered
}

// PassOf gives what is remembered of an agent who declined or missed this session.
func (s *Session) PassOf(agent string) Pass {
	for _, p := range s.Passes {
		if p.Agent == agent {
			return p
		}
	}
	return Pass{Agent: agent}
}

// NextDeadline is when the desk must look at the session if nothing else happens before; an open session
// always has one.
func (s *Session) NextDeadline() time.Time {
	switch s.Status {
	case StatusPending:
		return s.Offer.ExpiresAt
	case StatusWaiting:
		switch {
		case s.Parked && s.AfterHours.NextOpening != nil:
			return time.Time(*s.AfterHours.NextOpening)
		case s.Parked:
			return s.LastAt.Add(IdleLookAfter)
		case !s.Decided:
			return s.LastAt
		}
		return s.LastAt.Add(LookAgainAfter)
	case StatusActive:
		idle := s.LastAt.Add(IdleLookAfter)
		if s.Offer != nil && s.Offer.ExpiresAt.Before(idle) {
			return s.Offer.ExpiresAt
		}
		return idle
	}
	return time.Time{}
}

// InLine says whether the session stands in the line of its queue.
func (s *Session) InLine() bool {
	return s.Status == StatusPending || s.Status == StatusWaiting && !s.Parked
}

// HeldSince is when it came to where it is: into its queue, or to its agent.
func (s *Session) HeldSince() time.Time {
	if s.Status == StatusActive {
		return s.AcceptedAt
	}
	return s.QueuedAt
}

// strictStep is more than anybody waits: with it, priorities are strict.
const strictStep = int64(10 * 365 * 24 * time.Hour / time.Millisecond)

// LineKey orders the line: who has the smaller one is served first, and of equals the smaller id. It is the time of
// arrival in milliseconds, and each step of priority puts it back by the queue's ageing, so that the place of a session
// does not change by waiting, and nobody waits for ever.
func (s *Session) LineKey() int64 {
	step := strictStep
	if s.Ageing > 0 {
		step = s.Ageing.Duration().Milliseconds()
	}
	return s.WaitingSince.UnixMilli() - int64(s.Priority.Rank())*step
}

// Silence is since when an agent has waited for a word of the customer, or zero while it is the agent's turn.
func (s *Session) Silence() time.Time {
	if s.Status != StatusActive || s.RepliedAt.IsZero() || !s.UnansweredSince.IsZero() {
		return time.Time{}
	}
	return s.LastAt
}

// ClosesAt is when the chat ends unless the customer writes, or zero when nothing says so.
func (s *Session) ClosesAt() time.Time {
	if s.Warning == nil || s.Status != StatusActive || s.LastAt.After(s.Warning.At) {
		return time.Time{}
	}
	return time.Time(s.Warning.ClosesAt)
}
