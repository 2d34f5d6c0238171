package desk

import (
	"slices"

	"baton/core"
)

// Act names one thing that a caller may ask for, by a call or by a frame of a socket.
type Act string

// The acts. An act on a session is also bound to the sessions that the caller may read, and to the rules of
// its verb; the policy only says who may ask at all.
const (
	ActSetUp           Act = "setup"
	ActSignIn          Act = "login"
	ActSignOut         Act = "logout"
	ActReadMe          Act = "me.read"
	ActChangeMe        Act = "me.change"
	ActChangePassword  Act = "me.password"
	ActVisit           Act = "visitor.make"
	ActRequest         Act = "session.request"
	ActList            Act = "session.list"
	ActRead            Act = "session.read"
	ActEvents          Act = "session.events"
	ActAccept          Act = "session.accept"
	ActDecline         Act = "session.decline"
	ActAssign          Act = "session.assign"
	ActForce           Act = "session.force" // take or assign above the capacity
	ActTransfer        Act = "session.transfer"
	ActTakeOver        Act = "session.takeover"
	ActEnd             Act = "session.end"
	ActReopen          Act = "session.reopen"
	ActUpdate          Act = "session.update"
	ActRate            Act = "session.rate"
	ActLeaveMessage    Act = "ticket.make"
	ActPost            Act = "message.post"
	ActTyping          Act = "typing"
	ActReceipt         Act = "receipt"
	ActNote            Act = "note.add"
	ActTag             Act = "tag.change"
	ActAttach          Act = "attachment.add"
	ActReadAttachment  Act = "attachment.read"
	ActFollowLink      Act = "attachment.link"
	ActAvailability    Act = "availability"
	ActReadAgents      Act = "agent.read"
	ActChangeAgents    Act = "agent.change"
	ActReadQueues      Act = "queue.read"
	ActChangeQueues    Act = "queue.change"
	ActKeys            Act = "key.change"
	ActTicket          Act = "socket.ticket"
	ActSocket          Act = "socket.open"
	ActFeed            Act = "feed.desk"
	ActReadSettings    Act = "settings.read"
	ActChangeSettings  Act = "settings.change"
	ActGreet           Act = "widget.read"
	ActInvite          Act = "invite.make"
	ActReset           Act = "agent.reset"
	ActAdminAgents     Act = "agent.admin" // change name, role and access of an agent
	ActUseLink         Act = "link.use"
	ActReadCustomers   Act = "customer.read"
	ActChangeCustomers Act = "customer.change"
	ActReadTags        Act = "tag.read"
	ActReadReplies     Act = "quick_reply.read"
	ActChangeReplies   Act = "quick_reply.change"
	ActTeamReplies     Act = "quick_reply.team" // change those of the team
	ActReadDecisions   Act = "decision.read"
	ActReadScripts     Act = "script.read"
	ActChangeScripts   Act = "script.change"
	ActReadSchedules   Act = "schedule.read"
	ActChangeSchedules Act = "schedule.change"
	ActReadFigures     Act = "analytics.read"
	ActPublicDocuments Act = "public"
)

// Nobody is the role of a caller who showed no credential.
const Nobody core.Role = ""

// Rule says who may ask for an act. Scope is what a bot's key must allow; empty means that every key may.
type Rule struct {
	Act   Act
	Roles []core.Role
	Scope string
}

// What a bot's key may be narrowed to.
const (
	ScopeHandoffs = "handoffs" // ask for people
	ScopeMessages = "messages" // talk, with files and receipts
	ScopeSessions = "sessions" // change and end its sessions
	ScopeRead     = "read"     // look at its sessions
)

// Scopes lists what a bot's key may be narrowed to.
func Scopes() []string { return []string{ScopeHandoffs, ScopeMessages, ScopeSessions, ScopeRead} }

