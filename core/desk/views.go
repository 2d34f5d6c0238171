package desk

import (
	"encoding/json"
	"time"

	"baton/core"
)

// OfferView is an open offer as staff see it.
type OfferView struct {
	Agent     core.Ref  `json:"agent"`
	ExpiresAt core.Time `json:"expires_at"`
}

// EndView is how a session ended. The disposition is for staff.
type EndView struct {
	By          core.Role `json:"by" enum:"customer,bot,agent,system"`
	Reason      string    `json:"reason"`
	Disposition string    `json:"disposition,omitempty"`
	Summary     string    `json:"summary,omitempty"`
	ReturnTo    string    `json:"return_to"`
}

// CustomerView is the customer as the other side sees him.
type CustomerView struct {
	ID         string         `json:"id"`
	ExternalID *string        `json:"external_id,omitempty"`
	Name       string         `json:"name"`
	Email      *string        `json:"email,omitempty"`
	Phone      *string        `json:"phone,omitempty"`
	Locale     string         `json:"locale,omitempty"`
	Verified   bool           `json:"verified"`
	Attributes map[string]any `json:"attributes,omitempty"`
}

// RatingView is the customer's judgement.
type RatingView struct {
	Score   int    `json:"score"`
	Comment string `json:"comment,omitempty"`
}

// SessionView is a session as one caller may see it. Parts that are not for the caller are absent; parts that
// are his but empty are null.
type SessionView struct {
	// For everybody in the session.
	ID         string           `json:"id"`
	Status     core.Status      `json:"status" enum:"pending,waiting,active,ended"`
	Queue      core.Ref         `json:"queue"`
	Agent      *core.Ref        `json:"agent"`
	Customer   CustomerView     `json:"customer"`
	Channel    string           `json:"channel"`
	Subject    string           `json:"subject"`
	Epoch      int64            `json:"epoch"`
	Seq        int64            `json:"seq"`
	CreatedAt  core.Time        `json:"created_at"`
	AcceptedAt *core.Time       `json:"accepted_at"`
	EndedAt    *core.Time       `json:"ended_at"`
	Position   *int             `json:"position" doc:"Its place in line from 1; null when it stands in none, or the queue does not tell"`
	Wait       *core.Range      `json:"wait" doc:"How long it still waits, in seconds; null where nobody can say, or the queue does not tell"`
	WaitWords  *string          `json:"wait_words" enum:"soon,minutes,long" doc:"The wait in a word, where the queue shows only that"`
	AfterHours *core.AfterHours `json:"after_hours" doc:"Why nobody is there; the chat is kept until the opening, or has ended"`
	Ask        *string          `json:"ask" enum:"email" doc:"What the customer may leave instead of waiting: a message with his address"`
	ClosesAt   *core.Time       `json:"closes_at" doc:"When the chat ends because the customer is silent"`
	Last       *LastView        `json:"last"`
	Receipts   core.Receipts    `json:"receipts"`
	Rating     *RatingView      `json:"rating"`
	// For bot and staff.
	*BotPart
	// For staff.
	*StaffPart
}

// LastView is the last public message.
type LastView struct {
	Text string    `json:"text"`
	Role core.Role `json:"role" enum:"customer,bot,agent,system"`
	At   core.Time `json:"at"`
}

// BotPart is what a bot sees beside the public part: what it sent itself, and the end.
type BotPart struct {
	Bot            *core.Ref       `json:"bot"`
	ConversationID string          `json:"conversation_id"`
	Language       string          `json:"language"`
	Priority       core.Priority   `json:"priority" enum:"low,normal,high,urgent"`
	Tags           []string        `json:"tags"`
	Reason         *core.Reason    `json:"reason"`
	Summary        string          `json:"summary"`
	Tried          []string        `json:"tried,omitempty"`
	Intent         *core.Intent    `json:"intent"`
	Sentiment      *float64        `json:"sentiment"`
	Context        json.RawMessage `json:"context,omitempty"`
	End            *EndView        `json:"end"`
	Continues      *string         `json:"continues"`
}

