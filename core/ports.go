package core

import (
	"context"
	"encoding/json"
	"io"
	"time"
)

// Store keeps the truth. Change and Begin put a command into the queue of the node's committer and return when
// it is durable; many commands share a transaction, which is the store's own business. Both return Overloaded
// after two seconds whatever becomes of the command: the same client id or key finds its result later.
type Store interface {
	// Change decides on the newest picture of a session and writes what the decision collected, or nothing. Work
	// may run several times, on different pictures, and must have no effect but on tx. It must not keep or change
	// the session. A refusal that work returns reaches the caller as it is.
	Change(ctx context.Context, by Actor, session string, work Work) (*Committed, error)
	// Submit is Change for those who do not wait: commands of one caller are decided in the order they were given,
	// and done is called once, after the commit, by the committer: it must not block. Submit itself blocks while
	// the queue is full, as long as ctx allows; an error from it means that done will not be called.
	Submit(ctx context.Context, by Actor, session string, work Work, done func(*Committed, error)) error
	// Begin is Change for a session that is not there yet and is to have this new id; work gets an empty one. When
	// another open session holds the same conversation (or the customer has one of his own) it is an AlreadyOpen error.
	Begin(ctx context.Context, by Actor, id string, work Work) (*Committed, error)
	// Receive moves a side's watermarks. Nothing is written at once: storing is coalesced.
	Receive(ctx context.Context, by Actor, session string, work func(*Session) (Side, Receipt, error)) error
}

// Work decides what one command does to a session.
type Work func(s *Session, tx Tx) error

// Tx collects what a command writes: all of it is kept in one transaction, or none.
type Tx interface {
	// At is the time of this command: now, but never before the session's last event.
	At() time.Time
	// Emit adds events by this actor to the session's log, numbers them and applies them to the session.
	Emit(by ActorRef, data ...Data)
	// EmitAt is Emit for something that happened earlier, as a line of a transcript did.
	EmitAt(at time.Time, by ActorRef, data ...Data)
	// Repeated must be asked before a message is posted. It is an error to be returned when this author used the
	// client id before: the command is then answered with the first message.
	Repeated(author ActorRef, clientID string) error
	// Need makes the command fail with a Conflict unless the agent may take a place when it is written.
	// Places themselves are counted by the store from who holds the session before and after.
	Need(place Place)
	// Missed counts an offer that the agent let run out; at limit in a row he is set away.
	Missed(agent string, limit int)
	// Answered ends the agent's row of missed offers.
	Answered(agent string)
	// Keep writes the idempotency key of the request with its outcome.
	Keep(key Idempotency)
	// Record writes a decision into the ledger.
	Record(d *Decision)
	// Put keeps what scripts wrote. It makes the command fail with a Conflict when a value is no longer the one that was
	// read: the script would have said something else.
	Put(writes ...ScriptWrite)
	// Audit writes a line of the audit log.
	Audit(action, target string, details any)
}

// Place is what must be true of an agent who is to get a chat.
type Place struct {
	Agent string
	// Offer asks for all that makes an agent eligible: available or busy, seen after SeenAfter, in Queue, and
	// with room. Without it only an agent who is not disabled and has room passes.
	Offer     bool
	Queue     string
	SeenAfter time.Time
	// Forced lets the load go above the capacity.
	Forced bool
}

// Idempotency is a request key with the outcome that a repeat is answered with.
type Idempotency struct {
	Scope    string // the bot
	Key      string
	BodyHash string
	Status   int
	Session  string
	Result   string // id of what was made, if not the session
	Seq      int64
}

// Committed is what a command left behind.
type Committed struct {
	Session *Session
	// Events are those that this command added; for a repeated message the first one, with Repeat set.
	Events []*Event
	Repeat bool
}

// AlreadyOpen is the refusal of Begin when there is an open session in its place.
type AlreadyOpen struct{ Session string }

func (e *AlreadyOpen) Error() string { return "there is an open session already: " + e.Session }

