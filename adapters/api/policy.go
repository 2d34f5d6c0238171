package api

import (
	"net/http"

	"baton/core/desk"
)

// How a route's body is read.
type bodyKind int

const (
	noBody      bodyKind = iota // not looked at
	jsonBody                    // JSON, bounded by limits.json_body
	handoffBody                 // JSON, bounded by limits.handoff_body
	fileBody                    // multipart, streamed by the route itself
)

// Which flood limit a route counts against.
type limitKind int

const (
	callLimit    limitKind = iota // every call of a caller
	messageLimit                  // messages
	visitorLimit                  // new visitors, by address
	noLimit
)

// Route is one row of the table that drives the server: what is called, who may, and how its body is read.
type Route struct {
	// ID names the operation in the OpenAPI document.
	ID     string
	Method string
	Path   string
	// Act is what the policy of the desk says who may do.
	Act   desk.Act
	Group string
	Text  string
	// Status is that of an answer without a problem.
	Status int
	Body   bodyKind
	Limit  limitKind
	// Keyed calls honour a bot's Idempotency-Key.
	Keyed bool
	// Widget calls may come from the pages of widget.origins.
	Widget bool
	// OtherTypes says that answers need not be JSON.
	OtherTypes bool
}

const (
	get, post, put, patch, remove = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete

	ok, created, nothing, found = http.StatusOK, http.StatusCreated, http.StatusNoContent, http.StatusFound
)

// Routes is the table. A route that is not in it is not served, and a row that nothing serves ends the start.
func Routes() []Route {
	var all []Route
	for _, group := range [][]Route{peopleRoutes(), sessionRoutes(), talkRoutes(), houseRoutes(), scriptRoutes(), simulationRoutes(), analyticsRoutes(), plainRoutes()} {
		all = append(all, group...)
	}
	return all
}

func peopleRoutes() []Route {
	const group = "People"
	return []Route{
		{ID: "setUp", Method: post, Path: "/v1/setup", Act: desk.ActSetUp, Group: group, Status: created, Body: jsonBody, Limit: noLimit,
			Text: "Make the first owner with the one-time code that the server printed."},
		{ID: "login", Method: post, Path: "/v1/login", Act: desk.ActSignIn, Group: group, Status: ok, Body: jsonBody, Limit: noLimit,
			Text: "Sign in. The answer sets the cookie and holds the same token for use as Bearer."},
		{ID: "logout", Method: post, Path: "/v1/logout", Act: desk.ActSignOut, Group: group, Status: nothing,
			Text: "Sign out: the token and its sockets stop at once."},
		{ID: "readMe", Method: get, Path: "/v1/me", Act: desk.ActReadMe, Group: group, Status: ok, Widget: true,
			Text: "Who I am: the agent, the customer with his open session, or the bot."},
		{ID: "changeMe", Method: put, Path: "/v1/me", Act: desk.ActChangeMe, Group: group, Status: ok, Body: jsonBody,
			Text: "Change what I say of myself; fields that are not named stay as they are."},
		{ID: "changePassword", Method: put, Path: "/v1/me/password", Act: desk.ActChangePassword, Group: group, Status: ok, Body: jsonBody,
			Text: "Change my password. All other logins of mine stop; the answer holds a new one."},
		{ID: "makeVisitor", Method: post, Path: "/v1/visitors", Act: desk.ActVisit, Group: group, Status: created, Body: jsonBody, Limit: visitorLimit, Widget: true,
			Text: "Start as a customer of the page, anonymous or verified by the page's own signed word."},
		{ID: "listAgents", Method: get, Path: "/v1/agents", Act: desk.ActReadAgents, Group: group, Status: ok,
			Text: "All agents."},
		{ID: "readAgent", Method: get, Path: "/v1/agents/{id}", Act: desk.ActReadAgents, Group: group, Status: ok,
			Text: "One agent."},
		{ID: "changeAgent", Method: patch, Path: "/v1/agents/{id}", Act: desk.ActChangeAgents, Group: group, Status: ok, Body: jsonBody,
			Text: "Change an agent: role, queues, skills, languages, capacity, or disable him."},
		{ID: "resetPassword", Method: post, Path: "/v1/agents/{id}/reset", Act: desk.ActReset, Group: group, Status: created,
			Text: "Make a link by which an agent who lost his password sets a new one, once, within half an hour. A newer link ends the older."},
		{ID: "useReset", Method: post, Path: "/v1/resets/{code}", Act: desk.ActUseLink, Group: group, Status: ok, Body: jsonBody, Limit: noLimit,
			Text: "Set a new password by the code of a link. All other logins of mine stop; the answer is that of a login."},
		{ID: "makeInvite", Method: post, Path: "/v1/invites", Act: desk.ActInvite, Group: group, Status: created, Body: jsonBody,
			Text: "Invite somebody into the team, up to one's own role; supervisors invite agents. The link is shown this once and works once, for seven days. A newer one for the address ends the older."},
		{ID: "listInvites", Method: get, Path: "/v1/invites", Act: desk.ActInvite, Group: group, Status: ok,
			Text: "The open invitations, without their links."},
		{ID: "revokeInvite", Method: remove, Path: "/v1/invites/{id}", Act: desk.ActInvite, Group: group, Status: nothing,
			Text: "Take an invitation back."},
		{ID: "acceptInvite", Method: post, Path: "/v1/invites/{id}", Act: desk.ActUseLink, Group: group, Status: created, Body: jsonBody, Limit: noLimit,
			Text: "Accept an invitation: the id is the code of its link. The answer is that of a login."},
		{ID: "lookUpCode", Method: post, Path: "/v1/codes", Act: desk.ActUseLink, Group: group, Status: ok, Body: jsonBody, Limit: noLimit,
			Text: "What the code of an invitation or of a link to a new password is good for. It stays good."},
	}
}