// StaffPart is what only staff see.
type StaffPart struct {
	WaitingSince    core.Time  `json:"waiting_since"`
	LineAt          core.Time  `json:"line_at" doc:"Orders the line: of two who wait, the one with the earlier one is served first. It is the arrival, put back for the priority."`
	Offer           *OfferView `json:"offer"`
	Unread          int        `json:"unread"`
	UnansweredSince *core.Time `json:"unanswered_since"`
}

// Stand puts a session's place in line into its view.
func (v *SessionView) Stand(at Standing) { v.Position, v.Wait, v.WaitWords = at.numbers() }

// numbers shows what is told; what is not is null.
func (s Standing) numbers() (place *int, wait *core.Range, words *string) {
	if s.Place > 0 {
		place = &s.Place
	}
	return place, s.Wait, textOf(s.Words)
}

// View shows a session to an actor who may read it. Its place in line is filled in by Stand: the line must be counted.
func View(a core.Actor, s *core.Session) *SessionView {
	v := publicView(s)
	if a.Role == core.CustomerRole {
		return v
	}
	v.BotPart = botPart(s)
	if a.Role == core.BotRole {
		v.End.hideFromBot()
		return v
	}
	v.Seq = s.Seq
	v.StaffPart = staffPart(s)
	return v
}

// Row is View without the parts that are too large for lists.
func Row(a core.Actor, s *core.Session) *SessionView {
	v := View(a, s)
	v.Customer.Attributes = nil
	if v.BotPart != nil {
		v.Context, v.Tried = nil, nil
	}
	return v
}

func publicView(s *core.Session) *SessionView {
	v := &SessionView{
		ID: s.ID, Status: s.Status, Queue: s.Queue, Agent: s.Agent, Customer: customerView(&s.Customer),
		Channel: s.Channel, Subject: s.Subject, Epoch: s.Epoch, Seq: s.PublicSeq,
		CreatedAt: core.Time(s.CreatedAt), AcceptedAt: timeOf(s.AcceptedAt), EndedAt: timeOf(s.EndedAt), Receipts: s.Receipts,
	}
	v.AfterHours, v.Ask, v.ClosesAt = s.AfterHours, textOf(s.Ask), timeOf(s.ClosesAt())
	if s.Last != nil {
		v.Last = &LastView{Text: s.Last.Text, Role: s.Last.Role, At: core.Time(s.Last.At)}
	}
	if s.Rating != nil {
		v.Rating = &RatingView{Score: s.Rating.Score, Comment: s.Rating.Comment}
	}
	return v
}

func botPart(s *core.Session) *BotPart {
	p := &BotPart{
		Bot: s.Bot, ConversationID: s.ConversationID, Language: s.Language, Priority: s.Priority, Tags: orEmpty(s.Tags),
		Reason: s.Reason, Summary: s.Summary, Tried: s.Tried, Intent: s.Intent, Sentiment: s.Sentiment, Context: s.Context,
	}
	if s.End != nil {
		p.End = &EndView{By: s.End.By, Reason: s.End.Reason, Disposition: s.End.Disposition, Summary: s.End.Summary, ReturnTo: s.End.ReturnTo}
	}
	if s.Continues != "" {
		p.Continues = &s.Continues
	}
	return p
}

// hideFromBot takes out what colleagues noted for themselves.
func (e *EndView) hideFromBot() {
	if e != nil {
		e.Disposition = ""
	}
}

func staffPart(s *core.Session) *StaffPart {
	p := &StaffPart{WaitingSince: core.Time(s.WaitingSince), LineAt: core.Time(time.UnixMilli(s.LineKey())), Unread: len(s.UnreadSeqs), UnansweredSince: timeOf(s.UnansweredSince)}
	if s.Offer != nil {
		p.Offer = &OfferView{Agent: s.Offer.Agent, ExpiresAt: core.Time(s.Offer.ExpiresAt)}
	}
	return p
}

