package core

import "time"

// Surroundings is what a case needs beside its session.
type Surroundings struct {
	At   time.Time
	Zone *time.Location
	// LastAgent had this customer's chat before; Returning says that there was one.
	LastAgent string
	Returning bool
}

// NewCase puts a session as scripts see it into a case of this hook.
func NewCase(hook Hook, s *Session, around Surroundings) *Case {
	c := &Case{
		Hook: hook,
		Session: CaseSession{
			ID: s.ID, Queue: s.Queue.Name, Channel: s.Channel, Subject: s.Subject, Language: s.Language, Priority: s.Priority,
			Tags: s.Tags, Skills: s.Skills, PreferredAgent: s.PreferredAgent, LastAgent: around.LastAgent, Context: s.Context,
			Customer: CaseCustomer{ID: s.Customer.ID, Name: s.Customer.Name, Returning: around.Returning},
			WaitingS: max(0, int64(around.At.Sub(s.WaitingSince)/time.Second)),
		},
		Ctx:  CaseCtx{Now: NowIn(around.At, around.Zone)},
		Seed: uint64(around.At.UnixMilli()),
	}
	if s.Reason != nil {
		c.Session.Reason = *s.Reason
	}
	return c
}

// ForAgents adds to a case of assign who may take the session, and why somebody is looked for.
func (c *Case) ForAgents(s *Session, agents []*Agent, at time.Time) {
	c.Ctx.Attempt, c.Ctx.Trigger = s.attempt()
	c.Agents = make([]*CaseAgent, len(agents))
	for i, a := range agents {
		c.Agents[i] = a.inCase(s.Queue.ID, at)
	}
}

// attempt counts the tries to find an agent for a waiting session, and says what the present one follows.
func (s *Session) attempt() (n int, why Trigger) {
	n, why = 1, TriggerNew
	var last Pass
	for _, p := range s.Passes {
		n += p.Count
		if p.At.After(last.At) {
			last = p
		}
	}
	switch {
	case s.Decided:
		why = TriggerAgentFree
	case last.Declined:
		why = TriggerDeclined
	case !last.At.IsZero():
		why = TriggerTimeout
	case s.QueuedAt.After(s.CreatedAt):
		why = TriggerTransfer
	}
	return n, why
}

func (a *Agent) inCase(queue string, at time.Time) *CaseAgent {
	c := &CaseAgent{
		ID: a.ID, Name: a.Name, Status: a.Status, Active: a.Active, Capacity: a.Capacity, Load: a.Load,
		Skills: a.Skills, Languages: a.Languages, QueueRank: 1, LastAssignedS: -1,
		OnlineS: max(0, int64(at.Sub(a.StatusSince)/time.Second)),
	}
	for i, id := range a.Queues {
		if id == queue {
			c.QueueRank = i + 1
		}
	}
	if !a.LastAssigned.IsZero() {
		c.LastAssignedS = max(0, int64(at.Sub(a.LastAssigned)/time.Second))
	}
	return c
}