func sessionRoutes() []Route {
	const group = "Sessions"
	return []Route{
		{ID: "requestHandoff", Method: post, Path: "/v1/handoffs", Act: desk.ActRequest, Group: group, Status: created, Body: handoffBody, Keyed: true, Widget: true,
			Text: "Ask for a person. 200 instead of 201 gives the session that is open already."},
		{ID: "listSessions", Method: get, Path: "/v1/sessions", Act: desk.ActList, Group: group, Status: ok,
			Text: "Sessions, newest activity first. Several values of a parameter are separated by commas."},
		{ID: "readSession", Method: get, Path: "/v1/sessions/{id}", Act: desk.ActRead, Group: group, Status: ok, Widget: true,
			Text: "A session as the caller may see it."},
		{ID: "listEvents", Method: get, Path: "/v1/sessions/{id}/events", Act: desk.ActEvents, Group: group, Status: ok, Widget: true,
			Text: "The events after a seq that the caller may see, in order."},
		{ID: "acceptSession", Method: post, Path: "/v1/sessions/{id}/accept", Act: desk.ActAccept, Group: group, Status: ok,
			Text: "Join the chat that is offered to me."},
		{ID: "declineSession", Method: post, Path: "/v1/sessions/{id}/decline", Act: desk.ActDecline, Group: group, Status: ok, Body: jsonBody,
			Text: "Pass the chat that is offered to me on to the next."},
		{ID: "assignSession", Method: post, Path: "/v1/sessions/{id}/assign", Act: desk.ActAssign, Group: group, Status: ok, Body: jsonBody,
			Text: "Give the chat to an agent at once."},
		{ID: "transferSession", Method: post, Path: "/v1/sessions/{id}/transfer", Act: desk.ActTransfer, Group: group, Status: ok, Body: jsonBody,
			Text: "Offer the chat to a colleague while I keep it, or put it into another queue."},
		{ID: "takeOverSession", Method: post, Path: "/v1/sessions/{id}/takeover", Act: desk.ActTakeOver, Group: group, Status: ok, Body: jsonBody,
			Text: "Take the chat myself."},
		{ID: "endSession", Method: post, Path: "/v1/sessions/{id}/end", Act: desk.ActEnd, Group: group, Status: ok, Body: jsonBody, Keyed: true, Widget: true,
			Text: "End the chat and give the conversation back to its bot, if it has one."},
		{ID: "reopenSession", Method: post, Path: "/v1/sessions/{id}/reopen", Act: desk.ActReopen, Group: group, Status: created,
			Text: "Make a new session that continues this one, active with me."},
		{ID: "updateSession", Method: patch, Path: "/v1/sessions/{id}", Act: desk.ActUpdate, Group: group, Status: ok, Body: jsonBody,
			Text: "Change priority, subject or context of an open session."},
		{ID: "rateSession", Method: post, Path: "/v1/sessions/{id}/rating", Act: desk.ActRate, Group: group, Status: ok, Body: jsonBody, Widget: true,
			Text: "Judge the chat, once, also after its end."},
		{ID: "leaveMessage", Method: post, Path: "/v1/sessions/{id}/ticket", Act: desk.ActLeaveMessage, Group: group, Status: created, Body: jsonBody, Widget: true,
			Text: "Leave a message with an address instead of waiting, where the session's ask says email. It becomes a ticket, and the chat ends."},
		{ID: "readAvailability", Method: get, Path: "/v1/availability", Act: desk.ActAvailability, Group: group, Status: ok, Widget: true,
			Text: "How a request would fare now: ask before promising a person."},
	}
}

