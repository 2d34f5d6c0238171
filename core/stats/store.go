package stats

import (
	"context"
	"time"

	"baton/core"
)

// Store keeps facts and pages, and knows what is open now.
type Store interface {
	Ledger
	Live
	// Account gives the time zone.
	Account(ctx context.Context) (core.Account, error)
}

// Ledger is what Rollup writes. All its changes are made on condition of a revision, so that several nodes may try.
type Ledger interface {
	// Progress says how far the roll-up has come; at the start it is zero.
	Progress(ctx context.Context) (Progress, error)
	// Keep writes all of a change, or nothing and a Conflict when the progress has another revision than was.
	Keep(ctx context.Context, was int64, c Change) error
	// Unfolded gives sessions that have ended, that changed since a time, and whose fact is missing or older than their
	// row, and when the last of them changed; oldest change first.
	Unfolded(ctx context.Context, since int64, limit int) (ids []string, last int64, err error)
	// EndedSince gives sessions after this id, by id, that have ended and were active at that time or later.
	EndedSince(ctx context.Context, since int64, after string, limit int) (ids []string, err error)
	// ActiveSince gives sessions after this id, by id, that were active at that time or later, whether they have ended or
	// not.
	ActiveSince(ctx context.Context, since int64, after string, limit int) (ids []string, err error)
	// Logs gives the whole logs of sessions, but those that cannot be read.
	Logs(ctx context.Context, ids []string) (map[string][]*core.Event, error)
	// Facts gives the facts of these sessions, as far as there are any.
	Facts(ctx context.Context, ids []string) ([]*Fact, error)
	// FactsAfter gives facts by the time of their request and id, after that of another one.
	FactsAfter(ctx context.Context, created int64, session string, limit int) ([]*Fact, error)
	// FactsIn gives facts by id, after one, of sessions that were requested before the end of a time and ended after its
	// beginning.
	FactsIn(ctx context.Context, in Span, after string, limit int) ([]*Fact, error)
	// Pages reads pages; one that is not there is left out.
	Pages(ctx context.Context, places []Place) (map[Place][]byte, error)
	// PagesOn reads all pages of some days or months.
	PagesOn(ctx context.Context, zone string, on Stretch) (map[Place][]byte, error)
	// States gives what agents were during a time: for each the last state before it and those within, by agent and time.
	States(ctx context.Context, in Span) ([]State, error)
	// Counted sums the counters of messages in a time that begins and ends with a quarter of an hour, by role.
	Counted(ctx context.Context, in Span) (map[core.Role]int64, error)
	// Recount writes what counters of messages must have been, by quarter of an hour and role, for all quarters in a time.
	Recount(ctx context.Context, in Span, counts map[Quarter]int64) error
	// Begun is when the first event, state or counter is from; 0 when there is nothing.
	Begun(ctx context.Context) (int64, error)
}

// Live is what Figures reads besides pages.
type Live interface {
	// PagesFrom reads the pages of a dimension on some days and months, of these queues, or with nil of each but not of
	// the account.
	PagesFrom(ctx context.Context, zone string, of Dimension, queues []string, on ...Stretch) ([]Page, error)
	// Open counts the open sessions that were requested in a time, in these queues or in all with nil, by what they have
	// in common. Those with several tags are in several groups.
	Open(ctx context.Context, in Span, queues []string, by Group) ([]Grouped, error)
	// Rated gives the newest ratings of ended sessions that were requested in a time, with what customers wrote.
	Rated(ctx context.Context, in Span, queues []string, limit int) ([]Rated, error)
	// Scripted counts decisions made in a time by script and hook.
	Scripted(ctx context.Context, in Span) ([]Scripted, error)
	// FactsOf gives facts of sessions requested in a time, by that time and id, after that of another one.
	FactsOf(ctx context.Context, in Span, queues []string, created int64, session string, limit int) ([]*Fact, error)
	// OpenIDs gives open sessions that were requested in a time, by id, after one.
	OpenIDs(ctx context.Context, in Span, queues []string, after string, limit int) ([]string, error)
	// Names gives the names of agents, queues and bots by their ids.
	Names(ctx context.Context) (map[string]string, error)
	// Lines counts how many wait in each queue now.
	Lines(ctx context.Context) (map[string]int64, error)
}

// Progress says how far the roll-up has come.
type Progress struct {
	Rev int64 `json:"-"`
	// Folded is the time of change up to which ended sessions have facts.
	Folded int64 `json:"folded"`
	// Zone is the time zone of the pages that questions are answered from.
	Zone string `json:"zone"`
	// Next is the zone that pages are being made for, with the facts up to one, by time of request and id.
	Next     string `json:"next,omitempty"`
	NextAt   int64  `json:"next_at,omitempty"`
	NextFact string `json:"next_fact,omitempty"`
	// Newest is the last day of which there are pages, or one later than that.
	Newest Day `json:"newest,omitempty"`
	// Clocked is the last day whose states and messages are in pages.
	Clocked Day `json:"clocked,omitempty"`
}

// Change is what one transaction of the roll-up writes. A page without bytes is removed.
type Change struct {
	Progress Progress
	Facts    []*Fact
	Pages    map[Place][]byte
	// Drop removes all pages of these zones, and Reset all pages and facts, before anything is written.
	Drop  []string
	Reset bool
}

// State is what an agent was from a moment on: a status, or gone while he gave no sign of life.
type State struct {
	Agent string
	Since int64
	State string
}

// Gone is the state of an agent who gave no sign of life.
const Gone = "gone"

// Quarter is a quarter of an hour, counted from 1970, with who wrote in it.
type Quarter struct {
	Number int64
	Role   core.Role
}

// QuarterLength is as long as all time zones' offsets are multiples of.
const QuarterLength = 15 * time.Minute

// QuarterOf gives the quarter in which a moment lies.
func QuarterOf(ms int64) int64 { return ms / QuarterLength.Milliseconds() }

// Page is a page as it was read.
type Page struct {
	Place
	Data []byte
}

// Group is what open sessions are counted by.
type Group string

// What open sessions are counted by: the quarter of an hour of their request, their status, or a part of them.
const (
	GroupQuarter  Group = "quarter"
	GroupStatus   Group = "status"
	GroupQueue    Group = "queue"
	GroupAgent    Group = "agent"
	GroupPriority Group = "priority"
	GroupTag      Group = "tag"
	GroupBot      Group = "bot"
	GroupChannel  Group = "channel"
	GroupReason   Group = "reason"
)

// Grouped is how many open sessions have a key in common.
type Grouped struct {
	Key string
	N   int64
}

// Rated is a customer's judgement.
type Rated struct {
	Session string
	Agent   *core.Ref
	At      int64
	Score   int
	Comment string
}

// Scripted is what scripts decided in a time.
type Scripted struct {
	Script    string
	Hook      core.Hook
	Decisions int64 // that it answered
	Errors    int64 // in which it went wrong
}
