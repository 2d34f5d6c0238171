package sqlstore

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"baton/core"
	"baton/core/scripting"
)

var _ scripting.Shelf = (*Store)(nil)

// scriptRow is what is kept of a script beside its versions.
type scriptRow struct {
	bun.BaseModel `bun:"table:scripts"`

	Name        string `bun:"name,pk"`
	Draft       string `bun:"draft"`
	DraftRev    int64  `bun:"draft_rev"`
	DraftBy     string `bun:"draft_by"`
	DraftAt     int64  `bun:"draft_at"`
	Live        int64  `bun:"live"`
	State       string `bun:"state"`
	Trial       string `bun:"trial"`
	TrialSource string `bun:"trial_source"`
	TrialShare  int64  `bun:"trial_share"`
	TrialSince  int64  `bun:"trial_since"`
	TrialEnded  string `bun:"trial_ended"`
	Rev         int64  `bun:"rev"`
}

func (r *scriptRow) kept() *scripting.Kept {
	return &scripting.Kept{
		Name: r.Name, Draft: r.Draft, DraftRev: r.DraftRev, DraftBy: r.DraftBy, DraftAt: timeAt(r.DraftAt), State: scripting.State(r.State),
		Trial: scripting.Trial{Mode: core.Mode(r.Trial), Source: r.TrialSource, Share: int(r.TrialShare), Since: timeAt(r.TrialSince), Ended: r.TrialEnded},
	}
}

// versionRow is a published source; it never changes.
type versionRow struct {
	bun.BaseModel `bun:"table:script_versions"`

	Script     string `bun:"script,pk"`
	Version    int64  `bun:"version,pk"`
	Source     string `bun:"source"`
	Hash       string `bun:"hash"`
	AuthorID   string `bun:"author_id"`
	AuthorName string `bun:"author_name"`
	Reason     string `bun:"reason"`
	CreatedAt  int64  `bun:"created_at"`
}

func (r *versionRow) version() *scripting.Version {
	return &scripting.Version{
		Script: r.Script, Number: int(r.Version), Source: r.Source, Hash: r.Hash, AuthorID: r.AuthorID, Author: r.AuthorName,
		Reason: r.Reason, CreatedAt: timeAt(r.CreatedAt),
	}
}

// Kept lists what is known of each script. See scripting.Shelf.
func (s *Store) Kept(ctx context.Context) ([]*scripting.Kept, error) {
	var rows []scriptRow
	if err := s.read.NewSelect().Model(&rows).Order("name").Scan(ctx); err != nil {
		return nil, wrap(err, "read the scripts")
	}
	var live []versionRow
	err := s.read.NewSelect().Model(&live).Where("EXISTS (SELECT 1 FROM scripts s WHERE s.name = script AND s.live = version)").Scan(ctx)
	if err != nil {
		return nil, wrap(err, "read the published scripts")
	}
	versions := make(map[string]*scripting.Version, len(live))
	for i := range live {
		versions[live[i].Script] = live[i].version()
	}
	list := make([]*scripting.Kept, len(rows))
	for i := range rows {
		list[i] = rows[i].kept()
		list[i].Live = versions[rows[i].Name]
	}
	return list, nil
}

// KeptRev grows with each change of any script.
func (s *Store) KeptRev(ctx context.Context) (rev int64, err error) {
	err = s.read.NewRaw("SELECT coalesce(sum(rev), 0) FROM scripts").Scan(ctx, &rev)
	return rev, wrap(err, "ask whether scripts have changed")
}

// changeScript changes one row, which is made when it is missing, and writes that into the audit log.
func (s *Store) changeScript(ctx context.Context, by core.Actor, name, action string, details map[string]any, change func(tx bun.Tx, row *scriptRow) error) (*scriptRow, error) {
	row := new(scriptRow)
	err := s.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.NewInsert().Model(&scriptRow{Name: name}).On("CONFLICT (name) DO NOTHING").Exec(ctx); err != nil {
			return err
		}
		if err := tx.NewRaw("SELECT * FROM scripts WHERE name = ?"+s.dialect.forUpdate(), name).Scan(ctx, row); err != nil {
			return err
		}
		if err := change(tx, row); err != nil {
			return err
		}
		row.Rev++
		if _, err := tx.NewUpdate().Model(row).WherePK().Exec(ctx); err != nil {
			return err
		}
		if action == "" {
			return nil
		}
		return s.audit(ctx, tx, by, action, name, details)
	})
	return row, wrap(err, "change the script "+name)
}

