package scripting

import (
	"context"
	"slices"

	"baton/core"
)

// Apart are the scripts in force at one moment, for a desk that is not the real one: they have interpreters of their own,
// so that no chat waits for them, what is published later does not reach them, and how they fare is nobody's figure.
// Drafts that are tried beside them are left out. One goroutine asks them.
type Apart struct {
	rules   map[core.Hook][]*resting
	entries map[string]*resting
}

var _ core.Scripts = (*Apart)(nil)

// resting is a program that rests after a row of failures, by the clock of the cases that it is asked.
type resting struct {
	Program
	row, failed int
	until       int64 // seconds since 1970
}

// givenUpAfter is how many failures a script has apart before it is not asked again: what it would say is known.
const givenUpAfter = 50

// Apart gives the scripts in force apart from the desk that they serve, with this source in the place of the script of
// that name, if a name is given, as if it were switched on. It says whether that script is a strategy. The error of a
// source that does not compile is a *core.ScriptError.
func (l *Library) Apart(name, source string) (scripts core.Scripts, strategy bool, err error) {
	f := &force{entries: map[string]*entry{}, rules: map[core.Hook][]*entry{}}
	for other, e := range l.force.Load().entries {
		if other == name || e.program == nil {
			continue
		}
		if f.entries[other], err = l.again(other, e.program.Source(), e.state); err != nil {
			return nil, false, err
		}
	}
	if name != "" {
		if err := CheckScriptName(name); err != nil {
			return nil, false, err
		}
		if f.entries[name], err = l.again(name, source, On); err != nil {
			return nil, false, err
		}
		strategy = f.entries[name].program.Header().Kind == Strategy
	}
	f.order()
	x := &Apart{rules: map[core.Hook][]*resting{}, entries: map[string]*resting{}}
	for each, e := range f.entries {
		x.entries[each] = &resting{Program: e.program}
	}
	for hook, rules := range f.rules {
		for _, e := range rules {
			x.rules[hook] = append(x.rules[hook], x.entries[e.name])
		}
	}
	return x, strategy, nil
}

// again compiles a script once more.
func (l *Library) again(name, source string, state State) (*entry, error) {
	program, _, err := l.engine.Compile(name, source)
	if err != nil {
		return nil, err
	}
	return &entry{name: name, program: program, state: state}, nil
}

// Answers says whether a script answers this hook.
func (x *Apart) Answers(hook core.Hook, strategy string) bool {
	return len(x.rules[hook]) > 0 || hook == core.HookAssign && strategy != ""
}

// Ask puts the case to the rules in order and then to the strategy.
func (x *Apart) Ask(ctx context.Context, c *core.Case, strategy string, store core.ScriptStore) []core.Opinion {
	opinions := make([]core.Opinion, 0, len(x.rules[c.Hook])+1)
	for _, r := range x.rules[c.Hook] {
		opinions = append(opinions, r.ask(ctx, c, store))
	}
	if c.Hook != core.HookAssign || strategy == "" {
		return opinions
	}
	r := x.entries[strategy]
	if r == nil || !slices.Contains(r.Hooks(), core.HookAssign) {
		return append(opinions, notInForce(strategy))
	}
	if slices.Contains(x.rules[c.Hook], r) {
		return opinions
	}
	return append(opinions, r.ask(ctx, c, store))
}

func (r *resting) ask(ctx context.Context, c *core.Case, store core.ScriptStore) core.Opinion {
	// A clock that was set back, as between two runs, ends a rest.
	left := r.until - c.Ctx.Now.Unix
	if r.failed >= givenUpAfter || r.row >= breakAfter && left > 0 && left <= int64(restFor.Seconds()) {
		return core.Opinion{Script: r.Name(), Version: r.Version(), Mode: core.ModeLive}
	}
	o := r.Program.Ask(ctx, c, store)
	o.Script, o.Version, o.Mode = r.Name(), r.Version(), core.ModeLive
	if o.Error == nil {
		r.row = 0
		return o
	}
	r.row, r.failed, r.until = r.row+1, r.failed+1, c.Ctx.Now.Unix+int64(restFor.Seconds())
	return o
}
