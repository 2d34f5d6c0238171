package scripting

import (
	"context"
	"hash/fnv"
	"slices"

	"baton/core"
)

// Answers says whether a script in force answers this hook. A strategy that is named is always asked: that it is
// not there is worth a line in the ledger.
func (l *Library) Answers(hook core.Hook, strategy string) bool {
	f := l.force.Load()
	return len(f.rules[hook]) > 0 || hook == core.HookAssign && strategy != ""
}

// Ask puts the case to the rules in order and then to the strategy. See core.Scripts.
func (l *Library) Ask(ctx context.Context, c *core.Case, strategy string, store core.ScriptStore) []core.Opinion {
	f := l.force.Load()
	room := len(f.rules[c.Hook])
	if strategy != "" {
		room++
	}
	opinions := make([]core.Opinion, 0, room)
	for _, e := range f.rules[c.Hook] {
		opinions = l.ask(ctx, e, c, store, opinions)
	}
	if c.Hook != core.HookAssign || strategy == "" {
		return opinions
	}
	e := f.entries[strategy]
	if e == nil || e.program == nil || !slices.Contains(e.program.Hooks(), core.HookAssign) {
		return append(opinions, notInForce(strategy))
	}
	if slices.Contains(f.rules[c.Hook], e) {
		return opinions // a rule that is asked of every chat was asked
	}
	return l.ask(ctx, e, c, store, opinions)
}

// notInForce is the opinion of a strategy that a queue names and that is not there.
func notInForce(strategy string) core.Opinion {
	return core.Opinion{Script: strategy, Mode: core.ModeLive, Error: &core.ScriptError{
		Kind: core.FaultLoad, Message: "the queue names the strategy " + strategy + ", and no such script that answers assign is in force",
	}}
}

// ask puts the case to one script, and to the draft that is tried beside it.
func (l *Library) ask(ctx context.Context, e *entry, c *core.Case, store core.ScriptStore, opinions []core.Opinion) []core.Opinion {
	if e.trial != nil && e.kept.Trial.Mode == core.ModeCanary && picks(c.Session.ID, e.kept.Trial.Share) {
		o := l.guarded(ctx, e.trial, core.ModeCanary, c, store)
		if o.Error == nil {
			return append(opinions, o)
		}
		l.canaryFailed(ctx, e, o.Error)
		opinions = append(opinions, o) // the live script answers instead
	}
	live := l.guarded(ctx, e.program, core.ModeLive, c, store)
	opinions = append(opinions, live)
	if e.trial != nil && e.kept.Trial.Mode == core.ModeShadow {
		o := l.guarded(ctx, e.trial, core.ModeShadow, c, store)
		o.Writes = nil
		o.Differs = o.Error == nil && live.Error == nil && o.Result != live.Result
		opinions = append(opinions, o)
	}
	return opinions
}

// guarded asks a program unless it rests after a row of failures.
func (l *Library) guarded(ctx context.Context, p Program, mode core.Mode, c *core.Case, store core.ScriptStore) core.Opinion {
	pulse := l.health.pulse(p, mode)
	if !pulse.may() {
		return core.Opinion{Script: p.Name(), Version: p.Version(), Mode: mode, Error: &core.ScriptError{
			Kind: core.FaultLimit, Message: "not asked: it rests for half a minute after five failures in a row",
		}}
	}
	o := p.Ask(ctx, c, store)
	o.Script, o.Version, o.Mode = p.Name(), p.Version(), mode
	if pulse.note(&o) {
		l.log.Error("a script rests after a row of failures", "script", p.Name(), "version", p.Version(), "error", o.Error.Message, "line", o.Error.Line)
	}
	return o
}

// picks says whether a session belongs to the share of a canary. A session stays on its side.
func picks(session string, share int) bool {
	h := fnv.New32a()
	_, _ = h.Write([]byte(session))
	return int(h.Sum32()%100) < share
}
