package sandbox

import (
	"math"

	glua "github.com/yuin/gopher-lua"
)

// What a script is given it may read with everything that Lua has, and change with nothing. The tables are plain ones,
// so reading costs what it costs in Lua; that they are frozen is known by their metatable, and each way to write to a
// table asks for it: assignments, which package source has made calls of assign, and our own library.

// Lazy is a table that is filled when somebody looks into it: most scripts look at few of the things they are given.
// It is there for many calls; Renew empties it before the next.
type Lazy struct {
	Table *glua.LTable
	Fill  func(t *glua.LTable)
	// Late fields are dearer than the others, or it matters whether they were asked for. They are found one by one.
	Late   []LateField
	filled bool
}

// LateField is a field that is found when it is asked for. One that is Quiet is not found by listing the table.
type LateField struct {
	Name  string
	Find  func() glua.LValue
	Quiet bool
}

func (vm *VM) makeMetatables() {
	protected := func(index Func) *glua.LTable {
		mt := vm.L.CreateTable(0, 2)
		mt.RawSetString("__metatable", glua.LFalse)
		if index != nil {
			mt.RawSetString("__index", vm.L.NewFunction(index))
		}
		return mt
	}
	vm.frozen = protected(nil)
	vm.list = protected(vm.contains)
	vm.lazy = protected(vm.look)
}

// Freeze makes a table read-only, and gives it back.
func (vm *VM) Freeze(t *glua.LTable) *glua.LTable {
	t.Metatable = vm.frozen
	return t
}

// List gives a frozen list of texts that can be asked like a set as well: skills.refund is true or nil.
func (vm *VM) List(texts []string) *glua.LTable {
	t := vm.L.CreateTable(len(texts), 0)
	for i, s := range texts {
		t.RawSetInt(i+1, glua.LString(s))
	}
	t.Metatable = vm.list
	return t
}

// IsList says whether a table was made by List.
func (vm *VM) IsList(t *glua.LTable) bool { return t.Metatable == vm.list }

// contains is the __index of lists.
func (vm *VM) contains(l *glua.LState) int {
	t, _ := l.Get(1).(*glua.LTable)
	wanted, ok := l.Get(2).(glua.LString)
	if t == nil || !ok {
		l.Push(glua.LNil)
		return 1
	}
	n := t.Len()
	vm.Budget.Steps(l, n>>3)
	for i := 1; i <= n; i++ {
		if t.RawGetInt(i) == wanted {
			l.Push(glua.LTrue)
			return 1
		}
	}
	l.Push(glua.LNil)
	return 1
}

// Lazy gives a frozen table that fills itself.
func (vm *VM) Lazy(fill func(t *glua.LTable), late ...LateField) *Lazy {
	lazy := &Lazy{Table: &glua.LTable{Metatable: vm.lazy}, Fill: fill, Late: late}
	vm.lazies[lazy.Table] = lazy
	return lazy
}

// Renew lets a table fill itself anew.
func (vm *VM) Renew(lazy *Lazy) {
	if !lazy.filled {
		return
	}
	t := lazy.Table
	for key, _ := t.Next(glua.LNil); key != glua.LNil; key, _ = t.Next(key) {
		t.RawSet(key, glua.LNil)
	}
	lazy.filled, t.Metatable = false, vm.lazy
}

// look is the __index of lazy tables.
func (vm *VM) look(l *glua.LState) int {
	t, _ := l.Get(1).(*glua.LTable)
	lazy := vm.lazies[t]
	if lazy == nil {
		l.Push(glua.LNil)
		return 1
	}
	vm.fill(t, lazy)
	value := t.RawGet(l.Get(2))
	if name, ok := l.Get(2).(glua.LString); ok && value == glua.LNil {
		value = lazy.find(t, string(name))
	}
	l.Push(value)
	return 1
}

func (vm *VM) fill(t *glua.LTable, lazy *Lazy) {
	if lazy.filled {
		return
	}
	lazy.filled = true
	vm.Budget.Steps(vm.L, 16)
	lazy.Fill(t)
	if len(lazy.Late) == 0 {
		t.Metatable = vm.frozen
	}
}

func (lazy *Lazy) find(t *glua.LTable, name string) glua.LValue {
	for i := range lazy.Late {
		if lazy.Late[i].Name == name {
			value := lazy.Late[i].Find()
			t.RawSetString(name, value)
			return value
		}
	}
	return glua.LNil
}

// whole makes sure that a table has all that listing it must show.
func (vm *VM) whole(t *glua.LTable) *glua.LTable {
	lazy := vm.lazies[t]
	if lazy == nil {
		return t
	}
	vm.fill(t, lazy)
	for _, field := range lazy.Late {
		if !field.Quiet && t.RawGetString(field.Name) == glua.LNil {
			lazy.find(t, field.Name)
		}
	}
	return t
}

// Each visits a table in the order in which pairs does.
func (vm *VM) Each(t *glua.LTable, visit func(key, value glua.LValue)) {
	vm.whole(t)
	for key, value := t.Next(glua.LNil); key != glua.LNil; key, value = t.Next(key) {
		visit(key, value)
	}
}

