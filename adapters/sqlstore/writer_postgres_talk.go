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
counted AS (INSERT INTO counters (day, name, node, n)
  SELECT $12::text, r.name, $13::text, r.n FROM unnest($14::text[], $15::bigint[]) AS r(name, n)
  ON CONFLICT (day, name, node) DO UPDATE SET n = counters.n + excluded.n),
done AS (INSERT INTO commits (id, at) VALUES ($16::text, $17::bigint))
SELECT 1 / (CASE WHEN (SELECT count(*) FROM log) = $18::bigint THEN 1 ELSE 0 END)`

// onlyTalks says whether a batch writes the log and what counts it, and nothing else.
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
	var names []string
	var counts []int64
	for _, row := range counterRows(b.counters()) {
		names, counts = append(names, row.Name), append(counts, row.N)
	}
	args := append(eventArrays(events), b.at.Format("2006-01-02"), w.node, textArray(names), intArray(counts), b.id, b.at.UnixMilli(), int64(len(events)))
	var one int
	return w.messages.QueryRow(args...).Scan(&one)
}
