package host

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"

	glua "github.com/yuin/gopher-lua"

	"baton/adapters/lua/sandbox"
)

// expression is a regular expression that was compiled.
type expression struct {
	*regexp.Regexp
	size   int  // instructions, about
	behind bool // it looks at what stands before a place
}

const (
	maxExpression = 1000    // bytes of a regular expression
	maxProgram    = 2000    // instructions of it, about
	maxWork       = 4 << 20 // instructions times bytes of one search
)

func (m *Machine) reModule() map[string]sandbox.Func {
	return map[string]sandbox.Func{
		"match": m.reMatch, "find": m.reFind, "find_all": m.reFindAll, "replace": m.reReplace,
	}
}

// expression gives the regular expression that is argument 2. Go's are linear in the text, but an expression can ask
// for a program of any size.
func (m *Machine) expression(l *glua.LState) *expression {
	text := l.CheckString(2)
	if e := m.expressions[text]; e != nil {
		return e
	}
	if len(text) > maxExpression {
		l.ArgError(2, "the regular expression is too long")
	}
	parsed, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		l.ArgError(2, err.Error())
	}
	size := programSize(parsed)
	if size > maxProgram {
		l.ArgError(2, "the regular expression is too complex")
	}
	m.Budget.Steps(l, 64+4*size)
	compiled, err := regexp.Compile(text)
	if err != nil {
		l.ArgError(2, err.Error())
	}
	if len(m.expressions) >= 64 {
		clear(m.expressions)
	}
	e := &expression{compiled, size, looksBehind(parsed)}
	m.expressions[text] = e
	return e
}

// programSize is about how many instructions a regular expression becomes.
func programSize(e *syntax.Regexp) int {
	size := 1 + len(e.Rune)
	for _, sub := range e.Sub {
		size = min(size+programSize(sub), maxProgram+1)
	}
	if e.Op == syntax.OpRepeat {
		size = min(size*max(e.Min, e.Max, 1), maxProgram+1)
	}
	return size
}

// looksBehind says whether an expression can tell the beginning of a text from its middle.
func looksBehind(e *syntax.Regexp) bool {
	switch e.Op {
	case syntax.OpBeginLine, syntax.OpBeginText, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return true
	}
	return slices.ContainsFunc(e.Sub, looksBehind)
}

// search finds the next match and pays for it. It gives nil when there is none.
func (m *Machine) search(l *glua.LState, e *expression, s string, at int) []int {
	work := (len(s) - at + 1) * e.size
	if work > maxWork {
		l.RaiseError("the text is too long for this regular expression")
	}
	m.Budget.Steps(l, work>>5+1)
	found := e.FindStringSubmatchIndex(s[at:])
	for i := range found {
		if found[i] >= 0 {
			found[i] += at
		}
	}
	return found
}

func (m *Machine) reMatch(l *glua.LState) int {
	s, e := l.CheckString(1), m.expression(l)
	l.Push(glua.LBool(m.search(l, e, s, 0) != nil))
	return 1
}

// reFind gives the match and its groups; a group that took no part is false.
func (m *Machine) reFind(l *glua.LState) int {
	s, e := l.CheckString(1), m.expression(l)
	found := m.search(l, e, s, 0)
	if found == nil {
		l.Push(glua.LNil)
		return 1
	}
	for i := 0; i < len(found); i += 2 {
		if found[i] < 0 {
			l.Push(glua.LFalse)
		} else {
			l.Push(glua.LString(s[found[i]:found[i+1]]))
		}
	}
	return len(found) / 2
}

// each visits all matches, from the left. Each search goes on in what is left of the text, and pays for that; an
// expression that looks behind must see all of it, and the text must be so short that this does no harm.
func (m *Machine) each(l *glua.LState, s string, e *expression, visit func(found []int)) {
	if e.behind {
		work := (len(s) + 1) * (len(s) + 1) * e.size
		if work > maxWork<<4 {
			l.RaiseError("the text is too long for this regular expression")
		}
		m.Budget.Steps(l, work>>9+1)
		for _, found := range e.FindAllStringSubmatchIndex(s, -1) {
			visit(found)
		}
		return
	}
	for at := 0; at <= len(s); {
		found := m.search(l, e, s, at)
		if found == nil {
			return
		}
		visit(found)
		at = found[1]
		if found[0] == found[1] {
			at++
		}
	}
}

func (m *Machine) reFindAll(l *glua.LState) int {
	s, e := l.CheckString(1), m.expression(l)
	t := l.CreateTable(8, 0)
	m.each(l, s, e, func(found []int) {
		m.Budget.Memory(l, 32)
		t.RawSetInt(t.Len()+1, glua.LString(s[found[0]:found[1]]))
	})
	l.Push(t)
	return 1
}

// reReplace puts a text in the place of each match; $1 and ${name} in it are groups.
func (m *Machine) reReplace(l *glua.LState) int {
	s, e, template := l.CheckString(1), m.expression(l), l.CheckString(3)
	var out strings.Builder
	done := 0
	m.each(l, s, e, func(found []int) {
		if found[0] < done {
			return // an empty match within the last one
		}
		put := e.ExpandString(nil, template, s, found)
		m.Budget.Fits(l, out.Len()+len(put)+len(s))
		m.Budget.Steps(l, len(put)>>6+1)
		out.WriteString(s[done:found[0]])
		out.Write(put)
		done = found[1]
	})
	out.WriteString(s[done:])
	m.Budget.Text(l, out.Len())
	l.Push(glua.LString(out.String()))
	return 1
}
