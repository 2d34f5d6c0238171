package core

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"
)

// Fate says what became of a candidate in a decision about who gets a chat.
type Fate string

// The fates. All but the first two say why the agent could not be chosen.
const (
	FateChosen    Fate = "chosen"
	FateNotChosen Fate = "not_chosen"   // he could have been
	FateFull      Fate = "full"         // no place free
	FateAway      Fate = "away"         // he takes no chats now
	FateOffline   Fate = "offline"      // he is off duty
	FateGone      Fate = "gone"         // he gave no sign of life
	FatePassed    Fate = "passed"       // he declined or missed this chat just now
	FatePassedOft Fate = "passed_often" // he passed it more often than others
	FateBusy      Fate = "busy"         // somebody else is available
)

// Candidate is an agent of the queue with what became of him.
type Candidate struct {
	Agent    Ref         `json:"agent"`
	Fate     Fate        `json:"fate"`
	Status   AgentStatus `json:"status"`
	Load     int         `json:"load"`
	Capacity int         `json:"capacity"`
}

// CandidatesKept is how many candidates a decision keeps one by one; of the rest it keeps how many met which fate.
const CandidatesKept = 50

// Decision is what the ledger keeps of one question: what was known, what each script said, who was passed over and
// why, and what came of it.
type Decision struct {
	ID      string    `json:"id"`
	At      time.Time `json:"at"`
	Session string    `json:"session"`
	Queue   string    `json:"queue"` // its id
	Hook    Hook      `json:"hook"`
	// Case is what the scripts were asked; nil when nobody had to be.
	Case       *Case        `json:"case,omitempty"`
	Candidates []Candidate  `json:"candidates,omitempty"`
	Others     map[Fate]int `json:"others,omitempty"` // candidates that are not listed
	Opinions   []Opinion    `json:"opinions,omitempty"`
	// Answered names the script that decided, BuiltIn, or nobody.
	Answered string `json:"answered,omitempty"`
	// Outcome is the agent's id, the priority, the tags ..., "hold" or "nobody".
	Outcome string `json:"outcome"`
	Why     string `json:"why,omitempty"`
	// Count is how often the same was decided in a row, the last time at LastAt.
	Count  int       `json:"count"`
	LastAt time.Time `json:"last_at"`
	// Again says that this is not a new decision but the last one once more.
	Again bool `json:"-"`
}

// List puts what became of the agents into the decision: the first ones by name, those who could have been chosen
// before others, and of the rest how many met which fate.
func (d *Decision) List(agents []Candidate) {
	slices.SortStableFunc(agents, func(a, b Candidate) int { return cmp.Compare(a.Fate.rank(), b.Fate.rank()) })
	for i, c := range agents {
		if i < CandidatesKept {
			continue
		}
		if d.Others == nil {
			d.Others = map[Fate]int{}
		}
		d.Others[c.Fate]++
	}
	d.Candidates = agents[:min(len(agents), CandidatesKept)]
}

func (f Fate) rank() int {
	switch f {
	case FateChosen:
		return 0
	case FateNotChosen:
		return 1
	}
	return 2
}

// BuiltIn answers when no script does.
const BuiltIn = "least busy (built in)"

// Outcomes of a search for an agent without one.
const (
	OutcomeNobody = "nobody"
	OutcomeHold   = "hold"
)

// Failed names the scripts that went wrong in this decision, and the drafts that did in their shadow.
func (d *Decision) Failed() (scripts, drafts []string) {
	for _, o := range d.Opinions {
		switch {
		case o.Error == nil:
		case o.Mode == ModeShadow:
			drafts = append(drafts, o.Script)
		default:
			scripts = append(scripts, o.Script)
		}
	}
	return scripts, drafts
}

// Trials names the scripts of which a draft took part, and says of each whether it differed from what was decided.
func (d *Decision) Trials() (differs map[string]bool) {
	for _, o := range d.Opinions {
		if o.Mode == ModeLive {
			continue
		}
		if differs == nil {
			differs = map[string]bool{}
		}
		differs[o.Script] = o.Differs
	}
	return differs
}

// DecisionFilter narrows the ledger. Empty fields do not narrow.
type DecisionFilter struct {
	Session string
	Queues  []string
	Hook    Hook
	Failed  string // a script that went wrong
	Trial   string // a script of which a draft took part
	Since   time.Time
	After   string // id of the last one of the page before
	Limit   int
}

// Ledger keeps decisions for DecisionsKept. Those that are part of a session's command are kept with it, by Tx.Record.
type Ledger interface {
	// Decisions lists the newest first.
	Decisions(ctx context.Context, f DecisionFilter) ([]*Decision, error)
	Decision(ctx context.Context, id string) (*Decision, error)
	// Trial counts the decisions since then in which a draft of the script took part, and those that differed or failed.
	Trial(ctx context.Context, script string, since time.Time) (TrialFigures, error)
}

// TrialFigures are what a shadow or a canary came to.
type TrialFigures struct {
	Asked   int `json:"asked"`
	Differs int `json:"differs"`
	Failed  int `json:"failed"`
}

// DecisionsKept is how long the ledger goes back.
const DecisionsKept = 30 * 24 * time.Hour

// Name gives a decision its id, if it has none: most are never kept.
func (d *Decision) Name() {
	if d.ID == "" {
		d.ID = NewID(DecisionPrefix)
	}
}

// DecisionPrefix begins the id of a decision.
const DecisionPrefix = "dec_"

// EncodeDecision and DecodeDecision are how a decision is kept.
func EncodeDecision(d *Decision) ([]byte, error) { return json.Marshal(d) }

// DecodeDecision reads what EncodeDecision wrote.
func DecodeDecision(data []byte) (*Decision, error) {
	d := new(Decision)
	return d, json.Unmarshal(data, d)
}