func talkRoutes() []Route {
	const group = "Talk"
	return []Route{
		{ID: "postMessage", Method: post, Path: "/v1/sessions/{id}/messages", Act: desk.ActPost, Group: group, Status: created, Body: jsonBody, Limit: messageLimit, Keyed: true, Widget: true,
			Text: "Say something. The same client_id again gets the first answer."},
		{ID: "sendTyping", Method: post, Path: "/v1/sessions/{id}/typing", Act: desk.ActTyping, Group: group, Status: nothing, Widget: true,
			Text: "Tell the others that I am typing. Nothing is stored."},
		{ID: "markRead", Method: post, Path: "/v1/sessions/{id}/read", Act: desk.ActReceipt, Group: group, Status: nothing, Body: jsonBody, Widget: true,
			Text: "Say up to which seq my side has read."},
		{ID: "addNote", Method: post, Path: "/v1/sessions/{id}/notes", Act: desk.ActNote, Group: group, Status: created, Body: jsonBody,
			Text: "Leave a remark that colleagues see."},
		{ID: "addTag", Method: put, Path: "/v1/sessions/{id}/tags/{tag}", Act: desk.ActTag, Group: group, Status: nothing,
			Text: "Put a tag on the session."},
		{ID: "removeTag", Method: remove, Path: "/v1/sessions/{id}/tags/{tag}", Act: desk.ActTag, Group: group, Status: nothing,
			Text: "Take a tag off the session."},
		{ID: "uploadAttachment", Method: post, Path: "/v1/attachments", Act: desk.ActAttach, Group: group, Status: created, Body: fileBody, Keyed: true, Widget: true,
			Text: "Upload a file for a session; post its id with a message."},
		{ID: "readAttachment", Method: get, Path: "/v1/attachments/{id}", Act: desk.ActReadAttachment, Group: group, Status: found, Widget: true, OtherTypes: true,
			Text: "Go to the file, by a link that is good for five minutes."},
		{ID: "followAttachment", Method: get, Path: "/v1/attachments/{id}/file", Act: desk.ActFollowLink, Group: group, Status: ok, Limit: noLimit, Widget: true, OtherTypes: true,
			Text: "The file behind a signed link. The link itself is the permission."},
		{ID: "makeSocketTicket", Method: post, Path: "/v1/socket-tickets", Act: desk.ActTicket, Group: group, Status: created, Widget: true,
			Text: "A ticket for one socket, good for 30 seconds: browsers send it as the subprotocol ticket.<t>."},
		{ID: "openSocket", Method: get, Path: "/v1/socket", Act: desk.ActSocket, Group: group, Status: http.StatusSwitchingProtocols, Widget: true, OtherTypes: true,
			Text: "The WebSocket, by a ticket in the subprotocol or the Authorization header."},
	}
}

