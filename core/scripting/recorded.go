package scripting

import (
	"context"
	"encoding/json"
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
