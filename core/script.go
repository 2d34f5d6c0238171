package core

import (
	"context"
	"encoding/json"
	"time"
)

// Hook is a question that scripts may answer.
type Hook string

// The hooks. The first four decide: what they say commits with the transition that asked. The others run after
// what they were asked about is durable.
const (
	HookAssign     Hook = "assign"      // who gets this chat?
	HookPrioritise Hook = "prioritise"  // how urgent is it?
	HookAfterHours Hook = "after_hours" // what is a customer told while nobody is there?
	HookOverflow   Hook = "overflow"    // which queue takes a chat that has waited too long?
	HookTag        Hook = "tag"         // what is this message about?
	HookReply      Hook = "reply"       // is there an automatic answer while the customer waits?
	HookOnEvent    Hook = "on_event"    // take note
)

// Hooks lists them all.
var Hooks = [...]Hook{HookAssign, HookPrioritise, HookAfterHours, HookOverflow, HookTag, HookReply, HookOnEvent}

// Case is one question with all that a script may know of it. It is what the ledger keeps: the same case gets the
// same answer from the same script, byte for byte. Its JSON is the input of "baton scripts run".
type Case struct {
	Hook     Hook          `json:"hook"`
	Session  CaseSession   `json:"session"`
	Agents   []*CaseAgent  `json:"agents,omitempty"`   // assign
	Message  *CaseMessage  `json:"message,omitempty"`  // tag, reply
	Schedule *CaseSchedule `json:"schedule,omitempty"` // after_hours
	Event    *CaseEvent    `json:"event,omitempty"`    // on_event
	Ctx      CaseCtx       `json:"ctx"`
	// Store holds what the script read from its store, by key; null is a key that was not there.
	Store map[string]json.RawMessage `json:"store,omitempty"`
	// Seed begins the script's random numbers.
	Seed uint64 `json:"seed"`
}

// CaseSession is a session as scripts see it.
type CaseSession struct {
	ID             string          `json:"id"`
	Queue          string          `json:"queue"` // its name
	Channel        string          `json:"channel"`
	Subject        string          `json:"subject,omitempty"`
	Language       string          `json:"language,omitempty"`
	Priority       Priority        `json:"priority"`
	Tags           []string        `json:"tags"` // a set in Lua: tags.vip is true
	Skills         []string        `json:"skills"`
	PreferredAgent string          `json:"preferred_agent,omitempty"`
	Customer       CaseCustomer    `json:"customer"`
	WaitingS       int64           `json:"waiting_s"`
	LastAgent      string          `json:"last_agent,omitempty"` // who had this customer's chat before
	Reason         Reason          `json:"reason"`
	Context        json.RawMessage `json:"context,omitempty"`
}

// CaseCustomer is a customer as scripts see him: no address and no number.
type CaseCustomer struct {
	ID        string `json:"id"`
	Name      string `json:"name,omitempty"`
	Returning bool   `json:"returning"`
}

// CaseAgent is an agent as scripts see him. Load counts the places that open offers hold, active does not.
type CaseAgent struct {
	ID            string      `json:"id"`
	Name          string      `json:"name"`
	Status        AgentStatus `json:"status"`
	Active        int         `json:"active"`
	Capacity      int         `json:"capacity"`
	Load          int         `json:"load"`
	Skills        []string    `json:"skills"`
	Languages     []string    `json:"languages"`
	QueueRank     int         `json:"queue_rank"`      // 1 is the first of the agent's queues
	LastAssignedS int64       `json:"last_assigned_s"` // seconds since he last got a chat; -1: never
	OnlineS       int64       `json:"online_s"`        // seconds since his status last changed to where it is
}

// CaseMessage is a message that scripts are asked about.
type CaseMessage struct {
	ID            string `json:"id"`
	Text          string `json:"text"`
	From          Role   `json:"from"`
	Language      string `json:"language,omitempty"`
	HasAttachment bool   `json:"has_attachment"`
	At            int64  `json:"at"` // seconds since 1970
}

// CaseSchedule says why nobody is there and when that ends.
type CaseSchedule struct {
	Reason   string    `json:"reason"` // closed, holiday or no_agents
	NextOpen *CaseOpen `json:"next_open,omitempty"`
	Timezone string    `json:"timezone"`
	Text     string    `json:"text,omitempty"` // the queue's own message in this language
	Ask      string    `json:"ask,omitempty"`  // email where the queue takes messages
}

// CaseOpen is a time of opening, as a number and as words for the customer.
type CaseOpen struct {
	Unix int64  `json:"unix"`
	Text string `json:"text"`
}

// CaseEvent is an event of a session's log.
type CaseEvent struct {
	Type string          `json:"type"`
	At   int64           `json:"at"`
	By   ActorRef        `json:"actor"`
	Data json.RawMessage `json:"data,omitempty"`
}

// Trigger says why an agent is looked for.
type Trigger string

// The triggers.
const (
	TriggerNew       Trigger = "new"
	TriggerTimeout   Trigger = "timeout"  // the last offer ran out
	TriggerDeclined  Trigger = "declined" // the last agent passed it
	TriggerTransfer  Trigger = "transfer"
	TriggerAgentFree Trigger = "agent_free" // it waited until somebody had room
)

// CaseCtx is what surrounds a case.
type CaseCtx struct {
	Attempt int            `json:"attempt,omitempty"`
	Trigger Trigger        `json:"trigger,omitempty"`
	Counter int64          `json:"counter"` // 1 for the first decision of this script in this queue, then 2, 3 ...
	Now     CaseNow        `json:"now"`
	Values  map[string]any `json:"settings,omitempty"`
}

