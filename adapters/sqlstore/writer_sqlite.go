package sqlstore

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"baton/core"
)

// rowsAtOnce is how many events one prepared insert of SQLite takes; the rest go one by one.
const rowsAtOnce = 16

// sqliteWriter writes batches through the one writing connection. The connection is shared with the few who
// write without the committer; the pool lets them in between two batches.
type sqliteWriter struct {
	db        *sql.DB
	node      string
	followers func(*core.Event) []string
	stmts     map[string]*sql.Stmt
}

var (
	_ writer     = (*sqliteWriter)(nil)
	_ rowFlusher = (*sqliteWriter)(nil)
)

func values(columns string, rows int) string {
	one := "(" + strings.TrimSuffix(strings.Repeat("?,", strings.Count(columns, ",")+1), ",") + ")"
	return strings.TrimSuffix(strings.Repeat(one+",", rows), ",")
}

// Events are inserted OR FAIL: the batch is rolled back whatever fails, so SQLite need not be able to undo half a
// statement, for which it would copy each page before it changes it.
var (
	sqliteEvents1  = "INSERT OR FAIL INTO events (" + eventColumns + ") VALUES " + values(eventColumns, 1) + " ON CONFLICT (session_id, seq) DO NOTHING"
	sqliteEvents16 = "INSERT OR FAIL INTO events (" + eventColumns + ") VALUES " + values(eventColumns, rowsAtOnce) + " ON CONFLICT (session_id, seq) DO NOTHING"
	sqliteUpdate   = "UPDATE sessions SET " + strings.ReplaceAll(strings.TrimPrefix(sessionColumns, "id,"), ",", "=?,") + "=? WHERE id=?"
	sqliteSession  = "INSERT INTO sessions (" + sessionColumns + ") VALUES " + values(sessionColumns, 1) + " ON CONFLICT DO NOTHING"
)

const (
	sqliteKey     = "INSERT INTO idempotency (scope, key, body_hash, status, session_id, result, seq, created_at) VALUES (?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING"
	sqliteOutbox  = "INSERT INTO outbox (follower, session_id, seq, created_at) VALUES (?,?,?,?)"
	sqliteAudit   = "INSERT INTO audit (at, actor_role, actor_id, action, target, data) VALUES (?,?,?,?,?,?)"
	sqliteValue   = "INSERT INTO script_values (script, key, value, rev, steps, expires_at) VALUES (?,?,?,?,?,?)" + keepValue
	sqliteDecide  = "INSERT INTO decisions (" + decisionColumns + ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?)" + keepDecision
	sqliteRecord  = "INSERT INTO records (id, kind, customer_id, session_id, email, body, created_at) VALUES (?,?,?,?,?,?,?) ON CONFLICT (id) DO NOTHING"
	sqliteCounter = "INSERT INTO counters (quarter, name, node, n) VALUES (?,?,?,?) ON CONFLICT (quarter, name, node) DO UPDATE SET n = n + excluded.n"
	sqliteCommit  = "INSERT INTO commits (id, at) VALUES (?,?)"
	sqliteFlush   = "UPDATE sessions SET last_seq=?, public_seq=?, last_at=?, last_text=?, last_role=?, last_text_at=?, unread=?, unanswered_since=?, replied_at=?," +
		" customer_delivered=max(customer_delivered,?), customer_read=max(customer_read,?), agent_delivered=max(agent_delivered,?), agent_read=max(agent_read,?), changed_at=? WHERE id=? AND last_seq<=?"
	sqlitePlace = "UPDATE agents SET load=load+?1, active=active+?2," +
		" last_assigned=CASE WHEN ?3>0 THEN ?4 ELSE last_assigned END," +
		" status=CASE WHEN NOT ?5 AND ?6>0 AND missed+?6>=?7 AND status IN ('available','busy') THEN 'away' ELSE status END," +
		" status_since=CASE WHEN NOT ?5 AND ?6>0 AND missed+?6>=?7 AND status IN ('available','busy') THEN ?4 ELSE status_since END," +
		" missed=CASE WHEN ?5 THEN 0 ELSE missed+?6 END, rev=rev+1, changed_at=?4" +
		" WHERE id=?8 AND (?9=0 OR ?10=0 OR (NOT disabled AND (?10=2 OR load+?9<=capacity)" +
		" AND (?10<>3 OR (status IN ('available','busy') AND seen_at>?11 AND (?12='' OR instr(queues, '|'||?12||'|')>0)))))"
)

