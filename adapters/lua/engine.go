// Package lua lets a company's rules be written in Lua. A script proposes and core disposes: what comes back from here
// is checked, and what goes wrong in a script is in its opinion, never a panic, a leak or a delay of somebody else.
//
// The work is done below: source reads and rewrites a script, sandbox runs it within its limits, host is what the
// script finds around it, and reference is the list of all that.
package lua

import (
	"context"
	"errors"
	"runtime"
	"time"

	"baton/adapters/lua/host"
	"baton/adapters/lua/reference"
	"baton/adapters/lua/sandbox"
	"baton/adapters/lua/source"
	"baton/core"
	"baton/core/scripting"
)

// Config says what scripts may cost. Its zero is good.
type Config struct {
	Limits sandbox.Limits // of one call
	Bounds source.Bounds  // of one source

	Lines int // of a script's log in one call; 100
	Line  int // bytes of one line; 1,000
	Reply int // bytes of a text for the customer; 4 KiB
	Tags  int // 20
	Tag   int // bytes of one tag; 64
	Error int // bytes of the text of an error; 500

	// VMs is how many calls of one script run at once; GOMAXPROCS.
	VMs int
	// Wait is how long a call waits for its turn at most; 1 s.
	Wait time.Duration
}

func (c Config) orDefault() Config {
	c.Limits, c.Bounds = c.Limits.OrDefault(), c.Bounds.OrDefault()
	for _, number := range []struct {
		value     *int
		otherwise int
	}{{&c.Lines, 100}, {&c.Line, 1000}, {&c.Reply, 4096}, {&c.Tags, 20}, {&c.Tag, 64}, {&c.Error, 500}, {&c.VMs, runtime.GOMAXPROCS(0)}} {
		if *number.value == 0 {
			*number.value = number.otherwise
		}
	}
	if c.Wait == 0 {
		c.Wait = time.Second
	}
	return c
}

// Engine makes programs of sources. It starts nothing: a program's interpreters work only while it is asked.
type Engine struct {
	config Config
	world  *source.World
}

var _ scripting.Engine = (*Engine)(nil)

// New gives an engine.
func New(config Config) *Engine {
	sandbox.Prepare()
	return &Engine{config: config.orDefault(), world: reference.World()}
}

// Reference lists what a script finds, for editors.
func (e *Engine) Reference() []scripting.Entry { return reference.Entries() }

// Limits are the bounds of one call.
func (e *Engine) Limits() scripting.Limits {
	return scripting.Limits{Steps: e.config.Limits.Steps, Wall: e.config.Limits.Wall}
}

// Compile makes a program of a source and runs it once, so that it is known which hooks it defines. The error is a
// *core.ScriptError. Problems are what a check found, in both cases; warnings keep nothing from running.
func (e *Engine) Compile(name, text string) (scripting.Program, []core.ScriptProblem, error) {
	file := fileOf(name)
	compiled, err := source.Compile(file, text, e.config.Bounds, e.world, false)
	if err != nil {
		return nil, compiled.Problems, e.told(err)
	}
	p := newProgram(e, name, text, compiled)
	m, fault := p.machine()
	if fault != nil {
		fault = p.told(fault)
		return nil, append(compiled.Problems, core.ScriptProblem{Severity: "error", Message: withoutPlace(file, fault), Line: fault.Line}), fault
	}
	for _, hook := range core.Hooks {
		if m.Function(string(hook)) != nil {
			p.hooks = append(p.hooks, hook)
		}
	}
	p.pool.put(m)
	return p, compiled.Problems, nil
}

// told bounds the text of an error.
func (e *Engine) told(err error) error {
	var fault *core.ScriptError
	if errors.As(err, &fault) {
		fault.Message, fault.Source = sandbox.Clip(fault.Message, e.config.Error), sandbox.Clip(fault.Source, e.config.Error)
	}
	return err
}

// machine makes an interpreter for a program.
func (p *program) machine() (*host.Machine, *core.ScriptError) {
	return host.NewMachine(p.proto, &p.engine.config.Limits, p.engine.hostLimits())
}

func (e *Engine) hostLimits() host.Limits {
	return host.Limits{Lines: e.config.Lines, Line: e.config.Line}
}

// Test runs a kept test of a program.
func (e *Engine) Test(ctx context.Context, p scripting.Program, name string, file []byte) scripting.Outcome {
	return runTest(ctx, p, name, file)
}

// WriteTest writes a case and the answer it must get as a test.
func (e *Engine) WriteTest(c *core.Case, want core.Opinion) ([]byte, error) {
	return writeTest(c, want)
}
