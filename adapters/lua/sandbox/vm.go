package sandbox

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	glua "github.com/yuin/gopher-lua"

	"baton/core"
)

// Func is a function of the host as scripts call it.
type Func = glua.LGFunction

// VM is one interpreter with one program in it. One call runs at a time. After a call that failed it is Dead and must
// not be used again: what the error left behind is unknown.
type VM struct {
	L      *glua.LState
	Budget *Budget
	Dead   bool
	Calls  int // since it was made
	// Life is what all calls have made and taken together; a script that keeps what it makes would fill the memory.
	Life struct{ Bytes, Steps int64 }
	// Print takes what the script prints.
	Print func(line string)
	// Saw takes the value that a variable got, in a program that was compiled to be traced.
	Saw func(line int, name string, value glua.LValue)
	// Called takes each call of a module's function, when it is set.
	Called func(line int, call string, arguments, results []glua.LValue)

	limits   *Limits
	file     string
	env      *glua.LTable
	returned glua.LValue
	loaded   bool
	guarded  *glua.LFunction
	out      []glua.LValue // what the last call gave

	frozen, list, lazy *glua.LTable // metatables of what scripts cannot change
	lazies             map[*glua.LTable]*Lazy
	names              map[glua.LValue]int
	patterns           map[string]*pattern
	seed               uint64
	random             *rand.Rand
}

// New makes an interpreter, lets open add modules to it, and runs the program once, so that it defines its functions.
// From then on its globals are read-only.
func New(proto *glua.FunctionProto, limits *Limits, open func(*VM)) (*VM, *core.ScriptError) {
	vm := &VM{
		limits: limits, file: proto.SourceName, Budget: newBudget(limits), Print: func(string) {},
		lazies: map[*glua.LTable]*Lazy{}, patterns: map[string]*pattern{},
	}
	vm.L = glua.NewState(glua.Options{
		SkipOpenLibs: true, CallStackSize: limits.Depth,
		RegistrySize: 1024, RegistryGrowStep: 1024, RegistryMaxSize: limits.Registry,
	})
	vm.L.SetContext(vm.Budget)
	vm.env = vm.L.CreateTable(0, 64)
	vm.L.Env = vm.env
	vm.guarded = vm.L.NewFunction(guarded)
	vm.makeMetatables()
	vm.openLibrary()
	open(vm)

	main := vm.L.NewFunctionFromProto(proto)
	main.Env = vm.env
	results, fault := vm.Call(context.Background(), main, 1)
	if fault != nil {
		return nil, fault
	}
	vm.returned, vm.loaded = results[0], true
	return vm, nil
}

// Module adds a table of functions as a global that scripts cannot change.
func (vm *VM) Module(name string, functions map[string]Func) *glua.LTable {
	t := vm.L.CreateTable(0, len(functions))
	names := make([]string, 0, len(functions))
	for f := range functions {
		names = append(names, f)
	}
	slices.Sort(names) // so that a script that lists them sees one order
	for _, f := range names {
		t.RawSetString(f, vm.L.NewFunction(vm.observed(name+"."+f, functions[f])))
	}
	vm.Freeze(t)
	vm.env.RawSetString(name, t)
	return t
}

// observed tells Called of the calls of a function, when somebody listens.
func (vm *VM) observed(name string, f Func) Func {
	return func(l *glua.LState) int {
		if vm.Called == nil {
			return f(l)
		}
		arguments := make([]glua.LValue, l.GetTop())
		for i := range arguments {
			arguments[i] = l.Get(i + 1)
		}
		line := vm.lineOf(l.Where(1))
		n := f(l)
		results := make([]glua.LValue, max(n, 0))
		for i := range results {
			results[i] = l.Get(i - n)
		}
		vm.Called(line, name, arguments, results)
		return n
	}
}

// SetGlobal gives scripts a value under a name.
func (vm *VM) SetGlobal(name string, value glua.LValue) { vm.env.RawSetString(name, value) }

