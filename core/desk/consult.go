package desk

import (
	"context"
	"encoding/json"
	"fmt"

	"baton/core"
)

// ScriptRules are the scripts of the company and what they keep. Without them everything is decided as it is built in.
type ScriptRules struct {
	Scripts core.Scripts
	Store   core.ScriptStore
	// Ledger reads what was decided. Without one nobody does, and whom a look passed over is not written down.
	Ledger core.Ledger
}

// UseScripts makes the desk ask scripts. It must be called before the desk is used.
func (d *Desk) UseScripts(r ScriptRules) { d.rules = r }

// answers says whether scripts are to be asked at all.
func (r ScriptRules) answers(hook core.Hook, strategy string) bool {
	return r.Scripts != nil && r.Scripts.Answers(hook, strategy)
}

// consultation is a question with what scripts said to it: the decision for the ledger, the answer that won, if one
// did, and what the scripts want kept.
type consultation struct {
	decision *core.Decision
	answer   core.Answer
	writes   []core.ScriptWrite
}

// consult asks all scripts of a hook and lets the first acceptable answer win. Accept says why an answer cannot be,
// or nothing.
func (r ScriptRules) consult(ctx context.Context, c *core.Case, s *core.Session, strategy string, store core.ScriptStore, accept func(core.Answer) string) *consultation {
	d := &core.Decision{Session: s.ID, Queue: s.Queue.ID, Hook: c.Hook, Case: c}
	out := &consultation{decision: d}
	d.Opinions = r.Scripts.Ask(ctx, c, strategy, store)
	for i := range d.Opinions {
		o := &d.Opinions[i]
		switch {
		case o.Mode == core.ModeShadow || o.Error != nil:
		case !o.Answer.Given:
			out.writes = append(out.writes, o.Writes...)
		case d.Answered != "":
			o.Note = "overruled by " + d.Answered
		default:
			if o.Note = accept(o.Answer); o.Note == "" {
				d.Answered, d.Why, out.answer = o.Script, o.Why, o.Answer
				out.writes = append(out.writes, o.Writes...)
			}
		}
	}
	return out
}

// keep writes a consultation with the command that it led to.
func (c *consultation) keep(tx core.Tx, session string) {
	if c == nil {
		return
	}
	c.decision.Session = session
	c.decision.Name()
	tx.Record(c.decision)
	tx.Put(c.writes...)
}

// askPriority asks how urgent a session is; nil when no script is to be asked.
func (d *Desk) askPriority(ctx context.Context, s *core.Session) *consultation {
	if !d.rules.answers(core.HookPrioritise, "") {
		return nil
	}
	c := core.NewCase(core.HookPrioritise, s, d.around(ctx, s, d.now()))
	out := d.rules.consult(ctx, c, s, "", d.rules.Store, func(a core.Answer) string {
		if a.Priority.Rank() < 0 {
			return fmt.Sprintf("%q is no priority", a.Priority)
		}
		return ""
	})
	if out.answer.Given {
		out.decision.Outcome = string(out.answer.Priority)
	}
	return out
}

// askOverflow asks which queue takes a session that has waited too long; nil when no script is to be asked. The answer
// names a queue that there is, and another one than the session's.
func (d *Desk) askOverflow(ctx context.Context, s *core.Session) *consultation {
	if !d.rules.answers(core.HookOverflow, "") {
		return nil
	}
	c := core.NewCase(core.HookOverflow, s, d.around(ctx, s, d.now()))
	out := d.rules.consult(ctx, c, s, "", d.rules.Store, func(a core.Answer) string {
		queue, err := d.dir.Queue(ctx, a.Queue)
		switch {
		case err != nil:
			return fmt.Sprintf("there is no queue %q", a.Queue)
		case queue.ID == s.Queue.ID:
			return "the chat waits in that queue already"
		}
		return ""
	})
	out.decision.Outcome = out.answer.Queue
	return out
}

// askAfterHours asks what a customer is told while nobody is there; nil when no script is to be asked.
func (d *Desk) askAfterHours(ctx context.Context, s *core.Session, schedule core.CaseSchedule) *consultation {
	if !d.rules.answers(core.HookAfterHours, "") {
		return nil
	}
	c := core.NewCase(core.HookAfterHours, s, d.around(ctx, s, d.now()))
	c.Schedule = &schedule
	out := d.rules.consult(ctx, c, s, "", d.rules.Store, func(a core.Answer) string {
		if a.Text == "" && !a.Close && !a.Ticket && a.Ask == "" {
			return "the answer says nothing"
		}
		return ""
	})
	out.decision.Outcome = out.answer.Text
	return out
}

// valuesOver is what scripts keep, with what decisions of this look want kept laid over it.
type valuesOver struct {
	below core.ScriptStore
	put   map[string]core.ScriptWrite // by script and key; Rev is the one that the value will have
}

// Get gives the newest value.
func (v *valuesOver) Get(ctx context.Context, script, key string) (json.RawMessage, int64, error) {
	if w, ok := v.put[script+"\x00"+key]; ok {
		return w.Value, w.Rev, nil
	}
	return v.below.Get(ctx, script, key)
}

// lay takes in writes that are under way.
func (v *valuesOver) lay(ctx context.Context, writes []core.ScriptWrite) {
	for _, w := range writes {
		if w.Blind {
			_, w.Rev, _ = v.Get(ctx, w.Script, w.Key)
		}
		w.Rev++
		v.put[w.Script+"\x00"+w.Key] = w
	}
}
