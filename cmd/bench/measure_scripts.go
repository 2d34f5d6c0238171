package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"baton/adapters/lua"
	"baton/core"
	"baton/core/routing"
	"baton/core/scripting"
	"baton/scripts"
)

// measureScripts compares choosing an agent in Lua with the same rule in Go, and talk that is tagged with talk that is
// not.
func measureScripts(ctx context.Context, w *workshop, r *report) error {
	if err := w.chooses(ctx, r); err != nil {
		return err
	}
	return w.tags(ctx, r)
}

func (w *workshop) chooses(ctx context.Context, r *report) error {
	source, err := scripts.BuiltIn.ReadFile("least_busy.lua")
	if err != nil {
		return err
	}
	engine := lua.New(lua.Config{})
	inLua, _, err := engine.Compile("least_busy", string(source))
	if err != nil {
		return err
	}
	for _, n := range []int{10, 100, 1000} {
		session := &core.Session{ID: "ses_x", Queue: core.Ref{ID: "que_x", Name: "general"}}
		agents := team(n)
		c := core.NewCase(core.HookAssign, session, core.Surroundings{At: time.Now(), Zone: time.UTC})
		c.ForAgents(session, agents, time.Now())
		var failed error
		took := timed(func() {
			if o := inLua.Ask(ctx, c, scripting.NoStore{}); o.Error != nil {
				failed = o.Error
			}
		})
		if failed != nil {
			return failed
		}
		inGo := timed(func() { routing.LeastBusy{}.Assign(session, agents) })
		due := map[int]float64{10: 10, 100: 60, 1000: 644}[n]
		r.add(figure{
			what: fmt.Sprintf("least busy of %d agents in Lua", n), limit: "the same rule in Go, " + shownMicros(inGo), ratio: float64(took) / float64(inGo),
			shown: shownMicros(took), value: micros(took), dueValue: due, dueShown: fmt.Sprintf("%.0f µs", due),
		})
	}
	return w.emptyHook(ctx, r, engine)
}

func (w *workshop) emptyHook(ctx context.Context, r *report, engine *lua.Engine) error {
	program, _, err := engine.Compile("empty", "function on_event() end")
	if err != nil {
		return err
	}
	c := core.NewCase(core.HookOnEvent, &core.Session{ID: "ses_x"}, core.Surroundings{At: time.Now(), Zone: time.UTC})
	c.Event = &core.CaseEvent{Type: "session.waiting"}
	took := timed(func() { program.Ask(ctx, c, scripting.NoStore{}) })
	r.add(figure{what: "a hook that does nothing", limit: "", shown: shownMicros(took), value: micros(took), dueValue: 1, dueShown: "1 µs"})
	return nil
}

// team makes agents with work of different amounts.
func team(n int) []*core.Agent {
	agents := make([]*core.Agent, n)
	for i := range agents {
		agents[i] = &core.Agent{
			ID: fmt.Sprintf("agt_%04d", i), Name: fmt.Sprint("agent ", i), Status: core.Available, Capacity: 4, Load: i % 4, Active: i % 4,
			Queues: []string{"que_x"}, Skills: []string{"refund"}, Languages: []string{"en"}, LastAssigned: time.Unix(int64(1_700_000_000+i), 0),
		}
	}
	return agents
}

// timed is the quickest of rounds in which a call is made again and again: whatever else the machine does can only make
// it slower.
func timed(call func()) time.Duration {
	const rounds, length = 20, 20 * time.Millisecond
	var took []time.Duration
	for range rounds {
		began, n := time.Now(), 0
		for time.Since(began) < length {
			for range 10 {
				call()
			}
			n += 10
		}
		took = append(took, time.Since(began)/time.Duration(n))
	}
	return slices.Min(took)
}

func shownMicros(d time.Duration) string { return fmt.Sprintf("%.2f µs", micros(d)) }

// tagged is a rule that looks at the words of each message.
const tagged = `-- hook: tag
local words = { "refund", "money back", "cancel", "invoice" }
function tag(session, message)
  if text.has_any(message.text, words) then return { "billing" } end
end
`

// tags measures the CPU that a message costs, with a script that looks at each and without.
func (w *workshop) tags(ctx context.Context, r *report) (err error) {
	var runners []*runner
	defer func() {
		for _, x := range runners {
			err = errors.Join(err, x.stop())
		}
	}()
	for _, name := range []string{"plain", "tagged"} {
		dir, err := os.MkdirTemp(w.dir, "data-")
		if err != nil {
			return err
		}
		if name == "tagged" {
			if err := os.MkdirAll(filepath.Join(dir, "scripts"), 0o755); err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(dir, "scripts", "words.lua"), []byte(tagged), 0o644); err != nil {
				return err
			}
		}
		s, err := w.onSQLite(ctx, dir)
		if err != nil {
			return err
		}
		x := &runner{name: name, addr: s.addr, cpu: s.cpu, stop: s.stop}
		runners = append(runners, x)
		if x.talks, err = s.talks(ctx, 500); err != nil {
			return err
		}
	}
	if err := w.races(runners, 1000, 14); err != nil {
		return err
	}
	plain, with := runners[0].meanCPU(), runners[1].meanCPU()
	for _, x := range runners {
		x.fleet.close()
	}
	r.add(figure{
		what: "CPU of a message that a script looks at for tags, 1000 connections", limit: fmt.Sprintf("without a script, %.1f µs", plain),
		ratio: with / plain, due: 1.10, shown: fmt.Sprintf("%.1f µs", with),
	})
	return nil
}
