package core

import "time"

// The decisions about sessions that wait, or whose customer is silent.

// waits refuses what is for sessions in line only.
func (s *Session) waits() error {
	switch {
	case !s.Open():
		return ended()
	case s.Status != StatusWaiting || s.Parked:
		return Refuse(Conflict, "the chat no longer stands in line")
	}
	return nil
}

// Park keeps a waiting session until somebody is there again, and tells why.
func (s *Session) Park(a *AfterHours) ([]Data, error) {
	if err := s.waits(); err != nil {
		return nil, err
	}
	w := &Waiting{Reason: WaitAfterHours, AfterHours: a}
	if a.Ask != nil {
		w.Ask = *a.Ask
	}
	return []Data{w}, nil
}

// TakeUp puts a kept session into line, at the place of its first arrival.
func (s *Session) TakeUp() ([]Data, error) {
	switch {
	case !s.Open():
		return nil, ended()
	case !s.Parked:
		return nil, Refuse(Conflict, "the chat is not kept until an opening")
	}
	return []Data{&Waiting{Reason: WaitOpened}}, nil
}

// WaitTooLong notes that a session waits longer than its queue allows, and what the customer may do about it.
func (s *Session) WaitTooLong(ask string) ([]Data, error) {
	if err := s.waits(); err != nil {
		return nil, err
	}
	if s.TooLong {
		return nil, Refuse(Conflict, "that was noted already")
	}
	return []Data{&Waiting{Reason: WaitTooLong, Ask: ask}}, nil
}

// Overflow moves a waiting session to another queue because it waits too long, or too many do. It goes to none that it
// came from in the same way.
func (s *Session) Overflow(to *Queue) ([]Data, error) {
	if err := s.waits(); err != nil {
		return nil, err
	}
	if !s.MayOverflowTo(to.ID) {
		return nil, Refuse(Conflict, "the chat has waited in %s before", to.Name)
	}
	queue := to.Ref()
	return []Data{&Transferred{Queue: &queue, Ageing: to.Rules.Ageing, TooLong: true}}, nil
}

// MayOverflowTo says whether the session has not waited in that queue yet.
func (s *Session) MayOverflowTo(queue string) bool {
	if s.Queue.ID == queue {
		return false
	}
	for _, before := range s.OverflowedFrom {
		if before == queue {
			return false
		}
	}
	return true
}

// Warn notes that a silent customer was told when the chat ends.
func (s *Session) Warn(silentSince, closes time.Time) ([]Data, error) {
	if silence := s.Silence(); silence.IsZero() || silence.After(silentSince) {
		return nil, Refuse(Conflict, "the customer is not silent any more")
	}
	return []Data{&Warned{ClosesAt: Time(closes)}}, nil
}

// LeaveMessage makes a ticket of what the customer leaves, and ends the session if it has not ended because nobody is
// there: the answer comes by mail.
func (s *Session) LeaveMessage(id, email, text string) ([]Data, error) {
	reason := "no_agent"
	switch {
	case !s.Open() && s.Ask == AskEmail:
		return []Data{&TicketMade{ID: id, Email: email, Text: text}}, nil
	case !s.Open():
		return nil, ended()
	case s.Status == StatusActive:
		return nil, Refuse(Conflict, "an agent has joined this chat; write to him")
	case s.Ask != AskEmail:
		return nil, Refuse(Conflict, "this queue takes no messages now; go on waiting, or ask again later")
	case s.Parked:
		reason = WaitAfterHours
	}
	return []Data{&TicketMade{ID: id, Email: email, Text: text}, s.EndBy(reason)}, nil
}

// returnTo is where a conversation goes at its end when nobody says otherwise.
func (s *Session) returnTo() string {
	if s.Bot != nil {
		return "bot"
	}
	return "none"
}

// EndBy makes the end of a session by the desk.
func (s *Session) EndBy(reason string) *Ended {
	return &Ended{By: System, Reason: reason, ReturnTo: s.returnTo()}
}
