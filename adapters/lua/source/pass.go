package source

import (
	"fmt"

	"github.com/yuin/gopher-lua/ast"

	"baton/core"
)

// pass walks the syntax tree once. It bounds it, follows which name means what, notes what a check says, and
// replaces what must not run as it stands.
type pass struct {
	file   string
	bounds Bounds
	world  *World
	traced bool
	lines  []string

	nodes, functions, depth int
	err                     *core.ScriptError
	column                  int // of a syntax error

	scope *scope
	level int // how many functions we are in
	keeps bool

	notes     []core.ScriptProblem
	reads     []use
	defined   map[string]*global
	variables []*variable
}

// scope is what a block has declared.
type scope struct {
	outer *scope
	names map[string]*variable
}

// variable is a local.
type variable struct {
	name  string
	line  int
	level int // of the function that has it
	quiet bool
	read  bool
	told  bool // that it keeps state
}

// use is a global that is read.
type use struct {
	name string
	line int
}

// global is one that the script defines.
type global struct {
	line     int
	function bool
	read     bool
}

func (p *pass) run(chunk []ast.Stmt) []ast.Stmt {
	p.defined = map[string]*global{}
	p.open()
	chunk = p.stmts(chunk)
	p.close()
	return chunk
}

func (p *pass) open()  { p.scope = &scope{outer: p.scope, names: map[string]*variable{}} }
func (p *pass) close() { p.scope = p.scope.outer }

// declare makes a local visible from here on. A quiet one may stay unused.
func (p *pass) declare(name string, line int, quiet bool) {
	v := &variable{name: name, line: line, level: p.level, quiet: quiet}
	p.scope.names[name] = v
	p.variables = append(p.variables, v)
}

// lookup gives the local that a name means here, or nil for a global.
func (p *pass) lookup(name string) *variable {
	for s := p.scope; s != nil; s = s.outer {
		if v := s.names[name]; v != nil {
			return v
		}
	}
	return nil
}

// enter goes one step down the tree, if its bounds allow it.
func (p *pass) enter(line int) bool {
	p.depth++
	p.nodes++
	switch {
	case p.err != nil:
	case p.nodes > p.bounds.Nodes:
		p.err = p.fail(line, fmt.Sprintf("the script is too large (limit %d nodes of its syntax tree)", p.bounds.Nodes))
	case p.depth > p.bounds.Depth:
		p.err = p.fail(line, fmt.Sprintf("blocks or expressions are nested too deep (limit %d)", p.bounds.Depth))
	}
	return p.err == nil
}

func (p *pass) leave() { p.depth-- }

// block walks statements with a scope of their own.
func (p *pass) block(stmts []ast.Stmt) []ast.Stmt {
	p.open()
	defer p.close()
	return p.stmts(stmts)
}

func (p *pass) stmts(stmts []ast.Stmt) []ast.Stmt {
	out := make([]ast.Stmt, 0, len(stmts))
	for _, s := range stmts {
		if !p.enter(s.Line()) {
			return out
		}
		out = append(out, p.stmt(s)...)
		p.leave()
	}
	return out
}

func (p *pass) stmt(s ast.Stmt) []ast.Stmt {
	switch n := s.(type) {
	case *ast.AssignStmt:
		return p.assign(n)
	case *ast.LocalAssignStmt:
		return p.local(n)
	case *ast.FuncDefStmt:
		return p.define(n)
	case *ast.FuncCallStmt:
		n.Expr = p.expr(n.Expr)
	case *ast.DoBlockStmt:
		n.Stmts = p.block(n.Stmts)
	case *ast.WhileStmt:
		n.Condition = p.expr(n.Condition)
		n.Stmts = p.block(n.Stmts)
	case *ast.RepeatStmt:
		p.open()
		n.Stmts = p.stmts(n.Stmts)
		n.Condition = p.expr(n.Condition) // it sees the locals of the block
		p.close()
	case *ast.IfStmt:
		p.ladder(n)
	case *ast.NumberForStmt:
		p.numberFor(n)
	case *ast.GenericForStmt:
		p.genericFor(n)
	case *ast.ReturnStmt:
		p.exprs(n.Exprs)
	case *ast.BreakStmt, *ast.LabelStmt, *ast.GotoStmt:
	default:
		p.err = p.fail(s.Line(), fmt.Sprintf("the statement %T is not known", s))
	}
	return []ast.Stmt{s}
}

