package sqlstore

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"

	"baton/core"
)

// committerParams bound what the committer's connection may wait for, so that a frozen node blocks nobody for
// ever and no statement outlives its reader.
var committerParams = map[string]any{
	"lock_timeout":                        "2s",
	"statement_timeout":                   "8s",
	"idle_in_transaction_session_timeout": "5s",
}

// pgWriter writes batches over one connection of its own. Usually a batch is one prepared statement, one round
// trip; when a session is shared or something stood in the way, the same statement runs inside a transaction and
// gives its rows back.
type pgWriter struct {
	connect   func() (*sql.DB, error)
	followers func(*core.Event) []string

	db       *sql.DB
	raise    *sql.Stmt // fails with 22012 when anything was not as proposed
	messages *sql.Stmt // the same for a batch of messages alone
	answer   *sql.Stmt // says what was written
}

var (
	_ writer     = (*pgWriter)(nil)
	_ rowFlusher = pgFlusher{}
)

// pgBatch is the whole batch in one statement. The later parts wait for the earlier ones, so that all nodes lock
// agents, then what claims a name, then the log.
var pgBatch = `WITH ops AS (
  SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[], $8::bigint[], $9::bigint[], $10::bigint[], $11::boolean[])
    AS o(id, dload, dactive, takes, got, cond, queue, seen_after, missed, at_most, answered)),
locked AS (SELECT a.id FROM agents a JOIN ops o ON o.id = a.id ORDER BY a.id FOR UPDATE OF a),
places AS (
  UPDATE agents a SET load = a.load + o.dload, active = a.active + o.dactive,
    last_assigned = CASE WHEN o.got > 0 THEN $12::bigint ELSE a.last_assigned END,
    status = CASE WHEN NOT o.answered AND o.missed > 0 AND a.missed + o.missed >= o.at_most AND a.status IN ('available', 'busy') THEN 'away' ELSE a.status END,
    status_since = CASE WHEN NOT o.answered AND o.missed > 0 AND a.missed + o.missed >= o.at_most AND a.status IN ('available', 'busy') THEN $12::bigint ELSE a.status_since END,
    missed = CASE WHEN o.answered THEN 0 ELSE a.missed + o.missed END, rev = a.rev + 1, changed_at = $12::bigint
  FROM ops o WHERE a.id = o.id AND a.id IN (SELECT id FROM locked)
    AND (o.takes = 0 OR o.cond = 0 OR (NOT a.disabled AND (o.cond = 2 OR a.load + o.takes <= a.capacity)
      AND (o.cond <> 3 OR (a.status IN ('available', 'busy') AND a.seen_at > o.seen_after AND (o.queue = '' OR strpos(a.queues, '|' || o.queue || '|') > 0)))))
  RETURNING a.id),
made AS (
  INSERT INTO sessions SELECT r.* FROM json_populate_recordset(NULL::sessions, $13::json) r WHERE (SELECT count(*) FROM places) >= 0
  ON CONFLICT DO NOTHING RETURNING id),
keys AS (
  INSERT INTO idempotency SELECT r.* FROM json_populate_recordset(NULL::idempotency, $14::json) r WHERE (SELECT count(*) FROM made) >= 0
  ON CONFLICT DO NOTHING RETURNING scope || chr(31) || key AS name),
kept AS (
  INSERT INTO script_values (script, key, value, rev, steps, expires_at)
  SELECT r.script, r.key, r.value, r.rev, r.steps, r.expires_at FROM json_populate_recordset(NULL::script_values, $30::json) r
  WHERE (SELECT count(*) FROM keys) >= 0 ORDER BY r.script, r.key` + keepValue + ` RETURNING script || chr(31) || key AS name),
log AS (
  INSERT INTO events (` + eventColumns + `)
  SELECT * FROM unnest($15::text[], $16::bigint[], $17::bigint[], $18::text[], $19::text[], $20::text[], $21::text[], $22::bigint[], $23::bigint[], $24::bigint[], $25::text[])
  WHERE (SELECT count(*) FROM kept) >= 0
  ON CONFLICT (session_id, seq) DO NOTHING RETURNING session_id),
changed AS (
  UPDATE sessions s SET (` + sessionColumns + `) = (` + pgSessionValues + `) FROM json_populate_recordset(NULL::sessions, $26::json) r
  WHERE s.id = r.id AND (SELECT count(*) FROM log) >= 0),
posted AS (INSERT INTO outbox (follower, session_id, seq, created_at)
  SELECT r.follower, r.session_id, r.seq, $12::bigint FROM json_to_recordset($27::json) AS r(follower text, session_id text, seq bigint)),
lines AS (INSERT INTO audit (at, actor_role, actor_id, action, target, data)
  SELECT $12::bigint, r.role, r.actor, r.action, r.target, r.data FROM json_to_recordset($28::json) AS r(role text, actor text, action text, target text, data text)),
recorded AS (INSERT INTO decisions (` + decisionColumns + `)
  SELECT ` + decisionColumns + ` FROM json_populate_recordset(NULL::decisions, $31::json) r` + keepDecision + `),
left_behind AS (INSERT INTO records SELECT r.* FROM json_populate_recordset(NULL::records, $32::json) r ON CONFLICT DO NOTHING),
done AS (INSERT INTO commits (id, at) VALUES ($29::text, $12::bigint)) `

