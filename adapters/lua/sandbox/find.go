package sandbox

import (
	"strings"

	glua "github.com/yuin/gopher-lua"
)

// pattern gives the pattern that is the second argument, read once.
func (vm *VM) pattern(l *glua.LState) *pattern {
	text := l.CheckString(2)
	if p := vm.patterns[text]; p != nil {
		return p
	}
	vm.Budget.Steps(l, len(text))
	p, err := readPattern(text)
	if err != nil {
		l.RaiseError("%s", err.Error())
	}
	if len(vm.patterns) >= 64 {
		clear(vm.patterns)
	}
	vm.patterns[text] = p
	return p
}

func (vm *VM) match(l *glua.LState, p *pattern, subject string) *match {
	return newMatch(p, subject, func(steps int) { vm.Budget.Steps(l, steps) })
}

// startOf gives the place that argument n names, within the text or just behind it.
func startOf(l *glua.LState, n, length int) int {
	at := Integer(l, n, 1)
	if at < 0 {
		at += length + 1
	}
	return min(max(at, 1), length+1) - 1
}

func (vm *VM) stringFind(l *glua.LState) int {
	s, wanted := l.CheckString(1), l.CheckString(2)
	at := startOf(l, 3, len(s))
	if l.ToBool(4) || !strings.ContainsAny(wanted, "^$*+?.([%-") {
		return vm.findPlain(l, s, wanted, at)
	}
	m := vm.match(l, vm.pattern(l), s)
	from, to := m.find(at)
	if from < 0 {
		l.Push(glua.LNil)
		return 1
	}
	numbers(l, float64(from+1), float64(to))
	if m.captures == 0 {
		return 2
	}
	return 2 + m.push(l, from, to)
}

func (vm *VM) findPlain(l *glua.LState, s, wanted string, at int) int {
	vm.Budget.Steps(l, (len(s)-at)>>4+1)
	i := strings.Index(s[at:], wanted)
	if i < 0 {
		l.Push(glua.LNil)
		return 1
	}
	return numbers(l, float64(at+i+1), float64(at+i+len(wanted)))
}

func (vm *VM) stringMatch(l *glua.LState) int {
	s := l.CheckString(1)
	m := vm.match(l, vm.pattern(l), s)
	from, to := m.find(startOf(l, 3, len(s)))
	if from < 0 {
		l.Push(glua.LNil)
		return 1
	}
	return m.push(l, from, to)
}

func (vm *VM) stringGmatch(l *glua.LState) int {
	s, p := l.CheckString(1), vm.pattern(l)
	at := 0
	vm.Budget.Memory(l, 128)
	l.Push(l.NewFunction(func(l *glua.LState) int {
		m := vm.match(l, p, s)
		from, to := m.find(at)
		if from < 0 {
			at = len(s) + 1
			l.Push(glua.LNil)
			return 1
		}
		at = max(to, from+1)
		return m.push(l, from, to)
	}))
	return 1
}

// push gives what was captured to the script, or the whole match when there is no capture.
func (m *match) push(l *glua.LState, from, to int) int {
	if m.captures == 0 {
		l.Push(glua.LString(m.subject[from:to]))
		return 1
	}
	for n := range m.captures {
		l.Push(m.value(l, n))
	}
	return m.captures
}

// value is what capture n took.
func (m *match) value(l *glua.LState, n int) glua.LValue {
	switch c := m.captured[n]; c.to {
	case position:
		return glua.LNumber(c.from + 1)
	case stillOpen:
		l.RaiseError("unfinished capture")
		return glua.LNil
	default:
		return glua.LString(m.subject[c.from:c.to])
	}
}

// first is what a replacement is looked up by: the first capture, or the whole match.
func (m *match) first(l *glua.LState, from, to int) glua.LValue {
	if m.captures == 0 {
		return glua.LString(m.subject[from:to])
	}
	return m.value(l, 0)
}

func (vm *VM) stringGsub(l *glua.LState) int {
	s, p := l.CheckString(1), vm.pattern(l)
	replacement := l.Get(3)
	switch v := replacement.(type) {
	case glua.LNumber:
		replacement = glua.LString(v.String())
	case glua.LString, *glua.LTable, *glua.LFunction:
	default:
		l.ArgError(3, "string, function or table expected")
	}
	most := Integer(l, 4, len(s)+1)
	m := vm.match(l, p, s)
	var out strings.Builder
	count, at := 0, 0
	for count < most {
		from, to := m.find(at)
		if from < 0 {
			break
		}
		count++
		vm.write(l, &out, s[at:from])
		captured := m.captured
		vm.write(l, &out, vm.replaced(l, m, replacement, from, to))
		m.captured = captured // the replacement may have matched something itself
		at = to
		if to == from {
			if from >= len(s) {
				break
			}
			vm.write(l, &out, s[from:from+1])
			at = from + 1
		}
		if p.anchored {
			break
		}
	}
	if at < len(s) {
		vm.write(l, &out, s[at:])
	}
	vm.pushText(l, out.String())
	l.Push(glua.LNumber(count))
	return 2
}

func (vm *VM) write(l *glua.LState, b *strings.Builder, text string) {
	vm.Budget.Fits(l, b.Len()+len(text))
	b.WriteString(text)
}

// replaced gives what stands in the place of a match.
func (vm *VM) replaced(l *glua.LState, m *match, replacement glua.LValue, from, to int) string {
	var v glua.LValue
	switch r := replacement.(type) {
	case glua.LString:
		return vm.filledIn(l, m, string(r), from, to)
	case *glua.LTable:
		vm.whole(r)
		v = l.GetTable(r, m.first(l, from, to))
	default:
		vm.Budget.Steps(l, 4)
		l.Push(r)
		l.Call(m.push(l, from, to), 1)
		v = l.Get(-1)
		l.Pop(1)
	}
	if glua.LVIsFalse(v) {
		return m.subject[from:to]
	}
	if !glua.LVCanConvToString(v) {
		l.RaiseError("invalid replacement value (a %s)", v.Type().String())
	}
	return glua.LVAsString(v)
}

// filledIn is a replacement text with what was captured in the places of %0 to %9.
func (vm *VM) filledIn(l *glua.LState, m *match, text string, from, to int) string {
	if strings.IndexByte(text, '%') < 0 {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '%' {
			b.WriteByte(text[i])
			continue
		}
		i++
		switch {
		case i >= len(text):
			l.RaiseError("invalid use of '%%' in replacement string")
		case text[i] == '0':
			vm.write(l, &b, m.subject[from:to])
		case text[i] == '1' && m.captures == 0:
			vm.write(l, &b, m.subject[from:to])
		case '1' <= text[i] && text[i] <= '9':
			n := int(text[i] - '1')
			if n >= m.captures {
				l.RaiseError("invalid capture index %%%d in replacement string", n+1)
			}
			vm.write(l, &b, glua.LVAsString(m.value(l, n)))
		default:
			b.WriteByte(text[i])
		}
	}
	vm.Budget.Steps(l, b.Len()>>6)
	return b.String()
}
