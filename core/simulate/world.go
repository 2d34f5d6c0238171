package simulate

import (
	"container/heap"
	"context"
	"log/slog"
	"runtime"
	"slices"
	"strconv"
	"time"

	"baton/core"
	"baton/core/desk"
	"baton/core/routing"
)

// world is one run of one variant: drawn chats and shifts, a desk that serves them, and a clock that jumps from event to
// event.
type world struct {
	clock      *clock
	memory     *memory
	desk       *desk.Desk
	dispatcher *desk.Dispatcher
	keeper     *desk.Keeper

	plan  *Plan
	seed  uint64
	chats []chat
	byID  map[string]int // the number of a chat by its session
	// customers are those who have asked.
	customers []string

	events  events
	ordinal int
	stale   bool // something happened since the last look
	ticking bool
	begins  int64
	ends    int64 // no chat comes from here on
	tally   *tally
}

// What happens in a world.
type happening int

const (
	asks     happening = iota // somebody asks for a person
	givesUp                   // his patience is over
	answers                   // an agent answers an offer
	expires                   // an offer runs out
	finishes                  // a chat is over
	changes                   // an agent comes, goes or pauses
	returns                   // an agent whom the desk set away is back
	ticks                     // the dispatcher looks though nothing happened
	minds                     // somebody has waited as long as his queue allows
)

// event is something that will happen: to a chat or an agent, by number.
type event struct {
	at      int64
	ordinal int // of several at one moment the one that was foreseen first comes first
	what    happening
	who     int
	offer   int64 // seq of the offer that is meant
	status  core.AgentStatus
}

// events is a heap by time.
type events []event

func (h events) Len() int      { return len(h) }
func (h events) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h events) Less(i, j int) bool {
	return h[i].at < h[j].at || h[i].at == h[j].at && h[i].ordinal < h[j].ordinal
}
func (h *events) Push(x any) { *h = append(*h, x.(event)) }
func (h *events) Pop() any {
	last := len(*h) - 1
	e := (*h)[last]
	*h = (*h)[:last]
	return e
}

const (
	// tickEvery is how often the dispatcher looks at chats that wait though somebody is free, as Run does.
	tickEvery = time.Second
	// backAfter is when an agent whom the desk set away takes chats again.
	backAfter = 10 * time.Minute
	// closesAfter is how long after the last day a run goes on, so that its last chats can end.
	closesAfter = 24 * time.Hour
)

// newWorld makes the world of a variant with this seed.
func newWorld(p *Plan, v *Variant, cfg desk.Config, zone *time.Location, seed uint64) *world {
	w := &world{clock: &clock{}, plan: p, seed: seed, chats: p.draw(seed, zone), byID: map[string]int{}, tally: newTally(p)}
	w.begins, w.ends = at(p.From, 0, zone).UnixMilli(), at(p.From.Plus(p.Days), 0, zone).UnixMilli()
	w.clock.ms = w.begins
	w.memory = newMemory(w.clock, p.TimeZone)
	w.memory.told, w.memory.decided = w.follow, w.tally.decide
	for i := range p.Queues {
		q := &p.Queues[i]
		hold := q.HoldLimit
		if hold == 0 {
			hold = 60
		}
		strategy := q.Strategy
		if v.Strategy != "" {
			strategy = v.Strategy
		}
		w.memory.queues = append(w.memory.queues, &core.Queue{
			ID: queueID(i), Name: q.Name, Strategy: strategy, HoldLimit: time.Duration(hold * float64(time.Second)), Rules: q.Rules.full(p.queueID),
		})
	}
	w.staff(v.Agents, zone)
	w.desk = desk.New(w.memory, w.memory, w.memory, w.memory, cfg)
	w.desk.UseClock(w.clock.now)
	if v.Scripts != nil {
		w.desk.UseScripts(desk.ScriptRules{Scripts: naming{v.Scripts, w.memory}, Store: w.memory})
	}
	log := slog.New(slog.DiscardHandler)
	w.dispatcher = desk.NewDispatcher(w.desk, w.memory, log, routing.LeastBusy{})
	w.keeper = desk.NewKeeper(w.desk, nil, w.memory, log)
	return w
}

func queueID(n int) string { return core.QueuePrefix + strconv.Itoa(n) }

// queueID gives the id of a queue in a world.
func (p *Plan) queueID(name string) string {
	return queueID(slices.IndexFunc(p.Queues, func(q Queue) bool { return q.Name == name }))
}

// naming gives a session that is about to be made the id that it will have, so that a script says the same each time.
type naming struct {
	core.Scripts
	memory *memory
}

func (n naming) Ask(ctx context.Context, c *core.Case, strategy string, store core.ScriptStore) []core.Opinion {
	if c.Hook == core.HookPrioritise {
		c.Session.ID = sessionID(n.memory.next)
	}
	return n.Scripts.Ask(ctx, c, strategy, store)
}

