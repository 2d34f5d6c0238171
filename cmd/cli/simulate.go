package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"time"

	"baton/adapters/lua"
	"baton/adapters/sqlstore"
	"baton/cmd/config"
	"baton/core"
	"baton/core/desk"
	"baton/core/scripting"
	"baton/core/simulate"
	"baton/scripts"
)

// simulateOptions are the flags of `baton simulate`.
type simulateOptions struct {
	from, to, plan, agents, queue, write string
	scripts                              []string
	days, runs                           int
	seed                                 uint64
	json                                 bool
}

func simulateFlags(f *flags) {
	o := &f.simulate
	f.StringVar(&o.from, "from", "", "")
	f.StringVar(&o.to, "to", "", "")
	f.StringVar(&o.plan, "plan", "", "")
	f.StringVar(&o.agents, "agents", "", "")
	f.StringVar(&o.queue, "queue", "", "")
	f.StringVar(&o.write, "write-plan", "", "")
	f.IntVar(&o.days, "days", 0, "")
	f.IntVar(&o.runs, "runs", 0, "")
	f.Uint64Var(&o.seed, "seed", 1, "")
	f.BoolVar(&o.json, "json", false, "")
	f.Func("script", "", func(text string) error {
		o.scripts = append(o.scripts, text)
		return nil
	})
}

// simulation is what a command found to simulate.
type simulation struct {
	plan    *simulate.Plan
	scripts simulate.Scripts
	desk    desk.Config
}

// runSimulation says what would be with another script or other staffing. It only reads, and it works beside a running
// server and without one.
func runSimulation(ctx context.Context, t *terminal, f *flags) error {
	o := &f.simulate
	if o.plan != "" && (o.from != "" || o.to != "") {
		return misuse("a plan says itself what is simulated; leave out --from and --to, or --plan")
	}
	if o.runs < 0 || o.runs == 1 || o.days < 0 {
		return misuse("--runs is 2 or more, and --days 1 or more")
	}
	c, err := f.load(t)
	if err != nil {
		return err
	}
	s, err := o.prepare(ctx, c)
	if err != nil {
		return err
	}
	if o.days > 0 {
		s.plan.Days = min(s.plan.Days, o.days)
	}
	if o.write != "" {
		if err := writePlan(o.write, s.plan); err != nil {
			return err
		}
		fmt.Fprintf(t.err, "wrote %s; change it and run baton simulate --plan %s\n", o.write, o.write)
	}
	return s.run(ctx, t, o)
}

// prepare reads the plan, or estimates it from the figures of the server.
func (o *simulateOptions) prepare(ctx context.Context, c *config.Config) (s *simulation, err error) {
	s = &simulation{desk: deskConfig(c)}
	if o.plan != "" {
		if s.plan, err = readPlan(o.plan); err != nil {
			return nil, err
		}
		library := scripting.New(lua.New(lua.Config{}), nothingKept{}, scripting.Sources{BuiltIn: scripts.BuiltIn, Disk: scriptsDir(c)}, slog.New(slog.DiscardHandler))
		s.scripts = library
		return s, library.Reload(ctx)
	}
	store, err := sqlstore.OpenToRead(ctx, sqlstore.Config(c.Database))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w; give a plan with --plan to simulate without a server", err)
	}
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	library := newLibrary(store, c, slog.New(slog.DiscardHandler))
	if err := library.Reload(ctx); err != nil {
		return nil, err
	}
	s.scripts = library
	s.plan, err = simulate.Estimate(ctx, store, simulate.Period{From: o.from, To: o.to}, time.Now())
	return s, err
}

// nothingKept is a shelf of scripts on which nothing is: a plan by itself has no server that published any.
type nothingKept struct{ scripting.Shelf }

func (nothingKept) Kept(context.Context) ([]*scripting.Kept, error) { return nil, nil }
func (nothingKept) KeptRev(context.Context) (int64, error)          { return 0, nil }

// run simulates the present and what is asked for beside it, and prints what came of it.
func (s *simulation) run(ctx context.Context, t *terminal, o *simulateOptions) error {
	if err := s.plan.Check(); err != nil {
		return err
	}
	c := &simulate.Compare{Plan: s.plan, Scripts: s.scripts}
	if err := c.Present(); err != nil {
		return err
	}
	for _, text := range o.scripts {
		name, source, err := readScript(text)
		if err != nil {
			return err
		}
		if err := c.Script(name, source); err != nil {
			return err
		}
	}
	if o.agents != "" {
		more, err := s.more(o.agents, o.queue)
		if err != nil {
			return err
		}
		if err := c.Staff(more, o.queue); err != nil {
			return err
		}
	}
	setup := c.Setup()
	progress, gone := t.progress()
	setup.Seed, setup.Runs, setup.Desk, setup.Progress = o.seed, o.runs, s.desk, progress
	result, err := simulate.Run(ctx, setup)
	gone()
	if err != nil {
		return err
	}
	if o.json {
		out := json.NewEncoder(t.out)
		out.SetIndent("", "  ")
		return out.Encode(result)
	}
	show(t.out, result, s.plan)
	return nil
}

// readScript reads NAME=FILE.
func readScript(text string) (name, source string, err error) {
	name, file, ok := strings.Cut(text, "=")
	if !ok {
		return "", "", misuse("--script is %q; write the name of the script and the file of its other text, as in --script least_busy=draft.lua", text)
	}
	data, err := os.ReadFile(file)
	return name, string(data), err
}

// more says how many agents are to be added: +2, -1, or 5 for five in all.
func (s *simulation) more(text, queue string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, misuse("--agents is %q; write +1 for one more, -1 for one fewer, or how many there are to be", text)
	}
	if strings.HasPrefix(text, "+") || n < 0 {
		return n, nil
	}
	return n - s.plan.Headcount(queue), nil
}

// progress tells on standard error how much is done, where somebody watches it; gone takes that away again.
func (t *terminal) progress() (told func(float64), gone func()) {
	file, ok := t.err.(*os.File)
	if !ok {
		return nil, func() {}
	}
	if info, err := file.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return nil, func() {}
	}
	last := -1
	return func(part float64) {
		if percent := int(part * 100); percent > last {
			last = percent
			fmt.Fprintf(t.err, "\rsimulating: %d %%", percent)
		}
	}, func() { fmt.Fprint(t.err, "\r\033[K") }
}

// pointed gives the first pointer of a refusal, and its text.
func pointed(err error) (pointer, text string, ok bool) {
	var refused *core.Error
	if !errors.As(err, &refused) || len(refused.Fields) == 0 {
		return "", "", false
	}
	return refused.Fields[0].Pointer, refused.Fields[0].Detail, true
}
