package core

import (
	"maps"
	"time"
)

// AgentStatus is what an agent says of himself.
type AgentStatus string

// The states an agent can be in. Busy agents are offered a chat only when nobody is available.
const (
	Available AgentStatus = "available"
	BusyAgent AgentStatus = "busy"
	Away      AgentStatus = "away"
	Offline   AgentStatus = "offline"
)

// Takes says whether an agent in this state may be offered a chat at all.
func (s AgentStatus) Takes() bool { return s == Available || s == BusyAgent }

// DefaultCapacity is how many chats a new agent has at once.
const DefaultCapacity = 4

// Account is the company whose desk this is. TimeZone is a name of the IANA database.
type Account struct {
	Name     string
	TimeZone string
	Schedule Ref // of all queues that have none of their own
}

// AccountChange names what is to change about the account; nil leaves a part as it is.
type AccountChange struct {
	Name     *string
	TimeZone *string
	Schedule *string // an id
}

// Agent is a person of the company: a user and an agent are one object.
type Agent struct {
	ID        string
	Email     string
	Name      string
	Role      Role
	Status    AgentStatus
	Capacity  int
	Active    int // sessions owned
	Load      int // sessions owned and places reserved by open offers
	Queues    []string
	Skills    []string
	Languages []string
	Disabled  bool
	// StatusSince is when Status last became what it is.
	StatusSince time.Time
	Missed      int       // offers in a row that ran out
	SeenAt      time.Time // last sign of life
	// LastAssigned is when the agent last got a chat; the least busy choice breaks ties by it.
	LastAssigned time.Time
	Rev          int64 // grows with each change of the row
	Generation   int64 // grows when role, password or permission changes: older credentials stop
}

// Ref names the agent.
func (a *Agent) Ref() Ref { return Ref{ID: a.ID, Name: a.Name} }

// Free is how many more chats the agent has room for.
func (a *Agent) Free() int { return max(0, a.Capacity-a.Load) }

// Present says whether the agent gave a sign of life within gone.
func (a *Agent) Present(now time.Time, gone time.Duration) bool { return now.Sub(a.SeenAt) < gone }

// TakesChats says whether the agent can have chats at all.
func (a *Agent) TakesChats() bool { return !a.Disabled && a.Role != Viewer }

// AgentChange is what an agent may change about himself; nil leaves a part as it is.
type AgentChange struct {
	Status   *AgentStatus
	Capacity *int
	Name     *string
}

// Queue is where sessions wait for the agents that belong to it.
type Queue struct {
	ID       string
	Name     string
	Strategy string // the script that chooses an agent when no rule does
	// HoldLimit is how long scripts may keep a session waiting while somebody could take it.
	HoldLimit time.Duration
	// Schedule says when it is open: its own, or the account's when OwnSchedule is false.
	Schedule    Ref
	OwnSchedule bool
	ScheduleRev int64
	Rules       QueueRules
	Rev         int64
}

// DefaultStrategy is that of a new queue.
const DefaultStrategy = "least_busy"

// QueueChange names what is to change about a queue; nil leaves a part as it is.
type QueueChange struct {
	Name      *string
	Strategy  *string
	HoldLimit *time.Duration
	Schedule  *string // an id; empty is the account's
	// Rules gives what becomes of the newest rules; nil leaves them as they are.
	Rules func(was QueueRules) (QueueRules, error)
}

// Ref names the queue.
func (q *Queue) Ref() Ref { return Ref{ID: q.ID, Name: q.Name} }

// QueueState is a queue with what goes on in it.
type QueueState struct {
	Queue
	Waiting            int       // sessions that no agent has joined
	Kept               int       // sessions that are kept until it opens
	Free               int       // places free now among present agents
	Agents             int       // agents who could be offered a chat now, full ones included
	OldestWaitingSince time.Time // zero when nobody waits
	Open               bool
	NextChange         time.Time // when Open will be otherwise; zero when that does not come within ten years
	NextOpening        time.Time // zero when it is open, or does not open within ten years
	Wait               *Range    // of a chat that came now, nil when nobody can say
}

// Customer is the person on the other side. Attributes are the bot's or the page's own facts.
type Customer struct {
	ID         string         `json:"id"`
	ExternalID string         `json:"external_id,omitempty"`
	Name       string         `json:"name,omitempty"`
	Email      string         `json:"email,omitempty"`
	Phone      string         `json:"phone,omitempty"`
	Locale     string         `json:"locale,omitempty"`
	TimeZone   string         `json:"time_zone,omitempty"` // of the IANA database
	Verified   bool           `json:"verified,omitempty"`
	Attributes map[string]any `json:"attributes,omitempty"`
}

// Attachment is a file that was sent in a session.
type Attachment struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Type   string `json:"type"`
	Size   int64  `json:"size"`
	Width  int    `json:"width,omitempty"`
	Height int    `json:"height,omitempty"`
}

// CustomerChange names what is to change about a customer; nil leaves a part as it is, and an empty one is taken
// away.
type CustomerChange struct {
	Name, Email, Phone *string
}

// Contact gives the customer with another name, address and number. Attributes and who he is stay.
func (c Customer) Contact(name, email, phone string) Customer {
	c.Name, c.Email, c.Phone = name, email, phone
	return c
}

// TagCount is a tag with how many sessions have it.
type TagCount struct {
	Tag   string
	Count int
}

// With lays what is said of a customer now over what was known. Who he is does not change by it.
func (c Customer) With(said Customer) Customer {
	for _, part := range []struct {
		known *string
		said  string
	}{{&c.Name, said.Name}, {&c.Email, said.Email}, {&c.Phone, said.Phone}, {&c.Locale, said.Locale}} {
		if part.said != "" && !c.Verified {
			*part.known = part.said
		}
	}
	if said.TimeZone != "" {
		c.TimeZone = said.TimeZone // where he is now, whoever he is
	}
	if len(said.Attributes) > 0 {
		attributes := make(map[string]any, len(c.Attributes)+len(said.Attributes))
		maps.Copy(attributes, c.Attributes)
		maps.Copy(attributes, said.Attributes)
		c.Attributes = attributes
	}
	return c
}
