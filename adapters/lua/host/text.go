package host

import (
	"strings"
	"unicode"
	"unicode/utf8"

	glua "github.com/yuin/gopher-lua"

	"baton/adapters/lua/sandbox"
)

func (m *Machine) textModule() map[string]sandbox.Func {
	return map[string]sandbox.Func{
		"lower": m.changed(strings.ToLower), "upper": m.changed(strings.ToUpper), "trim": m.changed(strings.TrimSpace),
		"words": m.textWords, "contains": m.textContains, "has_any": m.textHasAny,
	}
}

// changed is a function from text to text. A letter in another case may be longer.
func (m *Machine) changed(change func(string) string) sandbox.Func {
	return func(l *glua.LState) int {
		s := l.CheckString(1)
		m.Budget.Text(l, 3*len(s))
		l.Push(glua.LString(change(s)))
		return 1
	}
}

// textWords gives the words of a text in small letters.
func (m *Machine) textWords(l *glua.LState) int {
	s := l.CheckString(1)
	m.Budget.Text(l, len(s))
	t := l.CreateTable(8, 0)
	for i, word := range strings.FieldsFunc(strings.ToLower(s), noLetter) {
		m.Budget.Memory(l, 32)
		m.Budget.Steps(l, 1)
		t.RawSetInt(i+1, glua.LString(word))
	}
	l.Push(t)
	return 1
}

func noLetter(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && r != '\'' && r != '’'
}

// textContains says whether a text has another one in it, however they are written.
func (m *Machine) textContains(l *glua.LState) int {
	s, part := m.folded(l, 1), m.folded(l, 2)
	l.Push(glua.LBool(strings.Contains(s, part)))
	return 1
}

func (m *Machine) folded(l *glua.LState, n int) string {
	s := l.CheckString(n)
	m.Budget.Text(l, 2*len(s))
	return strings.ToLower(s)
}

// textHasAny gives the first text of a list that is in another one as whole words.
func (m *Machine) textHasAny(l *glua.LState) int {
	s, list := m.folded(l, 1), l.CheckTable(2)
	for i := 1; i <= list.Len(); i++ {
		part, ok := list.RawGetInt(i).(glua.LString)
		if !ok {
			l.ArgError(2, "a list of texts expected")
		}
		m.Budget.Steps(l, (len(s)+len(part))>>4+1)
		if hasWords(s, strings.ToLower(string(part))) {
			l.Push(part)
			return 1
		}
	}
	l.Push(glua.LNil)
	return 1
}

// hasWords says whether part stands in s with no letter before or after it.
func hasWords(s, part string) bool {
	if part == "" {
		return false
	}
	for at := 0; ; {
		i := strings.Index(s[at:], part)
		if i < 0 {
			return false
		}
		from, to := at+i, at+i+len(part)
		before, _ := utf8.DecodeLastRuneInString(s[:from])
		after, _ := utf8.DecodeRuneInString(s[to:])
		if (from == 0 || noLetter(before)) && (to == len(s) || noLetter(after)) {
			return true
		}
		at = to
	}
}
