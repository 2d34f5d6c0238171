package schedule

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"baton/adapters/sqlstore/sqltest"
	"baton/core"
)

// nodeDSN makes this program one of the three processes of the test below.
const nodeDSN = "BATON_TEST_NODE"

// daysOfProcesses is how many days they look at their jobs.
const daysOfProcesses = 40

func TestC03ThreeProcessesOnOneDatabaseRunEachJobOnce(t *testing.T) {
	if dsn := os.Getenv(nodeDSN); dsn != "" {
		beNode(t, dsn)
		return
	}
	dsn := sqltest.DSN(t)
	runner(t, store(t, dsn), nightly(t, core.MissedAll, new(book))).Look(t.Context(), at("2026-03-01 00:00"))
	outputs := make([]bytes.Buffer, 3)
	var processes sync.WaitGroup
	for i := range outputs {
		node := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$", "-test.v")
		node.Env, node.Stdout, node.Stderr = append(os.Environ(), nodeDSN+"="+dsn), &outputs[i], &outputs[i]
		processes.Go(func() {
			if err := node.Run(); err != nil {
				t.Errorf("process %d: %v\n%s", i, err, outputs[i].String())
			}
		})
	}
	processes.Wait()
	var ran []string
	for i := range outputs {
		for line := range strings.Lines(outputs[i].String()) {
			if due, is := strings.CutPrefix(strings.TrimSpace(line), "ran "); is {
				ran = append(ran, due)
			}
		}
	}
	slices.Sort(ran)
	if once := slices.Compact(slices.Clone(ran)); len(ran) != daysOfProcesses || len(once) != daysOfProcesses {
		t.Errorf("in %d days three processes ran the job %d times, for %d days: %v", daysOfProcesses, len(ran), len(once), ran)
	}
}

// beNode looks at the job once a day and says what it ran.
func beNode(t *testing.T, dsn string) {
	t.Helper()
	job := nightly(t, core.MissedAll, new(book))
	job.Run = func(_ context.Context, due time.Time) error {
		fmt.Println("ran " + due.UTC().Format(time.RFC3339))
		return nil
	}
	r, start := runner(t, store(t, dsn), job), at("2026-03-01 00:00")
	for day := 1; day <= daysOfProcesses; day++ {
		r.Look(t.Context(), start.AddDate(0, 0, day))
	}
}
