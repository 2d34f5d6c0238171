package source

import (
	"fmt"
	"strings"
	"testing"

	"baton/adapters/lua/sandbox"
)

func world() *World {
	return &World{
		Globals: map[string]bool{"print": true, "store": true, "table": true, "string": true, "pairs": true, "rawset": true},
		Members: map[string]map[string]bool{"store": {"get": true, "set": true}, "table": {"insert": true}, "string": {"format": true}},
		Calls:   map[string]Arity{"store.get": {1, 2}, "print": {0, -1}, "store.set": {2, 3}},
		Hooks:   []string{"assign", "reply", "tag"},
	}
}

func TestCheckSaysWhatIsOdd(t *testing.T) {
	sandbox.Prepare()
	for _, row := range []struct {
		source string
		says   []string // line:column: message
	}{
		{"function assign(s, agents) return agents[1].id end", nil},
		{"function assignn() end", []string{"1:10: 'assignn' is no hook, did you mean 'assign'?"}},
		{"function assign() return helper() end\nfunction helper() end", nil},
		{"function assign() return helpr() end\nfunction helper() end", []string{"1:26: undefined global 'helpr', did you mean 'helper'?"}},
		{"function assign() return coroutine end", []string{"1:26: undefined global 'coroutine'"}},
		{"function assign() local x = 1 end", []string{"1:25: the local 'x' is never used"}},
		{"function assign() local _x, y = 1, 2 return y end", nil},
		{"function assign() for i, v in pairs({}) do end end", nil},
		{"local n = 0\nfunction assign() n = n + 1 return n end", []string{"2:19: 'n' is state in an upvalue: it begins anew with each call; what shall last belongs into the store"}},
		{"local seen = {}\nfunction assign(s) seen[s.id] = true end", []string{"2:20: 'seen' is state in an upvalue"}},
		{"local seen = {}\nfunction assign(s) table.insert(seen, s.id) end", []string{"2:33: 'seen' is state in an upvalue"}},
		{"local t = {}\nt.x = 1\nfunction assign() local t = {} t.y = 1 return t end", nil},
		{"function assign() count = 1 end", []string{"1:19: 'count' is a global, and globals are read-only after load: write 'local count'"}},
		{"function assign() return store.gte('x') end", []string{"1:32: store has no 'gte', did you mean 'get'?"}},
		{"function assign() return string.dump(assign) end", []string{"1:33: string has no 'dump'"}},
		{"function assign() local store = {} return store.gte end", nil},
		{"function assign() store.set('x') print() end", []string{"1:19: store.set needs 2 arguments, not 1"}},
		{"function assign() store.get('x', 1, 2) end", []string{"1:19: store.get takes 2 arguments at most, not 3"}},
		{"local function args() return 1, 2 end\nfunction assign() store.set(args()) end", nil},
		{"local M = {}\nfunction M.assign() end\nreturn M", nil},
		{"function print() end", []string{"1:10: 'print' is of the host, and this hides it"}},
		{"function assign() return string['\\255'] end", []string{"string has no"}},
	} {
		c, err := Compile("script.lua", row.source, Bounds{}.OrDefault(), world(), false)
		if err != nil {
			t.Errorf("%s: %v", row.source, err)
			continue
		}
		var says []string
		for _, p := range c.Problems {
			says = append(says, fmt.Sprintf("%d:%d: %s", p.Line, p.Column, p.Message))
			if p.Severity != "warning" {
				t.Errorf("%s: %q is %s", row.source, p.Message, p.Severity)
			}
		}
		ok := len(says) == len(row.says)
		for i := range row.says {
			ok = ok && strings.Contains(says[i], row.says[i])
		}
		if !ok {
			t.Errorf("%s\nsays   %q\nshould %q", row.source, says, row.says)
		}
	}
}

func TestSourceThatCannotRunIsRefusedWithItsPlace(t *testing.T) {
	sandbox.Prepare()
	for _, row := range []struct {
		source, says string
		line, column int
	}{
		{"function assign()\n  if x the\nend", "near 'the': syntax error", 2, 8},
		{"function assign()", "at the end of the file", 1, 0},
		{"local s = 'abc", "unterminated string", 1, 0},
		{"x = = 1", "syntax error", 1, 5},
		{"break", "no loop to break", 1, 0},
		{"return " + strings.Repeat("{", 300) + strings.Repeat("}", 300), "too deep", 1, 0},
		{strings.Repeat("x() ", 20000), "bytes long (limit", 0, 0},
		{strings.Repeat("f() ", 16000), "too large", 1, 0},
		{strings.Repeat("f(function()end) ", 600), "too many functions", 1, 0},
		{"\x1bLua", "only its source", 0, 0},
	} {
		c, err := Compile("script.lua", row.source, Bounds{}.OrDefault(), world(), false)
		if err == nil || !strings.Contains(err.Error(), row.says) {
			t.Errorf("%.40q is refused with %v, not for %q", row.source, err, row.says)
			continue
		}
		if len(c.Problems) != 1 || c.Problems[0].Severity != "error" || c.Problems[0].Line != row.line || c.Problems[0].Column != row.column {
			t.Errorf("%.40q has the problems %+v, not one at %d:%d", row.source, c.Problems, row.line, row.column)
		}
	}
}

func TestLongLadderIsNotDeep(t *testing.T) {
	sandbox.Prepare()
	source := "function assign(s) if s == 0 then return 0\n" + strings.Repeat("elseif s == 1 then return 1\n", 600) + "end end"
	if _, err := Compile("script.lua", source, Bounds{}.OrDefault(), world(), false); err != nil {
		t.Error(err)
	}
}
