package source

import (
	"fmt"
	"strconv"

	"github.com/yuin/gopher-lua/ast"

	"baton/adapters/lua/sandbox"
)

const made = sandbox.Made

// at puts a node on a line.
func at[T ast.PositionHolder](line int, n T) T {
	n.SetLine(line)
	n.SetLastLine(line)
	return n
}

// hidden is the call of a function of the sandbox that no script can name. It has one result, and is no tail call.
func hidden(line int, name string, args ...ast.Expr) *ast.FuncCallExpr {
	one(args[len(args)-1])
	return at(line, &ast.FuncCallExpr{Func: at(line, &ast.IdentExpr{Value: name}), Args: args, AdjustRet: true})
}

func statement(line int, call *ast.FuncCallExpr) ast.Stmt {
	return at(line, &ast.FuncCallStmt{Expr: call})
}

func text(line int, s string) ast.Expr { return at(line, &ast.StringExpr{Value: s}) }

// one makes an expression give exactly one value.
func one(e ast.Expr) {
	switch n := e.(type) {
	case *ast.FuncCallExpr:
		n.AdjustRet = true
	case *ast.Comma3Expr:
		n.AdjustRet = true
	}
}

func manyValues(e ast.Expr) bool {
	switch n := e.(type) {
	case *ast.FuncCallExpr:
		return !n.AdjustRet
	case *ast.Comma3Expr:
		return !n.AdjustRet
	}
	return false
}

// assign makes calls of the assignments that write to globals and fields. Several at once go through locals: all
// values are found before the first is written.
func (p *pass) assign(n *ast.AssignStmt) []ast.Stmt {
	p.exprs(n.Rhs)
	for _, target := range n.Lhs {
		p.target(target)
	}
	if len(n.Lhs) == 1 && len(n.Rhs) == 1 {
		return p.write(n.Line(), n.Lhs[0], n.Rhs[0])
	}
	line := n.Line()
	var stmts []ast.Stmt
	keep := func(values ...ast.Expr) []ast.Expr {
		names, idents := make([]string, len(values)), make([]ast.Expr, len(values))
		for i := range values {
			names[i] = "(" + strconv.Itoa(len(stmts)) + "." + strconv.Itoa(i) + ")"
			idents[i] = at(line, &ast.IdentExpr{Value: names[i]})
		}
		stmts = append(stmts, at(line, &ast.LocalAssignStmt{Names: names, Exprs: values}))
		return idents
	}
	for _, target := range n.Lhs {
		if field, ok := target.(*ast.AttrGetExpr); ok {
			one(field.Key)
			kept := keep(field.Object, field.Key)
			field.Object, field.Key = kept[0], kept[1]
		}
	}
	// as many values as there are targets, however many stand on the right
	names, values := make([]string, len(n.Lhs)), make([]ast.Expr, len(n.Lhs))
	for i := range n.Lhs {
		names[i] = fmt.Sprintf("(value %d)", i)
		values[i] = at(line, &ast.IdentExpr{Value: names[i]})
	}
	stmts = append(stmts, at(line, &ast.LocalAssignStmt{Names: names, Exprs: n.Rhs}))
	for i := len(n.Lhs) - 1; i >= 0; i-- {
		stmts = append(stmts, p.write(line, n.Lhs[i], values[i])...)
	}
	return []ast.Stmt{at(line, &ast.DoBlockStmt{Stmts: stmts})}
}

// target walks the left side of an assignment.
func (p *pass) target(e ast.Expr) {
	switch n := e.(type) {
	case *ast.IdentExpr:
		p.written(n)
	case *ast.AttrGetExpr:
		p.changes(n, n.Line())
		n.Object, n.Key = p.expr(n.Object), p.expr(n.Key)
	}
}

// write is one assignment.
func (p *pass) write(line int, target, value ast.Expr) []ast.Stmt {
	switch n := target.(type) {
	case *ast.AttrGetExpr:
		return []ast.Stmt{statement(line, hidden(line, sandbox.Assign, n.Object, n.Key, value))}
	case *ast.IdentExpr:
		if p.lookup(n.Value) == nil {
			return []ast.Stmt{statement(line, hidden(line, sandbox.Declare, text(line, n.Value), value))}
		}
		plain := at(line, &ast.AssignStmt{Lhs: []ast.Expr{n}, Rhs: []ast.Expr{value}})
		return append([]ast.Stmt{plain}, p.see(line, n.Value)...)
	}
	p.err = p.fail(line, "this cannot be assigned to")
	return nil
}