func houseRoutes() []Route {
	const group = "House"
	return []Route{
		{ID: "listQueues", Method: get, Path: "/v1/queues", Act: desk.ActReadQueues, Group: group, Status: ok,
			Text: "All queues, with what goes on in them now."},
		{ID: "makeQueue", Method: post, Path: "/v1/queues", Act: desk.ActChangeQueues, Group: group, Status: created, Body: jsonBody,
			Text: "Make a queue."},
		{ID: "changeQueue", Method: patch, Path: "/v1/queues/{id}", Act: desk.ActChangeQueues, Group: group, Status: ok, Body: jsonBody,
			Text: "Give a queue another name, another strategy or another limit for holding chats, or another schedule; fields that are not named stay as they are."},
		{ID: "listSchedules", Method: get, Path: "/v1/schedules", Act: desk.ActReadSchedules, Group: group, Status: ok,
			Text: "All schedules, with the queues that go by them."},
		{ID: "makeSchedule", Method: post, Path: "/v1/schedules", Act: desk.ActChangeSchedules, Group: group, Status: created, Body: jsonBody,
			Text: "Make a schedule: a week, and the days that are not like the others. Times are what a clock on the wall of its zone shows; of a time that autumn has twice, an opening is the first and a closing the last."},
		{ID: "readSchedule", Method: get, Path: "/v1/schedules/{id}", Act: desk.ActReadSchedules, Group: group, Status: ok,
			Text: "One schedule."},
		{ID: "changeSchedule", Method: patch, Path: "/v1/schedules/{id}", Act: desk.ActChangeSchedules, Group: group, Status: ok, Body: jsonBody,
			Text: "Change a schedule; fields that are not named stay as they are. Its queues are open or closed by it at once."},
		{ID: "removeSchedule", Method: remove, Path: "/v1/schedules/{id}", Act: desk.ActChangeSchedules, Group: group, Status: nothing,
			Text: "Remove a schedule that no queue has. It is a conflict that names them otherwise."},
		{ID: "importSchedule", Method: post, Path: "/v1/schedules/{id}/import", Act: desk.ActChangeSchedules, Group: group, Status: ok, Body: handoffBody,
			Text: "Add the whole days of an .ics file as closures. Days that the schedule speaks of already stay as they are. When the file is broken the answer names the line, and nothing has changed."},
		{ID: "probeSchedule", Method: get, Path: "/v1/schedules/{id}/probe", Act: desk.ActReadSchedules, Group: group, Status: ok,
			Text: "What would hold at a time by this schedule, and what would become of a chat in a queue that goes by it."},
		{ID: "listKeys", Method: get, Path: "/v1/keys", Act: desk.ActKeys, Group: group, Status: ok,
			Text: "The keys of all bots, without their secrets."},
		{ID: "makeKey", Method: post, Path: "/v1/keys", Act: desk.ActKeys, Group: group, Status: created, Body: jsonBody,
			Text: "Make a key for a bot, new or known by this name. It is shown this once; a bot has two at most."},
		{ID: "revokeKey", Method: remove, Path: "/v1/keys/{id}", Act: desk.ActKeys, Group: group, Status: nothing,
			Text: "Revoke a key: it and its sockets stop at once."},
		{ID: "readCustomer", Method: get, Path: "/v1/customers/{id}", Act: desk.ActReadCustomers, Group: group, Status: ok,
			Text: "A customer of whom I may read a session."},
		{ID: "changeCustomer", Method: patch, Path: "/v1/customers/{id}", Act: desk.ActChangeCustomers, Group: group, Status: ok, Body: jsonBody,
			Text: "Change how a customer can be reached, also in his open sessions. What a page vouches for stays."},
		{ID: "listRecords", Method: get, Path: "/v1/customers/{id}/records", Act: desk.ActReadCustomers, Group: group, Status: ok,
			Text: "The tickets of a customer of whom I may read a session, the newest first, 100 at most."},
		{ID: "listTags", Method: get, Path: "/v1/tags", Act: desk.ActReadTags, Group: group, Status: ok,
			Text: "The tags of the sessions in my queues, by name, with how many have each."},
		{ID: "listQuickReplies", Method: get, Path: "/v1/quick-replies", Act: desk.ActReadReplies, Group: group, Status: ok,
			Text: "My own quick replies, and those of the team for all queues and for mine."},
		{ID: "makeQuickReply", Method: post, Path: "/v1/quick-replies", Act: desk.ActChangeReplies, Group: group, Status: created, Body: jsonBody,
			Text: "Keep a text that I insert by its shortcut, for myself or, as a supervisor or above, for the team."},
		{ID: "changeQuickReply", Method: patch, Path: "/v1/quick-replies/{id}", Act: desk.ActChangeReplies, Group: group, Status: ok, Body: jsonBody,
			Text: "Change a quick reply; fields that are not named stay as they are."},
		{ID: "removeQuickReply", Method: remove, Path: "/v1/quick-replies/{id}", Act: desk.ActChangeReplies, Group: group, Status: nothing,
			Text: "Remove a quick reply."},
		{ID: "useQuickReply", Method: post, Path: "/v1/quick-replies/{id}/uses", Act: desk.ActChangeReplies, Group: group, Status: nothing,
			Text: "Count that I inserted a quick reply."},
		{ID: "readSettings", Method: get, Path: "/v1/settings", Act: desk.ActReadSettings, Group: group, Status: ok,
			Text: "Whose desk this is, and the bounds that hold here."},
		{ID: "changeSettings", Method: put, Path: "/v1/settings", Act: desk.ActChangeSettings, Group: group, Status: ok, Body: jsonBody,
			Text: "Change the account's name, time zone or schedule; fields that are not named stay as they are."},
		{ID: "readWidget", Method: get, Path: "/v1/widget", Act: desk.ActGreet, Group: group, Status: ok, Limit: noLimit, Widget: true,
			Text: "What the chat window needs before anybody is known: whose it is, whether people are there, and the bounds of what can be sent."},
	}
}

