package desk_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"baton/adapters/sqlstore"
	"baton/core"
	"baton/core/coretest"
	"baton/core/desk"
	"baton/core/routing"
)

// open opens a store for a test.
func open(t testing.TB, dsn string) *sqlstore.Store {
	t.Helper()
	s, err := sqlstore.Open(t.Context(), sqlstore.Config{DSN: dsn})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func inMemory(t *testing.T, o coretest.Options) *coretest.Node {
	t.Helper()
	return coretest.Start(t, open(t, "sqlite::memory:"), o)
}

// offers notes the sessions that are offered, in order.
type offers struct {
	mu   sync.Mutex // guards list
	list []string
}

func (o *offers) Follow(changes []core.Change) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, c := range changes {
		for _, e := range c.Events {
			if e.Type() == core.EventOffered {
				o.list = append(o.list, e.Session)
			}
		}
	}
}

func (o *offers) sofar() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.list)
}

func end(t *testing.T, n *coretest.Node, session string) {
	t.Helper()
	if _, err := n.Desk.End(t.Context(), core.Actor{Role: core.Supervisor, ID: "agt_boss"}, session, desk.End{}); err != nil {
		t.Fatal(err)
	}
}

func TestInvariantI9APlaceThatComesFreeIsOfferedWithinASecond(t *testing.T) {
	n := inMemory(t, coretest.Options{Dispatcher: true})
	ann, bot := n.Agent(t, "Ann", 1), coretest.Bot("shop")
	one := 1
	two := 2
	free := map[string]func(*core.Session){
		"a chat ends":              func(had *core.Session) { end(t, n, had.ID) },
		"an offer is declined":     func(had *core.Session) { _, _ = n.Desk.Decline(t.Context(), ann, had.ID, "") },
		"the capacity grows":       func(*core.Session) { _, _ = n.Desk.SetAgent(t.Context(), ann, core.AgentChange{Capacity: &two}) },
		"the chat goes to a queue": func(had *core.Session) { end(t, n, had.ID) },
	}
	for why, act := range free {
		had, waits := n.Request(t, bot, "had "+why), n.Request(t, bot, "waits "+why)
		if !had.OfferedTo(ann.ID) || waits.Status != core.StatusWaiting {
			t.Fatalf("before %s the chats are %s and %s", why, had.Status, waits.Status)
		}
		began := time.Now()
		act(had)
		coretest.Until(t, "the next in line is offered", func() bool { return n.Get(t, waits.ID).OfferedTo(ann.ID) })
		if took := time.Since(began); took > time.Second {
			t.Errorf("after %s the next in line was offered after %v", why, took)
		}
		for _, id := range []string{had.ID, waits.ID} {
			if n.Get(t, id).Open() {
				end(t, n, id)
			}
		}
		if _, err := n.Desk.SetAgent(t.Context(), ann, core.AgentChange{Capacity: &one}); err != nil {
			t.Fatal(err)
		}
	}
	n.CheckPlaces(t)
}

func TestInvariantI9NobodyOvertakesAtOnePriority(t *testing.T) {
	told := new(offers)
	store := open(t, "sqlite::memory:")
	store.Follow(told)
	n := coretest.Start(t, store, coretest.Options{Dispatcher: true})
	var line []string
	for i := range 30 {
		line = append(line, n.Request(t, coretest.Bot("shop"), fmt.Sprint(i)).ID)
	}
	for _, name := range []string{"Ann", "Bob", "Cid"} {
		n.Agent(t, name, 2)
	}
	ended := 0
	coretest.Until(t, "everybody was served", func() bool {
		for _, id := range told.sofar()[ended:] {
			end(t, n, id)
			ended++
		}
		return ended == len(line)
	})
	if got := told.sofar(); !slices.Equal(got, line) {
		t.Errorf("the chats were offered in the order\n%v, they came in the order\n%v", got, line)
	}
	n.CheckPlaces(t)
}

func TestChatsGoToTheLeastBusyAgent(t *testing.T) {
	n := inMemory(t, coretest.Options{Dispatcher: true})
	ann, bob := n.Agent(t, "Ann", 2), n.Agent(t, "Bob", 4)
	taken := map[string]int{}
	for i := range 6 {
		s := n.Request(t, coretest.Bot("shop"), fmt.Sprint(i))
		if s.Offer == nil {
			t.Fatalf("chat %d is %s", i, s.Status)
		}
		taken[s.Offer.Agent.ID]++
		if a, b := float64(taken[ann.ID])/2, float64(taken[bob.ID])/4; a-b > 0.5 || b-a > 0.5 {
			t.Errorf("after %d chats Ann has %d of 2 and Bob %d of 4", i+1, taken[ann.ID], taken[bob.ID])
		}
	}
	if full := n.Request(t, coretest.Bot("shop"), "one more"); full.Status != core.StatusWaiting || !full.Decided {
		t.Errorf("with everybody full a chat is %s, decided %v", full.Status, full.Decided)
	}
}

