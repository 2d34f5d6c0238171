package scripting

import (
	"context"
	"maps"
	"slices"
	"strings"

	"baton/core"
)

// Standing is where a script stands: what is in force of it, and from where.
type Standing struct {
	Name   string
	Layer  Layer // of what is in force; empty when nothing is
	Hash   string
	Header Header
	Hooks  []core.Hook
	// On says whether it is asked: a rule of every chat, a strategy where a queue names it.
	On      bool
	State   State
	Source  string
	Warned  []core.ScriptProblem
	Broken  map[Layer]*core.ScriptError // layers that are not in force because they do not compile
	Hidden  []Layer                     // layers below the one in force
	Figures Figures
	Kept    *Kept // nil when it was never drafted, switched or published here
}

// List gives where each script stands, by name.
func (l *Library) List() []Standing {
	f := l.force.Load()
	list := make([]Standing, 0, len(f.entries))
	for _, name := range slices.Sorted(maps.Keys(f.entries)) {
		list = append(list, l.standing(f.entries[name]))
	}
	return list
}

// Script gives where a script stands; it is NotFound when nothing is known of it.
func (l *Library) Script(name string) (Standing, error) {
	e := l.force.Load().entries[name]
	if e == nil {
		return Standing{}, core.Missing()
	}
	return l.standing(e), nil
}

func (l *Library) standing(e *entry) Standing {
	s := Standing{Name: e.name, State: e.state, Broken: e.broken, Hidden: e.hidden, Warned: e.warned, Kept: e.kept}
	if e.program != nil {
		s.Layer, s.Hash, s.Header, s.Hooks, s.Source = e.layer, e.program.Version(), e.program.Header(), e.program.Hooks(), e.program.Source()
		s.On = e.on()
		s.Figures = l.health.pulse(e.program, core.ModeLive).figures()
	}
	return s
}

// Strategies are the names of the scripts that a queue may name.
func (l *Library) Strategies() []string {
	var list []string
	for _, s := range l.List() {
		if slices.Contains(s.Hooks, core.HookAssign) && s.Header.Kind == Strategy {
			list = append(list, s.Name)
		}
	}
	return list
}

// Reference is what scripts may call and are given, for editors.
func (l *Library) Reference() []Entry { return l.engine.Reference() }

// Versions lists what was published of a script, the newest first.
func (l *Library) Versions(ctx context.Context, name string) ([]*Version, error) {
	return l.shelf.Versions(ctx, name)
}

// SaveDraft keeps what an admin is writing. It is a Conflict when somebody else saved since rev.
func (l *Library) SaveDraft(ctx context.Context, by core.Actor, name, source string, rev int64) (*Kept, error) {
	if err := CheckScriptName(name); err != nil {
		return nil, err
	}
	if len(source) > draftBytes {
		return nil, core.RefuseField("/source", "a script has at most %d bytes; big data belongs elsewhere", draftBytes)
	}
	kept, err := l.shelf.SaveDraft(ctx, by, name, source, rev)
	if err != nil {
		return nil, err
	}
	return kept, l.Reload(ctx)
}

// draftBytes bounds a draft: more could not be published.
const draftBytes = 64 << 10

// Withdraw takes what was published out of force; what is below it has its place again.
func (l *Library) Withdraw(ctx context.Context, by core.Actor, name string) error {
	s, err := l.Script(name)
	if err != nil {
		return err
	}
	if s.Kept == nil || s.Kept.Live == nil {
		return core.Refuse(core.Conflict, "nothing of %s is published; it is in force as it is %s", name, s.Layer)
	}
	if err := l.shelf.Withdraw(ctx, by, name); err != nil {
		return err
	}
	return l.Reload(ctx)
}

// SetState switches a script on or off, or leaves that to the script itself.
func (l *Library) SetState(ctx context.Context, by core.Actor, name string, state State) error {
	if _, err := l.Script(name); err != nil {
		return err
	}
	if !slices.Contains([]State{AsItSays, On, Off}, state) {
		return core.RefuseField("/state", "state is on, off, or empty for what the script says itself")
	}
	if err := l.shelf.SetState(ctx, by, name, state); err != nil {
		return err
	}
	return l.Reload(ctx)
}

// Trace runs a source on a case without any effect.
func (l *Library) Trace(ctx context.Context, name, source string, c *core.Case, store core.ScriptStore) (core.Opinion, []Step, error) {
	program, _, err := l.engine.Compile(name, source)
	if err != nil {
		return core.Opinion{}, nil, core.RefuseField("/source", "the script does not compile: %s", strings.TrimPrefix(err.Error(), "compile: "))
	}
	if !slices.Contains(program.Hooks(), c.Hook) {
		return core.Opinion{}, nil, core.RefuseField("/hook", "the script does not define %s", c.Hook)
	}
	o, steps := program.Trace(ctx, c, store)
	o.Script, o.Version = name, program.Version()
	return o, steps, nil
}

// Tests are the kept tests of a script, by name.
func (l *Library) Tests(ctx context.Context, name string) (map[string]string, error) {
	return l.shelf.Tests(ctx, name)
}

// KeepTest keeps a case with the answer that it must go on getting as a test of a script.
func (l *Library) KeepTest(ctx context.Context, by core.Actor, script, name string, c *core.Case, want core.Opinion) error {
	if err := checkTestName(name); err != nil {
		return err
	}
	body, err := l.engine.WriteTest(c, want)
	if err != nil {
		return err
	}
	return l.shelf.PutTest(ctx, by, script, name, string(body))
}

// RemoveTest takes a kept test away; one that is not there is NotFound.
func (l *Library) RemoveTest(ctx context.Context, by core.Actor, script, name string) error {
	tests, err := l.shelf.Tests(ctx, script)
	if err != nil {
		return err
	}
	if _, there := tests[name]; !there {
		return core.Missing()
	}
	return l.shelf.PutTest(ctx, by, script, name, "")
}

func checkTestName(name string) error {
	clean, err := core.CheckName("/name", name)
	if err == nil && (clean != name || strings.ContainsAny(name, "/\\")) {
		err = core.RefuseField("/name", "a test's name has no slashes and no spaces around it")
	}
	return err
}

// Limits are the bounds of one call.
func (l *Library) Limits() Limits { return l.engine.Limits() }
