package core

import (
	"slices"
	"time"
)

// Apply changes the session by one event of its log. It is the only place that writes a session's state:
// what a session is, is what applying its events in order makes of it.
func (s *Session) Apply(e *Event) {
	s.Seq = e.Seq
	if e.Public() {
		s.PublicSeq = e.Seq
	}
	if e.At.After(s.LastAt) {
		s.LastAt = e.At
	}
	switch d := e.Data.(type) {
	case *Requested:
		s.request(e, d)
	case *Waiting:
		s.wait(e.At, d)
	case *Offered:
		s.offer(e, d)
	case *Accepted:
		s.join(d.Agent, e.At)
	case *Assigned:
		s.join(d.Agent, e.At)
	case *Declined:
		s.withdraw()
		s.pass(d.Agent.ID, e.At, true)
	case *Expired:
		s.withdraw()
		if d.Withdrawn == "" {
			s.pass(d.Agent.ID, e.At, false)
		}
	case *Transferred:
		s.transfer(d, e.At)
	case *TicketMade:
		s.Ask = ""
	case *Warned:
		s.Warning = &Warning{At: e.At, ClosesAt: d.ClosesAt}
	case *Ended:
		s.Status, s.EndedAt, s.End, s.Offer, s.Parked = StatusEnded, e.At, d, nil, false
		if d.Reason != WaitAfterHours {
			s.Ask = "" // who was not even kept may still leave a message
		}
	case *Posted:
		s.post(e, d)
	default:
		s.annotate(d)
	}
	if s.Open() {
		s.Deadline = s.NextDeadline()
	} else {
		s.Deadline = time.Time{}
	}
}

func (s *Session) request(e *Event, d *Requested) {
	s.ID, s.Status, s.Epoch = e.Session, StatusWaiting, 1
	s.CreatedAt, s.WaitingSince, s.QueuedAt = e.At, e.At, e.At
	s.Queue, s.Bot, s.Customer, s.ConversationID = d.Queue, d.Bot, d.Customer, d.ConversationID
	s.Channel, s.Subject, s.Language, s.Priority, s.Tags = d.Channel, d.Subject, d.Language, d.Priority, d.Tags
	s.Reason, s.Summary, s.Tried, s.Intent, s.Sentiment = d.Reason, d.Summary, d.Tried, d.Intent, d.Sentiment
	s.Context, s.Skills, s.PreferredAgent, s.Continues = d.Context, d.Skills, d.PreferredAgent, d.Continues
	s.Ageing = d.Ageing
}

func (s *Session) wait(at time.Time, d *Waiting) {
	if s.Agent != nil {
		s.QueuedAt, s.TooLong = at, false
		if d.Reason == WaitNoReply {
			s.pass(s.Agent.ID, at, false) // it goes to somebody else first
		}
	}
	s.leave()
	s.Status, s.Offer, s.Decided = StatusWaiting, nil, true
	switch d.Reason {
	case WaitAfterHours:
		if s.AfterHours = d.AfterHours; s.AfterHours == nil {
			s.AfterHours = new(AfterHours)
		}
		s.Parked, s.Ask = true, d.Ask
	case WaitOpened:
		// The limits of its queue count from here on, its place in line from when it came.
		s.QueuedAt, s.AfterHours, s.Parked, s.Ask, s.Decided, s.TooLong = at, nil, false, "", false, false
	case WaitTooLong:
		s.TooLong, s.Ask = true, d.Ask
	}
}

func (s *Session) offer(e *Event, d *Offered) {
	s.Offer = &Offer{Agent: d.Agent, ExpiresAt: time.Time(d.ExpiresAt).UTC().Truncate(time.Millisecond), Seq: e.Seq, From: d.From, Note: d.Note}
	if s.Status != StatusActive {
		s.Status, s.Decided = StatusPending, true
	}
}

// withdraw takes an open offer back; a session that no agent has joined then waits for a new decision.
func (s *Session) withdraw() {
	s.Offer = nil
	if s.Status == StatusPending {
		s.Status, s.Decided = StatusWaiting, false
	}
}

