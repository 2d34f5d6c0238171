package simulate

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"baton/core"
	"baton/core/desk"
)

// Question is what somebody wants simulated: the present beside another text of a script, or beside other staffing, or
// each of them; with neither the present by itself.
type Question struct {
	Period
	Script, Source string
	// Agents are how many more there are, of Queue or of all.
	Agents int
	Queue  string
	// Days bounds how many days are simulated; 0 leaves them as they are.
	Days int
	Seed uint64
}

// State says how far a simulation is.
type State string

// The states.
const (
	Running State = "running"
	Done    State = "done"
	Failed  State = "failed"
)

// Standing is where a simulation stands.
type Standing struct {
	ID       string
	State    State
	Progress float64 // 0 to 1
	Result   *Result // when it is done
	Err      *core.Error
}

const (
	// benchChats and benchTime bound a simulation in a running server.
	benchChats = 40_000
	benchTime  = 30 * time.Second
	// rememberedFor is how long a result is kept, and remembered how many are.
	rememberedFor = time.Hour
	remembered    = 20
	// estimated is how much of the progress the estimate is.
	estimated = 0.05
	// SimulationPrefix begins the id of a simulation.
	SimulationPrefix = "sim_"
)

// Bench runs simulations in a server, one at a time, and remembers for a while what they came to. Nothing is written.
type Bench struct {
	source  Source
	scripts Scripts
	cfg     desk.Config
	log     *slog.Logger
	work    chan *task

	mu    sync.Mutex // guards the rest, and what changes of a task
	tasks []*task    // the newest last
}

type task struct {
	question Question
	begun    time.Time
	Standing
}

// NewBench makes a bench; it starts nothing.
func NewBench(source Source, scripts Scripts, cfg desk.Config, log *slog.Logger) *Bench {
	return &Bench{source: source, scripts: scripts, cfg: cfg, log: log, work: make(chan *task, 1)}
}

// Start begins a simulation and gives its id. It is a Conflict while another one runs, and Invalid when the script does
// not compile or the period is none.
func (b *Bench) Start(q Question) (id string, err error) {
	if q.Script != "" {
		if err := (&Compare{Plan: &Plan{}, Scripts: b.scripts}).Script(q.Script, q.Source); err != nil {
			return "", err
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	for _, t := range b.tasks {
		if t.State == Running {
			return "", core.Refuse(core.Conflict, "another simulation is running; wait until it is done")
		}
	}
	for len(b.tasks) > 0 && (len(b.tasks) >= remembered || now.Sub(b.tasks[0].begun) > rememberedFor) {
		b.tasks = b.tasks[1:]
	}
	t := &task{question: q, begun: now, Standing: Standing{ID: core.NewID(SimulationPrefix), State: Running}}
	b.tasks = append(b.tasks, t)
	b.work <- t
	return t.ID, nil
}

// Look says where a simulation stands; it is NotFound when it was forgotten.
func (b *Bench) Look(id string) (Standing, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, t := range b.tasks {
		if t.ID == id {
			return t.Standing, nil
		}
	}
	return Standing{}, core.Missing()
}

// Run works until ctx ends.
func (b *Bench) Run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case t := <-b.work:
			result, err := b.simulate(ctx, t)
			b.conclude(t, result, err)
		}
	}
}

func (b *Bench) conclude(t *task, result *Result, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err == nil {
		t.State, t.Progress, t.Result = Done, 1, result
		return
	}
	t.State = Failed
	if !errors.As(err, &t.Err) {
		b.log.Error("simulating", "simulation", t.ID, "error", err)
		t.Err = core.Refuse(core.Internal, "the simulation failed; the server's log says why")
	}
}

func (b *Bench) simulate(ctx context.Context, t *task) (*Result, error) {
	q := t.question
	plan, err := b.estimate(ctx, q.Period)
	if err != nil {
		return nil, err
	}
	b.progress(t, estimated)
	if q.Days > 0 {
		plan.Days = min(plan.Days, q.Days)
	}
	c := &Compare{Plan: plan, Scripts: b.scripts}
	if err := c.Present(); err != nil {
		return nil, err
	}
	if q.Script != "" {
		if err := c.Script(q.Script, q.Source); err != nil {
			return nil, err
		}
	}
	if q.Agents != 0 {
		if err := c.Staff(q.Agents, q.Queue); err != nil {
			return nil, err
		}
	}
	s := c.Setup()
	s.Seed, s.Most, s.Within, s.Desk = q.Seed, benchChats, benchTime, b.cfg
	s.Progress = func(part float64) { b.progress(t, estimated+part*(1-estimated)) }
	return Run(ctx, s)
}

// estimate makes the plan, in as long as the simulation may take after it.
func (b *Bench) estimate(ctx context.Context, in Period) (*Plan, error) {
	within, cancel := context.WithTimeout(ctx, benchTime)
	defer cancel()
	plan, err := Estimate(within, b.source, in, time.Now())
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return nil, core.Refuse(core.Invalid, "the figures of that period were not read within %s; take a shorter one", benchTime)
	}
	return plan, err
}

func (b *Bench) progress(t *task, part float64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	t.Progress = part
}
