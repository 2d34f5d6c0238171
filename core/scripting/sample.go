package scripting

import (
	"encoding/json"

	"baton/core"
)

// Sample is a case to try a script on when nobody has a real one: five agents a1 to a5, and all fields set. It is a
// new one each time.
func Sample(hook core.Hook) *core.Case {
	c := &core.Case{
		Hook:    hook,
		Session: sampleSession(),
		Ctx: core.CaseCtx{
			Attempt: 1, Trigger: core.TriggerNew, Counter: 1,
			Now: core.CaseNow{Unix: 1772443800, Year: 2026, Month: 3, Day: 2, Hour: 10, Min: 30, Wday: 1, TZ: "Europe/Berlin"},
		},
		Seed: 1,
	}
	switch hook {
	case core.HookAssign:
		c.Agents = sampleAgents()
	case core.HookAfterHours:
		c.Schedule = &core.CaseSchedule{
			Reason: "closed", Timezone: "Europe/Berlin", Ask: core.AskEmail,
			NextOpen: &core.CaseOpen{Unix: 1772523000, Text: "Tuesday at 08:30"},
		}
	case core.HookTag, core.HookReply:
		c.Message = &core.CaseMessage{
			ID: "m1", Text: "Hello, I want a refund for order 4711.", From: core.CustomerRole, Language: "en", At: 1772443795,
		}
	case core.HookOnEvent:
		c.Event = &core.CaseEvent{
			Type: "session.ended", At: 1772443795, By: core.ActorRef{Role: core.AgentRole, ID: "a1", Name: "Ada"},
			Data: json.RawMessage(`{"reason":"resolved"}`),
		}
	case core.HookPrioritise, core.HookOverflow:
	}
	return c
}

func sampleSession() core.CaseSession {
	return core.CaseSession{
		ID: "s1", Queue: "support", Channel: "web", Subject: "Refund for order 4711", Language: "en", Priority: core.Normal,
		Tags: []string{"vip"}, Skills: []string{"refund"}, PreferredAgent: "a3",
		Customer: core.CaseCustomer{ID: "c1", Name: "Mia", Returning: true},
		WaitingS: 42, LastAgent: "a2",
		Reason:  core.Reason{Code: "customer_request", Text: "The customer asked for a person."},
		Context: json.RawMessage(`{"order":{"id":4711,"total":129.9},"plan":"gold"}`),
	}
}

func sampleAgents() []*core.CaseAgent {
	return []*core.CaseAgent{
		{ID: "a1", Name: "Ada", Status: core.Available, Active: 2, Capacity: 3, Load: 2, Skills: []string{"refund", "billing"},
			Languages: []string{"en", "de"}, QueueRank: 1, LastAssignedS: 600, OnlineS: 7200},
		{ID: "a2", Name: "Ben", Status: core.Available, Active: 1, Capacity: 3, Load: 1, Skills: []string{"shipping"},
			Languages: []string{"en"}, QueueRank: 1, LastAssignedS: 120, OnlineS: 3600},
		{ID: "a3", Name: "Cem", Status: core.Available, Active: 0, Capacity: 2, Load: 1, Skills: []string{"refund"},
			Languages: []string{"en", "tr"}, QueueRank: 2, LastAssignedS: 60, OnlineS: 1800},
		{ID: "a4", Name: "Dana", Status: core.BusyAgent, Active: 0, Capacity: 2, Load: 0, Skills: []string{"billing"},
			Languages: []string{"en", "fr"}, QueueRank: 1, LastAssignedS: -1, OnlineS: 300},
		{ID: "a5", Name: "Eli", Status: core.Available, Active: 3, Capacity: 5, Load: 3, Skills: []string{"refund", "shipping"},
			Languages: []string{"en", "de", "fr"}, QueueRank: 3, LastAssignedS: 900, OnlineS: 14400},
	}
}
