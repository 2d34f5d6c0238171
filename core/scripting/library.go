package scripting

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"baton/core"
)

// Layer is where a source comes from. A later layer hides an earlier one of the same name.
type Layer string

// The layers.
const (
	BuiltIn   Layer = "built in"
	OnDisk    Layer = "on disk"
	Published Layer = "published"
)

// reloadEvery is how often the library looks for what other nodes published and what changed on the disk.
const reloadEvery = time.Second

// Sources are the layers that are files.
type Sources struct {
	BuiltIn fs.FS
	Disk    fs.FS // nil when there is no scripts.dir
}

// Library knows which script is in force, asks those, and takes drafts to live. Many may use it at once.
type Library struct {
	engine  Engine
	shelf   Shelf
	sources Sources
	log     *slog.Logger

	force  atomic.Pointer[force]
	turn   sync.Mutex // held while what is in force is made anew; guards told
	told   map[string]string
	health health
}

var _ core.Scripts = (*Library)(nil)

// New makes a library in which nothing is in force before the first Reload.
func New(engine Engine, shelf Shelf, sources Sources, log *slog.Logger) *Library {
	l := &Library{engine: engine, shelf: shelf, sources: sources, log: log, told: map[string]string{}, health: health{of: map[version]*pulse{}}}
	l.force.Store(&force{entries: map[string]*entry{}})
	return l
}

// Run reloads whenever something changed, until ctx ends.
func (l *Library) Run(ctx context.Context) error {
	tick := time.NewTicker(reloadEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if err := l.refresh(ctx); err != nil && ctx.Err() == nil {
			l.log.Warn("looking for changed scripts", "error", err)
		}
	}
}

// entry is one script by name, with what is in force of it and what is not.
type entry struct {
	name    string
	layer   Layer
	program Program
	state   State
	trial   Program // of a draft that is tried, or nil
	kept    *Kept
	// broken says which layers are not in force because they do not compile.
	broken  map[Layer]*core.ScriptError
	hidden  []Layer // those below the one in force
	sources map[Layer]string
	warned  []core.ScriptProblem
}

// on says whether the script is asked at all.
func (e *entry) on() bool {
	if e.program == nil {
		return false
	}
	return e.state == On || e.state == AsItSays && !e.program.Header().Off
}

// force is what is in force at one moment; it never changes.
type force struct {
	entries map[string]*entry
	rules   map[core.Hook][]*entry // those that are asked of every chat, in order
	mark    mark
}

// mark tells whether sources have changed since.
type mark struct {
	rev  int64
	disk string
}

// Reload makes what is in force anew. A source that does not compile leaves in force what was, or the layer below.
func (l *Library) Reload(ctx context.Context) error {
	l.turn.Lock()
	defer l.turn.Unlock()
	now, err := l.marked(ctx)
	if err != nil {
		return err
	}
	return l.reload(ctx, now)
}

// refresh is Reload when something changed.
func (l *Library) refresh(ctx context.Context) error {
	l.turn.Lock()
	defer l.turn.Unlock()
	now, err := l.marked(ctx)
	if err != nil || now == l.force.Load().mark {
		return err
	}
	return l.reload(ctx, now)
}

func (l *Library) marked(ctx context.Context) (mark, error) {
	rev, err := l.shelf.KeptRev(ctx)
	if err != nil {
		return mark{}, err
	}
	return mark{rev: rev, disk: fingerprint(l.sources.Disk)}, nil
}

// fingerprint tells files apart by name, size and time.
func fingerprint(files fs.FS) string {
	if files == nil {
		return ""
	}
	var b strings.Builder
	for _, f := range scriptFiles(files) {
		if info, err := f.Info(); err == nil {
			b.WriteString(f.Name() + info.ModTime().String() + string(rune(info.Size())))
		}
	}
	return b.String()
}

func scriptFiles(files fs.FS) []fs.DirEntry {
	list, _ := fs.ReadDir(files, ".")
	return slices.DeleteFunc(list, func(f fs.DirEntry) bool { return f.IsDir() || path.Ext(f.Name()) != ".lua" })
}

