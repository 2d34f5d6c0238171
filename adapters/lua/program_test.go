package lua

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"baton/adapters/lua/sandbox"
	"baton/core"
	"baton/core/scripting"
)

func TestHeaderSaysWhatAScriptIs(t *testing.T) {
	p := compiled(t, `-- title: VIP first
-- kind: strategy
-- order: 50
-- state: off
-- hook: assign
-- Chats of VIPs go to the team.
-- order: soon

-- title: too late
function overflow() end
function assign() end`)
	want := scripting.Header{
		Title: "VIP first", Kind: scripting.Strategy, Order: 50, Off: true, Hook: core.HookAssign,
		About: "Chats of VIPs go to the team.\norder: soon",
	}
	if got := p.Header(); got != want {
		t.Errorf("the header is %+v, not %+v", got, want)
	}
	if got := p.Hooks(); len(got) != 2 || got[0] != core.HookAssign || got[1] != core.HookOverflow {
		t.Errorf("the hooks are %v", got)
	}
	if got := compiled(t, "").Header(); got.Kind != scripting.Rule || got.Order != 100 || got.Off {
		t.Errorf("without a header it is %+v", got)
	}
}

func TestAnswersAreRead(t *testing.T) {
	for _, row := range []struct {
		hook         core.Hook
		gives        string
		result, why  string
		answer       core.Answer
		nothingGiven bool
	}{
		{hook: core.HookAssign, gives: `"a2", "because"`, result: `"a2"`, why: "because", answer: core.Answer{Given: true, Agent: "a2"}},
		{hook: core.HookAssign, gives: `false, "later"`, result: "false", why: "later", answer: core.Answer{Given: true, Hold: true}},
		{hook: core.HookAssign, gives: `nil, "whatever"`, result: "null"},
		{hook: core.HookPrioritise, gives: `"urgent"`, result: `"urgent"`, answer: core.Answer{Given: true, Priority: core.Urgent}},
		{hook: core.HookOverflow, gives: `"general"`, result: `"general"`, answer: core.Answer{Given: true, Queue: "general"}},
		{hook: core.HookReply, gives: `"Hello <b>ä</b>"`, result: `"Hello <b>ä</b>"`, answer: core.Answer{Given: true, Text: "Hello <b>ä</b>"}},
		{hook: core.HookReply, gives: `"  "`, result: `""`},
		{hook: core.HookTag, gives: `{"a", "b", "a"}`, result: `["a","b"]`, answer: core.Answer{Given: true, Tags: []string{"a", "b"}}},
		{hook: core.HookTag, gives: `{}`, result: `[]`},
		{hook: core.HookAfterHours, gives: `"closed"`, result: `"closed"`, answer: core.Answer{Given: true, Text: "closed"}},
		{hook: core.HookAfterHours, gives: `{text = "closed", ask = "email", close = true, ticket = true}`, result: `{"text":"closed","ask":"email","close":true,"ticket":true}`,
			answer: core.Answer{Given: true, Text: "closed", Ask: "email", Close: true, Ticket: true}},
		{hook: core.HookOnEvent, gives: `"what nobody reads"`, result: "null"},
	} {
		p := compiled(t, "function "+string(row.hook)+"() return "+row.gives+" end")
		o := p.Ask(context.Background(), scripting.Sample(row.hook), nil)
		if o.Error != nil || o.Result != row.result || o.Why != row.why || encoded(o.Answer) != encoded(row.answer) || o.Answer.Given != row.answer.Given {
			t.Errorf("%s gives %s: result %s, why %q, answer %+v, error %v", row.hook, row.gives, o.Result, o.Why, o.Answer, o.Error)
		}
	}
}

func TestErrorNamesLineAndSource(t *testing.T) {
	o := compiled(t, "function assign(session, agents)\n\n  return agents[9].id\nend").Ask(context.Background(), scripting.Sample(core.HookAssign), nil)
	want := core.ScriptError{Kind: core.FaultRuntime, Line: 3, Source: "  return agents[9].id",
		Message: "script.lua:3: attempt to index a non-table object(nil) with key 'id'"}
	if o.Error == nil || *o.Error != want {
		t.Errorf("the error is %+v, not %+v", o.Error, want)
	}
}

func TestScriptThatFailedIsAskedAgainWithACleanInterpreter(t *testing.T) {
	p := compiled(t, `local memo = {}
		function assign(session, agents)
			if memo.seen then return agents[2].id end
			local m = memo
			m.seen = true
			if session.queue == "bad" then error("no") end
			return agents[1].id
		end`)
	bad := scripting.Sample(core.HookAssign)
	bad.Session.Queue = "bad"
	for range 20 {
		if o := p.Ask(context.Background(), bad, nil); o.Error == nil || !strings.Contains(o.Error.Message, "no") {
			t.Fatalf("what an error left behind was seen: %+v", o)
		}
	}
}

