package sqlstore

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"baton/core"
)

var _ core.JobRuns = (*Store)(nil)

// jobRunRow is a run of a job. That job and time are its key is what lets one node have it and no other.
type jobRunRow struct {
	bun.BaseModel `bun:"table:job_runs"`

	Job       string `bun:"job,pk"`
	DueAt     int64  `bun:"due_at,pk"`
	Node      string `bun:"node"`
	ClaimedAt int64  `bun:"claimed_at"`
	DoneAt    int64  `bun:"done_at"`
}

// LastRun is the time of the newest run that is not after now. See core.JobRuns.
func (s *Store) LastRun(ctx context.Context, job string, now time.Time) (time.Time, error) {
	var last int64
	err := s.read.NewRaw("SELECT coalesce(max(due_at), 0) FROM job_runs WHERE job = ? AND due_at <= ?", job, now.UnixMilli()).Scan(ctx, &last)
	if err != nil || last > 0 {
		return timeAt(last), wrap(err, "look for the last run of "+job)
	}
	at := now.UnixMilli()
	_, err = s.claim(ctx, &jobRunRow{Job: job, DueAt: at, Node: s.engine.node, ClaimedAt: at, DoneAt: at})
	return timeAt(at), err
}

// ClaimRun makes a run this node's own. See core.JobRuns.
func (s *Store) ClaimRun(ctx context.Context, job string, due time.Time) (bool, error) {
	return s.claim(ctx, &jobRunRow{Job: job, DueAt: due.UnixMilli(), Node: s.engine.node, ClaimedAt: time.Now().UnixMilli()})
}

func (s *Store) claim(ctx context.Context, row *jobRunRow) (bool, error) {
	result, err := s.write.NewInsert().Model(row).On("CONFLICT (job, due_at) DO NOTHING").Exec(ctx)
	if err != nil {
		return false, wrap(err, "claim a run of "+row.Job)
	}
	n, err := result.RowsAffected()
	return n == 1, wrap(err, "claim a run of "+row.Job)
}

// EndRun notes what became of this node's run. See core.JobRuns.
func (s *Store) EndRun(ctx context.Context, job string, due time.Time, done bool) error {
	q := s.write.NewUpdate().Model((*jobRunRow)(nil)).Where("job = ?", job).Where("due_at = ?", due.UnixMilli()).Where("node = ?", s.engine.node)
	if done {
		q = q.Set("done_at = ?", time.Now().UnixMilli())
	} else {
		q = q.Set("node = ''")
	}
	_, err := q.Exec(ctx)
	return wrap(err, "end a run of "+job)
}

// LostRuns are the runs that nobody is at any more. See core.JobRuns.
func (s *Store) LostRuns(ctx context.Context, job string) ([]time.Time, error) {
	live, own, err := s.Nodes(ctx)
	if err != nil {
		return nil, err
	}
	var rows []jobRunRow
	err = s.read.NewSelect().Model(&rows).Where("job = ?", job).Where("done_at = 0").Where("node NOT IN (?)", bun.List(append(live, own))).Order("due_at").Scan(ctx)
	due := make([]time.Time, len(rows))
	for i := range rows {
		due[i] = timeAt(rows[i].DueAt)
	}
	return due, wrap(err, "look for lost runs of "+job)
}

// RetakeRun makes a lost run this node's own. See core.JobRuns.
func (s *Store) RetakeRun(ctx context.Context, job string, due time.Time) (bool, error) {
	live, own, err := s.Nodes(ctx)
	if err != nil {
		return false, err
	}
	result, err := s.write.NewUpdate().Model((*jobRunRow)(nil)).Set("node = ?", own).Set("claimed_at = ?", time.Now().UnixMilli()).
		Where("job = ?", job).Where("due_at = ?", due.UnixMilli()).Where("done_at = 0").Where("node NOT IN (?)", bun.List(append(live, own))).Exec(ctx)
	if err != nil {
		return false, wrap(err, "take over a run of "+job)
	}
	n, err := result.RowsAffected()
	return n == 1, wrap(err, "take over a run of "+job)
}

// runsKept is how long runs are remembered: as long as a clock may be set back without anything happening twice. The
// newest of each job stays.
const runsKept = 400 * 24 * time.Hour

func (s *Store) sweepRuns(ctx context.Context) error {
	_, err := s.write.ExecContext(ctx, "DELETE FROM job_runs WHERE done_at > 0 AND due_at < "+s.dialect.nowMillis()+" - ?"+
		" AND due_at < (SELECT max(x.due_at) FROM job_runs x WHERE x.job = job_runs.job)", runsKept.Milliseconds())
	return wrap(err, "sweep the runs of jobs")
}