var (
	pgRaise = pgBatch + `SELECT 1 / (CASE WHEN (SELECT count(*) FROM places) = $33::bigint AND (SELECT count(*) FROM made) = $34::bigint
  AND (SELECT count(*) FROM keys) = $35::bigint AND (SELECT count(*) FROM kept) = $36::bigint AND (SELECT count(*) FROM log) = $37::bigint THEN 1 ELSE 0 END)`
	pgAnswer = pgBatch + `SELECT 'place', id FROM places UNION ALL SELECT 'made', id FROM made UNION ALL SELECT 'key', name FROM keys UNION ALL SELECT 'value', name FROM kept UNION ALL SELECT 'log', session_id FROM log`
)

// pgSessionValues are the columns of a row that is written whole. Watermarks that another node moved stay.
var pgSessionValues = strings.NewReplacer(
	"r.unread,", "CASE WHEN s.agent_read <= r.agent_read THEN r.unread ELSE "+pgUnread+" END,",
	"r.customer_delivered", "greatest(s.customer_delivered, r.customer_delivered)", "r.customer_read", "greatest(s.customer_read, r.customer_read)",
	"r.agent_delivered", "greatest(s.agent_delivered, r.agent_delivered)", "r.agent_read", "greatest(s.agent_read, r.agent_read)",
).Replace("r." + strings.ReplaceAll(sessionColumns, ",", ",r."))

// ready connects and prepares, if that is not done.
func (w *pgWriter) ready() error {
	if w.db != nil {
		return nil
	}
	db, err := w.connect()
	if err != nil {
		return fmt.Errorf("%w: %w", errRetry, err)
	}
	db.SetMaxOpenConns(1)
	raise, err := db.Prepare(pgRaise)
	if err == nil {
		w.messages, err = db.Prepare(pgTalk)
	}
	if err == nil {
		w.answer, err = db.Prepare(pgAnswer)
	}
	if err != nil {
		_ = db.Close()
		return pgTrouble(err, false)
	}
	w.db, w.raise = db, raise
	return nil
}

// write tries the batch as one statement. When it raises, the batch runs again in a transaction, to learn what
// stood in the way.
func (w *pgWriter) write(b *batch) error {
	if err := w.ready(); err != nil {
		return err
	}
	err := w.inOneStatement(b)
	if pgCode(err) == divisionByZero {
		args, _, err := w.args(b)
		if err != nil {
			return err
		}
		return w.inTransaction(func(tx *sql.Tx) error { return w.fill(tx, b, args) })
	}
	return pgTrouble(err, true)
}

// inOneStatement writes the batch in one round trip. It fails with 22012 when anything was not as proposed.
func (w *pgWriter) inOneStatement(b *batch) error {
	if events := b.events(); w.onlyTalks(b, events) {
		return w.talk(b, events)
	}
	args, counts, err := w.args(b)
	if err != nil {
		return err
	}
	var one int
	return w.raise.QueryRow(append(args, counts...)...).Scan(&one)
}

// inTransaction runs fill and commits. Nothing is kept when fill fails.
func (w *pgWriter) inTransaction(fill func(*sql.Tx) error) error {
	tx, err := w.db.Begin()
	if err != nil {
		return pgTrouble(err, false)
	}
	if err := fill(tx); err != nil {
		if undo := tx.Rollback(); undo != nil {
			w.reset()
		}
		return pgTrouble(err, false)
	}
	return pgTrouble(tx.Commit(), true)
}

