package scripting

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"baton/core"
)

// Hash names a source.
func Hash(source string) string {
	sum := sha256.Sum256([]byte(source))
	return hex.EncodeToString(sum[:])[:12]
}

// Check gives what is wrong or doubtful in a source.
func (l *Library) Check(name, source string) []core.ScriptProblem {
	_, problems, err := l.engine.Compile(name, source)
	return withError(problems, err)
}

// withError makes sure that the error that kept a source from compiling is among its problems.
func withError(problems []core.ScriptProblem, err error) []core.ScriptProblem {
	isError := func(p core.ScriptProblem) bool { return p.Severity == "error" }
	var wrong *core.ScriptError
	if errors.As(err, &wrong) && !slices.ContainsFunc(problems, isError) {
		problems = append([]core.ScriptProblem{{Severity: "error", Message: wrong.Message, Line: max(1, wrong.Line)}}, problems...)
	}
	return problems
}

// Report is what a source came to on its way to being published.
type Report struct {
	Problems []core.ScriptProblem
	Tests    []Outcome
	Samples  []core.Opinion
}

// Gate tries what a source must pass before it is published: it compiles, its tests pass, and each of its hooks
// answers the sample case. An error says what does not hold.
func (l *Library) Gate(ctx context.Context, name, source string) (*Report, error) {
	program, problems, err := l.engine.Compile(name, source)
	report := &Report{Problems: withError(problems, err)}
	for _, p := range report.Problems {
		if p.Severity == "error" {
			return report, core.RefuseField("/source", "line %d: %s", p.Line, p.Message)
		}
	}
	if err != nil {
		return report, err
	}
	if len(program.Hooks()) == 0 {
		return report, core.RefuseField("/source", "the script answers no hook: define one of %s", hookNames())
	}
	if report.Tests, err = l.test(ctx, program); err != nil {
		return report, err
	}
	for _, t := range report.Tests {
		if !t.Passed {
			return report, core.RefuseField("/source", "the test %s fails: %s", t.Name, t.Detail)
		}
	}
	for _, hook := range program.Hooks() {
		o := program.Ask(ctx, Sample(hook), NoStore{})
		report.Samples = append(report.Samples, o)
		if o.Error != nil {
			return report, core.RefuseField("/source", "%s fails on the sample case%s: %s", hook, inLine(o.Error.Line), o.Error.Message)
		}
	}
	return report, nil
}

// inLine says where something went wrong, when that is known.
func inLine(line int) string {
	if line < 1 {
		return ""
	}
	return fmt.Sprintf(" in line %d", line)
}

func hookNames() string {
	list := make([]string, len(core.Hooks))
	for i, h := range core.Hooks {
		list[i] = string(h)
	}
	return strings.Join(list, ", ")
}

// NoStore is a store in which nothing is.
type NoStore struct{}

// Get gives no value.
func (NoStore) Get(context.Context, string, string) (json.RawMessage, int64, error) {
	return nil, 0, nil
}

// Publish puts a source in force if it passes the gate. Nothing has changed otherwise.
func (l *Library) Publish(ctx context.Context, by core.Actor, name, source, reason string) (*Version, *Report, error) {
	if err := CheckScriptName(name); err != nil {
		return nil, nil, err
	}
	if strings.TrimSpace(reason) == "" {
		return nil, nil, core.RefuseField("/reason", "say in a line why the script changes; whoever asks in two years will read it")
	}
	report, err := l.Gate(ctx, name, source)
	if err != nil {
		return nil, report, err
	}
	version, err := l.shelf.Publish(ctx, by, name, source, Hash(source), reason)
	if err != nil {
		return nil, report, err
	}
	return version, report, l.Reload(ctx)
}

