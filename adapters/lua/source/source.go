// Package source reads the text of a script: it bounds it, finds what is wrong or odd in it, and makes the program
// that the sandbox runs. Operators and statements that could fill the memory or change what is not the script's
// become calls of the sandbox on the way.
package source

import (
	"errors"
	"fmt"
	"strings"

	glua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/parse"

	"baton/core"
)

// Bounds say how large a source may be. The compiler of gopher-lua recurses and would take the process with it.
type Bounds struct {
	Bytes     int // 64 KiB
	Depth     int // of blocks and expressions; 250
	Nodes     int // of the syntax tree; 40,000
	Functions int // 500
}

// OrDefault gives the bounds with what is zero set to the default.
func (b Bounds) OrDefault() Bounds {
	return Bounds{
		Bytes: or(b.Bytes, 64<<10), Depth: or(b.Depth, 250), Nodes: or(b.Nodes, 40_000), Functions: or(b.Functions, 500),
	}
}

func or(value, otherwise int) int {
	if value == 0 {
		return otherwise
	}
	return value
}

// World is what a check knows of the names that a script finds.
type World struct {
	Globals map[string]bool
	// Members are what the tables among the globals have.
	Members map[string]map[string]bool
	// Calls say how many arguments a function of the host takes, by its whole name.
	Calls map[string]Arity
	Hooks []string
}

// Arity is how many arguments a function takes; Most below zero is any number.
type Arity struct{ Least, Most int }

// Compiled is a program, and what a check found in its source.
type Compiled struct {
	Proto    *glua.FunctionProto
	Problems []core.ScriptProblem
	// Keeps says that its functions change what outlives a call: locals of the file, and tables in them.
	Keeps bool
}

// Compile makes a program of a source. A traced one calls sandbox.Saw with each value that a variable gets. The error
// is a *core.ScriptError; problems are given in any case.
func Compile(file, text string, bounds Bounds, world *World, traced bool) (c *Compiled, err error) {
	c, text = &Compiled{}, strings.TrimPrefix(text, "\ufeff") // which editors of Windows begin a file with
	p := &pass{file: file, bounds: bounds, world: world, traced: traced, lines: strings.Split(text, "\n")}
	defer func() {
		if r := recover(); r != nil { // the compiler says some of what it dislikes by panic
			err = p.fail(0, fmt.Sprintf("the compiler failed: %v", r))
		}
		c.Problems = p.allProblems(err)
	}()
	if len(text) > bounds.Bytes {
		return c, p.fail(0, fmt.Sprintf("the source is %d bytes long (limit %d)", len(text), bounds.Bytes))
	}
	if strings.HasPrefix(text, "\x1b") {
		return c, p.fail(0, "compiled Lua is not accepted, only its source")
	}
	chunk, err := parse.Parse(strings.NewReader(text), file)
	if err != nil {
		return c, p.syntaxError(err)
	}
	chunk = p.run(chunk)
	if p.err != nil {
		return c, p.err
	}
	proto, err := glua.Compile(chunk, file)
	if err != nil {
		return c, p.compileError(err)
	}
	if writesGlobals(proto) {
		return c, p.fail(0, "it writes to a global in a way that cannot be guarded")
	}
	c.Proto, c.Keeps = proto, p.keeps
	return c, nil
}

// fail is a refusal at a line; 0 is none in particular.
func (p *pass) fail(line int, text string) *core.ScriptError {
	if line > 0 {
		text = fmt.Sprintf("%s:%d: %s", p.file, line, text)
	} else {
		text = p.file + ": " + text
	}
	return &core.ScriptError{Kind: core.FaultCompile, Message: text, Line: line, Source: p.line(line)}
}

// line gives the text of a line.
func (p *pass) line(n int) string {
	if n < 1 || n > len(p.lines) {
		return ""
	}
	return strings.TrimRight(p.lines[n-1], "\r")
}

func (p *pass) syntaxError(err error) *core.ScriptError {
	var at *parse.Error
	if !errors.As(err, &at) {
		return p.fail(0, err.Error())
	}
	line := at.Pos.Line
	if line == parse.EOF {
		line = len(p.lines)
	} else {
		p.column = max(at.Pos.Column-len(at.Token)+1, 1)
	}
	e := p.fail(line, "")
	e.Message = strings.Join(strings.Fields(strings.ToValidUTF8(err.Error(), "\ufffd")), " ")
	if at.Pos.Line == parse.EOF {
		e.Message = fmt.Sprintf("%s line:%d at the end of the file: %s", p.file, line, at.Message)
	}
	return e
}

func (p *pass) compileError(err error) *core.ScriptError {
	var at *glua.CompileError
	if errors.As(err, &at) {
		return p.fail(at.Line, at.Message)
	}
	return p.fail(0, err.Error())
}

// writesGlobals looks for what run has replaced. It finds nothing unless the compiler sees a local where run does not.
func writesGlobals(proto *glua.FunctionProto) bool {
	const opcode = 26
	for _, instruction := range proto.Code {
		if int(instruction>>opcode) == glua.OP_SETGLOBAL || int(instruction>>opcode) == glua.OP_CONCAT {
			return true
		}
	}
	for _, inner := range proto.FunctionPrototypes {
		if writesGlobals(inner) {
			return true
		}
	}
	return false
}
