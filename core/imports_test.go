package core_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// module is the path of this project; what begins with it is ours.
const module = "baton"

// leaves are the packages below core that other packages of core may import.
var leaves = []string{"core/estimate", "core/hours", "core/routing", "core/stats", "core/plugin"}

// realParts are what tests of other packages may run on: a store, which in memory is as quick as a map and does what
// the real one does, and the engine of scripts.
var realParts = []string{"adapters/sqlstore", "adapters/lua"}

// data are the folders that hold files for others and one Go file to embed them.
var data = []string{"scripts", "migrations"}

func TestPackagesImportOnlyWhatTheyMay(t *testing.T) {
	checked := 0
	walkGoFiles(t, "..", func(file string, imports []string) {
		checked++
		for _, path := range imports {
			if rule := broken(filepath.ToSlash(file), path); rule != "" {
				t.Errorf("%s imports %s, but %s", file, path, rule)
			}
		}
	})
	if checked < 10 {
		t.Errorf("only %d Go files were found; the walk must have missed the project", checked)
	}
}

func TestEachDataFolderHasOneGoFile(t *testing.T) {
	for _, folder := range data {
		files, err := filepath.Glob(filepath.Join("..", folder, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		files = slices.DeleteFunc(files, func(f string) bool { return strings.HasSuffix(f, "_test.go") })
		if len(files) > 1 {
			t.Errorf("%s is data with one Go file, but there are %s", folder, strings.Join(files, ", "))
		}
	}
}

func TestForbiddenImportsAreFound(t *testing.T) {
	for _, row := range []struct {
		file, imports string
		allowed       bool
	}{
		{"core/session.go", "time", true},
		{"core/session.go", "github.com/uptrace/bun", false},
		{"core/session.go", "golang.org/x/sync/errgroup", false},
		{"core/session.go", "baton/core/routing", false},
		{"core/session_test.go", "pgregory.net/rapid", true},
		{"core/session_test.go", "github.com/stretchr/testify", false},
		{"core/desk/desk.go", "baton/core", true},
		{"core/desk/desk.go", "baton/core/routing", true},
		{"core/desk/desk.go", "baton/core/access", false},
		{"core/simulate/world.go", "baton/core/desk", true},
		{"core/simulate/world.go", "baton/core/scripting", false},
		{"core/desk/desk.go", "baton/core/simulate", false},
		{"core/desk/desk.go", "baton/adapters/sqlstore", false},
		{"core/desk/desk.go", "golang.org/x/time/rate", false},
		{"core/desk/desk_test.go", "baton/core/coretest", true},
		{"core/desk/desk_test.go", "baton/adapters/sqlstore", true},
		{"core/routing/leastbusy.go", "baton/core/desk", false},
		{"core/coretest/suite.go", "baton/core/desk", true},
		{"core/coretest/suite.go", "pgregory.net/rapid", false},
		{"adapters/sqlstore/store.go", "github.com/uptrace/bun", true},
		{"adapters/sqlstore/store.go", "baton/core/access", true},
		{"adapters/sqlstore/store.go", "baton/migrations", true},
		{"adapters/api/sessions.go", "baton/adapters/live", false},
		{"adapters/api/sessions_test.go", "baton/adapters/live", false},
		{"adapters/api/sessions_test.go", "baton/adapters/sqlstore", true},
		{"adapters/schedule/schedule_test.go", "baton/adapters/sqlstore/sqltest", true},
		{"adapters/api/sessions.go", "baton/adapters/sqlstore", false},
		{"adapters/api/sessions.go", "baton/cmd/config", false},
		{"adapters/api/sessions.go", "baton/plugins", false},
		{"adapters/bot/rasa/rasa.go", "baton/adapters/bot/botpress", false},
		{"adapters/bot/rasa/rasa.go", "baton/adapters/bot/rasa/internal", true},
		{"plugins/greeter/greeter.go", "baton/core/plugin", true},
		{"plugins/greeter/greeter.go", "baton/core", true},
		{"plugins/greeter/greeter.go", "baton/core/desk", false},
		{"plugins/greeter/greeter.go", "baton/adapters/api", false},
		{"plugins/greeter/greeter.go", "baton/plugins/other", false},
		{"plugins/plugins.go", "baton/plugins/greeter", true},
		{"scripts/scripts.go", "embed", true},
		{"scripts/scripts.go", "baton/core", false},
		{"migrations/migrations.go", "github.com/uptrace/bun/migrate", false},
		{"cmd/cli/serve.go", "baton/adapters/api", true},
		{"cmd/baton/main.go", "baton/cmd/cli", true},
		{"core/desk/desk.go", "baton/cmd/config", false},
	} {
		rule := broken(row.file, row.imports)
		if row.allowed && rule != "" {
			t.Errorf("%s may import %s, but the check says %s", row.file, row.imports, rule)
		}
		if !row.allowed && rule == "" {
			t.Errorf("%s may not import %s, and the check did not notice", row.file, row.imports)
		}
	}
}

// broken gives the rule that an import breaks, or "". File is relative to the root of the project.
func broken(file, path string) string {
	from, test := filepath.ToSlash(filepath.Dir(file)), strings.HasSuffix(file, "_test.go")
	to, ours := strings.CutPrefix(path, module+"/")
	top, _, _ := strings.Cut(from, "/")
	if ours && within(to, "cmd") && top != "cmd" {
		return "only cmd may import cmd (rule 6)"
	}
	switch top {
	case "core":
		return brokenInCore(from, path, to, ours, test)
	case "adapters":
		if test && slices.ContainsFunc(realParts, func(part string) bool { return within(to, part) }) {
			return ""
		}
		return brokenInAdapter(from, to, ours)
	case "plugins":
		return brokenInPlugin(from, path, to, ours)
	case "scripts", "migrations":
		if !standard(path) && !test {
			return top + " is data: its Go file imports the standard library only (rule 5)"
		}
	case "cmd":
	default:
		return from + " is no folder that Go code belongs in (see the tree in ARCHITECTURE.md)"
	}
	return ""
}

func brokenInCore(from, path, to string, ours, test bool) string {
	if test && (ours || path == "pgregory.net/rapid" || standard(path)) {
		return "" // a test of core may run it on a real store
	}
	switch {
	case standard(path):
		return ""
	case !ours:
		return "below core stands the standard library only (rules 1 and 2)"
	case from == "core":
		return "core imports the standard library and nothing else (rule 1)"
	case from == "core/coretest" && within(to, "core"):
		return "" // the suites drive the verbs
	case from == "core/simulate" && to == "core/desk":
		return "" // a simulation runs the real desk on another clock
	case to != "core" && !slices.Contains(leaves, to) && !within(to, from):
		return "a package below core imports core and the leaves only (rule 2)"
	}
	return ""
}

func brokenInAdapter(from, to string, ours bool) string {
	if !ours || within(to, "core") || to == "migrations" || to == "scripts" || within(to, adapterOf(from)) {
		return ""
	}
	if within(to, "adapters") {
		return "an adapter never imports another; cmd/cli gives it what it needs as a port of core (rule 3)"
	}
	return "an adapter imports core, its own technology and helpers (rule 3)"
}

// adapterOf gives the folder of the adapter that a package belongs to: bot platforms are one level deeper.
func adapterOf(from string) string {
	parts := strings.Split(from, "/")
	depth := 2
	if len(parts) > 2 && parts[1] == "bot" {
		depth = 3
	}
	return strings.Join(parts[:min(depth, len(parts))], "/")
}

func brokenInPlugin(from, path, to string, ours bool) string {
	switch {
	case from == "plugins" && within(to, "plugins"):
		return "" // the list of all plugins
	case ours && to != "core" && to != "core/plugin" && !within(to, from):
		return "a plugin imports core and core/plugin, never an adapter or another plugin (rule 4)"
	case !ours && path == module:
		return "the module has no package at its root"
	}
	return ""
}

// within says whether a package is this folder or lies below it.
func within(pkg, folder string) bool { return pkg == folder || strings.HasPrefix(pkg, folder+"/") }

// standard says whether a package is of the standard library: those have no dot in their first part.
func standard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".") && first != module
}

// walkGoFiles calls f with each Go file below root and what it imports.
func walkGoFiles(t *testing.T, root string, f func(file string, imports []string)) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, _ := filepath.Rel(root, path)
		if entry.IsDir() {
			if name := entry.Name(); relative != "." && (strings.HasPrefix(name, ".") || name == "node_modules" || name == "testdata") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		imports, err := importsOf(path)
		if err != nil {
			return err
		}
		f(filepath.ToSlash(relative), imports)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func importsOf(file string) ([]string, error) {
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		return nil, fmt.Errorf("reading the imports of %s: %w", file, err)
	}
	var paths []string
	for _, spec := range parsed.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, fmt.Errorf("reading the imports of %s: %w", file, err)
		}
		paths = append(paths, path)
	}
	return paths, nil
}
