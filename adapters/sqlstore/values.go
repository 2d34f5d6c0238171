package sqlstore

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"

	"baton/core"
)

// valueRow is what a script keeps under a key. Its revision only grows, so that whoever read the value can tell
// whether it is still the same; a value that was taken away leaves its revision behind.
type valueRow struct {
	Script    string `bun:"script,pk" json:"script"`
	Key       string `bun:"key,pk" json:"key"`
	Value     string `bun:"value" json:"value"`
	Rev       int64  `bun:"rev" json:"rev"`
	Steps     int64  `bun:"steps" json:"steps"`
	ExpiresAt int64  `bun:"expires_at" json:"expires_at"`
}

// goneFor is how long the revision of a value that was taken away is kept: longer than any decision takes.
const goneFor = time.Hour

func valueName(script, key string) string { return script + "\x1f" + key }

// putValues adds what scripts wrote in one command to the batch. It is a Conflict, and nothing is changed, when a
// value is not the one that was read, as far as this batch knows; the database tells about the rest.
func (b *batch) putValues(writes []core.ScriptWrite) error {
	for _, w := range writes {
		if known := b.values[valueName(w.Script, w.Key)]; known != nil && !w.Blind && (known.Steps == 0 || known.Rev != w.Rev) {
			return errValueChanged()
		}
	}
	for _, w := range writes {
		b.putValue(w)
	}
	return nil
}

func (b *batch) putValue(w core.ScriptWrite) {
	name := valueName(w.Script, w.Key)
	row := b.values[name]
	switch {
	case row == nil && w.Blind:
		row = &valueRow{Script: w.Script, Key: w.Key, Rev: 1}
	case row == nil:
		row = &valueRow{Script: w.Script, Key: w.Key, Rev: w.Rev + 1, Steps: 1}
	case row.Steps > 0:
		row.Rev, row.Steps = row.Rev+1, row.Steps+1
	}
	row.Value, row.ExpiresAt = string(w.Value), millis(w.Expires)
	if w.Value == nil {
		row.ExpiresAt = b.at.Add(goneFor).UnixMilli()
	}
	b.values[name] = row
}

func errValueChanged() error {
	return core.Refuse(core.Conflict, "what a script keeps has changed since it was read; it must be asked again")
}

// valueRows are the batch's values by script and key, the order in which all nodes lock them.
func (b *batch) valueRows() []*valueRow {
	rows := make([]*valueRow, 0, len(b.values))
	for _, row := range b.values {
		rows = append(rows, row)
	}
	slices.SortFunc(rows, func(x, y *valueRow) int {
		return cmp.Or(cmp.Compare(x.Script, y.Script), cmp.Compare(x.Key, y.Key))
	})
	return rows
}

// keepValue is how both databases keep a value: where it is still what was read, or whatever it was.
const keepValue = " ON CONFLICT (script, key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at, steps = excluded.steps," +
	" rev = CASE WHEN excluded.steps = 0 THEN script_values.rev + 1 ELSE excluded.rev END" +
	" WHERE excluded.steps = 0 OR script_values.rev = excluded.rev - excluded.steps"

// Get gives what a script keeps under a key. See core.ScriptStore.
func (s *Store) Get(ctx context.Context, script, key string) (json.RawMessage, int64, error) {
	var rows []valueRow
	err := s.read.NewRaw("SELECT value, rev, expires_at FROM script_values WHERE script = ? AND key = ?", script, key).Scan(ctx, &rows)
	if err != nil || len(rows) == 0 {
		return nil, 0, wrap(err, "read a script's value")
	}
	if row := rows[0]; row.Value != "" && (row.ExpiresAt == 0 || row.ExpiresAt > time.Now().UnixMilli()) {
		return json.RawMessage(row.Value), row.Rev, nil
	}
	return nil, rows[0].Rev, nil
}