func scriptRoutes() []Route {
	const group = "Scripts"
	return []Route{
		{ID: "listSessionDecisions", Method: get, Path: "/v1/sessions/{id}/decisions", Act: desk.ActReadDecisions, Group: group, Status: ok,
			Text: "What was decided about a session and why, the newest first."},
		{ID: "listAgentDecisions", Method: get, Path: "/v1/agents/{id}/decisions", Act: desk.ActReadDecisions, Group: group, Status: ok,
			Text: "The decisions in which an agent was chosen or passed over: his own, or as a supervisor anybody's."},
		{ID: "readDecision", Method: get, Path: "/v1/decisions/{id}", Act: desk.ActReadDecisions, Group: group, Status: ok,
			Text: "One decision with the case that scripts were asked."},
		{ID: "scriptReference", Method: get, Path: "/v1/scripts/api.json", Act: desk.ActReadScripts, Group: group, Status: ok,
			Text: "What scripts may define and call, for editors."},
		{ID: "checkScript", Method: post, Path: "/v1/scripts/check", Act: desk.ActReadScripts, Group: group, Status: ok, Body: jsonBody,
			Text: "What is wrong or doubtful in a source. Nothing is kept."},
		{ID: "listScripts", Method: get, Path: "/v1/scripts", Act: desk.ActReadScripts, Group: group, Status: ok,
			Text: "All scripts, with what is in force of each and from where."},
		{ID: "readScript", Method: get, Path: "/v1/scripts/{name}", Act: desk.ActReadScripts, Group: group, Status: ok,
			Text: "One script with its source and its draft."},
		{ID: "changeScript", Method: patch, Path: "/v1/scripts/{name}", Act: desk.ActChangeScripts, Group: group, Status: ok, Body: jsonBody,
			Text: "Switch a script on or off, or leave that to what it says itself."},
		{ID: "withdrawScript", Method: remove, Path: "/v1/scripts/{name}", Act: desk.ActChangeScripts, Group: group, Status: nothing,
			Text: "Take what was published out of force; the file on disk or what is built in has its place again. Versions stay."},
		{ID: "saveDraft", Method: put, Path: "/v1/scripts/{name}/draft", Act: desk.ActChangeScripts, Group: group, Status: ok, Body: jsonBody,
			Text: "Keep a draft. It is a conflict when somebody else saved another one since rev."},
		{ID: "runScript", Method: post, Path: "/v1/scripts/{name}/run", Act: desk.ActReadScripts, Group: group, Status: ok, Body: jsonBody,
			Text: "Run a source on the sample, a past decision, a chat or a case of one's own, without any effect, and see each step."},
		{ID: "testScript", Method: post, Path: "/v1/scripts/{name}/test", Act: desk.ActReadScripts, Group: group, Status: ok, Body: jsonBody,
			Text: "Run a script's tests on a source."},
		{ID: "listScriptTests", Method: get, Path: "/v1/scripts/{name}/tests", Act: desk.ActReadScripts, Group: group, Status: ok,
			Text: "The tests that were kept here."},
		{ID: "keepScriptTest", Method: post, Path: "/v1/scripts/{name}/tests", Act: desk.ActChangeScripts, Group: group, Status: nothing, Body: jsonBody,
			Text: "Keep a decision as a test: no version that decides it otherwise is published."},
		{ID: "removeScriptTest", Method: remove, Path: "/v1/scripts/{name}/tests/{test}", Act: desk.ActChangeScripts, Group: group, Status: nothing,
			Text: "Take a kept test away."},
		{ID: "publishScript", Method: post, Path: "/v1/scripts/{name}/publish", Act: desk.ActChangeScripts, Group: group, Status: created, Body: jsonBody,
			Text: "Put a source in force as the newest version, if it compiles, passes its tests and answers the sample case. The running one stays otherwise."},
		{ID: "rollBackScript", Method: post, Path: "/v1/scripts/{name}/rollback", Act: desk.ActChangeScripts, Group: group, Status: created, Body: jsonBody,
			Text: "Publish an earlier version again, as a new one."},
		{ID: "listVersions", Method: get, Path: "/v1/scripts/{name}/versions", Act: desk.ActReadScripts, Group: group, Status: ok,
			Text: "What was published, the newest first, with author and reason."},
		{ID: "startShadow", Method: put, Path: "/v1/scripts/{name}/shadow", Act: desk.ActChangeScripts, Group: group, Status: ok, Body: jsonBody,
			Text: "Let a draft say what it would have decided beside the live script, without effect."},
		{ID: "startCanary", Method: put, Path: "/v1/scripts/{name}/canary", Act: desk.ActChangeScripts, Group: group, Status: ok, Body: jsonBody,
			Text: "Let a draft decide on a share of the chats. It is taken back by itself when it fails three times."},
		{ID: "endTrial", Method: remove, Path: "/v1/scripts/{name}/trial", Act: desk.ActChangeScripts, Group: group, Status: nothing,
			Text: "End the shadow or the canary."},
		{ID: "readTrial", Method: get, Path: "/v1/scripts/{name}/trial", Act: desk.ActReadScripts, Group: group, Status: ok,
			Text: "What the draft that is tried came to: figures, and the newest decisions side by side."},
		{ID: "listScriptDecisions", Method: get, Path: "/v1/scripts/{name}/decisions", Act: desk.ActReadScripts, Group: group, Status: ok,
			Text: "The newest decisions in which a script was asked, of one hook or of all."},
		{ID: "listScriptErrors", Method: get, Path: "/v1/scripts/{name}/errors", Act: desk.ActReadScripts, Group: group, Status: ok,
			Text: "The last 20 times that a script went wrong, and who answered instead."},
	}
}

func plainRoutes() []Route {
	const group = "Server"
	plain := func(id, path, text string) Route {
		return Route{ID: id, Method: get, Path: path, Act: desk.ActPublicDocuments, Group: group, Status: ok, Limit: noLimit, OtherTypes: true, Text: text}
	}
	return []Route{
		plain("live", "/livez", "Is the process alive?"),
		plain("ready", "/readyz", "Can it serve?"),
		plain("metrics", "/metrics", "Figures for Prometheus."),
		plain("openapi", "/v1/openapi.json", "This document."),
		plain("docs", "/docs", "This document for people."),
	}
}
