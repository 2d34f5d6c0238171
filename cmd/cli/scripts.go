package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"baton/adapters/lua"
	"baton/core"
	"baton/core/scripting"
)

// Scripts are run, checked and tested as files. None of it opens a database or reads the configuration.

// scriptOptions are the flags of `baton scripts run`.
type scriptOptions struct{ hook, input string }

func scriptFlags(f *flags) {
	f.StringVar(&f.script.hook, "hook", "", "")
	f.StringVar(&f.script.input, "input", "", "")
}

// verdict is what came of asking a script, as one line of JSON.
type verdict struct {
	OK       bool              `json:"ok"`
	File     string            `json:"file"`
	Result   json.RawMessage   `json:"result"`
	Why      string            `json:"why"`
	Error    *core.ScriptError `json:"error"`
	Warnings []string          `json:"warnings"`
	Steps    int64             `json:"steps"`
	MS       float64           `json:"ms"`
}

// runScript asks the script of a file once. A script that fails fails the command.
func runScript(ctx context.Context, t *terminal, f *flags) error {
	file := f.Arg(0)
	source, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	v, err := f.script.ask(ctx, t, file, string(source))
	if err != nil {
		return err
	}
	line := json.NewEncoder(t.out)
	line.SetEscapeHTML(false)
	if err := line.Encode(v); err != nil {
		return err
	}
	if !v.OK {
		return errTold
	}
	return nil
}

// inMessages is how a script that is run is called in what is said of it; its file stands beside that. So the same
// script fails with the same words wherever it lies.
const inMessages = "script.lua"

func (s scriptOptions) ask(ctx context.Context, t *terminal, file, source string) (v *verdict, err error) {
	v = &verdict{File: filepath.Base(file), Result: json.RawMessage("null"), Warnings: []string{}}
	defer func() {
		// The engine lets no panic out. If it does after all, the script has gone beyond what we can bound.
		if r := recover(); r != nil {
			v.OK, v.Error = false, &core.ScriptError{Kind: core.FaultLimit, Message: fmt.Sprintf("%s: the engine failed: %v", inMessages, r)}
		}
	}()
	program, problems, err := lua.New(lua.Config{}).Compile(inMessages, source)
	for _, p := range problems {
		if p.Severity == "warning" {
			v.Warnings = append(v.Warnings, place(inMessages, p)+p.Message)
		}
	}
	if err != nil {
		if !errors.As(err, &v.Error) {
			return nil, err
		}
		return v, nil
	}
	c, err := s.question(program)
	if err != nil {
		return nil, err
	}
	o := program.Ask(ctx, c, nil)
	for _, line := range o.Log {
		fmt.Fprintln(t.err, line)
	}
	v.OK, v.Why, v.Error, v.Steps, v.MS = o.Error == nil, o.Why, o.Error, o.Steps, float64(o.Micros)/1000
	if v.OK {
		v.Result = json.RawMessage(o.Result)
	}
	return v, nil
}

// question is the case that the script is asked: the one of --input, or the sample of its hook.
func (s scriptOptions) question(p scripting.Program) (*core.Case, error) {
	hook := core.Hook(s.hook)
	if hook != "" && !slices.Contains(core.Hooks[:], hook) {
		return nil, misuse("there is no hook %q; there are %v", s.hook, core.Hooks)
	}
	if s.input != "" {
		return readCase(s.input, hook, p)
	}
	return scripting.Sample(hookOf(hook, p)), nil
}

// hookOf is the hook to ask: the one that is named, the one of the script's header, or the first that it defines.
func hookOf(named core.Hook, p scripting.Program) core.Hook {
	switch {
	case named != "":
		return named
	case slices.Contains(core.Hooks[:], p.Header().Hook):
		return p.Header().Hook
	case len(p.Hooks()) > 0:
		return p.Hooks()[0]
	}
	return core.HookAssign
}