// readOnly says whether a script must not write to a table.
func (vm *VM) readOnly(t *glua.LTable) bool {
	return t.Metatable == vm.frozen || t.Metatable == vm.list || t.Metatable == vm.lazy
}

// assign is what an assignment to a field has become: target, key, value.
func (vm *VM) assign(l *glua.LState) int {
	vm.set(l, l.Get(1), l.Get(2), l.Get(3))
	return 0
}

// set is an assignment by the rules of Lua: __newindex may take it.
func (vm *VM) set(l *glua.LState, target, key, value glua.LValue) {
	for range glua.MaxTableGetLoop {
		t, isTable := target.(*glua.LTable)
		if isTable && (t.Metatable == glua.LNil || vm.readOnly(t) || t.RawGet(key) != glua.LNil) {
			vm.rawSet(l, t, key, value)
			return
		}
		switch handler := l.GetMetaField(target, "__newindex").(type) {
		case *glua.LNilType:
			if !isTable {
				l.RaiseError("attempt to index a non-table object(%s) with key '%s'", target.Type().String(), vm.ToText(key))
			}
			vm.rawSet(l, t, key, value)
			return
		case *glua.LFunction:
			l.Push(handler)
			l.Push(target)
			l.Push(key)
			l.Push(value)
			l.Call(3, 0)
			return
		default:
			target = handler
		}
	}
	l.RaiseError("too many recursions in settable")
}

// rawSet writes to a table, if it may be written to, and pays for what it grows by.
func (vm *VM) rawSet(l *glua.LState, t *glua.LTable, key, value glua.LValue) {
	switch {
	case t == vm.env:
		vm.setGlobal(l, key, value)
		return
	case vm.readOnly(t):
		l.RaiseError("attempt to change a read-only table (field '%s')", vm.ToText(key))
	}
	if index, ok := arrayIndex(key); ok {
		if t.RawGetInt(index) == glua.LNil {
			if value == glua.LNil {
				return // writing nil far out would fill all that lies before it
			}
			vm.grow(l, growth(t, index))
		}
		t.RawSetInt(index, value)
		return
	}
	if value != glua.LNil && t.RawGet(key) == glua.LNil {
		vm.grow(l, 128)
	}
	l.RawSet(t, key, value)
}

// grow pays for what a table grows by; to make room takes its time as well.
func (vm *VM) grow(l *glua.LState, bytes int) {
	vm.Budget.Memory(l, bytes)
	vm.Budget.Steps(l, bytes>>4)
}

// growth is what a new entry adds to the array of a table: all places up to it.
func growth(t *glua.LTable, index int) int {
	const slot = 16
	if index == 1 || t.RawGetInt(index-1) != glua.LNil {
		return slot
	}
	return slot * max(index-t.MaxN(), 1)
}

// arrayIndex gives the index of a key that a table keeps in its array.
func arrayIndex(key glua.LValue) (index int, ok bool) {
	n, ok := key.(glua.LNumber)
	if !ok || n < 1 || n >= arrayLimit || float64(n) != math.Trunc(float64(n)) {
		return 0, false
	}
	return int(n), true
}

// declare is what an assignment to a global has become: name, value.
func (vm *VM) declare(l *glua.LState) int {
	vm.setGlobal(l, l.Get(1), l.Get(2))
	return 0
}

func (vm *VM) setGlobal(l *glua.LState, name, value glua.LValue) {
	key, ok := name.(glua.LString)
	switch {
	case vm.loaded:
		l.RaiseError("global '%s' is read-only after load: use 'local', or store.set() for what shall last", vm.ToText(name))
	case !ok || key == "" || key[0] == '(':
		l.RaiseError("'%s' is no name for a global", vm.ToText(name))
	}
	vm.Budget.Memory(l, 128)
	vm.env.RawSetString(string(key), value)
}

// made is what a table constructor and a function have become; it pays for them.
func (vm *VM) made(l *glua.LState) int {
	switch v := l.Get(1).(type) {
	case *glua.LTable:
		vm.Budget.Memory(l, 1024+16*v.Len())
		vm.Budget.Steps(l, 16+v.Len()>>2)
	case *glua.LFunction:
		vm.Budget.Memory(l, 128)
		if v.Proto != nil {
			vm.Budget.Memory(l, 64*int(v.Proto.NumUpvalues))
		}
	}
	l.SetTop(1)
	return 1
}

// fields writes pairs of key and value into a new table, which is the first argument.
func (vm *VM) fields(l *glua.LState) int {
	t := l.CheckTable(1)
	for i := 2; i < l.GetTop(); i += 2 {
		vm.rawSet(l, t, l.Get(i), l.Get(i+1))
	}
	l.SetTop(1)
	return 1
}

// saw is the hidden call of a traced program: line, name, value.
func (vm *VM) saw(l *glua.LState) int {
	if vm.Saw != nil {
		line, _ := l.Get(1).(glua.LNumber)
		vm.Saw(int(line), l.CheckString(2), l.Get(3))
	}
	return 0
}
