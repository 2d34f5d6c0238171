package reference

import (
	"fmt"
	"strings"

	"baton/core/scripting"
)

// Stubs gives what editors with the Lua language server need to complete and check a script: scripts/meta/baton.lua.
func Stubs() string {
	var b strings.Builder
	b.WriteString("---@meta\n\n-- What scripts find in Baton, for editors. It is written from the server's own list; do not change it by hand.\n")
	entries := Entries()
	classes(&b, entries)
	for _, e := range entries {
		switch e.Kind {
		case Module:
			fmt.Fprintf(&b, "\n-- %s\n%s = {}\n", e.Doc, e.Name)
		case Function:
			stub(&b, e)
		case Hook:
			fmt.Fprintf(&b, "\n-- %s\n---@alias Hook.%s fun(%s)%s\n", e.Doc, e.Name, strings.Join(parameters(e), ", "), result(e))
		}
	}
	return b.String()
}

// result is what a hook gives back, as an alias says it.
func result(e scripting.Entry) string {
	_, after, ok := strings.Cut(e.Signature, "): ")
	if !ok {
		return ""
	}
	return ": " + after
}

// classes writes a class for each table that has fields: session is a Session, session.customer a SessionCustomer.
func classes(b *strings.Builder, entries []scripting.Entry) {
	var names []string
	members := map[string][]scripting.Entry{}
	for _, e := range entries {
		if e.Kind != Field {
			continue
		}
		table := e.Name[:strings.LastIndex(e.Name, ".")]
		if members[table] == nil {
			names = append(names, table)
		}
		members[table] = append(members[table], e)
	}
	for _, table := range names {
		fmt.Fprintf(b, "\n---@class %s\n", className(table))
		for _, e := range members[table] {
			name, kind, _ := strings.Cut(e.Signature, ": ")
			if members[name] != nil {
				kind = strings.Replace(kind, "table", className(name), 1)
			}
			if name == "event.session" {
				kind = className("session")
			}
			fmt.Fprintf(b, "---@field %s %s %s\n", name[len(table)+1:], kind, e.Doc)
		}
	}
}

func className(table string) string {
	var b strings.Builder
	for word := range strings.FieldsFuncSeq(table, func(r rune) bool { return r == '.' || r == '_' }) {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}

func stub(b *strings.Builder, e scripting.Entry) {
	fmt.Fprintf(b, "\n--- %s\n", e.Doc)
	var names []string
	for _, p := range parameters(e) {
		name, kind, _ := strings.Cut(p, ": ")
		fmt.Fprintf(b, "---@param %s %s\n", name, kind)
		names = append(names, strings.TrimSuffix(name, "?"))
	}
	if _, results, ok := strings.Cut(e.Signature, "): "); ok {
		for r := range strings.SplitSeq(results, ", ") {
			if r == "..." {
				r = "string? ..."
			}
			fmt.Fprintf(b, "---@return %s\n", r)
		}
	}
	fmt.Fprintf(b, "function %s(%s) end\n", e.Name, strings.Join(names, ", "))
}