// Change of things, as those who follow are told after the commit. A change is a nudge: it may get lost
// between nodes, and whoever cares finds the truth in the store.
type Change struct {
	Session *Session // the new picture, or nil
	Events  []*Event // what was added to its log
	Receipt bool     // the watermarks moved
	// Agents are the ids of agents whose row changed; Queues the queues whose counts may have.
	Agents []string
	Queues []string
	// Revoked are credentials and people whose connections must close now.
	Revoked []string
}

// Follower is told of each batch of changes after its commit, in order. It must not block.
type Follower interface{ Follow(changes []Change) }

// Reader reads the truth, never a cache; this node's unwritten watermarks are laid over.
type Reader interface {
	Session(ctx context.Context, id string) (*Session, error) // NotFound when there is none
	// Sessions lists by newest activity first.
	Sessions(ctx context.Context, f SessionFilter) (page []*Session, next string, err error)
	// Events are those after seq, in order, at most limit; public only leaves out what staff alone see.
	Events(ctx context.Context, session string, after int64, publicOnly bool, limit int) ([]*Event, error)
	// Position counts the sessions of the queue that no agent has joined and that come before this one, from 1.
	Position(ctx context.Context, s *Session) (int, error)
	// OpenSessionOf names the newest open session of a customer, or "".
	OpenSessionOf(ctx context.Context, customer string) (string, error)
}

// SessionFilter narrows a list. Empty fields do not narrow; several values of one field are alternatives.
type SessionFilter struct {
	Statuses   []Status
	Queues     []string
	Agents     []string
	Customers  []string
	Tags       []string
	Priorities []Priority
	Channels   []string
	Bot        string
	Bots       []string  // "" stands for those without one
	Reasons    []string  // codes; "" stands for none
	OfferedTo  string    // the agent of an open offer
	From, To   time.Time // of the request
	// During are times of which one must be that of the request.
	During []During
	// What follows is known of sessions that have ended only: why they did, the stars that they got, what they are called
	// (as core/stats calls them), who had them at some time, and the queues in which they waited too long. They must
	// have all of Marks.
	Outcomes       []string
	Scores         []int
	Marks          []string
	HandledBy      []string
	WasOffered     []string // the agents to whom they were offered
	PassedBy       []string // the agents who passed on an offer or let it run out
	OverflowedFrom []string
	// Within restricts an agent to what he may read: his own, what he is offered, and these queues. Nil does not
	// restrict.
	Within *Reach
	After  string // cursor
	Limit  int
}

// During is a time from a moment until before another.
type During struct{ From, To time.Time }

// Reach is what an agent may read.
type Reach struct {
	Agent  string
	Queues []string
}

// Assigner chooses who gets a chat when no script does. Candidates are never empty and all may take it.
type Assigner interface {
	Assign(s *Session, candidates []*Agent) (agent, why string)
}

// Blobs keeps attached files.
type Blobs interface {
	// Put keeps what r gives under this name, whole or not at all.
	Put(ctx context.Context, name string, r io.Reader) (size int64, err error)
	Open(ctx context.Context, name string) (io.ReadSeekCloser, error)
	Remove(ctx context.Context, name string) error
	// Names lists what is kept and was written before this time, for the sweep of orphans.
	Names(ctx context.Context, before time.Time) ([]string, error)
}

// Handoff is a bot's (or a customer's) request for a person.
type Handoff struct {
	ConversationID string
	Customer       Customer
	Channel        string
	Subject        string
	Reason         *Reason
	Summary        string
	Tried          []string
	Intent         *Intent
	Sentiment      *float64
	NoteToAgent    string
	Queue          string // name or id; empty is general
	Skills         []string
	Priority       Priority
	Language       string
	PreferredAgent string
	Transcript     []Line
	Context        json.RawMessage
	Tags           []string
}

// Line is one message from before the handoff.
type Line struct {
	ClientID string
	Role     Role
	Name     string
	Text     string
	At       time.Time
	Original json.RawMessage
}
