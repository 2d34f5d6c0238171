package simulate_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"reflect"
	"strings"
	"testing"

	"baton/adapters/lua"
	"baton/core"
	"baton/core/scripting"
	"baton/core/simulate"
	"baton/scripts"
)

// always is when somebody is there who never leaves.
var always = []simulate.Shift{{From: "00:00", To: "24:00"}}

// exponential gives values that are spread as those of a process without memory.
func exponential(mean float64) []float64 {
	values := make([]float64, 4000)
	for i := range values {
		values[i] = -mean * math.Log(1-(float64(i)+0.5)/float64(len(values)))
	}
	return values
}

// steady is a plan in which nothing changes from hour to hour: so many chats an hour, each of ten minutes on average,
// and agents who have one at a time.
func steady(perHour float64, agents, days int) *simulate.Plan {
	return &simulate.Plan{
		From: "2026-01-05", Days: days, TimeZone: "UTC",
		Queues: []simulate.Queue{{Name: "general", Arrivals: []simulate.Rate{{From: "00:00", To: "24:00", PerHour: perHour}}, Handle: exponential(600)}},
		Agents: []simulate.Agent{{Name: "Ada", Count: agents, Queues: []string{"general"}, Capacity: 1, Shifts: always}},
	}
}

// noShelf is one on which nothing was published.
type noShelf struct{ scripting.Shelf }

func (noShelf) Kept(context.Context) ([]*scripting.Kept, error) { return nil, nil }
func (noShelf) KeptRev(context.Context) (int64, error)          { return 0, nil }

func builtIn(t *testing.T) *scripting.Library {
	t.Helper()
	l := scripting.New(lua.New(lua.Config{}), noShelf{}, scripting.Sources{BuiltIn: scripts.BuiltIn}, slog.New(slog.DiscardHandler))
	if err := l.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	return l
}

// compared makes the present of a plan and whatever else is asked for.
func compared(t *testing.T, p *simulate.Plan, add func(c *simulate.Compare) error) simulate.Setup {
	t.Helper()
	c := &simulate.Compare{Plan: p, Scripts: builtIn(t)}
	if err := c.Present(); err != nil {
		t.Fatal(err)
	}
	if add != nil {
		if err := add(c); err != nil {
			t.Fatal(err)
		}
	}
	s := c.Setup()
	s.Seed = 1
	return s
}

