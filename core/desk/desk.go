package desk

import (
	"context"
	"time"

	"baton/core"
)

// Config is what an operator may change about the desk. Zero values stand for the defaults.
type Config struct {
	OfferExpiresAfter time.Duration // 30 s
	OfferAgainAfter   time.Duration // 60 s: how long a chat stays away from an agent who passed it
	MissedLimit       int           // 3 offers in a row that ran out set an agent away
	GoneAfter         time.Duration // 60 s without a sign of life
	CapacityMax       int           // 20
	OwnOnly           bool          // team_visibility: own
	TranscriptLines   int           // 1,000
	TextBytes         int           // 16 KiB
	ContextBytes      int           // 64 KiB
}

func (c Config) withDefaults() Config {
	def := func(d *time.Duration, v time.Duration) {
		if *d == 0 {
			*d = v
		}
	}
	num := func(n *int, v int) {
		if *n == 0 {
			*n = v
		}
	}
	def(&c.OfferExpiresAfter, 30*time.Second)
	def(&c.OfferAgainAfter, time.Minute)
	def(&c.GoneAfter, time.Minute)
	num(&c.MissedLimit, 3)
	num(&c.CapacityMax, 20)
	num(&c.TranscriptLines, 1000)
	num(&c.TextBytes, 16<<10)
	num(&c.ContextBytes, 64<<10)
	return c
}

// Directory knows the people and queues, and what a team keeps for itself; the store is one.
type Directory interface {
	Accounts
	QuickReplies
	Schedules
	Agent(ctx context.Context, id string) (*core.Agent, error)
	Agents(ctx context.Context) ([]*core.Agent, error)
	Queue(ctx context.Context, nameOrID string) (*core.Queue, error)
	Queues(ctx context.Context, seenAfter time.Time) ([]*core.QueueState, error)
	SetStatus(ctx context.Context, agent string, change core.AgentChange) (*core.Agent, error)
	AttachmentsOf(ctx context.Context, session string, ids []string) ([]core.Attachment, error)
	// Tags counts the tags of the sessions in these queues; without queues, of those that this agent has now; with
	// nil, of all.
	Tags(ctx context.Context, within *core.Reach) ([]core.TagCount, error)
	// Records gives what is known of a customer beside his chats, the newest first.
	Records(ctx context.Context, customer string, limit int) ([]core.Record, error)
	// PostAttachments says that files belong to a message, so that they are kept. It is NotFound when one of them is
	// no longer there.
	PostAttachments(ctx context.Context, ids []string) error
}

// People finds and keeps the customers that bots and pages speak of.
type People interface {
	// Customer gives the customer of this id; it is NotFound when there is none.
	Customer(ctx context.Context, id string) (core.Customer, error)
	// CustomerOfBot gives the bot's customer of this external id, made when it is new, with what the bot says of
	// him now laid over what was known.
	CustomerOfBot(ctx context.Context, bot string, said core.Customer) (core.Customer, error)
	// ChangeCustomer asks decide what becomes of the newest picture of a customer, which nobody else can change
	// meanwhile. Who he is stays as it was.
	ChangeCustomer(ctx context.Context, by core.Actor, id string, decide func(was core.Customer) (is core.Customer, err error)) (core.Customer, error)
}

// Desk has a method for each verb. All of them may be called by many at once.
type Desk struct {
	cfg    Config
	store  core.Store
	reader core.Reader
	dir    Directory
	people People
	// decide asks for a routing decision on a session and waits for it, at most as long as ctx allows.
	decide func(ctx context.Context, session string)
	rules  ScriptRules
	hours  Hours
	waits  waits
	known  surroundings
	// now is the time at which the desk decides. Paced says that it only moves when somebody moves it.
	now   func() time.Time
	paced bool
}

// New makes a desk; it starts nothing. The dispatcher is set by its Run.
func New(store core.Store, reader core.Reader, dir Directory, people People, cfg Config) *Desk {
	d := &Desk{cfg: cfg.withDefaults(), store: store, reader: reader, dir: dir, people: people,
		decide: func(context.Context, string) {}, hours: alwaysOpen{}, now: time.Now}
	d.waits.desk = d
	return d
}

// UseClock makes the desk decide by another clock than the machine's, which stands still until it is moved, as that of a
// simulation does. A request then waits for no first decision: whoever moves the clock calls the dispatcher's Look. It
// must be called before the desk is used.
func (d *Desk) UseClock(now func() time.Time) { d.now, d.paced = now, true }

// onceKey carries the idempotency key of a request through a verb to its command.
type onceKey struct{}

// Once lets the one command that a verb called with this context makes keep the idempotency key, in the same
// transaction.
func Once(ctx context.Context, key core.Idempotency) context.Context {
	return context.WithValue(ctx, onceKey{}, key)
}

// keep writes the request's idempotency key, if it has one, with the result of the act.
func keep(ctx context.Context, tx core.Tx, session, result string) {
	if key, ok := ctx.Value(onceKey{}).(core.Idempotency); ok {
		key.Session, key.Result = session, result
		tx.Keep(key)
	}
}

// change runs a verb's rule on the newest picture of a session that the actor may read, and writes the events
// that the rule gives. A session that he may not read is missing to him.
func (d *Desk) change(ctx context.Context, by core.Actor, session string, rule func(*core.Session, core.Tx) ([]core.Data, error)) (*core.Committed, error) {
	return d.store.Change(ctx, by, session, func(s *core.Session, tx core.Tx) error {
		if !d.MayRead(by, s) {
			return core.Missing()
		}
		data, err := rule(s, tx)
		if err != nil {
			return err
		}
		tx.Emit(by.Ref(), data...)
		keep(ctx, tx, s.ID, resultOf(data))
		return nil
	})
}

// resultOf names what an act made, if it made something that has an id of its own.
func resultOf(data []core.Data) string {
	for _, d := range data {
		switch d := d.(type) {
		case *core.Posted:
			return d.ID
		case *core.NoteAdded:
			return d.ID
		}
	}
	return ""
}

// sessionOf gives the picture that a command left behind.
func sessionOf(c *core.Committed, err error) (*core.Session, error) {
	if err != nil {
		return nil, err
	}
	return c.Session, nil
}
