package api

import "baton/core/desk"

// analyticsGroup is what the documents call the routes about figures.
const analyticsGroup = "Analytics"

func analyticsRoutes() []Route {
	figures := func(id, name, text string) Route {
		return Route{ID: id, Method: get, Path: "/v1/analytics/" + name, Act: desk.ActReadFigures, Group: analyticsGroup, Status: ok, Text: text}
	}
	table := func(id, name, text string) Route {
		r := figures(id, name+".csv", text)
		r.OtherTypes = true
		return r
	}
	return []Route{
		figures("readSummary", "summary", "What the chats that were requested in a period came to. Every number names the call that lists its chats."),
		table("exportSummary", "summary", "The summary as a table."),
		figures("readDaily", "daily", "The same day by day. A day that is not over is marked as partial."),
		table("exportDaily", "daily", "The days as a table."),
		figures("readAgentStats", "agents", "What each agent did and how long he was in each state, who had most chats first."),
		table("exportAgents", "agents", "The agents as a table."),
		figures("readQueueStats", "queues", "What went on in each queue."),
		table("exportQueues", "queues", "The queues as a table."),
		figures("readRatings", "ratings", "What customers thought, day by day, and the newest comments."),
		table("exportRatings", "ratings", "The ratings of each day as a table."),
		figures("readHeatmap", "heatmap", "When people ask for a human: requests by weekday and hour of the account's time zone."),
		table("exportHeatmap", "heatmap", "The requests by weekday and hour as a table."),
		figures("readBreakdown", "breakdown", "The chats of a period divided by what they have in common."),
		table("exportBreakdown", "breakdown", "The breakdown as a table."),
		figures("readScriptStats", "scripts", "What scripts decided, and how often they went wrong. The ledger goes back 30 days."),
		table("exportScripts", "scripts", "The scripts as a table."),
		figures("readDefinitions", "definitions", "What each figure means."),
		table("exportDefinitions", "definitions", "The definitions as a table."),
		table("exportSessions", "sessions", "Every chat of a period with what is counted of it, open ones last: all figures can be computed again from it. It is sent as it is read; when it breaks off, it is not whole."),
	}
}
