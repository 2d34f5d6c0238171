// Package schedule runs jobs when they are due. robfig/cron looks once a minute, in UTC, where no time is missing and
// none comes twice; what is due then is for each job to say, by a calendar or otherwise. The one specification that cron
// gets is our own constant: none is configurable, so none can be bad.
package schedule

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/robfig/cron/v3"

	"baton/core"
)

const (
	// everyMinute is what cron is told.
	everyMinute = "* * * * *"
	// onTime is how late a run may begin and not have been missed: a node was busy, or its clock is a little behind.
	onTime = 2 * time.Minute
	// lookBack is how far back missed runs are looked for.
	lookBack = 7 * 24 * time.Hour
)

// Runner begins runs of jobs. Several on one database begin each once.
type Runner struct {
	runs core.JobRuns
	jobs []core.Job
	log  *slog.Logger
}

// New makes a runner of these jobs; it starts nothing.
func New(runs core.JobRuns, log *slog.Logger, jobs ...core.Job) *Runner {
	return &Runner{runs: runs, jobs: jobs, log: log}
}

// Run looks at once and then each minute, until ctx ends and what was begun has ended.
func (r *Runner) Run(ctx context.Context) error {
	c := cron.New(cron.WithLocation(time.UTC), cron.WithLogger(logger{r.log}))
	var first sync.WaitGroup
	defer first.Wait()
	for _, job := range r.jobs {
		look := r.looking(ctx, job)
		if _, err := c.AddJob(everyMinute, look); err != nil {
			return err
		}
		first.Go(look.Run) // what was missed need not wait for the minute
	}
	c.Start()
	<-ctx.Done()
	<-c.Stop().Done()
	return nil
}

// looking is what cron does for a job: one that takes longer than a minute is not begun beside itself and holds no other
// up, and one that panics is looked at again. Recovering comes first, since whoever skips never hears of the end of what
// panics.
func (r *Runner) looking(ctx context.Context, job core.Job) cron.Job {
	told := logger{r.log}
	return cron.NewChain(cron.SkipIfStillRunning(told), cron.Recover(told)).Then(cron.FuncJob(func() { r.look(ctx, job, time.Now()) }))
}

// Look begins what is due of all jobs at a time. Run does it each minute with the time that it is.
func (r *Runner) Look(ctx context.Context, now time.Time) {
	for _, job := range r.jobs {
		r.look(ctx, job, now)
	}
}

func (r *Runner) look(ctx context.Context, job core.Job, now time.Time) {
	if err := r.begin(ctx, job, now); err != nil && ctx.Err() == nil {
		r.log.Warn("a job", "job", job.Name, "error", err)
	}
}

// begin runs what was lost of a job and what came due since its last run. A clock that was set back makes nothing due: the
// last run that is not in the future is where it looks from, and what was claimed before is not claimed again.
func (r *Runner) begin(ctx context.Context, job core.Job, now time.Time) error {
	if err := r.retake(ctx, job, now); err != nil {
		return err
	}
	after, err := r.runs.LastRun(ctx, job.Name, now)
	if err != nil {
		return err
	}
	if longAgo := now.Add(-lookBack); after.Before(longAgo) {
		after = longAgo
	}
	due, err := job.Due(ctx, after, now)
	if err != nil {
		return err
	}
	run, skip := sortOut(job.Missed, due, now.Add(-onTime))
	for _, at := range skip {
		if mine, err := r.runs.ClaimRun(ctx, job.Name, at); err != nil || !mine {
			return err
		}
		if err := r.runs.EndRun(ctx, job.Name, at, true); err != nil {
			return err
		}
	}
	for _, at := range run {
		mine, err := r.runs.ClaimRun(ctx, job.Name, at)
		if err != nil {
			return err
		}
		if !mine {
			return nil // another node is at it; it has what follows, too, or we have it with the next look
		}
		if err := r.run(ctx, job, at); err != nil {
			return err
		}
	}
	return nil
}

// sortOut says what is run of all that is due, and what is noted as done and is not. What came due before late was missed.
func sortOut(policy core.Missed, due []time.Time, late time.Time) (run, skip []time.Time) {
	missed := 0
	for missed < len(due) && due[missed].Before(late) {
		missed++
	}
	if missed == 0 || policy == core.MissedAll {
		return due, nil
	}
	last := due[missed-1 : missed]
	switch {
	case policy == core.MissedOnce && missed == len(due):
		return last, nil
	case policy == core.MissedSkip:
		return due[missed:], last
	}
	return due[missed:], nil // the run that is due now stands for those before it, too
}

// retake begins runs again that nobody is at any more, or lets go of them, as the policy says.
func (r *Runner) retake(ctx context.Context, job core.Job, now time.Time) error {
	lost, err := r.runs.LostRuns(ctx, job.Name)
	if err != nil || len(lost) == 0 {
		return err
	}
	run, _ := sortOut(job.Missed, lost, now.Add(-onTime))
	for _, at := range lost {
		mine, err := r.runs.RetakeRun(ctx, job.Name, at)
		if err != nil {
			return err
		}
		switch {
		case !mine:
		case len(run) == 0 || at.Before(run[0]):
			err = r.runs.EndRun(ctx, job.Name, at, true)
		default:
			err = r.run(ctx, job, at)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// run does a run that is this node's and notes what became of it, also when ctx has ended meanwhile.
func (r *Runner) run(ctx context.Context, job core.Job, at time.Time) error {
	done := false
	defer func() {
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteWithin)
		defer cancel()
		if err := r.runs.EndRun(ending, job.Name, at, done); err != nil {
			r.log.Warn("a run of a job could not be noted", "job", job.Name, "due", at, "error", err)
		}
	}()
	if err := job.Run(ctx, at); err != nil {
		r.log.Warn("a run of a job failed and is tried again", "job", job.Name, "due", at, "error", err)
		return nil
	}
	done = true
	return nil
}

// noteWithin is how long noting the end of a run may take.
const noteWithin = 2 * time.Second

// logger tells what cron has to say: little, unless something panicked.
type logger struct{ log *slog.Logger }

// Info is what cron tells of its ordinary work.
func (l logger) Info(text string, pairs ...any) { l.log.Debug("cron: "+text, pairs...) }

// Error is a panic of a job.
func (l logger) Error(err error, text string, pairs ...any) {
	l.log.Error("cron: "+text, append(pairs, "error", err)...)
}
