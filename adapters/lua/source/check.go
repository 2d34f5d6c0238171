package source

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/yuin/gopher-lua/ast"

	"baton/core"
)

// What a check says, while the tree is walked and after it. Warnings never keep a script from running.

// enough is how many warnings are told.
const enough = 100

func (p *pass) warn(line int, name, format string, args ...any) {
	if len(p.notes) >= enough {
		return
	}
	p.notes = append(p.notes, p.problem("warning", line, name, fmt.Sprintf(format, args...)))
}

// problem points at a name in its line, if it stands there.
func (p *pass) problem(severity string, number int, name, message string) core.ScriptProblem {
	problem := core.ScriptProblem{Severity: severity, Message: message, Line: number}
	if name == "" {
		return problem
	}
	line := p.line(number)
	for at := 0; ; {
		i := strings.Index(line[at:], name)
		if i < 0 {
			break
		}
		from, to := at+i, at+i+len(name)
		if (from == 0 || !inName(line[from-1])) && (to == len(line) || !inName(line[to])) {
			problem.Column, problem.Length = from+1, len(name)
			break
		}
		at = to
	}
	return problem
}

func inName(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// read notes that a name is read.
func (p *pass) read(n *ast.IdentExpr) {
	if v := p.lookup(n.Value); v != nil {
		v.read = true
		return
	}
	p.reads = append(p.reads, use{n.Value, n.Line()})
}

// written notes that a name is assigned to.
func (p *pass) written(n *ast.IdentExpr) {
	if v := p.lookup(n.Value); v != nil {
		p.keepsState(v, n.Line())
		return
	}
	if p.level > 0 {
		p.warn(n.Line(), n.Value, "'%s' is a global, and globals are read-only after load: write 'local %s'", n.Value, n.Value)
	}
	if p.world.Globals[n.Value] {
		p.warn(n.Line(), n.Value, "'%s' is of the host, and this hides it", n.Value)
	}
	if p.defined[n.Value] == nil {
		p.defined[n.Value] = &global{line: n.Line()}
	}
}

func (p *pass) defines(n *ast.IdentExpr, line int) {
	if p.lookup(n.Value) == nil {
		p.defined[n.Value] = &global{line: line, function: true}
	}
}

// changes notes that the table below an expression is changed.
func (p *pass) changes(e ast.Expr, line int) {
	for {
		switch n := e.(type) {
		case *ast.AttrGetExpr:
			e = n.Object
			continue
		case *ast.IdentExpr:
			if v := p.lookup(n.Value); v != nil {
				p.keepsState(v, line)
			}
		}
		return
	}
}

// keepsState tells of a local of the file that a function changes.
func (p *pass) keepsState(v *variable, line int) {
	if v.level > 0 || p.level == 0 {
		return
	}
	p.keeps = true
	if !v.told {
		v.told = true
		p.warn(line, v.name, "'%s' is state in an upvalue: it begins anew with each call; what shall last belongs into the store", v.name)
	}
}

// member looks whether a table of the host has what it is asked for.
func (p *pass) member(n *ast.AttrGetExpr) {
	object, ok := n.Object.(*ast.IdentExpr)
	key, isName := n.Key.(*ast.StringExpr)
	if !ok || !isName || p.lookup(object.Value) != nil {
		return
	}
	members := p.world.Members[object.Value]
	if members == nil || members[key.Value] {
		return
	}
	p.warn(key.Line(), key.Value, "%s has no '%s'%s", object.Value, key.Value, didYouMean(key.Value, keys(members)))
}

// call looks at how many arguments a function of the host is given.
func (p *pass) call(n *ast.FuncCallExpr) {
	name := p.nameOf(n.Func)
	if name == "table.insert" || name == "table.remove" || name == "table.sort" || name == "rawset" {
		if len(n.Args) > 0 {
			p.changes(n.Args[0], n.Line())
		}
	}
	arity, known := p.world.Calls[name]
	if !known {
		return
	}
	given, open := len(n.Args), len(n.Args) > 0 && manyValues(n.Args[len(n.Args)-1])
	switch {
	case given < arity.Least && !open:
		p.warn(n.Line(), name, "%s needs %s, not %d", name, arguments(arity.Least), given)
	case arity.Most >= 0 && given > arity.Most:
		p.warn(n.Line(), name, "%s takes %s at most, not %d", name, arguments(arity.Most), given)
	}
}

func arguments(n int) string {
	if n == 1 {
		return "1 argument"
	}
	return fmt.Sprintf("%d arguments", n)
}

// nameOf gives the whole name of a function of the host: print, store.get.
func (p *pass) nameOf(e ast.Expr) string {
	switch n := e.(type) {
	case *ast.IdentExpr:
		if p.lookup(n.Value) == nil {
			return n.Value
		}
	case *ast.AttrGetExpr:
		object := p.nameOf(n.Object)
		if key, ok := n.Key.(*ast.StringExpr); ok && object != "" {
			return object + "." + key.Value
		}
	}
	return ""
}

// allProblems gives what was found, by line. When the source cannot be compiled that is all there is to say.
func (p *pass) allProblems(err error) []core.ScriptProblem {
	var e *core.ScriptError
	if errors.As(err, &e) {
		message := strings.TrimPrefix(e.Message, p.file)
		message = strings.TrimPrefix(message, fmt.Sprintf(":%d", e.Line))
		problem := core.ScriptProblem{Severity: "error", Message: strings.TrimLeft(message, ": "), Line: e.Line, Column: p.column}
		return []core.ScriptProblem{problem}
	}
	p.checkGlobals()
	for _, v := range p.variables {
		if !v.read && !v.quiet && !strings.HasPrefix(v.name, "_") {
			p.warn(v.line, v.name, "the local '%s' is never used", v.name)
		}
	}
	slices.SortStableFunc(p.notes, func(a, b core.ScriptProblem) int { return a.Line - b.Line })
	return p.notes
}

func (p *pass) checkGlobals() {
	known := keys(p.world.Globals)
	for name := range p.defined {
		known = append(known, name)
	}
	slices.Sort(known)
	told := map[string]bool{}
	for _, u := range p.reads {
		if d := p.defined[u.name]; d != nil {
			d.read = true
		} else if !p.world.Globals[u.name] && !told[u.name] && len(p.notes) < enough {
			told[u.name] = true
			p.warn(u.line, u.name, "undefined global '%s'%s", u.name, didYouMean(u.name, known))
		}
	}
	for name, d := range p.defined {
		if !d.function || d.read || slices.Contains(p.world.Hooks, name) {
			continue
		}
		if meant := didYouMean(name, p.world.Hooks); meant != "" {
			p.warn(d.line, name, "'%s' is no hook%s", name, meant)
		}
	}
}

func keys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// didYouMean gives ", did you mean 'x'?" with the nearest of the names, if one is near.
func didYouMean(name string, names []string) string {
	nearest, best := "", 3
	if len(name) < 4 {
		best = 2
	}
	for _, n := range names {
		if len(name)-len(n) >= best || len(n)-len(name) >= best || n == name {
			continue
		}
		if d := distance(name, n); d < best {
			nearest, best = n, d
		}
	}
	if nearest == "" {
		return ""
	}
	return fmt.Sprintf(", did you mean '%s'?", nearest)
}

// distance counts the letters to add, take away or change, and neighbours to swap, between two names.
func distance(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