func (s *Session) join(agent Ref, at time.Time) {
	s.Status, s.Agent, s.Offer, s.AcceptedAt = StatusActive, &agent, nil, at
	s.AfterHours, s.Parked, s.Ask, s.TooLong, s.Warning, s.RepliedAt = nil, false, "", false, nil, time.Time{}
	s.Epoch++
}

func (s *Session) leave() {
	if s.Agent != nil {
		s.Agent = nil
		s.Epoch++
	}
}

func (s *Session) transfer(d *Transferred, at time.Time) {
	if d.Queue == nil {
		return // the receiver's session.accepted follows and makes him the owner
	}
	s.leave()
	if d.TooLong {
		s.OverflowedFrom = append(slices.Clone(s.OverflowedFrom), s.Queue.ID)
	}
	s.QueuedAt, s.Ageing, s.AfterHours, s.Parked, s.Ask, s.TooLong = at, d.Ageing, nil, false, "", false
	s.Queue, s.Status, s.Offer, s.Decided, s.Passes = *d.Queue, StatusWaiting, nil, false, nil
}

func (s *Session) pass(agent string, at time.Time, declined bool) {
	p := s.PassOf(agent)
	p.Count, p.At, p.Declined = p.Count+1, at, declined
	passes := slices.DeleteFunc(slices.Clone(s.Passes), func(x Pass) bool { return x.Agent == agent })
	s.Passes = append(passes, p)
}

func (s *Session) post(e *Event, d *Posted) {
	if d.Whisper {
		return
	}
	s.Last = &Last{Text: cut(d.Text, lastTextBytes), Role: d.Author.Role, At: e.At}
	if d.History {
		return
	}
	if d.Author.Role == CustomerRole {
		s.UnreadSeqs = append(s.UnreadSeqs, e.Seq)
		if s.UnansweredSince.IsZero() {
			s.UnansweredSince = e.At
		}
	} else {
		s.UnansweredSince = time.Time{}
	}
	if s.OwnedBy(d.Author.ID) && s.RepliedAt.IsZero() {
		s.RepliedAt = e.At
	}
}

// lastTextBytes is how much of the last message a list row shows.
const lastTextBytes = 512

// annotate applies what may happen in any state and changes none.
func (s *Session) annotate(d Data) {
	switch d := d.(type) {
	case *PriorityChanged:
		s.Priority = d.Priority
	case *TagAdded:
		s.Tags = append(slices.Clone(s.Tags), d.Tag)
	case *TagRemoved:
		s.Tags = slices.DeleteFunc(slices.Clone(s.Tags), func(t string) bool { return t == d.Tag })
	case *Rated:
		s.Rating = d
	case *Updated:
		if d.Subject != nil {
			s.Subject = *d.Subject
		}
		if d.Context != nil {
			s.Context = d.Context
		}
		if d.Customer != nil {
			s.Customer = *d.Customer
		}
	}
}

// Side is one of the two ends of a talk, for receipts.
type Side string

// The two sides of a talk.
const (
	CustomerSide Side = "customer"
	AgentSide    Side = "agent"
)

// Receive moves one side's watermarks forward, never back and never past the log, and says whether they
// moved. What is read is delivered too.
func (s *Session) Receive(side Side, delivered, read int64) bool {
	mark := &s.Receipts.Customer
	if side == AgentSide {
		mark = &s.Receipts.Agent
	}
	read = min(read, s.Seq)
	delivered = max(min(delivered, s.Seq), read)
	if delivered <= mark.Delivered && read <= mark.Read {
		return false
	}
	mark.Delivered, mark.Read = max(mark.Delivered, delivered), max(mark.Read, read)
	if side == AgentSide {
		first := slices.IndexFunc(s.UnreadSeqs, func(seq int64) bool { return seq > mark.Read })
		if first < 0 {
			s.UnreadSeqs = nil
		} else {
			s.UnreadSeqs = s.UnreadSeqs[first:]
		}
	}
	return true
}
