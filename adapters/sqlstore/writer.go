package sqlstore

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"baton/core"
)

// writer puts a batch into the database: all of it in one transaction, or none. It is used by the committer
// alone. What went wrong is one of the errors below, or one that nobody foresaw.
type writer interface {
	// write commits the batch. Sessions are those that other nodes write too: they are locked and their heads
	// brought up to date by look before the batch is made.
	write(b *batch) error
	// writeShared locks these sessions, lets look read what other nodes wrote and make the batch, and commits it.
	writeShared(sessions []string, look func(tails map[string][]*core.Event) *batch, known map[string]int64) (*batch, error)
	// written says whether the batch was committed after all, when the answer to its commit was lost. When it says
	// no, the batch can never be committed any more.
	written(b *batch) (bool, error)
	// reset drops the connection after trouble, so that the next write starts on a new one.
	reset()
	close() error
}

// errStale says that other nodes were faster in these sessions; nothing was written.
type errStale struct{ sessions []string }

func (e *errStale) Error() string {
	return "another node wrote " + strings.Join(e.sessions, ", ") + " meanwhile"
}

// errCondition says that what a command took for granted is not so; nothing was written.
type errCondition struct {
	what condition
	name string // the agent, the new session, the key with its scope, or the value with its script
}

// concerns says whether the condition is one of this command's.
func (e *errCondition) concerns(d *decided) bool {
	switch e.what {
	case agentTaken:
		return slices.ContainsFunc(d.ops, func(o placeOp) bool { return o.agent == e.name && o.takes > 0 })
	case conversationOpen:
		return d.txn.session.ID == e.name
	}
	if e.what == valueChanged {
		return slices.ContainsFunc(d.txn.values, func(w core.ScriptWrite) bool { return valueName(w.Script, w.Key) == e.name })
	}
	return slices.ContainsFunc(d.txn.keys, func(k core.Idempotency) bool { return keyName(k) == e.name })
}

// keyName is an idempotency key with whose it is.
func keyName(k core.Idempotency) string { return k.Scope + "\x1f" + k.Key }

type condition int

const (
	agentTaken condition = iota
	conversationOpen
	keyTaken
	valueChanged
)

func (e *errCondition) Error() string {
	return fmt.Sprintf("%s: %s", [...]string{"the agent may not take it", "a session is open", "the key is used", "a script's value is another one"}[e.what], e.name)
}

// refusal is what the caller of the command is told when its condition fails.
func (e *errCondition) refusal() error {
	switch e.what {
	case agentTaken:
		return core.Refuse(core.Conflict, "the agent has no free place now, or may not take this chat; choose another, or force it")
	case conversationOpen:
		return errOpenElsewhere
	case valueChanged:
		return errValueChanged()
	}
	return core.Refuse(core.KeyInProgress, "a request with this idempotency key is under way; send it again in a moment")
}

// Errors that a batch can meet as a whole.
var (
	// errOpenElsewhere says that a new session met an open one; Begin finds out which.
	errOpenElsewhere = errors.New("there is an open session already")
	// errRetry says that nothing was written and that the same may work now: a deadlock, a lost connection.
	errRetry = errors.New("the batch must be tried again")
	// errUnknown says that the connection was lost during the commit.
	errUnknown = errors.New("it is not known whether the batch was written")
	// errTaken says that a session which is written would be open beside another one that took its place: it was
	// decided on a picture from before its end.
	errTaken = errors.New("another open session is in its place")
	// errBadData says that the database did not accept some value.
	errBadData = errors.New("the database refused a value")
	// errFull says that the disk has no room.
	errFull = errors.New("the disk is full")
)

// verify says which of the proposed sessions a write did not get, by the events that were written.
func verify(b *batch, got map[string]int) error {
	var stale []string
	for _, st := range b.order {
		if got[st.session.ID] != len(st.events) {
			stale = append(stale, st.session.ID)
		}
	}
	if len(stale) > 0 {
		return &errStale{sessions: stale}
	}
	return nil
}

// rows are the session rows that a batch writes whole: those it makes and those it changes.
func (b *batch) rows() (made, changed []*sessionRow, err error) {
	// By id, so that all who write several rows lock them in one order.
	for _, st := range b.byID() {
		if !st.whole || len(st.events) == 0 {
			continue
		}
		row, err := rowOf(st.session, b.at)
		if err != nil {
			return nil, nil, err
		}
		if st.before == nil {
			made = append(made, row)
		} else {
			changed = append(changed, row)
		}
	}
	return made, changed, nil
}
