package scripting

import (
	"context"
	"time"

	"baton/core"
)

// Shelf keeps what admins draft and publish; the store is one.
type Shelf interface {
	// Kept lists what is known of each script that was ever drafted, switched or published here.
	Kept(ctx context.Context) ([]*Kept, error)
	// KeptRev grows with each change of any script.
	KeptRev(ctx context.Context) (int64, error)
	// SaveDraft keeps the draft of a script, which need not exist yet. It is a Conflict when somebody else saved since
	// rev. An empty source takes the draft away.
	SaveDraft(ctx context.Context, by core.Actor, name, source string, rev int64) (*Kept, error)
	// Publish makes a source the newest version and puts it in force. The draft of this rev is done with.
	Publish(ctx context.Context, by core.Actor, name, source, hash, reason string) (*Version, error)
	// Withdraw takes what was published out of force; the versions stay.
	Withdraw(ctx context.Context, by core.Actor, name string) error
	// SetState switches a script on or off, or leaves that to the script itself.
	SetState(ctx context.Context, by core.Actor, name string, state State) error
	// SetTrial begins a trial, or ends the one there is with a zero one.
	SetTrial(ctx context.Context, by core.Actor, name string, t Trial) error
	// Versions lists what was published, the newest first.
	Versions(ctx context.Context, name string) ([]*Version, error)
	// Tests are the kept tests of a script, by name.
	Tests(ctx context.Context, name string) (map[string]string, error)
	// PutTest keeps a test; an empty body takes it away.
	PutTest(ctx context.Context, by core.Actor, script, name, body string) error
}

// State overrules what a script says of itself.
type State string

// The states.
const (
	AsItSays State = ""
	On       State = "on"
	Off      State = "off"
)

// Kept is what a Shelf has of one script.
type Kept struct {
	Name     string
	Draft    string
	DraftRev int64
	DraftBy  string // the name of whoever saved it last
	DraftAt  time.Time
	Live     *Version // nil when nothing was published or it was withdrawn
	State    State
	Trial    Trial
}

// Version is a published source. Versions of a script are numbered from 1.
type Version struct {
	Script    string
	Number    int
	Source    string
	Hash      string
	AuthorID  string
	Author    string
	Reason    string
	CreatedAt time.Time
}

// Trial is a draft that is tried beside the live script: in its shadow, without effect, or as a canary on a share of
// the sessions.
type Trial struct {
	Mode   core.Mode // empty: none
	Source string
	Share  int // percent of the sessions that a canary decides on
	Since  time.Time
	Ended  string // why the last canary was taken back by itself
}