// Function gives a function that the program defines, as a global or in the table that it returned; or nil.
func (vm *VM) Function(name string) *glua.LFunction {
	if t, ok := vm.returned.(*glua.LTable); ok {
		if f, ok := t.RawGetString(name).(*glua.LFunction); ok {
			return f
		}
	}
	f, _ := vm.env.RawGetString(name).(*glua.LFunction)
	return f
}

// Seed begins the random numbers of the next call.
func (vm *VM) Seed(seed uint64) { vm.seed, vm.random = seed, nil }

// Call runs a function under the limits and gives this many of its results, which are good until the next call.
func (vm *VM) Call(ctx context.Context, f *glua.LFunction, results int, arguments ...glua.LValue) (out []glua.LValue, fault *core.ScriptError) {
	vm.begin(ctx)
	defer func() {
		// gopher-lua's own protection lets some panics through: an overflow in a tail call, for one.
		if r := recover(); r != nil {
			out, fault = nil, vm.broke(r)
		}
		vm.Budget.end()
		vm.Life.Bytes += vm.Budget.Made()
		vm.Life.Steps += vm.Budget.Used()
		vm.Dead = vm.Dead || fault != nil
	}()
	l := vm.L
	l.Push(vm.guarded)
	l.Push(f)
	for _, a := range arguments {
		l.Push(a)
	}
	if err := l.PCall(len(arguments)+1, results, nil); err != nil {
		return nil, vm.fault(err)
	}
	if vm.Budget.Spent() {
		return nil, vm.fault(nil)
	}
	vm.out = vm.out[:0]
	for i := range results {
		vm.out = append(vm.out, l.Get(i+1))
	}
	l.SetTop(0)
	return vm.out, nil
}

func (vm *VM) begin(ctx context.Context) {
	vm.Calls++
	clear(vm.names)
	vm.Budget.begin(ctx)
	vm.L.SetTop(0)
}

// guarded calls its first argument with the others. Errors below it carry a stack trace that says nothing: the real
// one gets a line for each tail call, and a script can make a million of them.
func guarded(l *glua.LState) int {
	l.Panic = func(l *glua.LState) {
		panic(&glua.ApiError{Type: glua.ApiErrorRun, Object: l.Get(-1), StackTrace: "-"})
	}
	l.Call(l.GetTop()-1, glua.MultRet)
	return l.GetTop()
}

// broke is a Go panic that came out of the interpreter.
func (vm *VM) broke(r any) *core.ScriptError {
	return &core.ScriptError{Kind: core.FaultLimit, Message: vm.file + ": the interpreter failed: " + Clip(fmt.Sprint(r), 200)}
}

// fault says what went wrong in the script's words.
func (vm *VM) fault(err error) *core.ScriptError {
	e := &core.ScriptError{Kind: core.FaultRuntime}
	var api *glua.ApiError
	if errors.As(err, &api) {
		e.Message = vm.errorText(api.Object)
		if api.Type == glua.ApiErrorPanic {
			return vm.broke(e.Message)
		}
	}
	e.Line = vm.lineOf(e.Message)
	if why := vm.Budget.Err(); why != nil {
		e.Kind, e.Message = core.FaultLimit, why.Error()
		if e.Line > 0 {
			e.Message = vm.file + ":" + strconv.Itoa(e.Line) + ": " + e.Message
		}
	}
	return e
}

// lineOf reads the line from the "file:line:" that an error begins with.
func (vm *VM) lineOf(text string) int {
	rest, ok := strings.CutPrefix(text, vm.file+":")
	if !ok {
		return 0
	}
	digits, _, _ := strings.Cut(rest, ":")
	line, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return line
}

func (vm *VM) errorText(v glua.LValue) string {
	switch v := v.(type) {
	case glua.LString:
		return withoutAddresses(string(v))
	case glua.LNumber:
		return v.String()
	case nil:
		return "error value is missing"
	}
	return "error value is a " + v.Type().String()
}

// Clip cuts a text to at most limit bytes, between characters, and mends what is no UTF-8.
func Clip(text string, limit int) string {
	if len(text) <= limit {
		return strings.ToValidUTF8(text, "\ufffd")
	}
	cut := max(limit-len("…"), 0)
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return strings.ToValidUTF8(text[:cut], "\ufffd") + "…"
}
