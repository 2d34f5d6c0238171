package cli

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"baton/adapters/sqlstore"
	"baton/core"
	"baton/core/coretest"
	"baton/core/simulate"
	"baton/core/stats"
)

// tellPast makes a database in which four weeks have passed.
func tellPast(t *testing.T, file string) *coretest.Past {
	t.Helper()
	store, err := sqlstore.Open(t.Context(), sqlstore.Config{DSN: "sqlite:" + file})
	if err != nil {
		t.Fatal(err)
	}
	n, past := coretest.Start(t, store, coretest.Options{}), coretest.LastWeeks(time.Now())
	zone := "Europe/Berlin"
	if _, err := n.ChangeAccount(t.Context(), core.Desk, core.AccountChange{TimeZone: &zone}); err != nil {
		t.Fatal(err)
	}
	general, err := n.Queue(t.Context(), "general")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range past.Facts {
		f.Queue = general.Ref()
	}
	if err := n.Keep(t.Context(), 0, stats.Change{Facts: past.Facts}); err != nil {
		t.Fatal(err)
	}
	ids := map[string]string{"agt_a": n.Agent(t, "Ada", 3).ID, "agt_b": n.Agent(t, "Ben", 2).ID}
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range past.Was {
		if _, err := db.ExecContext(t.Context(), "INSERT INTO agent_states (agent_id, since, state) VALUES (?, ?, ?)", ids[s.Agent], s.Since, s.State); err != nil {
			t.Fatal(err)
		}
	}
	n.Stop(t)
	return past
}

// simulated runs baton simulate on the four weeks that have passed, and gives what it prints.
func simulated(t *testing.T, past *coretest.Past, dsn string, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	told := &terminal{in: strings.NewReader(""), out: &out, err: &errs, environ: []string{"BATON_DATABASE_DSN=" + dsn, "BATON_DATA_DIR=" + t.TempDir()}}
	if status := told.run(t.Context(), append([]string{"simulate", "--from", string(past.From), "--to", string(past.To)}, args...)); status != exitDone {
		t.Fatalf("it ended with %d: %s", status, errs.String())
	}
	return out.String()
}

func TestTheFiguresOfAServerAreSimulatedAndNothingIsWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "baton.db")
	past := tellPast(t, file)
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	plan := filepath.Join(t.TempDir(), "plan.yaml")
	said := simulated(t, past, "sqlite:"+file, "--agents", "+1", "--runs", "2", "--write-plan", plan)
	for _, part := range []string{"present", "+1 agent", "with the queues, skills and shifts of", "from what really was, " + string(past.From) + " to " + string(past.To), "wait, p90", "off by"} {
		if !strings.Contains(said, part) {
			t.Errorf("nothing is said of %q in\n%s", part, said)
		}
	}
	if after, err := os.ReadFile(file); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the database has changed, %v", err)
	}

	// The written plan is one that can be read, and it is the same.
	var from, again simulate.Result
	if err := json.Unmarshal([]byte(simulated(t, past, "sqlite:"+file, "--runs", "2", "--json")), &from); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	told := &terminal{in: strings.NewReader(""), out: &out, err: &errs, environ: []string{"BATON_DATA_DIR=" + t.TempDir()}}
	if status := told.run(t.Context(), []string{"simulate", "--plan", plan, "--runs", "2", "--json"}); status != exitDone {
		t.Fatalf("the written plan: %s", errs.String())
	}
	if err := json.Unmarshal(out.Bytes(), &again); err != nil {
		t.Fatal(err)
	}
	if from.Variants[0].Chats != again.Variants[0].Chats && from.Variants[0].Chats.Mean != again.Variants[0].Chats.Mean || from.Variants[0].Wait.P90.Mean != again.Variants[0].Wait.P90.Mean {
		t.Errorf("the figures give %+v, and the plan that was written %+v", from.Variants[0].ServedChats, again.Variants[0].ServedChats)
	}
}
