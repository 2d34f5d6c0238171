// Package host is what a script finds around it: the session, the agents and the others that it is asked about, and
// the modules that Baton gives to it.
package host

import (
	"context"
	"encoding/json"
	"time"

	glua "github.com/yuin/gopher-lua"

	"baton/adapters/lua/sandbox"
	"baton/core"
)

// Limits say what a script may say on its way.
type Limits struct {
	Lines int // of its log; 100
	Line  int // bytes of one; 1,000
}

// Machine is an interpreter with one script in it, and with what the case that it is asked about gives to it.
type Machine struct {
	*sandbox.VM
	limits      Limits
	agents      agents
	given       given
	ask         ask
	zones       map[string]*time.Location
	expressions map[string]*expression
}

// ask is what belongs to one case.
type ask struct {
	ctx     context.Context //nolint:containedctx // the store is read while the script runs
	script  string
	c       *core.Case
	store   core.ScriptStore
	log     []string
	reads   map[string]json.RawMessage
	held    map[string]*held
	counter int64
	counted *held
}

// NewMachine makes a machine and runs the script once, so that it defines its hooks.
func NewMachine(proto *glua.FunctionProto, cost *sandbox.Limits, limits Limits) (*Machine, *core.ScriptError) {
	m := &Machine{limits: limits, zones: map[string]*time.Location{}, expressions: map[string]*expression{}}
	vm, fault := sandbox.New(proto, cost, func(vm *sandbox.VM) {
		m.VM = vm
		vm.Print = m.say
		m.openModules()
	})
	if fault != nil {
		return nil, fault
	}
	m.VM = vm
	return m, nil
}

func (m *Machine) openModules() {
	m.Module("log", m.logModule())
	m.Module("text", m.textModule())
	m.Module("re", m.reModule())
	m.Module("json", m.jsonModule())
	m.Module("time", m.timeModule())
	m.Module("os", m.osModule())
	m.Module("store", m.storeModule())
	m.Module("assets", nil)
	m.prepare()
	m.SetGlobal("settings", m.given.settings.Table)
	m.SetGlobal("t", m.L.NewFunction(translate))
}

// Asked is what came of asking: what the hook gave back, and what happened on the way.
type Asked struct {
	Values  []glua.LValue
	Fault   *core.ScriptError
	Log     []string
	Reads   map[string]json.RawMessage
	Counter int64
	Writes  []core.ScriptWrite
}

// Ask calls the hook of a case. The values are good until the next call.
func (m *Machine) Ask(ctx context.Context, script string, c *core.Case, store core.ScriptStore, hook *glua.LFunction) Asked {
	m.ask = ask{ctx: ctx, script: script, c: c, store: store}
	m.Seed(c.Seed)
	m.renew()
	arguments := m.arguments(c)
	values, fault := m.Call(ctx, hook, 2, arguments[:]...)
	out := Asked{Values: values, Fault: fault, Log: m.ask.log, Reads: m.ask.reads, Counter: m.ask.counter}
	if fault == nil {
		out.Writes = m.writes()
	}
	m.ask = ask{}
	return out
}

// say keeps a line of the log. What comes after the last that is kept is not heard.
func (m *Machine) say(line string) {
	if len(m.ask.log) < m.limits.Lines {
		m.ask.log = append(m.ask.log, sandbox.Clip(line, m.limits.Line))
	}
}

func (m *Machine) logModule() map[string]sandbox.Func {
	says := func(prefix string) sandbox.Func {
		return func(l *glua.LState) int {
			m.Budget.Steps(l, 16)
			m.say(prefix + m.ToText(l.CheckAny(1)))
			return 0
		}
	}
	return map[string]sandbox.Func{"info": says(""), "warn": says("warning: ")}
}

// translate gives a text as it is: only plugins have translations.
func translate(l *glua.LState) int {
	l.Push(glua.LString(l.CheckString(1)))
	return 1
}