// RollBack publishes an earlier version again, as a new one.
func (l *Library) RollBack(ctx context.Context, by core.Actor, name string, number int, reason string) (*Version, *Report, error) {
	versions, err := l.shelf.Versions(ctx, name)
	if err != nil {
		return nil, nil, err
	}
	i := slices.IndexFunc(versions, func(v *Version) bool { return v.Number == number })
	if i < 0 {
		return nil, nil, core.Missing()
	}
	if reason == "" {
		reason = fmt.Sprintf("Back to version %d", number)
	}
	return l.Publish(ctx, by, name, versions[i].Source, reason)
}

// Test runs the tests of a script on a source.
func (l *Library) Test(ctx context.Context, name, source string) ([]Outcome, error) {
	program, _, err := l.engine.Compile(name, source)
	if err != nil {
		return nil, err
	}
	return l.test(ctx, program)
}

// test runs all tests of a program: those beside its built-in file and its file on disk, and those that were kept.
func (l *Library) test(ctx context.Context, p Program) ([]Outcome, error) {
	files := map[string]string{}
	for _, from := range []fs.FS{l.sources.BuiltIn, l.sources.Disk} {
		maps.Copy(files, testFiles(from, p.Name()))
	}
	kept, err := l.shelf.Tests(ctx, p.Name())
	if err != nil {
		return nil, err
	}
	maps.Copy(files, kept)
	outcomes := make([]Outcome, 0, len(files))
	for _, name := range slices.Sorted(maps.Keys(files)) {
		outcomes = append(outcomes, l.engine.Test(ctx, p, name, []byte(files[name])))
	}
	return outcomes, nil
}

// testFiles are the tests beside a script: NAME.txtar and NAME.WHAT.txtar, there or in testdata.
func testFiles(files fs.FS, name string) map[string]string {
	tests := map[string]string{}
	if files == nil {
		return tests
	}
	for _, dir := range []string{".", "testdata"} {
		list, _ := fs.ReadDir(files, dir)
		for _, f := range list {
			if first, _, _ := strings.Cut(f.Name(), "."); first != name || path.Ext(f.Name()) != ".txtar" {
				continue
			}
			if body, err := fs.ReadFile(files, path.Join(dir, f.Name())); err == nil {
				tests[strings.TrimSuffix(f.Name(), ".txtar")] = string(body)
			}
		}
	}
	return tests
}

// StartTrial tries a draft beside the live script: in its shadow, or as a canary on a share of the sessions.
func (l *Library) StartTrial(ctx context.Context, by core.Actor, name, source string, mode core.Mode, share int) error {
	if l.force.Load().entries[name] == nil {
		return core.Missing()
	}
	if mode == core.ModeCanary && (share < 1 || share > 99) {
		return core.RefuseField("/share", "a canary has 1 to 99 percent of the chats; for all of them publish it")
	}
	if _, err := l.Gate(ctx, name, source); err != nil {
		return err
	}
	if err := l.shelf.SetTrial(ctx, by, name, Trial{Mode: mode, Source: source, Share: share, Since: time.Now()}); err != nil {
		return err
	}
	return l.Reload(ctx)
}

// EndTrial ends a shadow or a canary.
func (l *Library) EndTrial(ctx context.Context, by core.Actor, name string) error {
	if err := l.shelf.SetTrial(ctx, by, name, Trial{}); err != nil {
		return err
	}
	return l.Reload(ctx)
}

// canaryFailed takes a canary back that failed too often: the live script has all sessions again.
func (l *Library) canaryFailed(ctx context.Context, e *entry, why *core.ScriptError) {
	if l.health.pulse(e.trial, core.ModeCanary).failures() != canaryFails {
		return
	}
	ended := fmt.Sprintf("Taken back after %d failures, the last one in line %d: %s", canaryFails, why.Line, why.Message)
	l.log.Error("a canary was taken back", "script", e.name, "error", why.Message, "line", why.Line)
	if err := l.shelf.SetTrial(ctx, core.Desk, e.name, Trial{Ended: ended}); err != nil {
		l.log.Warn("taking a canary back", "script", e.name, "error", err)
	}
}