// readCase reads a case. What it leaves out is as in the sample.
func readCase(file string, hook core.Hook, p scripting.Program) (*core.Case, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var asked struct {
		Hook core.Hook `json:"hook"`
	}
	if err := json.Unmarshal(data, &asked); err != nil {
		return nil, fmt.Errorf("reading %s: %w", file, err)
	}
	if hook == "" {
		hook = asked.Hook
	}
	c := scripting.Sample(hookOf(hook, p))
	read := json.NewDecoder(bytes.NewReader(data))
	read.DisallowUnknownFields()
	if err := read.Decode(c); err != nil {
		return nil, fmt.Errorf("reading %s: %w", file, err)
	}
	c.Hook = hookOf(hook, p)
	return c, nil
}

// place is where a problem is, as compilers and editors write it.
func place(file string, p core.ScriptProblem) string {
	switch {
	case p.Line == 0:
		return file + ": "
	case p.Column == 0:
		return fmt.Sprintf("%s:%d: ", file, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d: ", file, p.Line, p.Column)
}

// checkScripts says what is wrong or odd in scripts, and fails when one of them cannot run.
func checkScripts(_ context.Context, t *terminal, f *flags) error {
	engine, failed := lua.New(lua.Config{}), false
	for _, file := range f.Args() {
		source, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		_, problems, err := engine.Compile(file, string(source))
		for _, p := range problems {
			fmt.Fprintf(t.out, "%s%s: %s\n", place(file, p), p.Severity, p.Message)
		}
		failed = failed || err != nil
	}
	if failed {
		return errTold
	}
	return nil
}

// testScripts runs the tests of a script, or of all scripts in a folder and below it.
func testScripts(ctx context.Context, t *terminal, f *flags) error {
	root := "."
	if f.NArg() > 0 {
		root = f.Arg(0)
	}
	scripts, err := scriptFiles(root)
	if err != nil {
		return err
	}
	r := &testRun{terminal: t, engine: lua.New(lua.Config{})}
	for _, file := range scripts {
		if err := r.script(ctx, file); err != nil {
			return err
		}
	}
	fmt.Fprintf(t.out, "%d passed, %d failed\n", r.passed, r.failed)
	if r.failed > 0 {
		return errTold
	}
	return nil
}

// scriptFiles lists the scripts that a path names.
func scriptFiles(root string) (files []string, err error) {
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != root && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "meta" || entry.Name() == "testdata"):
			return filepath.SkipDir
		case !entry.IsDir() && filepath.Ext(path) == ".lua":
			files = append(files, path)
		}
		return nil
	})
	return files, err
}

// testRun counts what came of tests.
type testRun struct {
	*terminal
	engine         *lua.Engine
	passed, failed int
}

// script runs the tests of one script: NAME.txtar and NAME.WHAT.txtar, beside it or in testdata.
func (r *testRun) script(ctx context.Context, file string) error {
	dir, name := filepath.Dir(file), strings.TrimSuffix(filepath.Base(file), ".lua")
	source, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var tests []string
	for _, folder := range []string{dir, filepath.Join(dir, "testdata")} {
		for _, pattern := range []string{name + ".txtar", name + ".*.txtar"} {
			found, _ := filepath.Glob(filepath.Join(folder, pattern))
			tests = append(tests, found...)
		}
	}
	program, _, err := r.engine.Compile(file, string(source))
	if err != nil {
		r.failed += max(len(tests), 1)
		fmt.Fprintf(r.out, "%s: %v\n", file, err)
		return nil
	}
	for _, test := range tests {
		content, err := os.ReadFile(test)
		if err != nil {
			return err
		}
		r.tell(test, r.engine.Test(ctx, program, test, content))
	}
	return nil
}

func (r *testRun) tell(test string, o scripting.Outcome) {
	if o.Passed {
		r.passed++
		return
	}
	r.failed++
	fmt.Fprintf(r.out, "%s: %s\n", test, o.Detail)
	for _, line := range o.Opinion.Log {
		fmt.Fprintf(r.err, "  %s\n", line)
	}
}
