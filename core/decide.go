package core

import (
	"encoding/json"
	"slices"
	"time"
)

// The decisions: each looks at a session and gives the events that an act would add to its log, or says what
// stands in the way. They change nothing; Apply does. Who may ask is not their business but core/desk's.

// ended is the refusal of everything that a closed session no longer allows.
func ended() *Error {
	return Refuse(SessionEnded, "this chat has ended; start a new handoff, or reopen it, to go on")
}

// MakeOffer offers a waiting session to an agent until expires.
func (s *Session) MakeOffer(to Ref, expires time.Time) ([]Data, error) {
	switch {
	case !s.Open():
		return nil, ended()
	case s.Status != StatusWaiting || s.Parked:
		return nil, Refuse(Conflict, "the chat is no longer waiting")
	}
	return []Data{&Offered{Agent: to, ExpiresAt: Time(expires)}}, nil
}

// Wait says for the first time that nobody is free for this session, and what the customer could be told of his wait;
// saying it again adds nothing.
func (s *Session) Wait(told *Range) ([]Data, error) {
	switch {
	case !s.Open():
		return nil, ended()
	case s.Status != StatusWaiting || s.Parked:
		return nil, Refuse(Conflict, "the chat is no longer waiting")
	case s.Decided:
		return nil, nil
	}
	return []Data{&Waiting{Wait: told}}, nil
}

// Accept lets the offered agent join. It adds nothing when he has the chat already.
func (s *Session) Accept(agent Ref) ([]Data, error) {
	switch {
	case !s.Open():
		return nil, ended()
	case s.OwnedBy(agent.ID):
		return nil, nil
	case !s.OfferedTo(agent.ID):
		return nil, Refuse(Conflict, "this chat is not offered to you any more; take it from the queue if it still waits")
	}
	if s.Offer.From != nil {
		return []Data{&Transferred{From: s.Offer.From, To: &agent, Note: s.Offer.Note}, &Accepted{Agent: agent}}, nil
	}
	return []Data{&Accepted{Agent: agent}}, nil
}

// Decline passes the chat on.
func (s *Session) Decline(agent Ref, reason string) ([]Data, error) {
	switch {
	case !s.Open():
		return nil, ended()
	case !s.OfferedTo(agent.ID):
		return nil, Refuse(Conflict, "this chat is not offered to you any more")
	}
	return []Data{&Declined{Agent: agent, Reason: reason}}, nil
}

// Expire ends the offer that event seq made. Withdrawn says why the desk takes it back; empty means that the
// agent let it run out.
func (s *Session) Expire(seq int64, withdrawn string) ([]Data, error) {
	switch {
	case !s.Open():
		return nil, ended()
	case s.Offer == nil || s.Offer.Seq != seq:
		return nil, Refuse(Conflict, "that offer is no longer open")
	}
	return []Data{&Expired{Agent: s.Offer.Agent, Withdrawn: withdrawn}}, nil
}

// Assign gives the chat to an agent by an order. It adds nothing when he has it already.
func (s *Session) Assign(to Ref, forced bool) ([]Data, error) {
	switch {
	case !s.Open():
		return nil, ended()
	case s.OwnedBy(to.ID):
		return nil, nil
	}
	return []Data{&Assigned{Agent: to, Forced: forced}}, nil
}

// TransferTo offers an active chat to a colleague; the giver keeps it until the colleague accepts.
func (s *Session) TransferTo(to Ref, note string, expires time.Time) ([]Data, error) {
	switch {
	case !s.Open():
		return nil, ended()
	case s.Status != StatusActive:
		return nil, Refuse(Conflict, "no agent has joined this chat yet; assign it instead")
	case s.OwnedBy(to.ID):
		return nil, Refuse(Conflict, "%s has this chat already", to.Name)
	case s.OfferedTo(to.ID):
		return nil, Refuse(Conflict, "this chat is being offered to %s already", to.Name)
	}
	return []Data{&Offered{Agent: to, ExpiresAt: Time(expires), From: s.Agent, Note: note}}, nil
}

