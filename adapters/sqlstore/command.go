package sqlstore

import (
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"baton/core"
)

// command is one act on one session that waits for its turn in the committer.
type command struct {
	session string
	begins  string // the id of a session that is still to be made
	by      core.Actor
	work    core.Work
	receive func(*core.Session) (core.Side, core.Receipt, error) // instead of work: watermarks
	queued  time.Time
	done    func(*core.Committed, error)
	// alone says that a batch met trouble with this command: it goes in a batch of its own, so that it stands in
	// nobody's way.
	alone bool
	tries int // how often it was decided again after trouble
	// unlike are hashes that the log has shown to stand for other messages than this one.
	unlike []int64
}

// errRepeat is what work passes on when the client id may have been used before: only the log can tell.
type errRepeat struct {
	hash     int64
	author   core.ActorRef
	clientID string
	staged   bool // the first message is in this very batch
}

func (e *errRepeat) Error() string {
	return "the client id " + e.clientID + " may have been used before"
}

// txn collects what one command writes; it is the core.Tx that work sees.
type txn struct {
	at      time.Time
	session *core.Session // the picture that Emit applies to
	cmd     *command
	known   func(hash int64) (seen, staged bool)

	events    []*core.Event
	hashes    []int64
	places    []core.Place
	keys      []core.Idempotency
	missed    map[string]int // agent to limit
	answered  []string
	audits    []auditLine
	decisions []*core.Decision
	values    []core.ScriptWrite
	err       error
}

type auditLine struct {
	actor          core.ActorRef
	action, target string
	details        any
}

func (t *txn) At() time.Time { return t.at }

func (t *txn) Emit(by core.ActorRef, data ...core.Data) {
	for _, d := range data {
		t.EmitAt(t.at, by, d)
	}
}

func (t *txn) EmitAt(at time.Time, by core.ActorRef, data ...core.Data) {
	for _, d := range data {
		encoded, err := core.Encode(d)
		if err != nil {
			t.err = err
			return
		}
		e := &core.Event{Session: t.session.ID, Seq: t.session.Seq + 1, PublicPrev: core.StaffOnly, At: at.Truncate(time.Millisecond), Actor: by, Data: d, JSON: encoded}
		if d.Public() {
			e.PublicPrev = t.session.PublicSeq
		}
		t.session.Apply(e)
		t.events = append(t.events, e)
		if p, ok := d.(*core.Posted); ok && p.ClientID != "" {
			t.hashes = append(t.hashes, clientHash(p.Author, p.ClientID))
		}
	}
}

func (t *txn) Repeated(author core.ActorRef, clientID string) error {
	hash := clientHash(author, clientID)
	if slices.Contains(t.cmd.unlike, hash) {
		return nil
	}
	seen, staged := t.known(hash)
	if !seen {
		return nil
	}
	return &errRepeat{hash: hash, author: author, clientID: clientID, staged: staged}
}

func (t *txn) Need(p core.Place)              { t.places = append(t.places, p) }
func (t *txn) Keep(key core.Idempotency)      { t.keys = append(t.keys, key) }
func (t *txn) Answered(agent string)          { t.answered = append(t.answered, agent) }
func (t *txn) Put(writes ...core.ScriptWrite) { t.values = append(t.values, writes...) }

func (t *txn) Record(d *core.Decision) {
	d.At, d.LastAt, d.Count = t.at, t.at, 1
	t.decisions = append(t.decisions, d)
}

func (t *txn) Audit(action, on string, what any) {
	t.audits = append(t.audits, auditLine{actor: t.cmd.by.Ref(), action: action, target: on, details: what})
}

func (t *txn) Missed(agent string, limit int) {
	if t.missed == nil {
		t.missed = map[string]int{}
	}
	t.missed[agent] = limit
}

// clientHash names a message by its author and client id: FNV-1a of 64 bits, since the hashes are stored.
func clientHash(author core.ActorRef, clientID string) int64 {
	const offset, prime = 14695981039346656037, 1099511628211
	h := uint64(offset)
	for _, part := range [...]string{string(author.Role), author.ID, clientID} {
		for i := range len(part) {
			h = (h ^ uint64(part[i])) * prime
		}
		h = (h ^ 0xff) * prime
	}
	if h == 0 {
		h = 1
	}
	return int64(h)
}

// run decides the command on its session's picture and gives what it would write, or the refusal.
func (c *command) run(t *txn) (err error) {
	t.cmd = c
	defer func() {
		if p := recover(); p != nil {
			// One command with a bug must not take everybody's with it.
			err = fmt.Errorf("deciding a command on %s: %v\n%s", t.session.ID, p, debug.Stack())
		}
	}()
	if c.receive != nil {
		side, mark, err := c.receive(t.session)
		if err != nil {
			return err
		}
		t.session.Receive(side, mark.Delivered, mark.Read)
		return nil
	}
	if err := c.work(t.session, t); err != nil {
		return err
	}
	return t.err
}

// isRefusal tells a refusal that a fresh picture may overturn from an error that nothing will.
func isRefusal(err error) bool {
	var refusal *core.Error
	return errors.As(err, &refusal)
}