// local walks a declaration. One function alone is visible to itself, and so must stay as it is; it is paid for after.
func (p *pass) local(n *ast.LocalAssignStmt) []ast.Stmt {
	if len(n.Names) == 1 && len(n.Exprs) == 1 {
		if f, ok := n.Exprs[0].(*ast.FunctionExpr); ok {
			p.declare(n.Names[0], n.Line(), false)
			p.function(f)
			return []ast.Stmt{n, statement(n.Line(), hidden(n.Line(), made, at(n.Line(), &ast.IdentExpr{Value: n.Names[0]})))}
		}
	}
	p.exprs(n.Exprs)
	for _, name := range n.Names {
		p.declare(name, n.Line(), false)
	}
	return append([]ast.Stmt{n}, p.see(n.Line(), n.Names...)...)
}

// define walks "function name() end".
func (p *pass) define(n *ast.FuncDefStmt) []ast.Stmt {
	line := n.Line()
	if n.Name.Func == nil { // a method
		n.Func.ParList.Names = append([]string{"self"}, n.Func.ParList.Names...)
		n.Name.Func = at(line, &ast.AttrGetExpr{Object: n.Name.Receiver, Key: text(line, n.Name.Method)})
	}
	if name, ok := n.Name.Func.(*ast.IdentExpr); ok {
		p.defines(name, line)
	}
	p.target(n.Name.Func)
	p.function(n.Func)
	if name, ok := n.Name.Func.(*ast.IdentExpr); ok && p.lookup(name.Value) != nil {
		n.Name = &ast.FuncName{Func: name}
		return []ast.Stmt{n}
	}
	return p.write(line, n.Name.Func, hidden(line, made, n.Func))
}

// concat makes one call of a chain of "..", which the parser nests to the right.
func (p *pass) concat(n *ast.StringConcatOpExpr) ast.Expr {
	var operands []ast.Expr
	var rest ast.Expr = n
	for {
		pair, ok := rest.(*ast.StringConcatOpExpr)
		if !ok {
			break
		}
		operands = append(operands, p.expr(pair.Lhs))
		rest = pair.Rhs
	}
	operands = append(operands, p.expr(rest))
	// A function has 250 registers; a longer chain is joined from its end.
	const most = 40
	for len(operands) > most {
		first := len(operands) - most
		operands = append(operands[:first:first], hidden(n.Line(), sandbox.Concat, operands[first:]...))
	}
	return hidden(n.Line(), sandbox.Concat, operands...)
}

// table makes a constructor pay, and lets the sandbox write the fields whose keys it computes: {[60000] = 1} would
// fill all that lies before.
func (p *pass) table(n *ast.TableExpr) ast.Expr {
	var plain []*ast.Field
	var computed []ast.Expr
	for i, f := range n.Fields {
		if f.Key == nil || isText(f.Key) {
			f.Value = p.expr(f.Value)
			if i < len(n.Fields)-1 {
				one(f.Value)
			}
			plain = append(plain, f)
			continue
		}
		key, value := p.expr(f.Key), p.expr(f.Value)
		one(value)
		computed = append(computed, key, value)
	}
	n.Fields = plain
	out := hidden(n.Line(), made, n)
	const most = 40
	for len(computed) > 0 {
		k := min(len(computed), most)
		out = hidden(n.Line(), sandbox.Fields, append([]ast.Expr{out}, computed[:k:k]...)...)
		computed = computed[k:]
	}
	return out
}

func isText(e ast.Expr) bool {
	_, ok := e.(*ast.StringExpr)
	return ok
}

// see are the hidden statements by which a traced program tells the values of variables.
func (p *pass) see(line int, names ...string) []ast.Stmt {
	if !p.traced {
		return nil
	}
	var out []ast.Stmt
	for _, name := range names {
		out = append(out, statement(line, hidden(line, sandbox.Saw,
			at(line, &ast.NumberExpr{Value: strconv.Itoa(line)}), text(line, name), at(line, &ast.IdentExpr{Value: name}))))
	}
	return out
}