// TransferToQueue puts the chat into a queue, at the place of its first arrival.
func (s *Session) TransferToQueue(queue *Queue, note string) ([]Data, error) {
	to := queue.Ref()
	switch {
	case !s.Open():
		return nil, ended()
	case s.Status != StatusActive && s.Queue.ID == queue.ID:
		return nil, Refuse(Conflict, "the chat waits in %s already", queue.Name)
	}
	return []Data{&Transferred{From: s.Agent, Queue: &to, Note: note, Ageing: queue.Rules.Ageing}}, nil
}

// Requeue takes the chat from an agent, as when he is gone. An open offer to a colleague becomes an ordinary one.
func (s *Session) Requeue(agent, reason, note string) ([]Data, error) {
	switch {
	case !s.Open():
		return nil, ended()
	case !s.OwnedBy(agent):
		return nil, Refuse(Conflict, "that agent does not have the chat any more")
	}
	data := []Data{&Waiting{Reason: reason}, &NoteAdded{ID: NewID(NotePrefix), Text: note}}
	if s.Offer != nil {
		data = append(data, &Offered{Agent: s.Offer.Agent, ExpiresAt: Time(s.Offer.ExpiresAt)})
	}
	return data, nil
}

// Post adds a message. As a bot it needs the present epoch and a chat that no agent has joined, so that a bot
// never talks over a human; an agent must have the chat.
func (s *Session) Post(m *Posted, epoch int64) ([]Data, error) {
	if !s.Open() {
		return nil, ended()
	}
	switch {
	case m.Whisper:
	case m.Author.Role == AgentRole && !s.OwnedBy(m.Author.ID):
		return nil, Refuse(NotOwner, "you do not have this chat; take it over to answer, or leave a note")
	case m.Author.Role == BotRole && s.Status == StatusActive:
		return nil, Refuse(NotOwner, "an agent has joined this chat; the bot stays silent until it comes back")
	case m.Author.Role == BotRole && epoch != s.Epoch:
		return nil, Refuse(NotOwner, "the chat has changed hands (epoch %d is now %d); read it again before the bot speaks", epoch, s.Epoch)
	}
	return []Data{m}, nil
}

// Note adds a remark for colleagues, also after the end.
func (s *Session) Note(id, text string) ([]Data, error) {
	return []Data{&NoteAdded{ID: id, Text: text}}, nil
}

// Tag puts a tag on the session, also after the end; a tag that is there adds nothing.
func (s *Session) Tag(tag string) ([]Data, error) {
	if slices.Contains(s.Tags, tag) {
		return nil, nil
	}
	return []Data{&TagAdded{Tag: tag}}, nil
}

// Untag takes a tag off the session, also after the end; a tag that is not there adds nothing.
func (s *Session) Untag(tag string) ([]Data, error) {
	if !slices.Contains(s.Tags, tag) {
		return nil, nil
	}
	return []Data{&TagRemoved{Tag: tag}}, nil
}

// Prioritise says how urgent the session is from here on.
func (s *Session) Prioritise(p Priority) ([]Data, error) {
	switch {
	case !s.Open():
		return nil, ended()
	case s.Priority == p:
		return nil, nil
	}
	return []Data{&PriorityChanged{Priority: p}}, nil
}

// Update changes subject or context of the request; nil leaves a part as it is.
func (s *Session) Update(subject *string, context json.RawMessage) ([]Data, error) {
	switch {
	case !s.Open():
		return nil, ended()
	case subject == nil && context == nil:
		return nil, nil
	}
	return []Data{&Updated{Subject: subject, Context: context}}, nil
}

// Finish ends the session.
func (s *Session) Finish(e *Ended) ([]Data, error) {
	if !s.Open() {
		return nil, ended()
	}
	return []Data{e}, nil
}

// Rate keeps the customer's judgement, once, also after the end.
func (s *Session) Rate(score int, comment string) ([]Data, error) {
	if s.Rating != nil {
		return nil, Refuse(Conflict, "this chat has been rated already")
	}
	return []Data{&Rated{Score: score, Comment: comment}}, nil
}