// staff brings in the agents and foresees when they come and go.
func (w *world) staff(agents []Agent, zone *time.Location) {
	// Whoever waits when the last day ends is served on the next one.
	days := append(w.plan.days(), w.plan.From.Plus(w.plan.Days))
	for _, a := range agents {
		for copied := range max(1, a.Count) {
			one, n := a, len(w.memory.agents)
			if copied > 0 {
				one.Name += " " + strconv.Itoa(copied+1)
			}
			w.memory.agents = append(w.memory.agents, w.agentOf(&one, n))
			for _, c := range one.draw(w.seed, days, zone) {
				w.foresee(event{at: c.at, what: changes, who: n, status: c.status})
			}
		}
	}
}

func (w *world) agentOf(a *Agent, n int) *agent {
	is := &agent{missedShare: w.plan.Answers.Missed, declinedShare: w.plan.Answers.Declined, Agent: core.Agent{
		ID: core.AgentPrefix + strconv.Itoa(n), Name: a.Name, Role: core.AgentRole, Status: core.Offline, Capacity: a.Capacity,
		Skills: a.Skills, Languages: a.Languages, StatusSince: w.clock.now(),
	}}
	is.work.since, is.work.until = w.clock.ms, w.ends
	if a.Missed != nil {
		is.missedShare = *a.Missed
	}
	if a.Declined != nil {
		is.declinedShare = *a.Declined
	}
	for _, name := range a.Queues {
		for _, q := range w.memory.queues {
			if q.Name == name {
				is.Queues = append(is.Queues, q.ID)
			}
		}
	}
	return is
}

func (w *world) foresee(e event) {
	w.ordinal++
	e.ordinal = w.ordinal
	heap.Push(&w.events, e)
}

// run lets happen what happens. It lets others work between any two events; progress is told how much of the time has
// passed.
func (w *world) run(ctx context.Context, progress func(float64)) (*tally, error) {
	if len(w.chats) > 0 {
		w.foresee(event{at: w.chats[0].at, what: asks})
	}
	last := w.ends + closesAfter.Milliseconds()
	for len(w.events) > 0 && w.events[0].at <= last && !w.over() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		e := heap.Pop(&w.events).(event)
		w.clock.ms = e.at
		if err := w.happen(ctx, e); err != nil {
			return nil, err
		}
		// All that happens at one moment is seen by one look.
		if len(w.events) == 0 || w.events[0].at > w.clock.ms {
			if err := w.look(ctx); err != nil {
				return nil, err
			}
			progress(min(1, float64(w.clock.ms-w.begins)/float64(w.ends-w.begins)))
		}
		runtime.Gosched()
	}
	return w.conclude(), nil
}

// over says whether all chats have come and gone.
func (w *world) over() bool {
	return w.clock.ms >= w.ends && w.memory.next >= len(w.chats) && w.tally.open == 0
}

// look lets the dispatcher look if anything happened, and foresees the next look while somebody waits whom a free agent
// might take later.
func (w *world) look(ctx context.Context) error {
	if !w.stale || len(w.memory.line) == 0 {
		return nil
	}
	w.stale = false
	if err := w.dispatcher.Look(ctx); err != nil {
		return err
	}
	if !w.ticking && w.memory.couldServe() {
		w.ticking = true
		w.foresee(event{at: w.clock.ms + tickEvery.Milliseconds(), what: ticks})
	}
	return nil
}

// couldServe says whether somebody waits in a queue in which somebody is free.
func (m *memory) couldServe() bool {
	for _, s := range m.line {
		if s.Status != core.StatusWaiting {
			continue
		}
		for _, a := range m.agents {
			if a.Status.Takes() && a.Free() > 0 && contains(a.Queues, s.Queue.ID) {
				return true
			}
		}
	}
	return false
}

// follow foresees what comes of a command.
func (w *world) follow(s *core.Session, events []*core.Event) {
	w.stale = true
	n := w.byID[s.ID]
	for _, e := range events {
		switch d := e.Data.(type) {
		case *core.Requested, *core.Transferred:
			if q, err := w.memory.Queue(context.Background(), s.Queue.ID); err == nil && q.Rules.MaxWait > 0 {
				w.foresee(event{at: w.clock.ms + q.Rules.MaxWait.Duration().Milliseconds(), what: minds})
			}
		case *core.Offered:
			w.offered(n, e.Seq, w.memory.agent(d.Agent.ID), time.Time(d.ExpiresAt).UnixMilli())
		case *core.Accepted:
			w.chats[n].joined = w.clock.ms
			w.foresee(event{at: w.clock.ms + w.chats[n].handle, what: finishes, who: n})
		case *core.Ended:
			w.chats[n].ended = true
			w.tally.open--
		}
	}
}

// offered draws what an agent does with an offer.
func (w *world) offered(n int, seq int64, a *agent, runsOut int64) {
	c := &w.chats[n]
	c.tries++
	r := stream(w.seed, "offer "+strconv.Itoa(c.tries), uint64(n))
	takes := min(w.clock.ms+millis(sample(w.plan.Answers.Seconds, r)), runsOut-1)
	does := answers
	if r.Float64() < a.missedShare {
		takes, does = runsOut, expires
	}
	w.foresee(event{at: takes, what: does, who: n, offer: seq})
}

// contains is slices.Contains for the short lists of the innermost loop.
func contains(list []string, one string) bool {
	for _, x := range list {
		if x == one {
			return true
		}
	}
	return false
}
