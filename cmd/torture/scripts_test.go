package torture

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"baton/cmd/client"
)

// ruled is a house whose desk asks a script on the disk.
type ruled struct {
	*house
	*team
	ctx  context.Context
	made int
}

// decision is what the ledger says, as far as these tests ask.
type decision struct {
	Hook, Outcome, Answered, Why string
	Opinions                     []struct {
		Script, Why, Note string
		Error             *struct{ Kind, Message string }
	}
}

type standing struct {
	Name, Layer string
	On          bool
	Broken      []struct {
		Layer string
		Error struct {
			Message string
			Line    int
		}
	}
}

func newRuled(ctx context.Context, t *testing.T, h *house) *ruled {
	t.Helper()
	s := h.serve()
	s.complains = true // that a script is broken is said on standard error
	r := &ruled{house: h, team: h.found(ctx, s, 1), ctx: ctx}
	ann := r.agents[0]
	run(ctx, t, ann.Socket(client.SocketConfig{}))
	if _, err := ann.Be(ctx, "available"); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *ruled) get(t *testing.T, path string, into any) {
	t.Helper()
	if _, err := r.owner.Do(r.ctx, "GET", path, nil, into); err != nil {
		t.Fatalf("GET %s: %v", path, err)
	}
}

// rule puts a script on the disk and waits until the server has taken it, or said why not.
func (r *ruled) rule(t *testing.T, source string) standing {
	t.Helper()
	r.made++
	name := fmt.Sprintf("rule_%d", r.made)
	dir := filepath.Join(r.dir, "data", "scripts")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if old, err := filepath.Glob(filepath.Join(dir, "*.lua")); err == nil {
		for _, file := range old {
			_ = os.Remove(file)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, name+".lua"), []byte(source), 0o644); err != nil {
		t.Fatal(err)
	}
	deadline, tick := time.After(5*time.Second), time.NewTicker(20*time.Millisecond)
	defer tick.Stop()
	for {
		var list struct{ Data []standing }
		r.get(t, "/v1/scripts", &list)
		for _, s := range list.Data {
			if s.Name == name && (s.Layer == "on disk" || len(s.Broken) > 0) {
				return s
			}
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("the server did not take %s within 5 s; it has %+v", name, list.Data)
		}
	}
}

// chat asks for a person and gives what the ledger says of it. The chat is ended, so that the agent has room again.
func (r *ruled) chat(t *testing.T, want string, within time.Duration) (decision, time.Duration) {
	t.Helper()
	r.made++
	began := time.Now()
	answer, _, err := r.bot.Handoff(r.ctx, client.Handoff{ConversationID: fmt.Sprint(r.made)}, "")
	if err != nil {
		t.Fatal(err)
	}
	took := time.Since(began)
	for answer.Status != want {
		if took = time.Since(began); took > within {
			t.Fatalf("after %v the chat is %s, want %s", took, answer.Status, want)
		}
		s, err := r.bot.Session(r.ctx, answer.ID)
		if err != nil {
			t.Fatal(err)
		}
		answer.Status = s.Status
	}
	var ledger struct{ Data []decision }
	r.get(t, "/v1/sessions/"+answer.ID+"/decisions", &ledger)
	if _, err := r.owner.Act(r.ctx, answer.ID, "end", map[string]string{}); err != nil {
		t.Fatal(err)
	}
	if len(ledger.Data) == 0 {
		t.Fatal("the ledger says nothing of the chat")
	}
	return ledger.Data[0], took
}

// A script that fails, in any of the ways in which one can, delays and loses no chat: the next decider answers, and
// the ledger says what went wrong.
func TestScriptsOfEveryKindOfFailureDelayNobody(t *testing.T) {
	const loop = "function assign(s, agents) while true do end end"
	onEachStore(t, func(t *testing.T, h *house) {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
		r := newRuled(ctx, t, h)
		for _, c := range []struct{ what, source, kind string }{
			{"never ends", loop, "limit"},
			{"takes all memory", "function assign() local t = {} for i = 1, 1e9 do t[i] = ('x'):rep(1000000) .. i end end", "limit"},
			{"calls itself for ever", "function assign(s, a) local function f(n) return 1 + f(n) end return f(1) end", "runtime"},
			{"indexes nothing", "function assign(s, agents) return agents[1].stats.active end", "runtime"},
			{"raises a table", "function assign() error({}) end", "runtime"},
			{"names a stranger", "function assign() return 'agt_stranger' end", "result"},
			{"gives back a table", "function assign(s, agents) return {agents[1]} end", "result"},
		} {
			r.rule(t, c.source)
			d, took := r.chat(t, "pending", 2500*time.Millisecond)
			if d.Answered != "least_busy" || len(d.Opinions) != 2 || d.Opinions[0].Error == nil || d.Opinions[0].Error.Kind != c.kind {
				t.Errorf("of a script that %s the ledger says %s, want a failure of the kind %s and the answer of least_busy", c.what, shown(d), c.kind)
			}
			t.Logf("%s: offered after %v", c.what, took.Round(time.Millisecond))
		}
	})
}

// A source that is no program is not in force: the server says so, with the line, and goes on.
func TestScriptThatDoesNotCompileIsNotInForce(t *testing.T) {
	onEachStore(t, func(t *testing.T, h *house) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		r := newRuled(ctx, t, h)
		s := r.rule(t, "function assign(session, agents)\n  if #agents > 0 the\n    return agents[1].id\n  end\nend")
		if len(s.Broken) != 1 || s.Broken[0].Error.Line != 2 {
			t.Errorf("the script stands as %+v, want it broken in line 2", s)
		}
		if d, _ := r.chat(t, "pending", 2500*time.Millisecond); d.Answered != "least_busy" || len(d.Opinions) != 1 {
			t.Errorf("beside a script that is not in force the ledger says %s", shown(d))
		}
	})
}

// A script that always says no holds a chat back for the queue's limit, and strands nobody.
func TestScriptThatAlwaysSaysNoStrandsNobody(t *testing.T) {
	onEachStore(t, func(t *testing.T, h *house) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		r := newRuled(ctx, t, h)
		var queues struct{ Data []struct{ ID string } }
		r.get(t, "/v1/queues", &queues)
		if _, err := r.owner.Do(ctx, "PATCH", "/v1/queues/"+queues.Data[0].ID, map[string]int{"hold_limit": 2}, nil); err != nil {
			t.Fatal(err)
		}
		r.rule(t, "function assign() return false, 'not now' end")
		d, took := r.chat(t, "pending", 15*time.Second)
		if took < 1500*time.Millisecond {
			t.Errorf("the chat was offered after %v, though the script holds it for two seconds", took)
		}
		if d.Answered != "least_busy" || len(d.Opinions) != 2 || d.Opinions[0].Note == "" || d.Opinions[0].Why != "not now" {
			t.Errorf("the ledger says %s, want that the script held the chat until its time was over", shown(d))
		}
	})
}

func shown(d decision) string {
	text, _ := json.Marshal(d)
	return string(text)
}
