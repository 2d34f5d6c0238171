package core

import (
	"encoding/json"
	"fmt"
	"time"
)

// EventType names what happened in a session.
type EventType string

// What can happen in a session.
const (
	EventRequested   EventType = "session.requested"
	EventWaiting     EventType = "session.waiting"
	EventOffered     EventType = "session.offered"
	EventAccepted    EventType = "session.accepted"
	EventDeclined    EventType = "session.declined"
	EventExpired     EventType = "session.expired"
	EventAssigned    EventType = "session.assigned"
	EventTransferred EventType = "session.transferred"
	EventPriority    EventType = "session.priority"
	EventUpdated     EventType = "session.updated"
	EventEnded       EventType = "session.ended"
	EventRated       EventType = "session.rated"
	EventWarned      EventType = "session.warned"
	EventTicket      EventType = "ticket.made"
	EventPosted      EventType = "message.posted"
	EventNote        EventType = "note.added"
	EventTagAdded    EventType = "tag.added"
	EventTagRemoved  EventType = "tag.removed"
)

// StaffOnly is the PublicPrev of an event that only staff see.
const StaffOnly int64 = -1

// Event is one entry of a session's log. Seq counts all events of the session from 1 without holes.
type Event struct {
	Session string
	Seq     int64
	// PublicPrev is the seq of the public event before this one (0 for the first), or StaffOnly.
	PublicPrev int64
	At         time.Time
	Actor      ActorRef
	Data       Data
	// JSON is Data as it is stored and shown to staff, made once.
	JSON []byte
}

// Data is what one type of event carries.
type Data interface {
	Type() EventType
	// Public says whether everybody in the session may know of it.
	Public() bool
}

// Type names what happened.
func (e *Event) Type() EventType { return e.Data.Type() }

// Public says whether customer and bot may see the event.
func (e *Event) Public() bool { return e.PublicPrev != StaffOnly }

// The data of each type of event. Fields that staff alone may see are taken out in the desk's views.
type (
	// Requested opens the log of a session: the handoff as it was accepted.
	Requested struct {
		Customer       Customer        `json:"customer"`
		Queue          Ref             `json:"queue"`
		Bot            *Ref            `json:"bot,omitempty"`
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
		Ageing         Seconds         `json:"ageing,omitempty"` // the queue's
	}
	// Waiting says that nobody is free, why the session came back to the queue, or what the desk did about its wait.
	// Wait is what the customer could be told then.
	Waiting struct {
		Reason     string      `json:"reason,omitempty"`
		Wait       *Range      `json:"wait,omitempty"`
		AfterHours *AfterHours `json:"after_hours,omitempty"`
		Ask        string      `json:"ask,omitempty"`
	}
	// Offered reserves a place of the agent. From is set when a colleague passes the chat on.
	Offered struct {
		Agent     Ref    `json:"agent"`
		ExpiresAt Time   `json:"expires_at"`
		From      *Ref   `json:"from,omitempty"`
		Note      string `json:"note,omitempty"`
	}
	// Accepted says that the agent joined.
	Accepted struct {
		Agent Ref `json:"agent"`
	}
	// Declined says that the offered agent passed.
	Declined struct {
		Agent  Ref    `json:"agent"`
		Reason string `json:"reason,omitempty"`
	}
	// Expired says that an offer ended without an answer. It counts as missed unless Withdrawn says why the
	// desk took it back.
	Expired struct {
		Agent     Ref    `json:"agent"`
		Withdrawn string `json:"withdrawn,omitempty"`
	}
	// Assigned says that the agent was given the chat by an order, forced above the capacity or not.
	Assigned struct {
		Agent  Ref  `json:"agent"`
		Forced bool `json:"forced,omitempty"`
	}
	// Transferred says that the chat left From for an agent or a queue.
	Transferred struct {
		From  *Ref   `json:"from,omitempty"`
		To    *Ref   `json:"to,omitempty"`
		Queue *Ref   `json:"queue,omitempty"`
		Note  string `json:"note,omitempty"`
		// Ageing is that of Queue; TooLong says that the desk did it, because the chat waited too long or too many did.
		Ageing  Seconds `json:"ageing,omitempty"`
		TooLong bool    `json:"too_long,omitempty"`
	}
	// PriorityChanged says how urgent the session is from here on.
	PriorityChanged struct {
		Priority Priority `json:"priority"`
	}
	// Updated carries the parts of the request that were changed afterwards.
	Updated struct {
		Subject  *string         `json:"subject,omitempty"`
		Context  json.RawMessage `json:"context,omitempty"`
		Customer *Customer       `json:"customer,omitempty"`
	}
	// Ended closes the session for ever.
	Ended struct {
		By          Role   `json:"by"`
		Reason      string `json:"reason"`
		ReturnTo    string `json:"return_to"`
		Disposition string `json:"disposition,omitempty"`
		Summary     string `json:"summary,omitempty"`
	}
	// Rated is the customer's judgement.
	Rated struct {
		Score   int    `json:"score"`
		Comment string `json:"comment,omitempty"`
	}
	// Posted is a message. History marks a line of the transcript from before the handoff.
	Posted struct {
		ID          string          `json:"id"`
		ClientID    string          `json:"client_id,omitempty"`
		Author      ActorRef        `json:"author"`
		Text        string          `json:"text"`
		Attachments []Attachment    `json:"attachments"`
		History     bool            `json:"history,omitempty"`
		Whisper     bool            `json:"whisper,omitempty"`
		Original    json.RawMessage `json:"original,omitempty"`
	}
	// NoteAdded is a remark for colleagues.
	NoteAdded struct {
		ID   string `json:"id"`
		Text string `json:"text"`
	}
	// Warned says that a silent customer was told that the chat ends.
	Warned struct {
		ClosesAt Time `json:"closes_at"`
	}
	// TicketMade says that the customer left a message for later, and where the answer is to go.
	TicketMade struct {
		ID    string `json:"id"`
		Email string `json:"email"`
		Text  string `json:"text"`
	}
	// TagAdded puts a tag on the session.
	TagAdded struct {
		Tag string `json:"tag"`
	}
	// TagRemoved takes a tag off the session.
	TagRemoved struct {
		Tag string `json:"tag"`
	}
)

