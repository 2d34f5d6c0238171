package sqlstore

import (
	"slices"

	"baton/core"
)

// pgTalk is pgBatch for a batch of messages and nothing else, which most are: PostgreSQL spends more on setting
// up the parts that have nothing to do than on the messages themselves.
var pgTalk = `WITH log AS (
  INSERT INTO events (` + eventColumns + `)
  SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::bigint[], $10::bigint[], $11::text[])
  ON CONFLICT (session_id, seq) DO NOTHING RETURNING 1),
done AS (INSERT INTO commits (id, at) VALUES ($12::text, $13::bigint))
SELECT 1 / (CASE WHEN (SELECT count(*) FROM log) = $14::bigint THEN 1 ELSE 0 END)`

// onlyTalks says whether a batch writes the log and nothing else.
func (w *pgWriter) onlyTalks(b *batch, events []*core.Event) bool {
	if len(b.ops) > 0 || slices.ContainsFunc(b.order, func(st *staged) bool { return st.whole && len(st.events) > 0 }) {
		return false
	}
	for _, d := range b.decided {
		if len(d.txn.keys)+len(d.txn.audits)+len(d.txn.values)+len(d.txn.decisions) > 0 {
			return false
		}
	}
	return !slices.ContainsFunc(events, func(e *core.Event) bool { return len(w.followers(e)) > 0 })
}

// talk writes such a batch; it fails with 22012 when a number was taken.
func (w *pgWriter) talk(b *batch, events []*core.Event) error {
	args := append(eventArrays(events), b.id, b.at.UnixMilli(), int64(len(events)))
	var one int
	return w.messages.QueryRow(args...).Scan(&one)
}