// saying are scripts that always say the same.
type saying []core.Opinion

func (saying) Answers(hook core.Hook, _ string) bool { return hook == core.HookAssign }

func (s saying) Ask(context.Context, *core.Case, string, core.ScriptStore) []core.Opinion {
	return slices.Clone(s)
}

func TestABrokenScriptFallsBack(t *testing.T) {
	for name, o := range map[string]core.Opinion{
		"that fails":            {Script: "vip", Error: &core.ScriptError{Kind: core.FaultRuntime, Message: "attempt to index nil", Line: 3}},
		"that names a stranger": {Script: "vip", Answer: core.Answer{Given: true, Agent: "agt_nobody"}},
		"without an opinion":    {Script: "vip"},
	} {
		n := inMemory(t, coretest.Options{Scripts: saying{o}, Dispatcher: true})
		ann := n.Agent(t, "Ann", 1)
		s := n.Request(t, coretest.Bot("shop"), "c1")
		if !s.OfferedTo(ann.ID) {
			t.Errorf("with a script %s the chat is %s", name, s.Status)
		}
		ledger, err := n.Decisions(t.Context(), core.DecisionFilter{Session: s.ID, Limit: 10})
		if err != nil || len(ledger) != 1 || ledger[0].Answered != core.BuiltIn || ledger[0].Outcome != ann.ID || len(ledger[0].Opinions) != 1 {
			t.Errorf("with a script %s the ledger says %+v (%v), want one decision by the built-in choice", name, ledger, err)
		}
	}
}

func TestInvariantI8ARequestDoesNotWaitForADispatcherThatHangs(t *testing.T) {
	n := inMemory(t, coretest.Options{})
	desk.NewDispatcher(n.Desk, n, slog.New(slog.DiscardHandler), routing.LeastBusy{}) // never runs
	began := time.Now()
	s := n.Request(t, coretest.Bot("shop"), "c1")
	if took := time.Since(began); took > 1500*time.Millisecond || s.Status != core.StatusWaiting {
		t.Errorf("the request was answered after %v with %s", took, s.Status)
	}
}

func TestOffersThatRunOutGoToTheNextAgent(t *testing.T) {
	n := inMemory(t, coretest.Options{Dispatcher: true, Keeper: true, Config: desk.Config{OfferExpiresAfter: 80 * time.Millisecond}})
	ann, bob := n.Agent(t, "Ann", 1), n.Agent(t, "Bob", 1)
	s := n.Request(t, coretest.Bot("shop"), "c1")
	coretest.Until(t, "both missed the chat", func() bool {
		now := n.Get(t, s.ID)
		return now.PassOf(ann.ID).Count == 1 && now.PassOf(bob.ID).Count == 1 && now.Status == core.StatusWaiting && now.Decided
	})
	want := []core.EventType{core.EventRequested, core.EventOffered, core.EventExpired, core.EventOffered, core.EventExpired, core.EventWaiting}
	if log := n.Log(t, s.ID); !slices.Equal(coretest.Types(log), want) {
		t.Errorf("the log tells %v", coretest.Types(log))
	}
	n.CheckPlaces(t)
}

func TestOffersThatRanOutWhileNothingRanAreNotMissed(t *testing.T) {
	dsn := "sqlite:" + filepath.Join(t.TempDir(), "baton.db")
	n := coretest.Start(t, open(t, dsn), coretest.Options{Config: desk.Config{OfferExpiresAfter: 100 * time.Millisecond}})
	ann := n.Agent(t, "Ann", 1)
	s := n.Request(t, coretest.Bot("shop"), "c1")
	expires := time.Now().Add(50 * time.Millisecond)
	n.Offer(t, s.ID, ann, expires)
	n.Stop(t)
	coretest.Until(t, "the offer runs out", func() bool { return time.Now().After(expires.Add(5 * time.Millisecond)) })
	n = coretest.Start(t, open(t, dsn), coretest.Options{Keeper: true, Dispatcher: true})
	coretest.Until(t, "the offer is made again", func() bool {
		now := n.Get(t, s.ID)
		return now.OfferedTo(ann.ID) && now.Offer.Seq > 2
	})
	withdrawn, ok := n.Log(t, s.ID)[2].Data.(*core.Expired)
	if !ok || withdrawn.Withdrawn != "restart" {
		t.Errorf("the log tells %v", coretest.Types(n.Log(t, s.ID)))
	}
	if a, err := n.Backend.Agent(t.Context(), ann.ID); err != nil || a.Missed != 0 || a.Load != 1 {
		t.Errorf("Ann missed %d offers and has the load %d (%v)", a.Missed, a.Load, err)
	}
	coretest.Until(t, "the sweep finds nobody stranded", func() bool { return n.Keeper.Stranded() == 0 })
}
