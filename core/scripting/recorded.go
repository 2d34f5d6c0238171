package scripting

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"

	"baton/core"
)

// Recorded is the store as a case tells of it: what the script read when it was first asked, and the counter. A key
// that the case does not name has no value.
func Recorded(c *core.Case) core.ScriptStore { return told{c} }

// Again gives the case as a script saw it that came to this opinion: the same script will come to it once more.
func Again(c *core.Case, o *core.Opinion) *core.Case {
	again := *c
	again.Store, again.Ctx.Counter = o.Reads, o.Counter
	return &again
}

// CaseOf gives what a script was asked in a decision, and its store as it was then. A script that was not asked finds
// nothing in its store.
func CaseOf(d *core.Decision, script string) (*core.Case, core.ScriptStore) {
	c := d.Case
	if i := slices.IndexFunc(d.Opinions, func(o core.Opinion) bool { return o.Script == script && o.Mode != core.ModeShadow }); i >= 0 {
		c = Again(c, &d.Opinions[i])
	}
	return c, Recorded(c)
}

type told struct{ c *core.Case }

func (r told) Get(_ context.Context, _, key string) (value json.RawMessage, rev int64, err error) {
	if key == core.CounterKey(r.c.Session.Queue) {
		if last := r.c.Ctx.Counter - 1; last > 0 {
			return strconv.AppendInt(nil, last, 10), 1, nil
		}
		return nil, 0, nil
	}
	if value := r.c.Store[key]; value != nil && string(value) != "null" {
		return value, 1, nil
	}
	return nil, 0, nil
}