// SaveDraft keeps a draft. See scripting.Shelf.
func (s *Store) SaveDraft(ctx context.Context, by core.Actor, name, source string, rev int64) (*scripting.Kept, error) {
	row, err := s.changeScript(ctx, by, name, "", nil, func(_ bun.Tx, row *scriptRow) error {
		if row.DraftRev != rev {
			return core.Refuse(core.Conflict, "%s saved another draft meanwhile; look at it before you save over it", row.DraftBy)
		}
		row.Draft, row.DraftRev, row.DraftBy, row.DraftAt = source, rev+1, by.Name, time.Now().UnixMilli()
		return nil
	})
	if err != nil {
		return nil, err
	}
	return row.kept(), nil
}

// Publish puts a source in force as the newest version. See scripting.Shelf.
func (s *Store) Publish(ctx context.Context, by core.Actor, name, source, hash, reason string) (*scripting.Version, error) {
	version := &versionRow{Script: name, Source: source, Hash: hash, AuthorID: by.ID, AuthorName: by.Name, Reason: reason, CreatedAt: time.Now().UnixMilli()}
	details := map[string]any{"hash": hash, "reason": reason}
	_, err := s.changeScript(ctx, by, name, "script.published", details, func(tx bun.Tx, row *scriptRow) error {
		if err := tx.NewRaw("SELECT coalesce(max(version), 0) + 1 FROM script_versions WHERE script = ?", name).Scan(ctx, &version.Version); err != nil {
			return err
		}
		details["version"] = version.Version
		if row.Draft == source {
			row.Draft, row.DraftRev = "", row.DraftRev+1
		}
		row.Live, row.Trial, row.TrialSource, row.TrialEnded = version.Version, "", "", ""
		_, err := tx.NewInsert().Model(version).Exec(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	return version.version(), nil
}

// Withdraw takes what was published out of force.
func (s *Store) Withdraw(ctx context.Context, by core.Actor, name string) error {
	_, err := s.changeScript(ctx, by, name, "script.withdrawn", nil, func(_ bun.Tx, row *scriptRow) error {
		row.Live = 0
		return nil
	})
	return err
}

// SetState switches a script on or off.
func (s *Store) SetState(ctx context.Context, by core.Actor, name string, state scripting.State) error {
	_, err := s.changeScript(ctx, by, name, "script.switched", map[string]any{"state": state}, func(_ bun.Tx, row *scriptRow) error {
		row.State = string(state)
		return nil
	})
	return err
}

// SetTrial begins or ends a trial.
func (s *Store) SetTrial(ctx context.Context, by core.Actor, name string, t scripting.Trial) error {
	details := map[string]any{"mode": t.Mode, "share": t.Share, "ended": t.Ended}
	_, err := s.changeScript(ctx, by, name, "script.tried", details, func(_ bun.Tx, row *scriptRow) error {
		row.Trial, row.TrialSource, row.TrialShare, row.TrialEnded = string(t.Mode), t.Source, int64(t.Share), t.Ended
		row.TrialSince = millis(t.Since)
		return nil
	})
	return err
}

// Versions lists what was published, the newest first.
func (s *Store) Versions(ctx context.Context, name string) ([]*scripting.Version, error) {
	var rows []versionRow
	if err := s.read.NewSelect().Model(&rows).Where("script = ?", name).Order("version DESC").Scan(ctx); err != nil {
		return nil, wrap(err, "read the versions of "+name)
	}
	list := make([]*scripting.Version, len(rows))
	for i := range rows {
		list[i] = rows[i].version()
	}
	return list, nil
}

// Tests are the kept tests of a script, by name.
func (s *Store) Tests(ctx context.Context, script string) (map[string]string, error) {
	var rows []struct{ Name, Body string }
	err := s.read.NewRaw("SELECT name, body FROM script_tests WHERE script = ?", script).Scan(ctx, &rows)
	tests := make(map[string]string, len(rows))
	for _, r := range rows {
		tests[r.Name] = r.Body
	}
	return tests, wrap(err, "read the tests of "+script)
}

// PutTest keeps a test, or takes it away.
func (s *Store) PutTest(ctx context.Context, by core.Actor, script, name, body string) error {
	_, err := s.changeScript(ctx, by, script, "script.test", map[string]any{"test": name, "kept": body != ""}, func(tx bun.Tx, _ *scriptRow) error {
		if body == "" {
			_, err := tx.ExecContext(ctx, "DELETE FROM script_tests WHERE script = ? AND name = ?", script, name)
			return err
		}
		_, err := tx.ExecContext(ctx, "INSERT INTO script_tests (script, name, body, created_at) VALUES (?, ?, ?, ?) ON CONFLICT (script, name) DO UPDATE SET body = excluded.body",
			script, name, body, time.Now().UnixMilli())
		return err
	})
	return err
}
