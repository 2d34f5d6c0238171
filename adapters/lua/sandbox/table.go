package sandbox

import (
	"sort"
	"strings"

	glua "github.com/yuin/gopher-lua"
)

func (vm *VM) tableLibrary() map[string]Func {
	return map[string]Func{
		"insert": vm.tableInsert, "remove": vm.tableRemove, "concat": vm.tableConcat, "sort": vm.tableSort,
		"getn": func(l *glua.LState) int { l.Push(glua.LNumber(l.CheckTable(1).Len())); return 1 },
		"maxn": func(l *glua.LState) int { l.Push(glua.LNumber(l.CheckTable(1).MaxN())); return 1 },
	}
}

func (vm *VM) tableInsert(l *glua.LState) int {
	t := vm.writable(l)
	n := t.Len()
	switch l.GetTop() {
	case 2:
		vm.rawSet(l, t, glua.LNumber(n+1), l.Get(2))
	case 3:
		vm.insertAt(l, t, n)
	default:
		l.RaiseError("wrong number of arguments to 'insert'")
	}
	return 0
}

func (vm *VM) insertAt(l *glua.LState, t *glua.LTable, n int) {
	at := Integer(l, 2, 0)
	if at < 1 || at > n+1 {
		l.RaiseError("bad argument #2 to insert (position out of bounds: it may be 1 to %d)", n+1)
	}
	if at > n || n+1 >= arrayLimit {
		for i := n; i >= at; i-- {
			vm.rawSet(l, t, glua.LNumber(i+1), t.RawGet(glua.LNumber(i)))
			vm.Budget.Steps(l, 1)
		}
		vm.rawSet(l, t, glua.LNumber(at), l.Get(3))
		return
	}
	vm.Budget.Memory(l, 16)
	vm.Budget.Steps(l, (n-at)>>6+1)
	t.Insert(at, l.Get(3))
}

func (vm *VM) tableRemove(l *glua.LState) int {
	t := vm.writable(l)
	n := t.Len()
	at := Integer(l, 2, n)
	if at < 1 || at > n {
		l.Push(glua.LNil)
		return 1
	}
	vm.Budget.Steps(l, (n-at)>>6+1)
	l.Push(t.Remove(at))
	return 1
}

func (vm *VM) tableConcat(l *glua.LState) int {
	t := l.CheckTable(1)
	separator := l.OptString(2, "")
	from, to := Integer(l, 3, 1), Integer(l, 4, t.Len())
	var b strings.Builder
	for i := from; i <= to; i++ {
		v := t.RawGetInt(i)
		if !glua.LVCanConvToString(v) {
			l.RaiseError("invalid value (%s) at index %d in table for 'concat'", v.Type().String(), i)
		}
		b.WriteString(glua.LVAsString(v))
		if i < to {
			b.WriteString(separator)
		}
		vm.Budget.Fits(l, b.Len())
		vm.Budget.Steps(l, 1)
	}
	return vm.pushText(l, b.String())
}

// pushText gives a new string to the script, which pays for it.
func (vm *VM) pushText(l *glua.LState, text string) int {
	vm.Budget.Text(l, len(text))
	l.Push(glua.LString(text))
	return 1
}

// order sorts a copy of a table's values: the script's function may change the table meanwhile.
type order struct {
	vm     *VM
	l      *glua.LState
	less   *glua.LFunction
	values []glua.LValue
}

func (o *order) Len() int      { return len(o.values) }
func (o *order) Swap(i, j int) { o.values[i], o.values[j] = o.values[j], o.values[i] }

func (o *order) Less(i, j int) bool {
	o.vm.Budget.Steps(o.l, 2)
	if o.less == nil {
		return o.l.LessThan(o.values[i], o.values[j])
	}
	o.l.Push(o.less)
	o.l.Push(o.values[i])
	o.l.Push(o.values[j])
	o.l.Call(2, 1)
	less := glua.LVAsBool(o.l.Get(-1))
	o.l.Pop(1)
	return less
}

func (vm *VM) tableSort(l *glua.LState) int {
	t := vm.writable(l)
	o := &order{vm: vm, l: l}
	if l.Get(2) != glua.LNil {
		o.less = l.CheckFunction(2)
	}
	n := t.Len()
	vm.Budget.Steps(l, n)
	vm.Budget.Memory(l, 16*n)
	o.values = make([]glua.LValue, n)
	for i := range o.values {
		o.values[i] = t.RawGetInt(i + 1)
		if o.values[i] == glua.LNil {
			l.RaiseError("the table to sort has a nil at index %d", i+1)
		}
	}
	sort.Sort(o)
	for i, v := range o.values {
		t.RawSetInt(i+1, v)
	}
	return 0
}
