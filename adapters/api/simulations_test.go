package api_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"baton/adapters/api"
	"baton/core"
	"baton/core/coretest"
	"baton/core/desk"
	"baton/core/simulate"
	"baton/core/stats"
)

// gated is a past that is read only when the gate opens.
type gated struct {
	*coretest.Past
	gate chan struct{}
}

func (g gated) FactsOf(ctx context.Context, in stats.Span, queues []string, created int64, session string, limit int) ([]*stats.Fact, error) {
	select {
	case <-g.gate:
		return g.Past.FactsOf(ctx, in, queues, created, session, limit)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// shopWithAPast is a house whose figures are of four weeks, read when the gate opens.
func shopWithAPast(t *testing.T) (h *house, source gated) {
	source = gated{Past: coretest.LastWeeks(time.Now()), gate: make(chan struct{})}
	h = open(t, func(_ *api.Config, deps *api.Deps) {
		deps.Simulations = simulate.NewBench(source, deps.Scripts, desk.Config{}, deps.Log)
	})
	return h, source
}

// simulated waits until a simulation has ended.
func (h *house) simulated(t *testing.T, by caller, id string) map[string]any {
	t.Helper()
	var at map[string]any
	last := 0.0
	coretest.Until(t, "the simulation ends", func() bool {
		at = h.call(t, by, "GET", "/v1/simulations/"+id, "").want(t, "the simulation", 200).JSON
		if progress := at["progress"].(float64); progress < last || progress > 1 {
			t.Fatalf("the progress went from %v to %v", last, progress)
		} else {
			last = progress
		}
		return at["state"] != "running"
	})
	return at
}

func TestASupervisorSimulatesOneAgentMore(t *testing.T) {
	h, past := shopWithAPast(t)
	boss := h.person(t, "Boss", core.Supervisor)
	days := 7
	if raced {
		days = 1
	}
	body := fmt.Sprintf(`{"from":"%s","to":"%s","agents":1,"queue":"sales","days":%d}`, past.From, past.To, days)
	started := h.call(t, boss, "POST", "/v1/simulations", body).want(t, "a simulation", 202).JSON
	id := started["id"].(string)
	at := h.call(t, boss, "GET", "/v1/simulations/"+id, "").want(t, "the simulation", 200).JSON
	if at["state"] != "running" || at["result"] != nil || at["error"] != nil {
		t.Errorf("before its figures are read the simulation is %v", at)
	}
	h.call(t, boss, "POST", "/v1/simulations", body).want(t, "a second one meanwhile", 409, "conflict")
	close(past.gate)

	at = h.simulated(t, boss, id)
	if at["state"] != "done" || at["progress"] != 1.0 {
		t.Fatalf("it ended as %v", at)
	}
	result := at["result"].(map[string]any)
	variants := result["variants"].([]any)
	if len(variants) != 2 || variants[0].(map[string]any)["what"] != "present" || result["from"] != string(past.From) || result["runs"].(float64) < 5 {
		t.Errorf("the result is of %d variants: %v", len(variants), result)
	}
	more := variants[1].(map[string]any)
	if more["what"] != "agents" || more["more"] != 1.0 || fmt.Sprint(more["like"]) != "[Ada]" || len(more["agents"].([]any)) != 3 || more["change"] == nil {
		t.Errorf("the variant is %v", more)
	}
	if deviations := result["error_on_present"].([]any); len(deviations) != 4 {
		t.Errorf("the error on the present is %v", deviations)
	}
	h.call(t, boss, "POST", "/v1/simulations", `{}`).want(t, "the next one", 202)
}

func TestADraftIsSimulatedBesideTheLiveScript(t *testing.T) {
	if raced {
		t.Skip("one goroutine simulates, and what is around it is raced by the test of one agent more")
	}
	h, past := shopWithAPast(t)
	close(past.gate)
	olga := h.person(t, "Olga", core.Owner)
	start := func(source string) answer {
		return h.call(t, olga, "POST", "/v1/simulations", fmt.Sprintf(`{"from":"%s","to":"%s","days":2,"script":{"name":"least_busy","source":%q}}`, past.From, past.To, source))
	}
	start("function assign(").want(t, "a script that is none", 422, "invalid")
	id := start("-- kind: strategy\nfunction assign() return false end").want(t, "a draft", 202).JSON["id"].(string)
	variants := h.simulated(t, olga, id)["result"].(map[string]any)["variants"].([]any)
	tried := variants[1].(map[string]any)
	if tried["what"] != "script" || tried["script"] != "least_busy" {
		t.Errorf("the variant is %v", tried)
	}
	if change := tried["change"].(map[string]any)["p50"].(map[string]any); change["mean"].(float64) < 30 || change["sure"] != true {
		t.Errorf("a script that holds everything changes half of the waits by %v", change)
	}
}

func TestWhatCannotBeSimulatedIsRefused(t *testing.T) {
	h := open(t, nil) // nothing has happened here
	olga, ida := h.person(t, "Olga", core.Owner), h.person(t, "Ida", core.AgentRole)
	h.call(t, ida, "POST", "/v1/simulations", `{}`).want(t, "an agent", 403, "forbidden")
	h.call(t, caller{}, "POST", "/v1/simulations", `{}`).want(t, "a stranger", 401)
	h.call(t, olga, "POST", "/v1/simulations", `{"agents":500}`).want(t, "too many", 422, "invalid")
	h.call(t, olga, "GET", "/v1/simulations/sim_none", "").want(t, "an unknown one", 404, "not_found")
	for _, row := range []struct{ body, code string }{{`{}`, "invalid"}, {`{"from":"soon"}`, "invalid"}, {`{"from":"2026-02-01","to":"2026-01-01"}`, "invalid"}} {
		id := h.call(t, olga, "POST", "/v1/simulations", row.body).want(t, row.body, 202).JSON["id"].(string)
		at := h.simulated(t, olga, id)
		if failure, _ := at["error"].(map[string]any); at["state"] != "failed" || failure["code"] != row.code || failure["detail"] == "" {
			t.Errorf("%s ended as %v", row.body, at)
		}
	}
}
