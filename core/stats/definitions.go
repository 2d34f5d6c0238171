package stats

// Definition says what a figure is. The product shows it beside the figure.
type Definition struct {
	ID   string `json:"id" doc:"The name of the figure in answers"`
	Name string `json:"name"`
	Text string `json:"definition"`
	Unit string `json:"unit" enum:"chats,seconds,messages,stars,share,offers,decisions,waiting" doc:"Times in days of the account's zone"`
}

// Definitions are those of all figures, in the order in which they are explained.
func Definitions() []Definition {
	return []Definition{
		{"period", "Period", "Days are those of the account's time zone, from midnight to midnight; a day on which clocks are changed has 23 or 25 hours. A figure is about the chats that were requested in the period, also when they ended later, unless it says otherwise. A day that is not over is marked as partial.", "chats"},
		{"sessions", "Chats", "Handoffs that were requested in the period, ended or not. A chat that is reopened is a new chat with a new clock.", "chats"},
		{"active", "Open chats", "Of these, those that have not ended now. Times and outcomes are counted when a chat has ended.", "chats"},
		{"ended", "Ended chats", "Of these, those that have ended.", "chats"},
		{"answered", "Answered", "Ended chats that an agent joined.", "chats"},
		{"abandoned", "Left the queue", "Chats that ended before any agent joined because the customer left or stayed silent. A bot that takes its conversation back, and a chat outside business hours, do not count.", "chats"},
		{"overflowed", "Overflowed", "Chats that the desk put into another queue because they had waited too long. They count for the queue that they left.", "chats"},
		{"after_hours", "After hours", "Chats that came while nobody was there: outside business hours, or in a queue that takes nobody then.", "chats"},
		{"reopened", "Reopened", "Chats that continue an earlier one.", "chats"},
		{"transferred", "Transferred", "Chats that one agent passed on to another or to another queue.", "chats"},
		{"wait", "Wait", "From the request until the first agent joined. The clock starts at the handoff, and for a chat that was kept until an opening at that opening. Of answered chats.", "seconds"},
		{"first_response", "First reply", "From where the wait begins until an agent's first message to the customer, by the same clock. Of chats that have one.", "seconds"},
		{"duration", "Time to close", "From the request to the end. Of ended chats.", "seconds"},
		{"handle", "Handle time", "How long agents had the chat altogether, from joining to leaving it. Of answered chats.", "seconds"},
		{"bot_time", "Time with the bot", "From the first line of the transcript to the request. It is part of no other time. Of chats that came with a transcript.", "seconds"},
		{"promised", "Foretold waits", "Ended chats whose customer could be told a range for his wait, and of which it is known whether it held.", "chats"},
		{"promise_kept", "Foretold rightly", "Of these, those in which the wait ended within the range.", "chats"},
		{"promises", "Ranges that held", "Of the chats whose customers could be told a wait, the share whose wait ended within the first range. Those who left before its end are left out.", "share"},
		{"quantiles", "p50, p90, p99", "Half, nine tenths and ninety-nine hundredths of the chats took at most this long: the time at the rank q × (n - 1) of all times in order, counted from 0 and rounded down. They are exact to one percent; the mean is exact.", "seconds"},
		{"rating", "Rating", "The mean of the stars that customers gave, one to five. An agent gets the ratings of the chats that he had at their end.", "stars"},
		{"satisfied", "Satisfied", "The share of ratings with four or five stars.", "share"},
		{"messages", "Messages", "Messages that were sent in the period by customers, agents and bots, whenever their chat began. Transcripts, notes and whispers do not count.", "messages"},
		{"chat_messages", "Messages of chats", "Messages in the ended chats of the period.", "messages"},
		{"waiting", "Waiting now", "Chats in the queue now that no agent has joined.", "waiting"},
		{"average_waiting", "Average length", "How many chats of those that have ended waited at once, on average over the period: the time that they waited within it, divided by its length so far.", "waiting"},
		{"chats", "Chats of an agent", "Ended chats that the agent joined.", "chats"},
		{"agent_first_response", "First reply of an agent", "From when the agent joined to his first message in the chat.", "seconds"},
		{"agent_handle", "Handle time of an agent", "How long the agent had a chat.", "seconds"},
		{"worked", "Time in chats", "The time within the period in which the agent had chats that have ended, summed over the chats.", "seconds"},
		{"states", "Time in each state", "How long within the period the agent was available, busy or away, and gone: he had not signed off, and gave no sign of life for more than a minute.", "seconds"},
		{"occupancy", "Occupancy", "Time in chats divided by the time in which the agent was available or busy. Above 1 he had several chats at once.", "share"},
		{"offered", "Offers", "Chats that were offered to the agent; missed ones ran out, declined ones he passed on.", "offers"},
		{"heatmap", "When people ask for a human", "Requests by weekday and hour of the account's time zone.", "chats"},
		{"decisions", "Decisions of a script", "Questions that the script answered, and in which it went wrong. The ledger goes back 30 days.", "decisions"},
	}
}
