package sqlstore

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"baton/core"
)

// decisionRow is a decision as the ledger keeps it: what lists ask for in columns, all of it as text.
type decisionRow struct {
	bun.BaseModel `bun:"table:decisions" json:"-"`

	ID        string `bun:"id,pk" json:"id"`
	At        int64  `bun:"at" json:"at"`
	LastAt    int64  `bun:"last_at" json:"last_at"`
	Count     int64  `bun:"count" json:"count"`
	SessionID string `bun:"session_id" json:"session_id"`
	QueueID   string `bun:"queue_id" json:"queue_id"`
	Hook      string `bun:"hook" json:"hook"`
	Failed    string `bun:"failed" json:"failed"`
	Trial     string `bun:"trial" json:"trial"`
	Differs   string `bun:"differs" json:"differs"`
	Data      string `bun:"data" json:"data"`
	Answered  string `bun:"answered" json:"answered"`
}

const decisionColumns = "id, at, last_at, count, session_id, queue_id, hook, failed, trial, differs, data, answered"

// keepDecision is how both databases keep a decision: one that was made again only raises its count.
const keepDecision = " ON CONFLICT (id) DO UPDATE SET count = decisions.count + 1, last_at = excluded.last_at"

func decisionRowOf(d *core.Decision) (*decisionRow, error) {
	data, err := core.EncodeDecision(d)
	if err != nil {
		return nil, fmt.Errorf("writing a decision on %s: %w", d.Session, err)
	}
	failed, drafts := d.Failed()
	for _, script := range drafts {
		failed = append(failed, draftOf(script))
	}
	var trial, differs []string
	for script, other := range d.Trials() {
		trial = append(trial, script)
		if other {
			differs = append(differs, script)
		}
	}
	return &decisionRow{
		ID: d.ID, At: millis(d.At), LastAt: millis(d.At), Count: 1, SessionID: d.Session, QueueID: d.Queue, Hook: string(d.Hook),
		Failed: joinList(failed), Trial: joinList(trial), Differs: joinList(differs), Data: string(data), Answered: d.Answered,
	}, nil
}

// draftOf marks the failure of a draft that ran in the shadow of its script: it harmed nobody.
func draftOf(script string) string { return "~" + script }

func (r *decisionRow) values() []any {
	return []any{r.ID, r.At, r.LastAt, r.Count, r.SessionID, r.QueueID, r.Hook, r.Failed, r.Trial, r.Differs, r.Data, r.Answered}
}

func (r *decisionRow) decision() (*core.Decision, error) {
	d, err := core.DecodeDecision([]byte(r.Data))
	if err != nil {
		return nil, fmt.Errorf("reading the decision %s: %w", r.ID, err)
	}
	d.Count, d.LastAt = int(r.Count), timeAt(r.LastAt)
	return d, nil
}

// decisions are the rows that the batch adds to the ledger.
func (b *batch) decisions() ([]*decisionRow, error) {
	rows := []*decisionRow{}
	for _, d := range b.decided {
		for _, decision := range d.txn.decisions {
			row, err := decisionRowOf(decision)
			if err != nil {
				return nil, err
			}
			rows = append(rows, row)
		}
	}
	return rows, nil
}

// Decisions lists the ledger, the newest first. See core.Ledger.
func (s *Store) Decisions(ctx context.Context, f core.DecisionFilter) ([]*core.Decision, error) {
	var rows []*decisionRow
	q := s.read.NewSelect().Model(&rows).Order("id DESC").Limit(int64(f.Limit))
	if f.Session != "" {
		q = q.Where("session_id = ?", f.Session)
	}
	if f.Queues != nil {
		q = q.Where("queue_id IN (?)", bun.List(f.Queues))
	}
	if f.Hook != "" {
		q = q.Where("hook = ?", string(f.Hook))
	}
	if f.Failed != "" {
		q = q.Where("failed <> ''").Where(hasMember(s.dialect, "failed"), joinList([]string{f.Failed}))
	}
	if f.Trial != "" {
		q = q.Where("trial <> ''").Where(hasMember(s.dialect, "trial"), joinList([]string{f.Trial}))
	}
	if !f.Since.IsZero() {
		q = q.Where("at >= ?", millis(f.Since))
	}
	if f.After != "" {
		q = q.Where("id < ?", f.After)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, wrap(err, "read the ledger")
	}
	list := make([]*core.Decision, len(rows))
	for i, row := range rows {
		var err error
		if list[i], err = row.decision(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// hasMember finds a script in a list that joinList wrote.
func hasMember(d dialect, column string) string {
	if d.postgres {
		return "strpos(" + column + ", ?) > 0"
	}
	return "instr(" + column + ", ?) > 0"
}

// Decision gives one decision.
func (s *Store) Decision(ctx context.Context, id string) (*core.Decision, error) {
	row := new(decisionRow)
	if err := s.read.NewSelect().Model(row).Where("id = ?", id).Scan(ctx); err != nil {
		return nil, found(err, "read a decision")
	}
	return row.decision()
}

// Trial counts what a draft beside the live script came to. See core.Ledger.
func (s *Store) Trial(ctx context.Context, script string, since time.Time) (f core.TrialFigures, err error) {
	has := func(column string) string { return hasMember(s.dialect, column) }
	name := joinList([]string{script})
	err = s.read.NewRaw("SELECT count(*), coalesce(sum(CASE WHEN "+has("differs")+" THEN 1 ELSE 0 END), 0),"+
		" coalesce(sum(CASE WHEN "+has("failed")+" OR "+has("failed")+" THEN 1 ELSE 0 END), 0)"+
		" FROM decisions WHERE trial <> '' AND "+has("trial")+" AND at >= ?",
		name, joinList([]string{draftOf(script)}), name, name, millis(since)).
		Scan(ctx, &f.Asked, &f.Differs, &f.Failed)
	return f, wrap(err, "count what a draft came to")
}
