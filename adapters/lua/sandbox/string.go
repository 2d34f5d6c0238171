package sandbox

import (
	"math"
	"strconv"
	"strings"

	glua "github.com/yuin/gopher-lua"
)

func (vm *VM) stringLibrary() map[string]Func {
	return map[string]Func{
		"find": vm.stringFind, "match": vm.stringMatch, "gmatch": vm.stringGmatch, "gsub": vm.stringGsub,
		"format": vm.stringFormat, "rep": vm.stringRep, "sub": vm.stringSub, "byte": vm.stringByte, "char": vm.stringChar,
		"len":   func(l *glua.LState) int { l.Push(glua.LNumber(len(l.CheckString(1)))); return 1 },
		"upper": vm.changed(upper), "lower": vm.changed(lower), "reverse": vm.changed(reverse),
	}
}

// changed is a function from text to text of the same length.
func (vm *VM) changed(change func(b []byte)) Func {
	return func(l *glua.LState) int {
		s := l.CheckString(1)
		vm.Budget.Text(l, len(s))
		b := []byte(s)
		change(b)
		l.Push(glua.LString(b))
		return 1
	}
}

func upper(b []byte) {
	for i, c := range b {
		if 'a' <= c && c <= 'z' {
			b[i] = c - 32
		}
	}
}

func lower(b []byte) {
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 32
		}
	}
}

func reverse(b []byte) {
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
}

// slice turns the indices that Lua counts with, from 1 and from the end when negative, into a part of a text.
func slice(from, to, length int) (low, high int) {
	if from < 0 {
		from += length + 1
	}
	if to < 0 {
		to += length + 1
	}
	from, to = max(from, 1), min(to, length)
	if from > to {
		return 0, 0
	}
	return from - 1, to
}

func (vm *VM) stringSub(l *glua.LState) int {
	s := l.CheckString(1)
	low, high := slice(Integer(l, 2, 1), Integer(l, 3, -1), len(s))
	vm.Budget.Steps(l, 1)
	l.Push(glua.LString(s[low:high]))
	return 1
}

func (vm *VM) stringByte(l *glua.LState) int {
	s := l.CheckString(1)
	from := Integer(l, 2, 1)
	low, high := slice(from, Integer(l, 3, from), len(s))
	if high-low > vm.limits.Unpack {
		l.RaiseError("string slice too long (%d values, limit %d)", high-low, vm.limits.Unpack)
	}
	vm.Budget.Steps(l, high-low+1)
	for i := low; i < high; i++ {
		l.Push(glua.LNumber(s[i]))
	}
	return high - low
}

func (vm *VM) stringChar(l *glua.LState) int {
	b := make([]byte, l.GetTop())
	vm.Budget.Text(l, len(b))
	for i := range b {
		c := Integer(l, i+1, -1)
		if c < 0 || c > 255 {
			l.ArgError(i+1, "invalid value")
		}
		b[i] = byte(c)
	}
	l.Push(glua.LString(b))
	return 1
}

func (vm *VM) stringRep(l *glua.LState) int {
	s, n := l.CheckString(1), max(Integer(l, 2, 0), 0)
	separator := l.OptString(3, "")
	unit := len(s) + len(separator)
	if unit > 0 && n > vm.limits.String/unit+1 {
		vm.Budget.Fits(l, vm.limits.String+1)
	}
	if unit == 0 || n == 0 {
		l.Push(glua.LString(""))
		return 1
	}
	vm.Budget.Text(l, n*unit-len(separator))
	l.Push(glua.LString(strings.TrimSuffix(strings.Repeat(s+separator, n), separator)))
	return 1
}

// concat is the operator "..": all its operands at once.
func (vm *VM) concat(l *glua.LState) int {
	n, total := l.GetTop(), 0
	var few [4]string
	parts := few[:0]
	for i := 1; i <= n; i++ {
		switch v := l.Get(i).(type) {
		case glua.LString:
			parts = append(parts, string(v))
		case glua.LNumber:
			parts = append(parts, numberText(v))
		default:
			return vm.concatBy(l, n)
		}
		total += len(parts[i-1])
	}
	vm.Budget.Text(l, total)
	l.Push(glua.LString(strings.Join(parts, "")))
	return 1
}

// numberText is a number as gopher-lua writes it, whole ones quicker.
func numberText(n glua.LNumber) string {
	if whole := int64(n); glua.LNumber(whole) == n && whole != math.MinInt64 {
		return strconv.FormatInt(whole, 10)
	}
	return n.String()
}

// concatBy joins from the right, two at a time, and asks __concat where an operand is neither text nor number.
func (vm *VM) concatBy(l *glua.LState, n int) int {
	right := l.Get(n)
	for i := n - 1; i >= 1; i-- {
		left := l.Get(i)
		if glua.LVCanConvToString(left) && glua.LVCanConvToString(right) {
			a, b := glua.LVAsString(left), glua.LVAsString(right)
			vm.Budget.Text(l, len(a)+len(b))
			right = glua.LString(a + b)
			continue
		}
		f, ok := l.GetMetaField(left, "__concat").(*glua.LFunction)
		if !ok {
			f, ok = l.GetMetaField(right, "__concat").(*glua.LFunction)
		}
		if !ok {
			bad := left
			if glua.LVCanConvToString(left) {
				bad = right
			}
			l.RaiseError("attempt to concatenate a %s value", bad.Type().String())
		}
		l.Push(f)
		l.Push(left)
		l.Push(right)
		l.Call(2, 1)
		right = l.Get(-1)
		l.Pop(1)
	}
	l.Push(right)
	return 1
}
