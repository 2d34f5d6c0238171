package desk

import (
	"context"
	"slices"
	"time"

	"baton/core"
)

// SessionDecisions gives what was decided about a session that the actor may read, the newest first.
func (d *Desk) SessionDecisions(ctx context.Context, by core.Actor, session, after string, limit int) ([]*core.Decision, error) {
	if _, err := d.Session(ctx, by, session); err != nil {
		return nil, err
	}
	return d.rules.Ledger.Decisions(ctx, core.DecisionFilter{Session: session, After: after, Limit: limit})
}

// decisionsSearched is how many decisions are looked through for those that concern an agent or a script.
const decisionsSearched = 1000

// AgentDecisions gives the newest decisions in which an agent was chosen or passed over, and why: "why did I get
// nothing?" An agent reads his own, those who lead everybody's.
func (d *Desk) AgentDecisions(ctx context.Context, by core.Actor, agent, after string, limit int) ([]*core.Decision, error) {
	a, err := d.dir.Agent(ctx, agent)
	if err != nil {
		return nil, err
	}
	if by.ID != agent && !by.Leads() {
		return nil, core.Refuse(core.Forbidden, "an agent reads his own decisions; ask a supervisor for those of others")
	}
	f := core.DecisionFilter{Queues: a.Queues, Hook: core.HookAssign, After: after, Limit: decisionsSearched}
	if len(a.Queues) == 0 {
		return nil, nil
	}
	found, err := d.rules.Ledger.Decisions(ctx, f)
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(x *core.Decision) bool {
		return !slices.ContainsFunc(x.Candidates, func(c core.Candidate) bool { return c.Agent.ID == agent })
	})
	return found[:min(len(found), limit)], nil
}

// Decision gives one decision about a session that the actor may read.
func (d *Desk) Decision(ctx context.Context, by core.Actor, id string) (*core.Decision, error) {
	found, err := d.rules.Ledger.Decision(ctx, id)
	if err != nil {
		return nil, err
	}
	if _, err := d.Session(ctx, by, found.Session); err != nil {
		return nil, err
	}
	return found, nil
}

// ScriptDecisions gives the newest decisions in which a script was asked, among the last ones of its hooks.
func (d *Desk) ScriptDecisions(ctx context.Context, script string, hook core.Hook, after string, limit int) ([]*core.Decision, error) {
	found, err := d.rules.Ledger.Decisions(ctx, core.DecisionFilter{Hook: hook, After: after, Limit: decisionsSearched})
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(x *core.Decision) bool {
		return !slices.ContainsFunc(x.Opinions, func(o core.Opinion) bool { return o.Script == script })
	})
	return found[:min(len(found), limit)], nil
}

// ScriptErrors gives the newest decisions in which a script went wrong, and who answered instead.
func (d *Desk) ScriptErrors(ctx context.Context, script string, limit int) ([]*core.Decision, error) {
	return d.rules.Ledger.Decisions(ctx, core.DecisionFilter{Failed: script, Limit: limit})
}

// ScriptTrial gives the newest decisions in which a draft of a script took part since then, and the figures of all.
func (d *Desk) ScriptTrial(ctx context.Context, script string, since time.Time, limit int) ([]*core.Decision, core.TrialFigures, error) {
	list, err := d.rules.Ledger.Decisions(ctx, core.DecisionFilter{Trial: script, Since: since, Limit: limit})
	if err != nil {
		return nil, core.TrialFigures{}, err
	}
	figures, err := d.rules.Ledger.Trial(ctx, script, since)
	return list, figures, err
}

// CaseOf makes the case that scripts would be asked about a session that the actor may read, were it now. For a dry run.
func (d *Desk) CaseOf(ctx context.Context, by core.Actor, session string, hook core.Hook) (*core.Case, error) {
	s, err := d.Session(ctx, by, session)
	if err != nil {
		return nil, err
	}
	now := d.now()
	c := core.NewCase(hook, s, d.around(ctx, s, now))
	switch hook {
	case core.HookAssign:
		err = d.agentsOf(ctx, c, s, now)
	case core.HookTag, core.HookReply, core.HookOnEvent:
		err = d.lastOf(ctx, c, s)
	case core.HookAfterHours:
		c.Schedule = &core.CaseSchedule{Reason: "closed", Timezone: c.Ctx.Now.TZ}
	}
	return c, err
}

// agentsOf puts those into a case who could get the session, or all of its queue when nobody could now.
func (d *Desk) agentsOf(ctx context.Context, c *core.Case, s *core.Session, now time.Time) error {
	all, err := d.dir.Agents(ctx)
	if err != nil {
		return err
	}
	of := func(may func(*core.Agent) bool) []*core.Agent {
		var list []*core.Agent
		for _, a := range all {
			if a.TakesChats() && slices.Contains(a.Queues, s.Queue.ID) && may(a) {
				list = append(list, a)
			}
		}
		return list
	}
	list := of(func(a *core.Agent) bool { return fateOf(s, a, now, d.cfg) == core.FateNotChosen })
	if len(list) == 0 {
		list = of(func(*core.Agent) bool { return true })
	}
	if len(list) == 0 {
		return core.Refuse(core.Conflict, "nobody is in the queue %s; take another chat", s.Queue.Name)
	}
	c.ForAgents(s, list, now)
	return nil
}

// lastOf puts the last message of the customer, or for on_event the last event, into a case.
func (d *Desk) lastOf(ctx context.Context, c *core.Case, s *core.Session) error {
	events, err := d.reader.Events(ctx, s.ID, max(0, s.Seq-eventsSearched), false, eventsSearched)
	if err != nil {
		return err
	}
	for _, e := range slices.Backward(events) {
		said, ok := e.Data.(*core.Posted)
		if c.Hook == core.HookOnEvent {
			c.Event = caseEvent(e)
			return nil
		}
		if ok && said.Author.Role == core.CustomerRole {
			c.Message = caseMessage(s, e, said)
			return nil
		}
	}
	return core.Refuse(core.Conflict, "the customer has said nothing in this chat; take another one")
}

// eventsSearched is how far back the last message of a customer is looked for.
const eventsSearched = 500

func caseEvent(e *core.Event) *core.CaseEvent {
	return &core.CaseEvent{Type: string(e.Type()), At: e.At.Unix(), By: e.Actor, Data: e.JSON}
}

func caseMessage(s *core.Session, e *core.Event, said *core.Posted) *core.CaseMessage {
	return &core.CaseMessage{
		ID: said.ID, Text: said.Text, From: said.Author.Role, Language: s.Language,
		HasAttachment: len(said.Attachments) > 0, At: e.At.Unix(),
	}
}
