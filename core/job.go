package core

import (
	"context"
	"time"
)

// Job is something that happens at certain times, once for all nodes together. A run that its node did not end, because
// it died or the run failed, is begun again by any of them: Run must bear that it finds its work half done.
type Job struct {
	Name string
	// Due gives the moments after one and until another at which it is to happen, in order.
	Due func(ctx context.Context, after, until time.Time) ([]time.Time, error)
	Run func(ctx context.Context, due time.Time) error
	// Missed says what becomes of runs that came due while no node was there to begin them.
	Missed Missed
}

// Missed is what becomes of missed runs.
type Missed string

// The policies. None looks back further than a week.
const (
	MissedOnce Missed = "run_once" // the last of them is run, and stands for all
	MissedSkip Missed = "skip"     // none is
	MissedAll  Missed = "all"      // each is, in order
)

// JobRuns keeps which runs of which jobs were begun by whom: a run is a row of job and time, and there can be only one.
type JobRuns interface {
	// LastRun is the time of the newest run of a job that is not after now. A job that never had one counts as if it had
	// had one now, so that what is long ago does not come due.
	LastRun(ctx context.Context, job string, now time.Time) (time.Time, error)
	// ClaimRun makes a run this node's own. It is false when somebody had it before, whatever became of it.
	ClaimRun(ctx context.Context, job string, due time.Time) (bool, error)
	// EndRun notes that this node's run is done, or that it failed and is anyone's.
	EndRun(ctx context.Context, job string, due time.Time, done bool) error
	// LostRuns are the runs that failed or whose nodes live no more, in order.
	LostRuns(ctx context.Context, job string) ([]time.Time, error)
	// RetakeRun makes a lost run this node's own. It is false when somebody else was faster.
	RetakeRun(ctx context.Context, job string, due time.Time) (bool, error)
}