func (*Requested) Type() EventType       { return EventRequested }
func (*Waiting) Type() EventType         { return EventWaiting }
func (*Offered) Type() EventType         { return EventOffered }
func (*Accepted) Type() EventType        { return EventAccepted }
func (*Declined) Type() EventType        { return EventDeclined }
func (*Expired) Type() EventType         { return EventExpired }
func (*Assigned) Type() EventType        { return EventAssigned }
func (*Transferred) Type() EventType     { return EventTransferred }
func (*PriorityChanged) Type() EventType { return EventPriority }
func (*Updated) Type() EventType         { return EventUpdated }
func (*Ended) Type() EventType           { return EventEnded }
func (*Rated) Type() EventType           { return EventRated }
func (*Posted) Type() EventType          { return EventPosted }
func (*NoteAdded) Type() EventType       { return EventNote }
func (*Warned) Type() EventType          { return EventWarned }
func (*TicketMade) Type() EventType      { return EventTicket }
func (*TagAdded) Type() EventType        { return EventTagAdded }
func (*TagRemoved) Type() EventType      { return EventTagRemoved }

func (*Requested) Public() bool       { return true }
func (*Waiting) Public() bool         { return true }
func (*Offered) Public() bool         { return false }
func (*Accepted) Public() bool        { return true }
func (*Declined) Public() bool        { return false }
func (*Expired) Public() bool         { return false }
func (*Assigned) Public() bool        { return true }
func (*Transferred) Public() bool     { return true }
func (*PriorityChanged) Public() bool { return false }
func (*Updated) Public() bool         { return false }
func (*Ended) Public() bool           { return true }
func (*Rated) Public() bool           { return true }
func (p *Posted) Public() bool        { return !p.Whisper }
func (*NoteAdded) Public() bool       { return false }
func (*Warned) Public() bool          { return true }
func (*TicketMade) Public() bool      { return true }
func (*TagAdded) Public() bool        { return false }
func (*TagRemoved) Public() bool      { return false }

// blanks makes empty data of each type of event.
var blanks = map[EventType]func() Data{
	EventRequested:   func() Data { return new(Requested) },
	EventWaiting:     func() Data { return new(Waiting) },
	EventOffered:     func() Data { return new(Offered) },
	EventAccepted:    func() Data { return new(Accepted) },
	EventDeclined:    func() Data { return new(Declined) },
	EventExpired:     func() Data { return new(Expired) },
	EventAssigned:    func() Data { return new(Assigned) },
	EventTransferred: func() Data { return new(Transferred) },
	EventPriority:    func() Data { return new(PriorityChanged) },
	EventUpdated:     func() Data { return new(Updated) },
	EventEnded:       func() Data { return new(Ended) },
	EventRated:       func() Data { return new(Rated) },
	EventPosted:      func() Data { return new(Posted) },
	EventNote:        func() Data { return new(NoteAdded) },
	EventWarned:      func() Data { return new(Warned) },
	EventTicket:      func() Data { return new(TicketMade) },
	EventTagAdded:    func() Data { return new(TagAdded) },
	EventTagRemoved:  func() Data { return new(TagRemoved) },
}

// NewData gives empty data of this type, to decode a stored event into, or nil for a type it does not know.
func NewData(t EventType) Data {
	if blank := blanks[t]; blank != nil {
		return blank()
	}
	return nil
}

// DecodeData reads the stored data of an event.
func DecodeData(t EventType, stored []byte) (Data, error) {
	data := NewData(t)
	if data == nil {
		return nil, fmt.Errorf("event of unknown type %q", t)
	}
	if err := json.Unmarshal(stored, data); err != nil {
		return nil, fmt.Errorf("reading the data of %s: %w", t, err)
	}
	return data, nil
}
