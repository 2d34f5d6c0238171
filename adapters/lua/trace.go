package lua

import (
	"context"
	"strconv"
	"strings"

	glua "github.com/yuin/gopher-lua"

	"baton/adapters/lua/host"
	"baton/adapters/lua/sandbox"
	"baton/adapters/lua/source"
	"baton/core"
	"baton/core/scripting"
)

const (
	maxSteps = 500 // that a trace tells
	maxShown = 80  // bytes of one value
	maxParts = 8   // of a table that is shown
)

// Trace is Ask with the steps that the script took. The answer is that of Ask itself; the steps are those of a second
// run, of a program that tells what it does, with what the first run read from the store.
func (p *program) Trace(ctx context.Context, c *core.Case, store core.ScriptStore) (core.Opinion, []scripting.Step) {
	o := p.Ask(ctx, c, store)
	compiled, err := source.Compile(fileOf(p.name), p.text, p.engine.config.Bounds, p.engine.world, true)
	if err != nil {
		return o, nil
	}
	limits := p.engine.config.Limits
	limits.Steps *= 4 // telling takes steps
	m, fault := host.NewMachine(compiled.Proto, &limits, p.engine.hostLimits())
	if fault != nil || m.Function(string(c.Hook)) == nil {
		return o, nil
	}
	t := &tracer{m: m}
	m.Saw, m.Called = t.saw, t.called
	again := scripting.Again(c, &o)
	m.Ask(ctx, p.name, again, scripting.Recorded(again), m.Function(string(c.Hook)))
	return o, t.steps
}

type tracer struct {
	m     *host.Machine
	steps []scripting.Step
}

func (t *tracer) add(s scripting.Step) {
	if len(t.steps) < maxSteps {
		s.Steps = t.m.Budget.Used()
		t.steps = append(t.steps, s)
	}
}

func (t *tracer) saw(line int, name string, value glua.LValue) {
	t.add(scripting.Step{Line: line, Name: name, Value: t.shown(value, 0)})
}

func (t *tracer) called(line int, call string, arguments, results []glua.LValue) {
	t.add(scripting.Step{Line: line, Call: call + "(" + t.all(arguments) + ")", Value: t.all(results)})
}

func (t *tracer) all(values []glua.LValue) string {
	shown := make([]string, 0, len(values))
	for _, v := range values[:min(len(values), maxParts)] {
		shown = append(shown, t.shown(v, 0))
	}
	return sandbox.Clip(strings.Join(shown, ", "), 2*maxShown)
}

// shown is a value as Lua would write it, cut short.
func (t *tracer) shown(v glua.LValue, depth int) string {
	switch v := v.(type) {
	case glua.LString:
		return sandbox.Clip(strconv.Quote(string(v[:min(len(v), 2*maxShown)])), maxShown)
	case *glua.LTable:
		return sandbox.Clip(t.table(v, depth), maxShown)
	case *glua.LFunction:
		return "function"
	}
	return v.String()
}

func (t *tracer) table(v *glua.LTable, depth int) string {
	if depth > 1 {
		return "{...}"
	}
	if id, ok := v.RawGetString("id").(glua.LString); ok && depth > 0 {
		return "{id = " + strconv.Quote(string(id)) + ", ...}"
	}
	var parts []string
	for key, value := v.Next(glua.LNil); key != glua.LNil; key, value = v.Next(key) {
		if len(parts) == maxParts {
			parts = append(parts, "...")
			break
		}
		part := t.shown(value, depth+1)
		if name, ok := key.(glua.LString); ok {
			part = string(name) + " = " + part
		}
		parts = append(parts, part)
	}
	return "{" + strings.Join(parts, ", ") + "}"
}