func (l *Library) reload(ctx context.Context, now mark) error {
	kept, err := l.shelf.Kept(ctx)
	if err != nil {
		return err
	}
	before := l.force.Load()
	next := &force{entries: map[string]*entry{}, rules: map[core.Hook][]*entry{}, mark: now}
	for _, k := range kept {
		next.entry(k.Name).kept = k
	}
	for _, layer := range []struct {
		layer Layer
		files fs.FS
	}{{BuiltIn, l.sources.BuiltIn}, {OnDisk, l.sources.Disk}} {
		if layer.files == nil {
			continue
		}
		for _, f := range scriptFiles(layer.files) {
			source, err := fs.ReadFile(layer.files, f.Name())
			if err != nil {
				l.log.Warn("reading a script", "file", f.Name(), "error", err)
				continue
			}
			next.entry(strings.TrimSuffix(f.Name(), ".lua")).sources[layer.layer] = string(source)
		}
	}
	for name, e := range next.entries {
		if e.kept != nil && e.kept.Live != nil {
			e.sources[Published] = e.kept.Live.Source
		}
		l.settle(e, before.entries[name])
	}
	next.order()
	l.force.Store(next)
	return nil
}

func (f *force) entry(name string) *entry {
	e := f.entries[name]
	if e == nil {
		e = &entry{name: name, broken: map[Layer]*core.ScriptError{}, sources: map[Layer]string{}}
		f.entries[name] = e
	}
	return e
}

// settle decides which layer of a script is in force. Programs that were in force before are used again.
func (l *Library) settle(e, before *entry) {
	for _, layer := range []Layer{Published, OnDisk, BuiltIn} {
		source, there := e.sources[layer]
		switch {
		case !there:
		case e.program != nil:
			e.hidden = append(e.hidden, layer)
		default:
			l.put(e, layer, source, before)
		}
	}
	if e.kept == nil {
		return
	}
	e.state = e.kept.State
	if e.kept.Trial.Mode == "" {
		return
	}
	if before != nil && before.trial != nil && before.trial.Source() == e.kept.Trial.Source {
		e.trial = before.trial
	} else if program, _, err := l.engine.Compile(e.name, e.kept.Trial.Source); err == nil {
		e.trial = program
	}
}

// put puts a layer in force, or says why that cannot be and leaves in force what was of that layer.
func (l *Library) put(e *entry, layer Layer, source string, before *entry) {
	if before != nil && before.program != nil && before.program.Source() == source {
		e.layer, e.program, e.warned = layer, before.program, before.warned
		return
	}
	program, problems, err := l.engine.Compile(e.name, source)
	if err == nil {
		e.layer, e.program, e.warned = layer, program, problems
		delete(l.told, e.name)
		return
	}
	var wrong *core.ScriptError
	if !errors.As(err, &wrong) {
		wrong = &core.ScriptError{Kind: core.FaultCompile, Message: err.Error()}
	}
	e.broken[layer] = wrong
	if l.told[e.name] != source {
		l.told[e.name] = source
		l.log.Error("a script is not in force", "script", e.name, "layer", string(layer), "line", wrong.Line, "error", wrong.Message)
	}
	if before != nil && before.program != nil && before.layer == layer {
		e.layer, e.program, e.warned = layer, before.program, before.warned
	}
}

// order lists the rules of each hook, the smallest order first and then by name.
func (f *force) order() {
	all := slices.Collect(maps.Values(f.entries))
	slices.SortFunc(all, func(a, b *entry) int { return strings.Compare(a.name, b.name) })
	all = slices.DeleteFunc(all, func(e *entry) bool { return !e.on() || e.program.Header().Kind == Strategy })
	slices.SortStableFunc(all, func(a, b *entry) int { return cmp.Compare(a.program.Header().Order, b.program.Header().Order) })
	for _, e := range all {
		for _, hook := range e.program.Hooks() {
			f.rules[hook] = append(f.rules[hook], e)
		}
	}
}

var names = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// CheckScriptName says what a script may be called.
func CheckScriptName(name string) error {
	if !names.MatchString(name) {
		return core.RefuseField("/name", "a script's name has 1 to 40 small letters, digits and underscores and begins with a letter, as in vip_first")
	}
	return nil
}
