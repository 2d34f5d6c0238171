package sandbox_test

import (
	"context"
	"fmt"
	"testing"

	"baton/adapters/lua/sandbox"
	"baton/adapters/lua/source"
	"baton/core"
)

func machine(t *testing.T, text string, limits sandbox.Limits) *sandbox.VM {
	t.Helper()
	sandbox.Prepare()
	c, err := source.Compile("script.lua", text, source.Bounds{}.OrDefault(), &source.World{}, false)
	if err != nil {
		t.Fatal(err)
	}
	limits = limits.OrDefault()
	vm, fault := sandbox.New(c.Proto, &limits, func(*sandbox.VM) {})
	if fault != nil {
		t.Fatal(fault)
	}
	return vm
}

func steps(t *testing.T, text string, limits sandbox.Limits) (int64, *core.ScriptError) {
	t.Helper()
	vm := machine(t, text, limits)
	_, fault := vm.Call(context.Background(), vm.Function("f"), 1)
	return vm.Budget.Used(), fault
}

// The whole sandbox stands on this: gopher-lua asks the context once before each instruction.
func TestEachInstructionIsCountedOnce(t *testing.T) {
	for _, row := range []struct {
		body string
		want int64
	}{
		{"", 1},                            // RETURN
		{"local a = 1", 2},                 // LOADK RETURN
		{"local a, b = 1, 2 a = a + b", 4}, // LOADK LOADK ADD RETURN
		{"for i = 1, 100 do end", 3 + 1 + 101 + 1},                      // LOADK x3, FORPREP, FORLOOP x101, RETURN
		{"local i = 0 while i < 10 do i = i + 1 end", 1 + 10*3 + 2 + 1}, // LOADK, LT ADD JMP x10, LT JMP, RETURN
	} {
		got, fault := steps(t, "function f() "+row.body+" end", sandbox.Limits{})
		if fault != nil || got != row.want {
			t.Errorf("%q takes %d steps, not %d (%v)", row.body, got, row.want, fault)
		}
	}
}

func TestBudgetIsSpentToTheLastStepAndNoFurther(t *testing.T) {
	const text = "function f() for i = 1, 100 do end end"
	needs, _ := steps(t, text, sandbox.Limits{})
	if _, fault := steps(t, text, sandbox.Limits{Steps: needs}); fault != nil {
		t.Errorf("with exactly the steps it needs it ends with %v", fault)
	}
	used, fault := steps(t, text, sandbox.Limits{Steps: needs - 1})
	if fault == nil || fault.Kind != core.FaultLimit || used != needs-1 {
		t.Errorf("with one step less it ends with %v after %d", fault, used)
	}
}

func TestStopCannotBeCaught(t *testing.T) {
	vm := machine(t, "caught = {} function f() pcall(function() while true do end end) print('on') end", sandbox.Limits{Steps: 1000})
	vm.Print = func(line string) { t.Errorf("the script went on after it was stopped, and printed %q", line) }
	if _, fault := vm.Call(context.Background(), vm.Function("f"), 1); fault == nil || fault.Kind != core.FaultLimit || !vm.Dead {
		t.Errorf("it ended with %v", fault)
	}
}

func TestLimitsAreWhatTheySay(t *testing.T) {
	for _, row := range []struct {
		body   string
		limits sandbox.Limits
		kind   core.ScriptFault // "" is none
	}{
		{"return ('x'):rep(100)", sandbox.Limits{String: 100}, ""},
		{"return ('x'):rep(101)", sandbox.Limits{String: 100}, core.FaultRuntime},
		{"return ('x'):rep(40) .. ('x'):rep(40) .. ('x'):rep(40)", sandbox.Limits{String: 100}, core.FaultRuntime},
		{"for i = 1, 10 do local s = ('x'):rep(1000) end", sandbox.Limits{Bytes: 11000}, ""},
		{"for i = 1, 12 do local s = ('x'):rep(1000) end", sandbox.Limits{Bytes: 11000}, core.FaultLimit},
		{"local t = {} for i = 1, 50 do t[i] = {} end", sandbox.Limits{Bytes: 40 << 10}, core.FaultLimit},
		{"local t = {} for i = 1, 64 do t[i] = i end return unpack(t, 1, 64)", sandbox.Limits{Unpack: 64}, ""},
		{"local t = {} return unpack(t, 1, 65)", sandbox.Limits{Unpack: 64}, core.FaultRuntime},
		{"local function g(n) if n > 0 then return 1 + g(n - 1) end return 0 end g(15)", sandbox.Limits{Depth: 20}, ""},
		{"local function g(n) if n > 0 then return 1 + g(n - 1) end return 0 end g(25)", sandbox.Limits{Depth: 20}, core.FaultRuntime},
	} {
		_, fault := steps(t, "function f() "+row.body+" end", row.limits)
		kind := core.ScriptFault("")
		if fault != nil {
			kind = fault.Kind
		}
		if kind != row.kind {
			t.Errorf("%s with %+v ends with %v", row.body, row.limits, fault)
		}
	}
}

func TestClipCutsBetweenCharacters(t *testing.T) {
	for _, row := range []struct {
		text  string
		limit int
		want  string
	}{
		{"short", 10, "short"}, {"äöü", 6, "äöü"}, {"äöüä", 7, "äö…"}, {"\xff\xfe", 9, "\ufffd"}, {"abcdef", 5, "ab…"},
	} {
		if got := sandbox.Clip(row.text, row.limit); got != row.want || len(got) > max(row.limit, 3) {
			t.Errorf("%q cut to %d bytes is %q, not %q", row.text, row.limit, got, row.want)
		}
	}
}

func ExampleLimits() {
	fmt.Println(sandbox.Limits{}.OrDefault().Steps)
	// Output: 1000000
}
