package simulate

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"baton/core"
)

// Scripts gives the scripts of a variant; the library is one.
type Scripts interface {
	// Apart gives the scripts in force apart from the desk that they serve, with this source in the place of the script of
	// that name, if a name is given, as if it were switched on. It says what that script is: a strategy, and a rule
	// otherwise.
	Apart(name, source string) (scripts core.Scripts, strategy bool, err error)
}

// What is what a variant changes.
type What string

// What a variant may change.
const (
	Present    What = "present" // nothing
	OtherText  What = "script"  // a script
	OtherStaff What = "agents"  // how many agents there are
)

// Variety is what is different in a variant.
type Variety struct {
	What   What     `json:"what" enum:"present,script,agents" doc:"What is different: nothing, a script, or how many agents there are"`
	Script string   `json:"script" doc:"The script that has another text"`
	More   int      `json:"more" doc:"How many agents more there are; below 0 fewer"`
	Queue  string   `json:"queue" doc:"The queue of those agents; empty for all"`
	Like   []string `json:"like" doc:"Whom those who were added are like, or who was taken away"`
}

// Variant is one of the things that are compared. The first one of a simulation is the present.
type Variant struct {
	Variety
	// Agents are who is there.
	Agents []Agent
	// Scripts decide; nil leaves everything to the built-in choice. Each variant has its own.
	Scripts core.Scripts
	// Strategy is that of all queues, when it is not empty.
	Strategy string
}

// Code names what a note says.
type Code string

// The notes.
const (
	FewerDays  Code = "fewer_days" // N of Of days were simulated
	FewerRuns  Code = "fewer_runs" // N of Of runs were done in time
	Everywhere Code = "everywhere" // no queue names the strategy Script, so it is tried in all
)

// Note is something that one should know of a result.
type Note struct {
	Code   Code   `json:"code" enum:"fewer_days,fewer_runs,everywhere"`
	N      int    `json:"n"`
	Of     int    `json:"of"`
	Script string `json:"script"`
}

// String says it in a sentence.
func (n Note) String() string {
	switch n.Code {
	case FewerDays:
		return fmt.Sprintf("%d of %d days were simulated, so that it does not take too long.", n.N, n.Of)
	case FewerRuns:
		return fmt.Sprintf("Only %d of %d runs were done in time: the figures are less sure than they could be.", n.N, n.Of)
	case Everywhere:
		return fmt.Sprintf("No queue names the strategy %s, so it was tried in all queues.", n.Script)
	}
	return string(n.Code)
}

// Compare makes variants of a plan, the present first. Of what is asked for each is one by itself.
type Compare struct {
	Plan    *Plan
	Scripts Scripts

	variants []Variant
	notes    []Note
}

// Present begins with things as they are.
func (c *Compare) Present() error {
	scripts, _, err := c.Scripts.Apart("", "")
	c.variants = append(c.variants, Variant{Variety: Variety{What: Present, Like: []string{}}, Agents: c.Plan.Agents, Scripts: scripts})
	return err
}

// Script adds a variant in which a script has another text. A strategy that no queue names is tried in all queues.
func (c *Compare) Script(name, source string) error {
	scripts, strategy, err := c.Scripts.Apart(name, source)
	var wrong *core.ScriptError
	if errors.As(err, &wrong) {
		return core.RefuseField("/script/source", "the script %s does not compile: line %d: %s", name, wrong.Line, wrong.Message)
	}
	if err != nil {
		return err
	}
	v := Variant{Variety: Variety{What: OtherText, Script: name, Like: []string{}}, Agents: c.Plan.Agents, Scripts: scripts}
	if strategy && !slices.ContainsFunc(c.Plan.Queues, func(q Queue) bool { return q.Strategy == name }) {
		v.Strategy = name
		c.notes = append(c.notes, Note{Code: Everywhere, Script: name})
	}
	c.variants = append(c.variants, v)
	return nil
}

// Staff adds a variant with so many agents more in a queue, or in all with "".
func (c *Compare) Staff(more int, queue string) error {
	agents, like, err := c.Plan.staffed(more, queue)
	if err != nil {
		return err
	}
	scripts, _, err := c.Scripts.Apart("", "")
	c.variants = append(c.variants, Variant{Variety: Variety{What: OtherStaff, More: more, Queue: queue, Like: like}, Agents: agents, Scripts: scripts})
	return err
}

// Setup gives what Run takes.
func (c *Compare) Setup() Setup {
	return Setup{Plan: c.Plan, Variants: c.variants, Notes: c.notes}
}

// Name says in a few words what is different.
func (v Variety) Name() string {
	switch v.What {
	case OtherText:
		return v.Script
	case OtherStaff:
		if v.More == 1 || v.More == -1 {
			return fmt.Sprintf("%+d agent", v.More)
		}
		return fmt.Sprintf("%+d agents", v.More)
	}
	return "present"
}

// About says it in a sentence.
func (v Variety) About() string {
	in := ""
	if v.Queue != "" {
		in = " in " + v.Queue
	}
	switch {
	case v.What == OtherText:
		return fmt.Sprintf("The script %s has the other text.", v.Script)
	case v.What == OtherStaff && v.More < 0:
		return fmt.Sprintf("%s%s: without %s.", v.Name(), in, listed(v.Like))
	case v.What == OtherStaff:
		return fmt.Sprintf("%s%s, with the queues, skills and shifts of %s.", v.Name(), in, listed(v.Like))
	}
	return "Everything as it is."
}

func listed(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
