package coretest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"baton/core"
)

// Turns are scripts that give chats to agents in turn, by a counter that they keep: what round robin is in Lua.
type Turns struct{}

// Answers says that they assign.
func (Turns) Answers(hook core.Hook, _ string) bool { return hook == core.HookAssign }

// Ask names the next in turn.
func (Turns) Ask(ctx context.Context, c *core.Case, _ string, store core.ScriptStore) []core.Opinion {
	value, rev, err := store.Get(ctx, "turns", "n")
	if err != nil {
		return []core.Opinion{{Script: "turns", Mode: core.ModeLive, Error: &core.ScriptError{Kind: core.FaultRuntime, Message: err.Error()}}}
	}
	n, _ := strconv.Atoi(string(value))
	agents := slices.Clone(c.Agents)
	slices.SortFunc(agents, func(a, b *core.CaseAgent) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	write := core.ScriptWrite{Script: "turns", Key: "n", Value: json.RawMessage(strconv.Itoa(n + 1)), Rev: rev}
	return []core.Opinion{{
		Script: "turns", Version: "1", Mode: core.ModeLive, Result: agents[n%len(agents)].ID, Why: fmt.Sprintf("turn %d", n+1),
		Answer: core.Answer{Given: true, Agent: agents[n%len(agents)].ID}, Writes: []core.ScriptWrite{write},
	}}
}

// kept reads what the ledger has of a session.
func (n *Node) kept(t testing.TB, session string) []*core.Decision {
	t.Helper()
	list, err := n.Decisions(t.Context(), core.DecisionFilter{Session: session, Limit: 50})
	must(t, err)
	return list
}

func ledger(t *testing.T, db Database) {
	n := Start(t, db(t), Options{Dispatcher: true, Scripts: Turns{}})
	ann, bot := n.Agent(t, "Ann", 1), Bot("shop")
	first := n.Request(t, bot, "c1")
	second := n.Request(t, bot, "c2")
	offered := n.kept(t, first.ID)
	if len(offered) != 1 || offered[0].Outcome != ann.ID || offered[0].Answered != "turns" || offered[0].Why != "turn 1" || offered[0].Case == nil || offered[0].Case.Session.ID != first.ID {
		t.Fatalf("of the offer the ledger says %+v", offered)
	}
	nobody := n.kept(t, second.ID)
	if len(nobody) != 1 || nobody[0].Outcome != core.OutcomeNobody || len(nobody[0].Candidates) != 1 || nobody[0].Candidates[0].Fate != core.FateFull {
		t.Fatalf("of the chat that waits the ledger says %+v", nobody)
	}
	if one, err := n.Decision(t.Context(), offered[0].ID); err != nil || one.Outcome != ann.ID {
		t.Errorf("read by its id the decision is %+v (%v)", one, err)
	}
	if _, err := n.Decision(t.Context(), "dec_nothing"); core.KindOf(err) != core.NotFound {
		t.Errorf("a decision that was never made got %v", err)
	}
	again := *nobody[0]
	_, err := n.Change(t.Context(), core.Desk, second.ID, func(_ *core.Session, tx core.Tx) error {
		tx.Record(&again)
		return nil
	})
	must(t, err)
	if twice := n.kept(t, second.ID); len(twice) != 1 || twice[0].Count != 2 || twice[0].LastAt.Before(nobody[0].At) {
		t.Errorf("the same decision once more is %+v, want one that counts 2", twice)
	}
	refusal := core.Refuse(core.Conflict, "no")
	_, err = n.Change(t.Context(), core.Desk, second.ID, func(_ *core.Session, tx core.Tx) error {
		tx.Record(&core.Decision{ID: core.NewID(core.DecisionPrefix), Session: second.ID})
		return refusal
	})
	refused(t, err, core.Conflict, "a command that is refused")
	if len(n.kept(t, second.ID)) != 1 {
		t.Error("a refused command left a decision behind")
	}
}

func ledgerLists(t *testing.T, db Database) {
	n := Start(t, db(t), Options{})
	s := n.Request(t, Bot("shop"), "c1")
	began := time.Now().Add(-time.Second)
	wrong := &core.ScriptError{Kind: core.FaultLimit, Message: "stopped"}
	put := func(opinions ...core.Opinion) {
		_, err := n.Change(t.Context(), core.Desk, s.ID, func(s *core.Session, tx core.Tx) error {
			tx.Record(&core.Decision{ID: core.NewID(core.DecisionPrefix), Session: s.ID, Queue: s.Queue.ID, Hook: core.HookTag, Opinions: opinions})
			return nil
		})
		must(t, err)
	}
	put(core.Opinion{Script: "vip", Mode: core.ModeLive, Error: wrong})
	put(core.Opinion{Script: "vip", Mode: core.ModeLive}, core.Opinion{Script: "vip", Mode: core.ModeShadow, Differs: true})
	put(core.Opinion{Script: "vip", Mode: core.ModeLive}, core.Opinion{Script: "vip", Mode: core.ModeShadow, Error: wrong})
	put(core.Opinion{Script: "vip_first", Mode: core.ModeLive, Error: wrong})
	for what, c := range map[string]struct {
		filter core.DecisionFilter
		want   int
	}{
		"of the session":          {core.DecisionFilter{Session: s.ID}, 4},
		"of the queue":            {core.DecisionFilter{Queues: []string{s.Queue.ID}}, 4},
		"of another queue":        {core.DecisionFilter{Queues: []string{"que_x"}}, 0},
		"of another hook":         {core.DecisionFilter{Session: s.ID, Hook: core.HookAssign}, 0},
		"in which vip failed":     {core.DecisionFilter{Failed: "vip"}, 1},
		"in which a draft of vip": {core.DecisionFilter{Trial: "vip"}, 2},
		"of tomorrow":             {core.DecisionFilter{Session: s.ID, Since: time.Now().Add(time.Hour)}, 0},
	} {
		c.filter.Limit = 10
		if list, err := n.Decisions(t.Context(), c.filter); err != nil || len(list) != c.want {
			t.Errorf("the ledger has %d decisions %s (%v), want %d", len(list), what, err, c.want)
		}
	}
	first, err := n.Decisions(t.Context(), core.DecisionFilter{Session: s.ID, Limit: 3})
	must(t, err)
	rest, err := n.Decisions(t.Context(), core.DecisionFilter{Session: s.ID, Limit: 3, After: first[2].ID})
	if err != nil || len(rest) != 1 || rest[0].ID >= first[2].ID {
		t.Errorf("the page after three of four decisions has %d (%v)", len(rest), err)
	}
	if f, err := n.Trial(t.Context(), "vip", began); err != nil || f != (core.TrialFigures{Asked: 2, Differs: 1, Failed: 1}) {
		t.Errorf("the draft of vip came to %+v (%v)", f, err)
	}
}

// put asks for a value to be kept, in a command of its own.
func (n *Node) put(t testing.TB, session string, w core.ScriptWrite) error {
	t.Helper()
	_, err := n.Change(t.Context(), core.Desk, session, func(_ *core.Session, tx core.Tx) error {
		tx.Put(w)
		return nil
	})
	return err
}

func scriptValues(t *testing.T, db Database) {
	n := Start(t, db(t), Options{})
	s := n.Request(t, Bot("shop"), "c1")
	get := func(want string, wantRev int64) int64 {
		t.Helper()
		value, rev, err := n.Backend.Get(t.Context(), "vip", "k")
		if err != nil || string(value) != want || rev != wantRev {
			t.Fatalf("the value is %q of revision %d (%v), want %q of %d", value, rev, err, want, wantRev)
		}
		return rev
	}
	rev := get("", 0)
	write := core.ScriptWrite{Script: "vip", Key: "k", Value: json.RawMessage(`1`), Rev: rev}
	must(t, n.put(t, s.ID, write))
	get("1", 1)
	refused(t, n.put(t, s.ID, write), core.Conflict, "a write on what was there before")
	get("1", 1)
	write.Rev, write.Value = 1, json.RawMessage(`{"n":2}`)
	must(t, n.put(t, s.ID, write))
	get(`{"n":2}`, 2)
	must(t, n.put(t, s.ID, core.ScriptWrite{Script: "vip", Key: "k", Value: json.RawMessage(`3`), Blind: true}))
	get("3", 3)
	must(t, n.put(t, s.ID, core.ScriptWrite{Script: "vip", Key: "k", Rev: 3}))
	get("", 4)
	must(t, n.put(t, s.ID, core.ScriptWrite{Script: "vip", Key: "k", Value: json.RawMessage(`5`), Rev: 4, Expires: time.Now().Add(-time.Second)}))
	get("", 5)
	if value, _, err := n.Backend.Get(t.Context(), "other", "k"); err != nil || value != nil {
		t.Errorf("another script reads %q (%v)", value, err)
	}
}

// scriptValuesAtOnce counts with a value from many goroutines: each count is kept once, or refused.
func scriptValuesAtOnce(t *testing.T, db Database) {
	n := Start(t, db(t), Options{})
	countAtOnce(t, []*Node{n, n, n, n})
}

func countOnBoth(t *testing.T, db Database) {
	a, b := two(t, db, Options{})
	countAtOnce(t, []*Node{a, b, a, b})
}

func countAtOnce(t *testing.T, nodes []*Node) {
	const each = 25
	var all sync.WaitGroup
	for i, n := range nodes {
		s := n.Request(t, Bot("shop"), fmt.Sprint("count ", i))
		all.Go(func() {
			for range each {
				for {
					value, rev, err := n.Backend.Get(t.Context(), "vip", "n")
					if err != nil {
						t.Error(err)
						return
					}
					count, _ := strconv.Atoi(string(value))
					err = n.put(t, s.ID, core.ScriptWrite{Script: "vip", Key: "n", Value: json.RawMessage(strconv.Itoa(count + 1)), Rev: rev})
					if err == nil {
						break
					}
					if core.KindOf(err) != core.Conflict {
						t.Error(err)
						return
					}
				}
			}
		})
	}
	all.Wait()
	if value, _, err := nodes[0].Backend.Get(t.Context(), "vip", "n"); err != nil || string(value) != strconv.Itoa(each*len(nodes)) {
		t.Errorf("%d counts came to %s (%v)", each*len(nodes), value, err)
	}
}

// turnsOfBoth runs two dispatchers on one database: each agent gets every third chat, whoever gives it to him.
func turnsOfBoth(t *testing.T, db Database) {
	a, b := two(t, db, Options{Dispatcher: true, Scripts: Turns{}})
	var agents []core.Actor
	for _, name := range []string{"Ann", "Bob", "Cid"} {
		agents = append(agents, a.Agent(t, name, 20))
	}
	const chats = 30
	var all sync.WaitGroup
	for i := range chats {
		n := []*Node{a, b}[i%2]
		all.Go(func() { n.Request(t, Bot("shop"), fmt.Sprint("turn ", i)) })
	}
	all.Wait()
	Until(t, "every chat is offered", func() bool {
		open, _, err := a.Sessions(t.Context(), core.SessionFilter{Statuses: []core.Status{core.StatusPending}, Limit: 500})
		return err == nil && len(open) == chats
	})
	for _, who := range agents {
		if got := a.agent(t, who).Load; got != chats/len(agents) {
			t.Errorf("%s has %d of %d chats, want every third", who.Name, got, chats)
		}
	}
	seen := map[string]bool{}
	list, err := a.Decisions(t.Context(), core.DecisionFilter{Hook: core.HookAssign, Limit: 500})
	must(t, err)
	for _, d := range list {
		if d.Answered == "turns" && seen[d.Why] {
			t.Errorf("%s was taken twice", d.Why)
		}
		seen[d.Why] = true
	}
}