// ladder walks an if with its elseifs, which the parser nests into each other, at one depth.
func (p *pass) ladder(n *ast.IfStmt) {
	for p.err == nil {
		n.Condition = p.expr(n.Condition)
		n.Then = p.block(n.Then)
		if len(n.Else) != 1 {
			break
		}
		next, ok := n.Else[0].(*ast.IfStmt)
		if !ok {
			break
		}
		p.nodes++
		n = next
	}
	if p.err == nil {
		n.Else = p.block(n.Else)
	}
}

func (p *pass) numberFor(n *ast.NumberForStmt) {
	n.Init, n.Limit = p.expr(n.Init), p.expr(n.Limit)
	if n.Step != nil {
		n.Step = p.expr(n.Step)
	}
	p.open()
	p.declare(n.Name, n.Line(), true)
	n.Stmts = append(p.see(n.Line(), n.Name), p.stmts(n.Stmts)...)
	p.close()
}

func (p *pass) genericFor(n *ast.GenericForStmt) {
	p.exprs(n.Exprs)
	// gopher-lua leaves what is not given here as the slot was before (yuin/gopher-lua#514).
	for len(n.Exprs) < 3 && !manyValues(n.Exprs[len(n.Exprs)-1]) {
		n.Exprs = append(n.Exprs, at(n.Line(), &ast.NilExpr{}))
	}
	p.open()
	for _, name := range n.Names {
		p.declare(name, n.Line(), true)
	}
	n.Stmts = append(p.see(n.Line(), n.Names...), p.stmts(n.Stmts)...)
	p.close()
}

func (p *pass) exprs(es []ast.Expr) {
	for i := range es {
		es[i] = p.expr(es[i])
	}
}

// expr walks an expression and gives what is to stand in its place.
func (p *pass) expr(e ast.Expr) ast.Expr {
	if e == nil || !p.enter(e.Line()) {
		return e
	}
	defer p.leave()
	switch n := e.(type) {
	case *ast.IdentExpr:
		p.read(n)
	case *ast.AttrGetExpr:
		p.member(n)
		n.Object, n.Key = p.expr(n.Object), p.expr(n.Key)
	case *ast.TableExpr:
		return p.table(n)
	case *ast.FuncCallExpr:
		p.call(n)
		if n.Func != nil {
			n.Func = p.expr(n.Func)
		} else {
			n.Receiver = p.expr(n.Receiver)
		}
		p.exprs(n.Args)
	case *ast.FunctionExpr:
		p.function(n)
		return hidden(n.Line(), made, n)
	case *ast.StringConcatOpExpr:
		return p.concat(n)
	default:
		p.operator(e)
	}
	return e
}

// operator walks the operators that may run as they are.
func (p *pass) operator(e ast.Expr) {
	switch n := e.(type) {
	case *ast.LogicalOpExpr:
		n.Lhs, n.Rhs = p.expr(n.Lhs), p.expr(n.Rhs)
	case *ast.RelationalOpExpr:
		n.Lhs, n.Rhs = p.expr(n.Lhs), p.expr(n.Rhs)
	case *ast.ArithmeticOpExpr:
		n.Lhs, n.Rhs = p.expr(n.Lhs), p.expr(n.Rhs)
	case *ast.UnaryMinusOpExpr:
		n.Expr = p.expr(n.Expr)
	case *ast.UnaryNotOpExpr:
		n.Expr = p.expr(n.Expr)
	case *ast.UnaryLenOpExpr:
		n.Expr = p.expr(n.Expr)
	case *ast.TrueExpr, *ast.FalseExpr, *ast.NilExpr, *ast.NumberExpr, *ast.StringExpr, *ast.Comma3Expr:
	default:
		p.err = p.fail(e.Line(), fmt.Sprintf("the expression %T is not known", e))
	}
}

// function walks the body of a function.
func (p *pass) function(n *ast.FunctionExpr) {
	if p.functions++; p.functions > p.bounds.Functions && p.err == nil {
		p.err = p.fail(n.Line(), fmt.Sprintf("there are too many functions (limit %d)", p.bounds.Functions))
		return
	}
	p.level++
	p.open()
	for _, name := range n.ParList.Names {
		p.declare(name, n.Line(), true)
	}
	n.Stmts = p.stmts(n.Stmts)
	p.close()
	p.level--
}
