package coretest

import (
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"baton/core"
	"baton/core/desk"
	"baton/core/stats"
)

// statesOf reads what an agent was until a while from now, without the times.
func (n *Node) statesOf(t *testing.T, agent string) (states []string) {
	t.Helper()
	now := time.Now()
	list, err := n.States(t.Context(), stats.Span{From: now.Add(-time.Hour).UnixMilli(), To: now.Add(time.Hour).UnixMilli()})
	must(t, err)
	var last int64
	for _, s := range list {
		if s.Agent != agent {
			continue
		}
		if s.Since < last {
			t.Errorf("%s comes before the state before it", s.State)
		}
		states, last = append(states, s.State), s.Since
	}
	return states
}

// agentStates: whoever changes what an agent is, it is noted, and so is that he was gone.
func agentStates(t *testing.T, db Database) {
	n := Start(t, db(t), Options{})
	ann, ctx := n.Agent(t, "Ann", 5), t.Context()
	expect := func(what string, want ...string) {
		t.Helper()
		if got := n.statesOf(t, ann.ID); !slices.Equal(got, want) {
			t.Errorf("%s: Ann was %v, want %v", what, got, want)
		}
	}
	expect("made available", "available")
	n.say(t, ann, core.Available)
	expect("said again", "available")
	noted := time.Now().UnixMilli()
	Until(t, "a millisecond passes, since two states at one are one", func() bool { return time.Now().UnixMilli() > noted })
	n.say(t, ann, core.BusyAgent)
	expect("busy", "available", "busy")
	s := n.Request(t, Bot("shop"), "c1")
	for range 3 {
		must(t, n.Desk.Expire(ctx, s.ID, n.Offer(t, s.ID, ann, soon()).Offer.Seq))
	}
	expect("set away after three missed offers", "available", "busy", "away")
	must(t, n.Seen(ctx, []string{ann.ID}, time.Now().Add(30*time.Second)))
	expect("silent for half a minute", "available", "busy", "away")
	must(t, n.Seen(ctx, []string{ann.ID}, time.Now().Add(5*time.Minute)))
	if got := n.statesOf(t, ann.ID); len(got) != 5 || got[len(got)-1] != "away" || !slices.Contains(got, stats.Gone) {
		t.Errorf("back after minutes of silence: Ann was %v, want that she was gone and is away again", got)
	}
	_, err := n.ChangeUser(ctx, core.Desk, ann.ID, func(was core.Agent, _ int) (core.Agent, bool, error) {
		was.Status, was.Disabled = core.Offline, true
		return was, true, nil
	})
	must(t, err)
	if got := n.statesOf(t, ann.ID); !slices.Contains(got, "offline") {
		t.Errorf("disabled: Ann was %v, want that she is offline", got)
	}
}

// countedOnBoth ends sessions on two nodes while both roll up: each session is counted once.
func countedOnBoth(t *testing.T, db Database) {
	a, b := two(t, db, Options{})
	const each = 40
	var all sync.WaitGroup
	nodes, rollups := []*Node{a, b}, make([]*stats.Rollup, 2)
	for i, n := range nodes {
		rollups[i] = stats.NewRollup(n, ExactSketch, slog.New(slog.DiscardHandler))
		all.Go(func() {
			for k := range each {
				s := n.Request(t, Bot("shop"), fmt.Sprint("c", i, "-", k))
				if _, err := n.Desk.End(t.Context(), Customer(s), s.ID, desk.End{}); err != nil {
					t.Error(err)
				}
				if err := rollups[i].Collect(t.Context()); err != nil && core.KindOf(err) != core.Conflict {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	for _, r := range rollups {
		must(t, r.Collect(t.Context()))
	}
	got, err := stats.NewFigures(a, rollups[0], ExactSketch).Summary(t.Context(), stats.Ask{})
	must(t, err)
	if got.Ended.N != 2*each || got.Duration.N != 2*each || got.Active.N != 0 {
		t.Errorf("of %d sessions %d are counted", 2*each, got.Ended.N)
	}
	pages := func() map[stats.Place][]byte {
		all, err := a.PagesOn(t.Context(), "UTC", stats.Stretch{From: "0", To: "z"})
		must(t, err)
		return all
	}
	was := pages()
	must(t, rollups[1].Rebuild(t.Context()))
	for place, data := range pages() {
		if string(was[place]) != string(data) {
			t.Errorf("counted by two, the page %v is %x; rebuilt it is %x", place, was[place], data)
		}
	}
}
