package lua

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"baton/core"
	"baton/core/scripting"
)

func TestDecisionIsKeptAsATestThatPasses(t *testing.T) {
	e := New(Config{})
	for hook, text := range map[core.Hook]string{
		core.HookAssign:     `function assign(s, agents, ctx) return agents[ctx.counter % #agents + 1].id, store.get("why") end`,
		core.HookAfterHours: `function after_hours(s, schedule) return {text = schedule.next_open.text .. ": " .. s.reason.text, ticket = true} end`,
		core.HookTag:        `function tag(s, m) return {m.from, s.context.plan} end`,
		core.HookOnEvent:    `function on_event(e) assert(e.actor.name == "Ada") end`,
		core.HookReply:      `function reply() error("no") end`,
	} {
		p, _, err := e.Compile("script.lua", text)
		if err != nil {
			t.Fatal(err)
		}
		c := scripting.Sample(hook)
		c.Ctx.Counter = 3
		c.Ctx.Values = map[string]any{"a": []any{1, "yes"}}
		c.Store = map[string]json.RawMessage{"why": json.RawMessage(`"as it was: \"no\", 100% yes"`)}
		o := p.Ask(context.Background(), c, nil)
		file, err := e.WriteTest(c, o)
		if err != nil {
			t.Fatal(err)
		}
		out := e.Test(context.Background(), p, "kept", file)
		if !out.Passed {
			t.Errorf("%s: the kept test does not pass: %s\n%s", hook, out.Detail, file)
		}
		if o.Error == nil {
			again, wrong := out.Opinion, o
			again.Micros, wrong.Micros = 0, 0
			if asJSON(t, again) != asJSON(t, wrong) {
				t.Errorf("%s: the kept test asks another question:\n%s\n%s\n%s", hook, asJSON(t, again), asJSON(t, wrong), file)
			}
		}
	}
}

func TestTestThatIsWrittenWronglySaysWhere(t *testing.T) {
	e := New(Config{})
	p := compiled(t, `function assign(s, agents) return agents[1].id, "first" end
		function tag() return {"a"} end`)
	for _, row := range []struct{ file, says string }{
		{"-- want --\nhook: assign\nresult: a1\nwhy: first\n", ""},
		{"-- want --\nhook: tag\nresult: [a]\n", ""},
		{"-- want --\nresult: a1\n", "answers 2 hooks"},
		{"-- want --\nhook: assignn\n", "no hook"},
		{"-- agents --\n- {id: a1}\n", "hooks"},
		{"words\n-- request --\nqueue: x\nlnguage: de\n-- want --\nhook: assign\n", `line 4: request has no field "lnguage"`},
		{"-- request --\ncustomer: {id: c, nam: x}\n-- want --\nhook: assign\n", `line 2: request.customer has no field "nam"`},
		{"-- agents --\n- {id: a1}\n- {id: a2, laod: 1}\n-- want --\nhook: assign\n", `line 3: agents has no field "laod"`},
		{"-- agents --\n- {name: Ada}\n-- want --\nhook: assign\n", "line 2: an agent has an id"},
		{"-- request --\nwaiting_s: soon\n-- want --\nhook: assign\n", "line 2: section request"},
		{"-- request --\nqueue: [\n-- want --\nhook: assign\n", "section request"},
		{"-- agent --\nid: x\n-- want --\nhook: assign\n", `line 1: there is no section "agent"`},
		{"-- want --\nhook: assign\nresult: a2\n", `wanted the result "a2", got "a1" (first)`},
		{"-- want --\nhook: assign\nwhy: second\n", `wanted "second" as why`},
		{"-- want --\nhook: assign\nerror: limit\n", "wanted an error of the kind limit"},
		{"-- request --\nqueue: a\nqueue: b\n-- want --\nhook: assign\n", "already defined"},
	} {
		out := e.Test(context.Background(), p, "x", []byte(row.file))
		if row.says == "" && !out.Passed || row.says != "" && !strings.Contains(out.Detail, row.says) {
			t.Errorf("%q: passed %v, says %q, should say %q", row.file, out.Passed, out.Detail, row.says)
		}
	}
}
