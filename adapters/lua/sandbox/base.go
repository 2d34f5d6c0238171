package sandbox

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	glua "github.com/yuin/gopher-lua"
)

// The names of the hidden functions that package source lets a program call. No identifier is written like this.
const (
	Concat  = "(concat)"
	Assign  = "(assign)"
	Declare = "(declare)"
	Made    = "(made)"
	Fields  = "(fields)"
	Saw     = "(saw)"
)

func (vm *VM) openLibrary() {
	for name, f := range vm.base() {
		vm.env.RawSetString(name, vm.L.NewFunction(f))
	}
	for name, f := range map[string]Func{
		Concat: vm.concat, Assign: vm.assign, Declare: vm.declare, Made: vm.made, Fields: vm.fields, Saw: vm.saw,
	} {
		vm.env.RawSetString(name, vm.L.NewFunction(f))
	}
	text := vm.Module("string", vm.stringLibrary())
	mt := vm.L.CreateTable(0, 2)
	mt.RawSetString("__index", text)
	mt.RawSetString("__metatable", glua.LFalse)
	vm.L.SetMetatable(glua.LString(""), mt)
	vm.Module("table", vm.tableLibrary())
	numbers := vm.Module("math", vm.mathLibrary())
	numbers.RawSetString("pi", glua.LNumber(math.Pi))
	numbers.RawSetString("huge", glua.LNumber(math.Inf(1)))
	vm.env.RawSetString("_G", vm.env)
	vm.env.RawSetString("_VERSION", glua.LString(glua.LuaVersion))
}

func (vm *VM) base() map[string]Func {
	iterate := vm.L.NewFunction(vm.ipairsStep)
	next := vm.L.NewFunction(vm.next)
	return map[string]Func{
		"assert": vm.assert, "error": raise, "pcall": vm.pcall, "xpcall": vm.xpcall,
		"next": vm.next, "rawequal": rawEqual, "rawget": vm.rawGet, "rawset": vm.rawSetCall,
		"getmetatable": getMetatable, "setmetatable": vm.setMetatable,
		"select": vm.choose, "unpack": vm.unpack,
		"tonumber": toNumber, "tostring": vm.toString, "type": typeOf, "print": vm.print,
		"ipairs": func(l *glua.LState) int {
			t := l.CheckTable(1)
			l.Push(iterate)
			l.Push(t)
			l.Push(glua.LNumber(0))
			return 3
		},
		"pairs": func(l *glua.LState) int {
			t := l.CheckTable(1)
			l.Push(next)
			l.Push(t)
			l.Push(glua.LNil)
			return 3
		},
	}
}

func (vm *VM) ipairsStep(l *glua.LState) int {
	i := Integer(l, 2, 0) + 1
	v := l.CheckTable(1).RawGetInt(i)
	if v == glua.LNil {
		l.Push(glua.LNil)
		return 1
	}
	l.Push(glua.LNumber(i))
	l.Push(v)
	return 2
}

func (vm *VM) next(l *glua.LState) int {
	key, value := vm.whole(l.CheckTable(1)).Next(l.Get(2))
	if key == glua.LNil {
		l.Push(glua.LNil)
		return 1
	}
	l.Push(key)
	l.Push(value)
	return 2
}

func (vm *VM) assert(l *glua.LState) int {
	if l.ToBool(1) {
		return l.GetTop()
	}
	l.CheckAny(1)
	if l.GetTop() < 2 {
		l.RaiseError("assertion failed!")
	}
	l.Error(l.Get(2), 1)
	return 0
}

// raise is error(). Its level says whose line stands before the text: 1 the caller's, 2 that of the caller's caller.
func raise(l *glua.LState) int {
	l.Error(l.Get(1), min(max(Integer(l, 2, 1), 0), 2))
	return 0
}

// pcall gives what went wrong to the script, unless the script was stopped or the interpreter failed: then it is over.
func (vm *VM) pcall(l *glua.LState) int {
	l.CheckAny(1)
	failure, failed := vm.try(l)
	if failed {
		l.Push(glua.LFalse)
		l.Push(failure)
		return 2
	}
	l.Insert(glua.LTrue, 1)
	return l.GetTop()
}

// xpcall calls the handler after the stack is unwound. gopher-lua calls it before, and then closures that outlive
// the error are left pointing at slots that others use.
func (vm *VM) xpcall(l *glua.LState) int {
	handler := l.CheckFunction(2)
	l.Remove(2)
	failure, failed := vm.try(l)
	if !failed {
		l.Insert(glua.LTrue, 1)
		return l.GetTop()
	}
	l.SetTop(0)
	l.Push(glua.LFalse)
	l.Push(handler)
	l.Push(failure)
	l.Call(1, glua.MultRet)
	return l.GetTop()
}