// newSQLiteWriter prepares what a batch needs: with one connection nothing can be prepared beside a transaction.
func newSQLiteWriter(db *sql.DB, node string, followers func(*core.Event) []string) (*sqliteWriter, error) {
	w := &sqliteWriter{db: db, node: node, followers: followers, stmts: map[string]*sql.Stmt{}}
	for _, query := range []string{sqliteEvents1, sqliteEvents16, sqliteSession, sqliteUpdate, sqliteKey, sqliteOutbox, sqliteAudit, sqliteValue, sqliteDecide, sqliteRecord, sqliteCounter, sqliteCommit, sqliteFlush, sqlitePlace} {
		stmt, err := db.Prepare(query) //nolint:sqlclosecheck // close ends them all with the writer
		if err != nil {
			return nil, fmt.Errorf("prepare %q: %w", query, err)
		}
		w.stmts[query] = stmt
	}
	return w, nil
}

func (w *sqliteWriter) exec(tx *sql.Tx, query string, args ...any) (int64, error) {
	stmt := tx.Stmt(w.stmts[query])
	defer stmt.Close()
	result, err := stmt.Exec(args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (w *sqliteWriter) write(b *batch) error {
	tx, err := w.db.Begin()
	if err != nil {
		return sqliteTrouble(err)
	}
	if err := w.fill(tx, b); err != nil {
		_ = tx.Rollback()
		return sqliteTrouble(err)
	}
	if err := tx.Commit(); err != nil {
		_ = tx.Rollback()
		return sqliteTrouble(err)
	}
	return nil
}

// fill writes the batch's rows: agents first, then what claims a name, then the log, then what follows from it.
func (w *sqliteWriter) fill(tx *sql.Tx, b *batch) error {
	if err := w.fillPlaces(tx, b); err != nil {
		return err
	}
	made, changed, err := b.rows()
	if err != nil {
		return err
	}
	for _, row := range made {
		n, err := w.exec(tx, sqliteSession, row.values()...)
		if err != nil {
			return err
		}
		if n == 0 {
			return &errCondition{what: conversationOpen, name: row.ID}
		}
	}
	for _, k := range b.keys() {
		n, err := w.exec(tx, sqliteKey, k.Scope, k.Key, k.BodyHash, k.Status, k.Session, k.Result, k.Seq, b.at.UnixMilli())
		if err != nil {
			return err
		}
		if n == 0 {
			return &errCondition{what: keyTaken, name: keyName(k)}
		}
	}
	if err := w.fillValues(tx, b); err != nil {
		return err
	}
	if err := w.fillEvents(tx, b); err != nil {
		return err
	}
	for _, row := range changed {
		if _, err := w.exec(tx, sqliteUpdate, append(row.values()[1:], row.ID)...); err != nil {
			return err
		}
	}
	return w.fillRest(tx, b)
}

func (w *sqliteWriter) fillPlaces(tx *sql.Tx, b *batch) error {
	for _, o := range b.sortedOps() {
		n, err := w.exec(tx, sqlitePlace, o.load, o.active, o.got, b.at.UnixMilli(), o.answered, o.missed, o.limit, o.agent, o.takes, int64(o.cond), o.seenAfter, o.queue)
		if err != nil {
			return err
		}
		if n == 0 && o.takes > 0 {
			return &errCondition{what: agentTaken, name: o.agent}
		}
	}
	return nil
}

func (w *sqliteWriter) fillValues(tx *sql.Tx, b *batch) error {
	for _, row := range b.valueRows() {
		n, err := w.exec(tx, sqliteValue, row.Script, row.Key, row.Value, row.Rev, row.Steps, row.ExpiresAt)
		if err != nil {
			return err
		}
		if n == 0 {
			return &errCondition{what: valueChanged, name: valueName(row.Script, row.Key)}
		}
	}
	return nil
}

func (w *sqliteWriter) fillEvents(tx *sql.Tx, b *batch) error {
	events := b.events()
	for rest := events; len(rest) > 0; {
		n, query := 1, sqliteEvents1
		if len(rest) >= rowsAtOnce {
			n, query = rowsAtOnce, sqliteEvents16
		}
		args := make([]any, 0, n*11)
		for _, e := range rest[:n] {
			r := eventRowOf(e)
			args = append(args, r.SessionID, r.Seq, r.PublicPrev, r.Kind, r.Role, r.ActorID, r.ActorName, r.ClientHash, r.Unread, r.At, r.Data)
		}
		written, err := w.exec(tx, query, args...)
		if err != nil {
			return err
		}
		if written != int64(n) {
			return w.staleOf(b, rest[:n])
		}
		rest = rest[n:]
	}
	return nil
}

// staleOf names the sessions among which one had a taken number. On SQLite nobody else writes sessions, so this
// is the sign of a head that went wrong; all of them are read again.
func (w *sqliteWriter) staleOf(b *batch, events []*core.Event) error {
	got := map[string]int{}
	for _, st := range b.order {
		got[st.session.ID] = len(st.events)
	}
	for _, e := range events {
		got[e.Session] = -1
	}
	return verify(b, got)
}

func (w *sqliteWriter) fillRest(tx *sql.Tx, b *batch) error {
	now := b.at.UnixMilli()
	for _, e := range b.events() {
		for _, follower := range w.followers(e) {
			if _, err := w.exec(tx, sqliteOutbox, follower, e.Session, e.Seq, now); err != nil {
				return err
			}
		}
	}
	for _, d := range b.decided {
		for _, a := range d.txn.audits {
			data, err := json.Marshal(a.details)
			if err != nil {
				return fmt.Errorf("writing the audit line %s: %w", a.action, err)
			}
			if _, err := w.exec(tx, sqliteAudit, now, string(a.actor.Role), a.actor.ID, a.action, a.target, string(data)); err != nil {
				return err
			}
		}
	}
	decisions, err := b.decisions()
	if err != nil {
		return err
	}
	for _, row := range decisions {
		if _, err := w.exec(tx, sqliteDecide, row.values()...); err != nil {
			return err
		}
	}
	for _, r := range b.records() {
		if _, err := w.exec(tx, sqliteRecord, r.ID, r.Kind, r.CustomerID, r.SessionID, r.Email, r.Body, r.CreatedAt); err != nil {
			return err
		}
	}
	for _, c := range b.counters() {
		if _, err := w.exec(tx, sqliteCounter, c.Quarter, c.Name, w.node, c.N); err != nil {
			return err
		}
	}
	if len(b.events()) > 0 {
		return nil // the events tell whether the batch was written
	}
	_, err = w.exec(tx, sqliteCommit, b.id, now)
	return err
}

// writeShared is never needed: a SQLite file has one server.
func (w *sqliteWriter) writeShared([]string, func(map[string][]*core.Event) *batch, map[string]int64) (*batch, error) {
	return nil, errors.New("a SQLite file is not shared between nodes")
}

// written looks for the batch's first event: nobody else writes to the log of a SQLite file, so a number that is
// taken was taken by this batch. A batch without events left its mark.
func (w *sqliteWriter) written(b *batch) (bool, error) {
	query, args := "SELECT count(*) FROM commits WHERE id = ?", []any{b.id}
	if events := b.events(); len(events) > 0 {
		query, args = "SELECT count(*) FROM events WHERE session_id = ? AND seq = ?", []any{events[0].Session, events[0].Seq}
	}
	var n int
	err := w.db.QueryRow(query, args...).Scan(&n)
	return n > 0, err
}

func (w *sqliteWriter) flush(rows []*sessionRow) error {
	tx, err := w.db.Begin()
	if err != nil {
		return sqliteTrouble(err)
	}
	for _, r := range rows {
		if _, err := w.exec(tx, sqliteFlush, r.LastSeq, r.PublicSeq, r.LastAt, r.LastText, r.LastRole, r.LastTextAt, r.Unread, r.UnansweredSince, r.RepliedAt,
			r.CustomerDelivered, r.CustomerRead, r.AgentDelivered, r.AgentRead, r.ChangedAt, r.ID, r.LastSeq); err != nil {
			_ = tx.Rollback()
			return sqliteTrouble(err)
		}
	}
	return sqliteTrouble(tx.Commit())
}

func (w *sqliteWriter) reset() {}

func (w *sqliteWriter) close() error {
	var err error
	for _, s := range w.stmts {
		err = errors.Join(err, s.Close())
	}
	return err
}

// sqliteTrouble says what an error of SQLite means for the batch.
func sqliteTrouble(err error) error {
	var coded *sqlite.Error
	if !errors.As(err, &coded) {
		return err
	}
	switch code := coded.Code() & 0xff; code {
	case sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_MISMATCH:
		return fmt.Errorf("%w: %w", errBadData, err)
	case sqlite3.SQLITE_FULL:
		return fmt.Errorf("%w: %w", errFull, err)
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return fmt.Errorf("%w: %w", errRetry, err)
	case sqlite3.SQLITE_IOERR:
		return fmt.Errorf("%w: %w", errUnknown, err)
	}
	return err
}
