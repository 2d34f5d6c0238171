// Package scripting keeps the company's own scripts: which one is in force and from where, how a draft becomes
// live, and what a script that goes wrong may cost. What a script is written in, an Engine knows.
package scripting

import (
	"context"
	"time"

	"baton/core"
)

// Engine makes programs of sources. An adapter is one.
type Engine interface {
	// Compile gives the program, or a *core.ScriptError. Problems are what a check of the source found, warnings
	// included; they are given in both cases.
	Compile(name, source string) (Program, []core.ScriptProblem, error)
	// Test runs a kept test of a program: a file with a request, agents and what is wanted.
	Test(ctx context.Context, p Program, name string, file []byte) Outcome
	// Limits are the bounds of one call.
	Limits() Limits
	// Reference is what scripts may call and are given, for editors.
	Reference() []Entry
	// WriteTest writes a case and the answer it must get as such a file.
	WriteTest(c *core.Case, want core.Opinion) ([]byte, error)
}

// Limits bound one call of a script.
type Limits struct {
	Steps int64
	Wall  time.Duration
}

// Program is a compiled script. Many may ask it at once.
type Program interface {
	Name() string
	Version() string // of the source
	Source() string
	Header() Header
	// Hooks are those that it defines, in the order of core.Hooks.
	Hooks() []core.Hook
	// Ask puts a case to the script. What goes wrong is in the opinion.
	Ask(ctx context.Context, c *core.Case, store core.ScriptStore) core.Opinion
	// Trace is Ask with the steps it took, for a dry run.
	Trace(ctx context.Context, c *core.Case, store core.ScriptStore) (core.Opinion, []Step)
}

// Kind says when a script is asked.
type Kind string

// A rule is asked of every chat; a strategy is asked where a queue names it.
const (
	Rule     Kind = "rule"
	Strategy Kind = "strategy"
)

// Header is what a script's first comment lines say of it: "-- title: VIP first", "-- kind: strategy",
// "-- order: 50", "-- state: off", "-- hook: assign". The first comment lines without a key are About.
type Header struct {
	Title string
	About string
	Kind  Kind
	// Order is the place among the rules, the smallest first; 100 when nothing is said.
	Order int
	// Off is a script that somebody must turn on.
	Off bool
	// Hook is the one that "baton scripts run" asks when none is named.
	Hook core.Hook
}

// Step is something that happened while a script ran: a value that got a name, or a call of the host.
type Step struct {
	Line  int    `json:"line"`
	Name  string `json:"name,omitempty"`  // of the variable
	Call  string `json:"call,omitempty"`  // of the host's function, with its arguments
	Value string `json:"value,omitempty"` // short, as Lua would write it
	Steps int64  `json:"steps"`           // taken until then
}

// Entry explains one thing that scripts may define, call or read.
type Entry struct {
	Name      string `json:"name"`
	Kind      string `json:"kind"` // hook, module, function, field ...
	Signature string `json:"signature,omitempty"`
	Doc       string `json:"doc"`
	Since     string `json:"since"`
}

// Outcome is what a test came to.
type Outcome struct {
	Name    string       `json:"name"`
	Passed  bool         `json:"passed"`
	Detail  string       `json:"detail,omitempty"` // what differs, or why it could not run
	Opinion core.Opinion `json:"opinion"`
}
