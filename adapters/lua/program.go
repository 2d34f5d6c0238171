package lua

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	glua "github.com/yuin/gopher-lua"

	"baton/adapters/lua/host"
	"baton/adapters/lua/sandbox"
	"baton/adapters/lua/source"
	"baton/core"
	"baton/core/scripting"
)

// program is a compiled script. Many may ask it at once.
type program struct {
	engine  *Engine
	name    string
	version string
	text    string
	lines   []string
	header  scripting.Header
	hooks   []core.Hook
	proto   *glua.FunctionProto
	pool    *pool
}

var _ scripting.Program = (*program)(nil)

func newProgram(e *Engine, name, text string, compiled *source.Compiled) *program {
	p := &program{
		engine: e, name: name, version: scripting.Hash(text), text: text, lines: strings.Split(text, "\n"),
		header: readHeader(text), proto: compiled.Proto,
	}
	// A script that keeps what it changes gets a new interpreter each time, so that it decides alike each time.
	p.pool = newPool(e.config, compiled.Keeps, p.machine)
	return p
}

// fileOf is how errors name a script.
func fileOf(name string) string {
	file := strings.Map(func(r rune) rune {
		if r < ' ' || r == ':' {
			return '_'
		}
		return r
	}, path.Base(name))
	return sandbox.Clip(file, 80)
}

func (p *program) Name() string             { return p.name }
func (p *program) Version() string          { return p.version }
func (p *program) Source() string           { return p.text }
func (p *program) Header() scripting.Header { return p.header }
func (p *program) Hooks() []core.Hook       { return slices.Clone(p.hooks) }

// epoch is what calls are timed against: asking how long it is ago costs less than asking what time it is.
var epoch = time.Now()

// Ask puts a case to the script. Without a store the script sees what the case tells of it.
func (p *program) Ask(ctx context.Context, c *core.Case, store core.ScriptStore) core.Opinion {
	o := core.Opinion{Script: p.name, Version: p.version}
	if store == nil {
		store = scripting.Recorded(c)
	}
	begun := time.Since(epoch)
	if fault := p.ask(ctx, c, store, &o); fault != nil {
		o.Error = p.told(fault)
	}
	o.Micros = (time.Since(epoch) - begun).Microseconds()
	return o
}

func (p *program) ask(ctx context.Context, c *core.Case, store core.ScriptStore, o *core.Opinion) *core.ScriptError {
	if !slices.Contains(p.hooks, c.Hook) {
		return &core.ScriptError{Kind: core.FaultLoad, Message: fmt.Sprintf("%s does not define %s", fileOf(p.name), c.Hook)}
	}
	m, fault := p.pool.take(ctx)
	if fault != nil {
		return fault
	}
	defer p.pool.put(m)
	return p.put(ctx, m, c, store, o)
}

// put asks one interpreter and writes the opinion.
func (p *program) put(ctx context.Context, m *host.Machine, c *core.Case, store core.ScriptStore, o *core.Opinion) *core.ScriptError {
	asked := m.Ask(ctx, p.name, c, store, m.Function(string(c.Hook)))
	o.Steps, o.Log, o.Reads, o.Counter = m.Budget.Used(), asked.Log, asked.Reads, asked.Counter
	if asked.Fault != nil {
		return asked.Fault
	}
	r := results{config: &p.engine.config, m: m, c: c, o: o}
	if text := r.read(asked.Values); text != "" {
		return &core.ScriptError{Kind: core.FaultResult, Message: fileOf(p.name) + ": " + text}
	}
	o.Writes = asked.Writes
	return nil
}

// told completes an error with the line that it names, and bounds its text.
func (p *program) told(fault *core.ScriptError) *core.ScriptError {
	if fault.Source == "" && fault.Line > 0 && fault.Line <= len(p.lines) {
		fault.Source = strings.TrimRight(p.lines[fault.Line-1], "\r")
	}
	_ = p.engine.told(fault)
	return fault
}

// withoutPlace is the text of an error without the file and line that it begins with.
func withoutPlace(file string, fault *core.ScriptError) string {
	return strings.TrimPrefix(fault.Message, file+":"+strconv.Itoa(fault.Line)+": ")
}