// ViewCustomer shows all that is known of a customer, to staff.
func ViewCustomer(c core.Customer) CustomerView { return customerView(&c) }

func customerView(c *core.Customer) CustomerView {
	return CustomerView{
		ID: c.ID, ExternalID: textOf(c.ExternalID), Name: c.Name, Email: textOf(c.Email), Phone: textOf(c.Phone),
		Locale: c.Locale, Verified: c.Verified, Attributes: c.Attributes,
	}
}

func textOf(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// AgentView is an agent as staff see him.
type AgentView struct {
	ID        string           `json:"id"`
	Email     string           `json:"email"`
	Name      string           `json:"name"`
	Role      core.Role        `json:"role" enum:"owner,admin,supervisor,agent,viewer"`
	Status    core.AgentStatus `json:"status" enum:"available,busy,away,offline"`
	Presence  string           `json:"presence" enum:"online,gone"`
	Capacity  int              `json:"capacity"`
	Active    int              `json:"active"`
	Load      int              `json:"load"`
	Queues    []string         `json:"queues"`
	Skills    []string         `json:"skills"`
	Languages []string         `json:"languages"`
	Disabled  bool             `json:"disabled"`
	// LastSeenAt is the last sign of life that was written down, null for none; it may be a minute old.
	LastSeenAt *core.Time `json:"last_seen_at"`
	Rev        int64      `json:"rev"`
}

// ViewAgent shows an agent to staff.
func (d *Desk) ViewAgent(a *core.Agent, now time.Time) *AgentView {
	presence := "gone"
	if a.Present(now, d.cfg.GoneAfter) {
		presence = "online"
	}
	return &AgentView{
		ID: a.ID, Email: a.Email, Name: a.Name, Role: a.Role, Status: a.Status, Presence: presence, Capacity: a.Capacity,
		Active: a.Active, Load: a.Load, Queues: orEmpty(a.Queues), Skills: orEmpty(a.Skills), Languages: orEmpty(a.Languages),
		Disabled: a.Disabled, LastSeenAt: timeOf(a.SeenAt), Rev: a.Rev,
	}
}

// QueueView is a queue as staff see it.
type QueueView struct {
	ID                 string     `json:"id"`
	Name               string     `json:"name"`
	Strategy           string     `json:"strategy"`
	HoldLimit          int        `json:"hold_limit"` // seconds
	Schedule           *core.Ref  `json:"schedule" doc:"Its own, or null: it goes by the account's"`
	Open               bool       `json:"open"`
	NextChange         *core.Time `json:"next_change" doc:"When it opens or closes next, or null"`
	Waiting            int        `json:"waiting"`
	Kept               int        `json:"kept" doc:"Chats that are kept until it opens"`
	Free               int        `json:"free"`
	OldestWaitingSince *core.Time `json:"oldest_waiting_since"`
	// Wait is what a chat that came now would be told.
	Wait *core.Range `json:"wait" doc:"How long a chat that came now would wait, in seconds; null when nobody can say"`
	core.QueueRules
	Rev int64 `json:"rev"`
}

// ViewQueue shows a queue to staff.
func ViewQueue(q *core.QueueState) *QueueView {
	v := &QueueView{
		ID: q.ID, Name: q.Name, Strategy: q.Strategy, HoldLimit: int(q.HoldLimit / time.Second), Open: q.Open, NextChange: timeOf(q.NextChange),
		Waiting: q.Waiting, Kept: q.Kept, Free: q.Free, OldestWaitingSince: timeOf(q.OldestWaitingSince), Wait: q.Wait, QueueRules: q.Rules, Rev: q.Rev,
	}
	if q.OwnSchedule {
		v.Schedule = &q.Schedule
	}
	return v
}

// timeOf is nil for a time that has not come.
func timeOf(t time.Time) *core.Time {
	if t.IsZero() {
		return nil
	}
	shown := core.Time(t)
	return &shown
}