func run(t *testing.T, s simulate.Setup) *simulate.Result {
	t.Helper()
	r, err := simulate.Run(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// figures are those of a script in a variant.
func figures(v simulate.Simulated, script string) simulate.ScriptFigures {
	for _, s := range v.Scripts {
		if s.Name == script {
			return s
		}
	}
	return simulate.ScriptFigures{}
}

// erlangC is the mean wait in a line with these many agents, in seconds: what a textbook says.
func erlangC(perHour, handle float64, agents int) float64 {
	load := perHour / 3600 * handle
	sum, term := 0.0, 1.0
	for n := range agents {
		sum += term
		term *= load / float64(n+1)
	}
	busy := load / float64(agents)
	waits := term / (1 - busy) / (sum + term/(1-busy))
	return waits * handle / (float64(agents) * (1 - busy))
}

func TestALineWithoutMemoryWaitsAsLongAsErlangSays(t *testing.T) {
	s := simulate.Setup{Plan: steady(21, 5, 60), Seed: 101, Runs: 2} // 70 % busy
	s.Variants = []simulate.Variant{{Agents: s.Plan.Agents}}
	got, want := run(t, s).Variants[0], erlangC(21, 600, 5)
	t.Logf("mean wait %.1f s ± %.1f s over %.0f chats a run, Erlang says %.1f s", got.Wait.Mean.Mean, *got.Wait.Mean.PlusMinus, got.Chats.Mean, want)
	if math.Abs(got.Wait.Mean.Mean-want) > 0.04*want {
		t.Errorf("the mean wait is %.1f s, Erlang says %.1f s", got.Wait.Mean.Mean, want)
	}
	if busy := got.Agents[0].Busy; math.Abs(busy-0.7) > 0.03 {
		t.Errorf("the first agent has a chat in %.2f of the time; all have, on average, in 0.70", busy)
	}
	if got.Abandoned.Mean != 0 || got.Unserved.Mean != 0 {
		t.Errorf("%v gave up and %v were never answered, though all wait for ever", got.Abandoned, got.Unserved)
	}
}

func TestMoreAgentsAreNeverWorse(t *testing.T) {
	p := steady(20, 4, 4)
	p.Queues[0].Patience = simulate.Patience{Mean: 300}
	s := compared(t, p, func(c *simulate.Compare) error {
		for _, more := range []int{1, 3} {
			if err := c.Staff(more, "general"); err != nil {
				return err
			}
		}
		return c.Staff(-1, "")
	})
	r := run(t, s)
	order := []int{3, 0, 1, 2} // the fewest agents first
	for i, v := range order[1:] {
		fewer, more := r.Variants[order[i]], r.Variants[v]
		if more.Wait.P90.Mean > fewer.Wait.P90.Mean || more.Abandoned.Mean > fewer.Abandoned.Mean {
			t.Errorf("%s: nine of ten wait %.0f s and %.3f give up; %s: %.0f s and %.3f", fewer.Name(), fewer.Wait.P90.Mean, fewer.Abandoned.Mean,
				more.Name(), more.Wait.P90.Mean, more.Abandoned.Mean)
		}
	}
	if c := r.Variants[1].Change; !c.Abandoned.Sure || c.Abandoned.Mean >= 0 {
		t.Errorf("one agent more changes the share of those who give up by %+.3f, sure: %v", c.Abandoned.Mean, c.Abandoned.Sure)
	}
	if c := r.Variants[3].Change; c.Abandoned.Mean <= 0 {
		t.Errorf("one agent fewer changes the share of those who give up by %+.3f", c.Abandoned.Mean)
	}
	if v := r.Variants[1]; len(v.Agents) != 5 || v.Agents[4].Chats == 0 || v.About() != "+1 agent in general, with the queues, skills and shifts of Ada." {
		t.Errorf("%s %+v", v.About(), v.Agents)
	}
}

func TestTheSameSeedGivesTheSameResult(t *testing.T) {
	p := steady(30, 5, 3)
	p.Queues[0].Strategy = "round_robin"
	p.Queues[0].Kinds = []simulate.Kind{{Share: 3, Returning: 0.5}, {Share: 1, Priority: "high", Tags: []string{"vip"}}}
	p.Queues[0].Patience = simulate.Patience{Gone: []simulate.Gone{{After: 60, Share: 0.1}, {After: 120, Share: 0.4}}, Mean: 300}
	p.Answers = simulate.Answers{Seconds: []float64{2, 5, 9}, Missed: 0.05, Declined: 0.05}
	p.Agents[0].Shifts = []simulate.Shift{{From: "06:00", To: "12:00", Works: 0.9, Present: 0.8, Busy: 0.1}, {From: "12:00", To: "22:00"}}
	text := func(seed uint64) string {
		s := compared(t, p, func(c *simulate.Compare) error { return c.Staff(1, "") })
		s.Seed, s.Runs = seed, 2
		out, err := json.Marshal(run(t, s))
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	first, again, other := text(1), text(1), text(2)
	if first != again {
		t.Errorf("the same seed gave\n%s\nand then\n%s", first, again)
	}
	if first == other {
		t.Error("another seed gave the same")
	}
}

func TestAScriptThatAlwaysKeepsChatsWaitingIsShownAsBadAndEnds(t *testing.T) {
	p := steady(6, 4, 2)
	p.Queues[0].Strategy = "least_busy"
	p.Queues[0].HoldLimit = 45
	s := compared(t, p, func(c *simulate.Compare) error {
		return c.Script("least_busy", "-- kind: strategy\nfunction assign() return false, 'nobody is good enough' end")
	})
	s.Runs = 2
	r := run(t, s)
	present, held := r.Variants[0], r.Variants[1]
	if present.Wait.P50.Mean > 1 || held.Wait.P50.Mean < 45 || held.Wait.P50.Mean > 47 {
		t.Errorf("half wait %.1f s now and %.1f s with a script that holds all for the limit of 45 s", present.Wait.P50.Mean, held.Wait.P50.Mean)
	}
	if held.Change == nil || !held.Change.P50.Sure || figures(held, "least_busy").Held == 0 {
		t.Errorf("it is not shown that the script holds chats: %+v %+v", held.Change, held.Scripts)
	}
}

func TestAScriptThatFailsIsToldOfAndChatsAreServed(t *testing.T) {
	p := steady(6, 4, 2)
	s := compared(t, p, func(c *simulate.Compare) error {
		return c.Script("vip", "function assign(session)\n  return session.nothing.at_all\nend")
	})
	s.Runs = 2
	v := run(t, s).Variants[1]
	if vip := figures(v, "vip"); v.Unserved.Mean > 0 || vip.Failed == 0 || vip.Error.Line != 2 {
		t.Errorf("%v were never answered; the script: %+v", v.Unserved, v.Scripts)
	}
}

func TestAStrategyThatNoQueueNamesIsTriedInAll(t *testing.T) {
	s := compared(t, steady(6, 2, 1), func(c *simulate.Compare) error {
		return c.Script("last_first", "-- kind: strategy\nfunction assign(_, agents) return agents[#agents].id end")
	})
	r := run(t, s)
	if len(r.Notes) == 0 || r.Notes[0].Code != simulate.Everywhere || !strings.Contains(r.Notes[0].String(), "last_first") {
		t.Errorf("nothing says that it was tried everywhere: %v", r.Notes)
	}
	if v := r.Variants[1]; v.Agents[1].Chats <= r.Variants[0].Agents[1].Chats || figures(v, "last_first").Answered == 0 {
		t.Errorf("the last agent got %.0f chats, %.0f before", v.Agents[1].Chats, r.Variants[0].Agents[1].Chats)
	}
	c := &simulate.Compare{Plan: s.Plan, Scripts: builtIn(t)}
	if err := c.Script("broken", "function assign("); err == nil || !strings.Contains(err.Error(), "line 1") {
		t.Errorf("a script that is none: %v", err)
	}
}

// TestRulesWithPriorityAreAskedToo lets a script make every second chat urgent.
func TestRulesWithPriorityAreAskedToo(t *testing.T) {
	p := steady(16, 3, 2)
	p.Queues[0].Kinds = []simulate.Kind{{Share: 1}, {Share: 1, Tags: []string{"vip"}}}
	s := compared(t, p, func(c *simulate.Compare) error {
		return c.Script("vips", "function prioritise(session) if session.tags.vip then return 'urgent' end end")
	})
	r := run(t, s)
	if v := r.Variants[1]; figures(v, "vips").Answered == 0 || v.Wait.P99.Mean <= r.Variants[0].Wait.P99.Mean {
		t.Errorf("the script was not asked: %+v", v.Scripts)
	}
}

func TestWhatIsTooMuchIsCutAndSaidSo(t *testing.T) {
	s := compared(t, steady(10, 3, 28), nil)
	s.Most = 10_000
	r := run(t, s)
	want := []simulate.Note{{Code: simulate.FewerDays, N: 7, Of: 28}}
	if !reflect.DeepEqual(r.Notes, want) || r.Variants[0].Chats.Mean*float64(r.Runs) > 11_000 {
		t.Errorf("with at most 10,000 chats of 240 a day it ran %d times %.0f chats: %v", r.Runs, r.Variants[0].Chats.Mean, r.Notes)
	}
	s.Most = 100
	if _, err := simulate.Run(t.Context(), s); err == nil || !strings.Contains(err.Error(), "too many") {
		t.Errorf("days that are too long on their own: %v", err)
	}
}

func TestAStoppedSimulationEnds(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	s := compared(t, steady(30, 5, 100), nil)
	s.Progress = func(part float64) {
		if part > 0.001 {
			stop()
		}
	}
	if _, err := simulate.Run(ctx, s); !errors.Is(err, context.Canceled) {
		t.Errorf("it ended with %v", err)
	}
}

func TestAChatThatWaitsTooLongGoesWhereTheQueueSays(t *testing.T) {
	p := steady(20, 1, 2) // far too many for one
	p.Queues[0].MaxWait, p.Queues[0].WhenTooLong = 60, &simulate.Remedy{Do: "overflow", Queue: "help"}
	p.Queues = append(p.Queues, simulate.Queue{Name: "help", Handle: []float64{60}})
	p.Agents = append(p.Agents, simulate.Agent{Name: "Ben", Queues: []string{"help"}, Capacity: 20, Shifts: always})
	s := compared(t, p, nil)
	s.Runs = 2
	v := run(t, s).Variants[0]
	if v.Wait.P90.Mean < 60 || v.Wait.P99.Mean > 62 || v.Agents[1].Chats < 500 || v.Unserved.Mean > 0 {
		t.Errorf("with an overflow after a minute 99 of 100 wait %.0f s, and the other queue has %.0f chats", v.Wait.P99.Mean, v.Agents[1].Chats)
	}

	p.Queues[0].MaxWait, p.Queues[0].MaxLength, p.Queues[0].WhenTooMany = 0, 2, &simulate.Remedy{Do: "end"}
	v = run(t, s).Variants[0]
	if v.Unserved.Mean < 0.5 || v.Wait.P99.Mean > 3*3600 {
		t.Errorf("with a line of two at most %.2f are sent away, and 99 of 100 wait %.0f s", v.Unserved.Mean, v.Wait.P99.Mean)
	}
}

func TestAPlanThatMakesNoSenseIsRefusedWhereItDoesNot(t *testing.T) {
	for pointer, spoil := range map[string]func(p *simulate.Plan){
		"/from":                         func(p *simulate.Plan) { p.From = "soon" },
		"/days":                         func(p *simulate.Plan) { p.Days = 0 },
		"/time_zone":                    func(p *simulate.Plan) { p.TimeZone = "Mars" },
		"/queues":                       func(p *simulate.Plan) { p.Queues[0].Arrivals = nil },
		"/queues/0":                     func(p *simulate.Plan) { p.Queues[0].Handle = nil },
		"/queues/0/handle":              func(p *simulate.Plan) { p.Queues[0].Handle = []float64{2, 1} },
		"/queues/0/max_length":          func(p *simulate.Plan) { p.Queues[0].MaxLength = -1 },
		"/queues/0/when_too_long/queue": func(p *simulate.Plan) { p.Queues[0].WhenTooLong = &simulate.Remedy{Do: "overflow", Queue: "no"} },
		"/queues/0/when_too_many/do":    func(p *simulate.Plan) { p.Queues[0].WhenTooMany = &simulate.Remedy{Do: "hide"} },
		"/queues/0/arrivals/0/days/0":   func(p *simulate.Plan) { p.Queues[0].Arrivals[0].Days = []string{"monday"} },
		"/queues/0/kinds/0/priority":    func(p *simulate.Plan) { p.Queues[0].Kinds = []simulate.Kind{{Share: 1, Priority: "huge"}} },
		"/queues/0/patience/gone/0":     func(p *simulate.Plan) { p.Queues[0].Patience.Gone = []simulate.Gone{{After: 1, Share: 2}} },
		"/agents/0/shifts/0/present":    func(p *simulate.Plan) { p.Agents[0].Shifts[0].Present = 2 },
		"/agents/0/shifts/0/to":         func(p *simulate.Plan) { p.Agents[0].Shifts[0].To = "25:00" },
		"/agents/0/queues/0":            func(p *simulate.Plan) { p.Agents[0].Queues = []string{"no"} },
		"/agents/1/name":                func(p *simulate.Plan) { p.Agents = append(p.Agents, p.Agents[0]) },
		"/answers/missed":               func(p *simulate.Plan) { p.Answers.Missed = 3 },
	} {
		p := steady(1, 1, 1)
		p.Agents[0].Shifts = []simulate.Shift{{From: "00:00", To: "24:00"}}
		spoil(p)
		var refused *core.Error
		if err := p.Check(); !errors.As(err, &refused) || len(refused.Fields) == 0 || refused.Fields[0].Pointer != pointer {
			t.Errorf("what is wrong at %s is refused as %+v", pointer, err)
		}
	}
}
