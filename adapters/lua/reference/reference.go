// Package reference says what a script finds: its hooks, what they are given, and the functions it may call. Editors
// complete from it, checks warn by it, and the stubs for editors are written from it.
package reference

import (
	"slices"
	"strings"

	"baton/adapters/lua/source"
	"baton/core/scripting"
)

// The kinds of entries. Standard ones are of Lua itself.
const (
	Hook     = "hook"
	Field    = "field"
	Module   = "module"
	Function = "function"
	Standard = "standard"
)

// Entries lists all names: hooks, then fields, modules and functions, then what is of Lua itself.
func Entries() []scripting.Entry {
	var all []scripting.Entry
	add := func(kind string, lines [][2]string) {
		for _, line := range lines {
			name, _, _ := strings.Cut(line[0], "(")
			name, _, _ = strings.Cut(name, ":")
			all = append(all, scripting.Entry{Name: name, Kind: kind, Signature: line[0], Doc: line[1], Since: "1"})
		}
	}
	add(Hook, hooks)
	add(Field, fields)
	add(Module, modules)
	add(Function, functions)
	add(Standard, standard)
	return all
}

// parameters gives what stands in the parentheses of a signature.
func parameters(e scripting.Entry) []string {
	_, rest, ok := strings.Cut(e.Signature, "(")
	inside, _, closed := strings.Cut(rest, ")")
	if !ok || !closed || inside == "" {
		return nil
	}
	return strings.Split(inside, ", ")
}

// arity is how many arguments a function takes.
func arity(e scripting.Entry) source.Arity {
	var a source.Arity
	for _, p := range parameters(e) {
		switch {
		case strings.HasPrefix(p, "..."):
			a.Most = -1
			return a
		case !strings.Contains(p, "?:"):
			a.Least++
		}
		a.Most++
	}
	return a
}

// World is what a check needs to know of these names.
func World() *source.World {
	w := &source.World{
		Globals: map[string]bool{}, Members: map[string]map[string]bool{}, Calls: map[string]source.Arity{},
	}
	for _, e := range Entries() {
		switch e.Kind {
		case Hook:
			w.Hooks = append(w.Hooks, e.Name)
			continue
		case Field:
			continue
		}
		module, member, inModule := strings.Cut(e.Name, ".")
		w.Globals[module] = true
		if inModule {
			if w.Members[module] == nil {
				w.Members[module] = map[string]bool{}
			}
			w.Members[module][member] = true
		}
		if strings.Contains(e.Signature, "(") {
			w.Calls[e.Name] = arity(e)
		}
	}
	slices.Sort(w.Hooks)
	return w
}