// CaseNow is the moment of the question in the account's time zone. Weekday 1 is Monday.
type CaseNow struct {
	Unix  int64  `json:"unix"`
	Year  int    `json:"year"`
	Month int    `json:"month"`
	Day   int    `json:"day"`
	Hour  int    `json:"hour"`
	Min   int    `json:"min"`
	Wday  int    `json:"wday"`
	TZ    string `json:"tz"`
}

// NowIn gives the moment as scripts see it.
func NowIn(at time.Time, zone *time.Location) CaseNow {
	t := at.In(zone)
	return CaseNow{
		Unix: t.Unix(), Year: t.Year(), Month: int(t.Month()), Day: t.Day(), Hour: t.Hour(), Min: t.Minute(),
		Wday: (int(t.Weekday())+6)%7 + 1, TZ: zone.String(),
	}
}

// Answer is what a script says to a case. The zero Answer is no opinion.
type Answer struct {
	Given    bool     `json:"-"`
	Agent    string   `json:"agent,omitempty"`    // assign
	Hold     bool     `json:"hold,omitempty"`     // assign: keep waiting
	Priority Priority `json:"priority,omitempty"` // prioritise
	Queue    string   `json:"queue,omitempty"`    // overflow: a name
	Text     string   `json:"text,omitempty"`     // after_hours, reply
	Ask      string   `json:"ask,omitempty"`      // after_hours: "email" asks for the address
	Close    bool     `json:"close,omitempty"`    // after_hours: end the chat
	Ticket   bool     `json:"ticket,omitempty"`   // after_hours: keep it as a ticket
	Tags     []string `json:"tags,omitempty"`     // tag
}

// ScriptFault is the kind of a script's failure.
type ScriptFault string

// The kinds.
const (
	FaultCompile ScriptFault = "compile" // it is not a program that may run
	FaultLoad    ScriptFault = "load"    // it lacks the hook that it was asked
	FaultRuntime ScriptFault = "runtime" // it failed
	FaultLimit   ScriptFault = "limit"   // it was stopped
	FaultResult  ScriptFault = "result"  // what it gave back is no answer
)

// ScriptError says what went wrong in a script, where, and what stands there.
type ScriptError struct {
	Kind    ScriptFault `json:"kind"`
	Message string      `json:"message"`
	Line    int         `json:"line,omitempty"`
	Source  string      `json:"source,omitempty"` // the text of that line
}

func (e *ScriptError) Error() string { return string(e.Kind) + ": " + e.Message }

// ScriptProblem is what a check finds in a script's source. A warning does not keep it from being published.
type ScriptProblem struct {
	Severity string `json:"severity"` // error or warning
	Message  string `json:"message"`
	Line     int    `json:"line"`
	Column   int    `json:"column,omitempty"` // from 1; 0 is the whole line
	Length   int    `json:"length,omitempty"`
}

// Mode says how a script took part in a decision.
type Mode string

// Only the opinions of live and canary scripts count.
const (
	ModeLive   Mode = "live"
	ModeCanary Mode = "canary"
	ModeShadow Mode = "shadow"
)

// Opinion is what one script said to one case, and what it cost.
type Opinion struct {
	Script  string       `json:"script"`
	Version string       `json:"version"` // hash of the source
	Mode    Mode         `json:"mode"`
	Answer  Answer       `json:"answer"`
	Result  string       `json:"result,omitempty"` // what was given back, as JSON; "" when it failed
	Why     string       `json:"why,omitempty"`
	Error   *ScriptError `json:"error,omitempty"`
	Steps   int64        `json:"steps"`
	Micros  int64        `json:"micros"`
	Log     []string     `json:"log,omitempty"`
	// Reads is what the script read from its store, for the case; Counter says that it asked for the counter.
	Reads   map[string]json.RawMessage `json:"reads,omitempty"`
	Counter int64                      `json:"counter,omitempty"`
	Writes  []ScriptWrite              `json:"-"`
	// Note says why an answer did not count.
	Note string `json:"note,omitempty"`
	// Differs says of a draft's opinion that the live script, or whoever answered, said something else.
	Differs bool `json:"differs,omitempty"`
}

// ScriptStore is where a script's values are while it runs: what it wrote earlier in the same call is read back.
type ScriptStore interface {
	// Get gives the value of a key and its revision; no value has revision 0 and a nil value.
	Get(ctx context.Context, script, key string) (value json.RawMessage, rev int64, err error)
}

// ScriptWrite is a value that a script wants kept. It is kept if the key still has the revision that was read; Blind
// writes did not read it and are kept in any case.
type ScriptWrite struct {
	Script  string
	Key     string
	Value   json.RawMessage // nil takes the key away
	Expires time.Time       // zero: never
	Rev     int64
	Blind   bool
}

// CounterKey names the counter of a script in a queue among its values. Scripts cannot name it themselves.
func CounterKey(queue string) string { return "\x01counter/" + queue }

// Scripts are the company's own rules.
type Scripts interface {
	// Answers says whether a script in force answers this hook, so that nobody gathers a case in vain. Strategy is
	// the one that the queue names, for assign.
	Answers(hook Hook, strategy string) bool
	// Ask puts the case to all scripts in force that answer its hook, in their order, and to those that run in
	// their shadow. It gives no error: what goes wrong with a script is in its opinion.
	Ask(ctx context.Context, c *Case, strategy string, store ScriptStore) []Opinion
}