// fill writes the batch inside a transaction and checks what was written.
func (w *pgWriter) fill(tx *sql.Tx, b *batch, args []any) error {
	answer := tx.Stmt(w.answer)
	defer answer.Close()
	rows, err := answer.Query(args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	got := map[string]map[string]int{"place": {}, "made": {}, "key": {}, "value": {}, "log": {}}
	for rows.Next() {
		var part, name string
		if err := rows.Scan(&part, &name); err != nil {
			return err
		}
		got[part][name]++
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return check(b, got)
}

// check compares what a batch proposed with what was written.
func check(b *batch, got map[string]map[string]int) error {
	for _, o := range b.sortedOps() {
		if got["place"][o.agent] == 0 && o.takes > 0 {
			return &errCondition{what: agentTaken, name: o.agent}
		}
	}
	made, _, err := b.rows()
	if err != nil {
		return err
	}
	for _, row := range made {
		if got["made"][row.ID] == 0 {
			return &errCondition{what: conversationOpen, name: row.ID}
		}
	}
	for _, key := range b.keys() {
		// Two commands of one batch may bring the same key: only one of them gets it.
		if got["key"][keyName(key)]--; got["key"][keyName(key)] < 0 {
			return &errCondition{what: keyTaken, name: keyName(key)}
		}
	}
	for _, row := range b.valueRows() {
		if name := valueName(row.Script, row.Key); got["value"][name] == 0 {
			return &errCondition{what: valueChanged, name: name}
		}
	}
	return verify(b, got["log"])
}

func (w *pgWriter) writeShared(ids []string, look func(map[string][]*core.Event) *batch, known map[string]int64) (*batch, error) {
	if err := w.ready(); err != nil {
		return nil, err
	}
	var b *batch
	err := w.inTransaction(func(tx *sql.Tx) error {
		if _, err := tx.Exec("SELECT pg_advisory_xact_lock(hashtextextended(id, 0)) FROM (SELECT unnest($1::text[]) AS id ORDER BY 1) s", textArray(ids)); err != nil {
			return err
		}
		tails, err := readTails(tx, ids, known)
		if err != nil {
			return err
		}
		if b = look(tails); !b.writes() {
			return nil
		}
		args, _, err := w.args(b)
		if err != nil {
			return err
		}
		return w.fill(tx, b, args)
	})
	return b, err
}

// readTails reads what the log has after the known numbers, for all sessions in one query.
func readTails(tx *sql.Tx, ids []string, known map[string]int64) (map[string][]*core.Event, error) {
	seqs := make([]int64, len(ids))
	for i, id := range ids {
		seqs[i] = known[id]
	}
	rows, err := tx.Query("SELECT e.session_id, e.seq, e.public_prev, e.kind, e.role, e.actor_id, e.actor_name, e.at, e.data"+
		" FROM unnest($1::text[], $2::bigint[]) AS k(id, seq) JOIN events e ON e.session_id = k.id AND e.seq > k.seq ORDER BY e.session_id, e.seq", textArray(ids), intArray(seqs))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	tails := map[string][]*core.Event{}
	for rows.Next() {
		var r eventRow
		if err := rows.Scan(&r.SessionID, &r.Seq, &r.PublicPrev, &r.Kind, &r.Role, &r.ActorID, &r.ActorName, &r.At, &r.Data); err != nil {
			return nil, err
		}
		e, err := r.event()
		if err != nil {
			return nil, err
		}
		tails[r.SessionID] = append(tails[r.SessionID], e)
	}
	return tails, rows.Err()
}

func (w *pgWriter) written(b *batch) (bool, error) {
	if err := w.ready(); err != nil {
		return false, err
	}
	// The mark of the batch is left here on purpose: should its transaction still be under way somewhere, it meets
	// this one and fails. Its own mark is dated otherwise, so that a lost answer to this insert misleads nobody.
	own := b.at.UnixMilli()
	if _, err := w.db.Exec("INSERT INTO commits (id, at) VALUES ($1, $2) ON CONFLICT DO NOTHING", b.id, own+1); err != nil {
		return false, err
	}
	var at int64
	err := w.db.QueryRow("SELECT at FROM commits WHERE id = $1", b.id).Scan(&at)
	return at == own, err
}

// pgFlush writes the coalesced columns. Another node may be further in the log, and yet not know all watermarks.
var pgFlush = `UPDATE sessions s SET ` + pgNewest("last_seq", "public_seq", "last_at", "last_text", "last_role", "last_text_at", "unanswered_since", "replied_at") + `,
  unread = CASE WHEN s.last_seq <= r.last_seq AND s.agent_read <= r.agent_read THEN r.unread ELSE ` + pgUnread + ` END,
  ` + pgMarks + `, changed_at = greatest(s.changed_at, r.changed_at)
FROM (SELECT s.id FROM sessions s WHERE s.id = ANY ($1::text[]) ORDER BY s.id FOR UPDATE) l JOIN json_populate_recordset(NULL::sessions, $2::json) r ON r.id = l.id
WHERE s.id = r.id`

const (
	// pgMarks moves watermarks forward only.
	pgMarks = `customer_delivered = greatest(s.customer_delivered, r.customer_delivered), customer_read = greatest(s.customer_read, r.customer_read),
  agent_delivered = greatest(s.agent_delivered, r.agent_delivered), agent_read = greatest(s.agent_read, r.agent_read)`
	// pgUnread counts what this node alone cannot know.
	pgUnread = `(SELECT count(*) FROM events e WHERE e.session_id = s.id AND e.unread = 1 AND e.seq > greatest(s.agent_read, r.agent_read))`
)

// pgNewest sets columns to what this node has unless the row is further in the log.
func pgNewest(columns ...string) string {
	sets := make([]string, len(columns))
	for i, c := range columns {
		sets[i] = c + " = CASE WHEN s.last_seq <= r.last_seq THEN r." + c + " ELSE s." + c + " END"
	}
	return strings.Join(sets, ", ")
}

// pgFlusher writes list columns over the pool, beside the committer.
type pgFlusher struct{ db *sql.DB }

func (f pgFlusher) flush(rows []*sessionRow) error {
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	encoded, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	_, err = f.db.Exec(pgFlush, textArray(ids), string(encoded))
	return err
}

func (w *pgWriter) reset() {
	if w.db != nil {
		_ = w.db.Close()
		w.db, w.raise, w.messages, w.answer = nil, nil, nil, nil
	}
}

func (w *pgWriter) close() error {
	w.reset()
	return nil
}