// try calls the first argument with the others.
func (vm *VM) try(l *glua.LState) (failure glua.LValue, failed bool) {
	arguments := l.GetTop()
	l.Insert(vm.guarded, 1)
	err := l.PCall(arguments, glua.MultRet, nil)
	if err == nil {
		return nil, false
	}
	api, ok := err.(*glua.ApiError) //nolint:errorlint // PCall gives nothing else
	if !ok || api.Type == glua.ApiErrorPanic {
		vm.Budget.trip(l, broken)
	}
	vm.Budget.Steps(l, 8)
	if text, ok := api.Object.(glua.LString); ok {
		return glua.LString(withoutAddresses(string(text))), true
	}
	if api.Object == nil {
		return glua.LNil, true
	}
	return api.Object, true
}

func rawEqual(l *glua.LState) int {
	l.Push(glua.LBool(l.RawEqual(l.CheckAny(1), l.CheckAny(2))))
	return 1
}

func (vm *VM) rawGet(l *glua.LState) int {
	l.Push(vm.whole(l.CheckTable(1)).RawGet(l.CheckAny(2)))
	return 1
}

func (vm *VM) rawSetCall(l *glua.LState) int {
	vm.rawSet(l, l.CheckTable(1), l.CheckAny(2), l.CheckAny(3))
	l.SetTop(1)
	return 1
}

func getMetatable(l *glua.LState) int {
	l.Push(l.GetMetatable(l.CheckAny(1)))
	return 1
}

func (vm *VM) setMetatable(l *glua.LState) int {
	t := vm.writable(l)
	if mt, ok := t.Metatable.(*glua.LTable); ok && mt.RawGetString("__metatable") != glua.LNil {
		l.RaiseError("cannot change a protected metatable")
	}
	l.CheckTypes(2, glua.LTNil, glua.LTTable)
	t.Metatable = l.Get(2)
	l.SetTop(1)
	return 1
}

// writable gives the table that is the first argument, which the script must be allowed to change.
func (vm *VM) writable(l *glua.LState) *glua.LTable {
	t := l.CheckTable(1)
	if t == vm.env || vm.readOnly(t) {
		l.ArgError(1, "the table is read-only")
	}
	return t
}

// choose is select().
func (vm *VM) choose(l *glua.LState) int {
	count := l.GetTop() - 1
	if l.Get(1) == glua.LString("#") {
		l.Push(glua.LNumber(count))
		return 1
	}
	n := Integer(l, 1, 0)
	if n < 0 {
		n += count + 1
	}
	if n < 1 {
		l.ArgError(1, "index out of range")
	}
	vm.Budget.Steps(l, count>>4)
	return max(count-n+1, 0)
}

func (vm *VM) unpack(l *glua.LState) int {
	t := l.CheckTable(1)
	from, to := Integer(l, 2, 1), Integer(l, 3, t.Len())
	if from > to {
		return 0
	}
	if to-from >= vm.limits.Unpack {
		l.RaiseError("too many results to unpack (%d, limit %d)", to-from+1, vm.limits.Unpack)
	}
	vm.Budget.Steps(l, to-from+1)
	for i := from; i <= to; i++ {
		l.Push(t.RawGetInt(i))
	}
	return to - from + 1
}

func typeOf(l *glua.LState) int {
	l.Push(glua.LString(l.CheckAny(1).Type().String()))
	return 1
}

func (vm *VM) toString(l *glua.LState) int {
	text := vm.display(l, l.CheckAny(1))
	l.Push(glua.LString(text))
	return 1
}

func (vm *VM) print(l *glua.LState) int {
	var line strings.Builder
	for i := 1; i <= l.GetTop(); i++ {
		if i > 1 {
			line.WriteByte('\t')
		}
		text := vm.display(l, l.Get(i))
		vm.Budget.Text(l, line.Len()+len(text))
		line.WriteString(text)
	}
	vm.Budget.Steps(l, 16)
	vm.Print(line.String())
	return 0
}

// display is a value as tostring shows it: __tostring is asked.
func (vm *VM) display(l *glua.LState, v glua.LValue) string {
	f, ok := l.GetMetaField(v, "__tostring").(*glua.LFunction)
	if !ok {
		return vm.ToText(v)
	}
	l.Push(f)
	l.Push(v)
	l.Call(1, 1)
	text, ok := l.Get(-1).(glua.LString)
	l.Pop(1)
	if !ok {
		l.RaiseError("'__tostring' must return a string")
	}
	return string(text)
}

// ToText is a value as text. Tables and functions are numbered in the order in which they are shown: an address would
// differ each time, and with it what a script decides by it.
func (vm *VM) ToText(v glua.LValue) string {
	switch v.(type) {
	case *glua.LTable, *glua.LFunction:
	default:
		return v.String()
	}
	if vm.names == nil {
		vm.names = map[glua.LValue]int{}
	}
	n, ok := vm.names[v]
	if !ok {
		n = len(vm.names) + 1
		vm.names[v] = n
	}
	return v.Type().String() + ": " + strconv.Itoa(n)
}

var address = regexp.MustCompile(`(table|function|userdata|thread): 0x[0-9a-f]+`)

// withoutAddresses takes addresses out of an error of the interpreter.
func withoutAddresses(text string) string {
	if !strings.Contains(text, ": 0x") {
		return text
	}
	return address.ReplaceAllString(text, "$1")
}