// Policy is the one table of who may do what. The server and the test of all callers against all acts are both
// driven by it.
func Policy() []Rule {
	admins := []core.Role{core.Owner, core.Admin}
	leaders := append(slices.Clone(admins), core.Supervisor)
	staff := append(slices.Clone(leaders), core.AgentRole)
	people := append(slices.Clone(staff), core.Viewer)
	talkers := append(slices.Clone(staff), core.BotRole, core.CustomerRole)
	known := append(slices.Clone(people), core.BotRole, core.CustomerRole)
	everybody := append(slices.Clone(known), Nobody)
	return []Rule{
		{ActPublicDocuments, everybody, ""},
		{ActSetUp, everybody, ""},
		{ActSignIn, everybody, ""},
		{ActVisit, everybody, ""},
		{ActFollowLink, everybody, ""},
		{ActUseLink, everybody, ""},
		{ActGreet, everybody, ""},
		{ActSignOut, people, ""},
		{ActReadMe, known, ""},
		{ActChangeMe, staff, ""},
		{ActChangePassword, people, ""},
		{ActRequest, []core.Role{core.BotRole, core.CustomerRole}, ScopeHandoffs},
		{ActAvailability, known, ScopeHandoffs},
		{ActList, people, ""},
		{ActRead, known, ScopeRead},
		{ActEvents, known, ScopeRead},
		{ActAccept, staff, ""},
		{ActDecline, staff, ""},
		{ActAssign, staff, ""},
		{ActForce, leaders, ""},
		{ActTransfer, staff, ""},
		{ActTakeOver, staff, ""},
		{ActReopen, staff, ""},
		{ActNote, staff, ""},
		{ActTag, staff, ""},
		{ActEnd, talkers, ScopeSessions},
		{ActUpdate, append(slices.Clone(staff), core.BotRole), ScopeSessions},
		{ActRate, []core.Role{core.CustomerRole}, ""},
		{ActLeaveMessage, []core.Role{core.BotRole, core.CustomerRole}, ScopeMessages},
		{ActPost, talkers, ScopeMessages},
		{ActTyping, talkers, ScopeMessages},
		{ActReceipt, talkers, ScopeMessages},
		{ActAttach, talkers, ScopeMessages},
		{ActReadAttachment, known, ScopeRead},
		{ActReadAgents, people, ""},
		{ActChangeAgents, leaders, ""},
		{ActAdminAgents, admins, ""},
		{ActInvite, leaders, ""},
		{ActReset, admins, ""},
		{ActReadQueues, people, ""},
		{ActChangeQueues, admins, ""},
		{ActKeys, admins, ""},
		{ActReadCustomers, people, ""},
		{ActChangeCustomers, staff, ""},
		{ActReadTags, people, ""},
		{ActReadReplies, people, ""},
		{ActChangeReplies, staff, ""},
		{ActTeamReplies, leaders, ""},
		{ActReadDecisions, people, ""},
		{ActReadScripts, leaders, ""},
		{ActChangeScripts, admins, ""},
		{ActReadSchedules, people, ""},
		{ActChangeSchedules, admins, ""},
		{ActReadFigures, leaders, ""},
		{ActReadSettings, people, ""},
		{ActChangeSettings, admins, ""},
		{ActTicket, known, ""},
		{ActSocket, known, ""},
		{ActFeed, people, ""},
	}
}

// Admits says whether the policy lets this actor ask for the act: nil, Unauthorized for a caller without a
// credential where one is needed, or Forbidden.
func (r Rule) Admits(a core.Actor) error {
	switch {
	case !slices.Contains(r.Roles, a.Role) && a.Role == Nobody:
		return core.Refuse(core.Unauthorized, "sign in first: this needs a login, a bot's key or a visitor's token")
	case !slices.Contains(r.Roles, a.Role):
		return core.Refuse(core.Forbidden, "this is not for a %s", a.Role)
	case a.Role == core.BotRole && r.Scope != "" && len(a.Scopes) > 0 && !slices.Contains(a.Scopes, r.Scope):
		return core.Refuse(core.Forbidden, "this key does not have the scope %q", r.Scope)
	}
	return nil
}

// Allows says whether the policy lets this actor ask for the act.
func Allows(a core.Actor, act Act) bool {
	return slices.ContainsFunc(Policy(), func(rule Rule) bool { return rule.Act == act && rule.Admits(a) == nil })
}

// Permissions are the acts that a person of this role may ask for, and strangers may not.
func Permissions(role core.Role) []Act {
	var acts []Act
	for _, rule := range Policy() {
		if slices.Contains(rule.Roles, role) && !slices.Contains(rule.Roles, Nobody) {
			acts = append(acts, rule.Act)
		}
	}
	return acts
}

// Rules is the policy by act, for those who ask often. An act without a rule is nobody's.
func Rules() map[Act]Rule {
	rules := make(map[Act]Rule)
	for _, r := range Policy() {
		rules[r.Act] = r
	}
	return rules
}