func TestScriptThatKeepsStateDecidesAlikeEachTime(t *testing.T) {
	p := compiled(t, `local turn = 0
		function assign(session, agents) turn = turn + 1 return agents[turn].id end`)
	for range 5 {
		if o := p.Ask(context.Background(), scripting.Sample(core.HookAssign), nil); o.Answer.Agent != "a1" {
			t.Fatalf("it was answered %q (%v)", o.Answer.Agent, o.Error)
		}
	}
}

func TestWhoDoesNotWaitAnyLongerStopsTheScript(t *testing.T) {
	e := New(Config{Limits: sandbox.Limits{Steps: 1 << 40, Wall: time.Hour}})
	p, _, err := e.Compile("script.lua", "function assign() while true do end end")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	o := p.Ask(ctx, scripting.Sample(core.HookAssign), nil)
	if o.Error == nil || o.Error.Kind != core.FaultLimit || !strings.Contains(o.Error.Message, "did not wait") {
		t.Errorf("the script ended with %v", o.Error)
	}
}

func TestCallWaitsForAnInterpreterOnlySoLong(t *testing.T) {
	e := New(Config{Limits: sandbox.Limits{Steps: 1 << 40, Wall: time.Hour}, VMs: 1, Wait: 10 * time.Millisecond})
	p, _, err := e.Compile("script.lua", "function assign() while true do end end")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	first := make(chan core.Opinion)
	store := &signal{asked: make(chan struct{})}
	blocker, _, err := e.Compile("script.lua", "function assign(s, a, ctx) local n = ctx.counter while true do end end")
	if err != nil {
		t.Fatal(err)
	}
	go func() { first <- blocker.Ask(ctx, scripting.Sample(core.HookAssign), store) }()
	<-store.asked // it runs
	for _, waits := range []context.Context{context.Background(), canceled()} {
		o := blocker.Ask(waits, scripting.Sample(core.HookAssign), store)
		if o.Error == nil || o.Error.Kind != core.FaultLimit || !strings.Contains(o.Error.Message, "busy") {
			t.Errorf("a call that found no interpreter ended with %v", o.Error)
		}
	}
	cancel()
	<-first
	_ = p
}

func canceled() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

// signal is a store that tells that it was asked.
type signal struct{ asked chan struct{} }

func (s *signal) Get(context.Context, string, string) (json.RawMessage, int64, error) {
	close(s.asked)
	return nil, 0, nil
}

func TestHeapThatGrowsStopsTheScript(t *testing.T) {
	e := New(Config{Limits: sandbox.Limits{Steps: 1 << 40, Bytes: 1 << 40, Wall: time.Hour, Heap: 8 << 20}})
	p, _, err := e.Compile("script.lua", "function assign() local keep = {} for i = 1, 1e9 do keep[i] = ('x'):rep(100000) .. i end end")
	if err != nil {
		t.Fatal(err)
	}
	o := p.Ask(context.Background(), scripting.Sample(core.HookAssign), nil)
	if o.Error == nil || o.Error.Kind != core.FaultLimit || !strings.Contains(o.Error.Message, "short of memory") {
		t.Errorf("the script ended with %v", o.Error)
	}
}

func TestTraceAnswersLikeAskAndTellsValuesAndCalls(t *testing.T) {
	text := `function assign(session, agents)
  local best = agents[1]
  for i, a in ipairs(agents) do
    if a.load < best.load then best = a end
  end
  local n = store.incr("n")
  log.info("chosen " .. best.id)
  return best.id, "least"
end`
	p := compiled(t, text)
	c := scripting.Sample(core.HookAssign)
	plain := p.Ask(context.Background(), c, nil)
	traced, steps := p.Trace(context.Background(), c, nil)
	if asJSON(t, plain) != asJSON(t, traced) {
		t.Errorf("traced, the answer is another one:\n%s\n%s", asJSON(t, plain), asJSON(t, traced))
	}
	var told []string
	for _, s := range steps {
		told = append(told, strings.TrimSpace(s.Name+s.Call)+" = "+s.Value)
	}
	all := strings.Join(told, "\n")
	for _, want := range []string{"\ni = 3\n", "best = {", "store.incr(\"n\") = 1", "\nn = 1\n", "log.info(\"chosen a4\") = "} {
		if !strings.Contains(all+"\n", want) {
			t.Errorf("the trace does not tell %q:\n%s", want, all)
		}
	}
	if first := steps[0]; first.Line != 2 || first.Name != "best" || !strings.Contains(first.Value, `id = "a1"`) {
		t.Errorf("the first step is %+v", first)
	}
}

func TestTraceIsBounded(t *testing.T) {
	p := compiled(t, "function assign() for i = 1, 1e9 do local s = ('x'):rep(1000) end end")
	o, steps := p.Trace(context.Background(), scripting.Sample(core.HookAssign), nil)
	if len(steps) != 500 || o.Error == nil || o.Error.Kind != core.FaultLimit {
		t.Errorf("it tells %d steps and ends with %v", len(steps), o.Error)
	}
	for _, s := range steps {
		if len(s.Value) > 80 {
			t.Fatalf("a value of %d bytes is shown", len(s.Value))
		}
	}
}
