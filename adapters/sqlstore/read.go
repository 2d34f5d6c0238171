package sqlstore

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"baton/core"
)

var _ core.Reader = (*Store)(nil)

// readHeads reads the newest pictures of sessions in one query, with or without the hashes of their messages.
func (s *Store) readHeads(ctx context.Context, ids []string, withHashes bool) ([]*head, error) {
	readAt := time.Now()
	var rows []readHead
	if err := s.read.NewRaw(s.dialect.headQuery(withHashes), bun.List(ids)).Scan(ctx, &rows); err != nil {
		return nil, wrap(err, "read sessions")
	}
	list := make([]*head, len(rows))
	for i := range rows {
		var err error
		if list[i], err = rows[i].head(readAt); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Session reads a session with all of its log taken in. It is NotFound when there is none.
func (s *Store) Session(ctx context.Context, id string) (*core.Session, error) {
	list, err := s.readHeads(ctx, []string{id}, false)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, core.Missing()
	}
	return s.layOver(list[0].session), nil
}

// layOver adds what this node has not written yet to a session that was read: watermarks, and the coalesced
// columns of a list row.
func (s *Store) layOver(read *core.Session) *core.Session {
	known := s.engine.heads.session(read.ID)
	if known == nil {
		return read
	}
	if known.Seq >= read.Seq {
		return withReceipts(known, read.Receipts)
	}
	read.Receipts = mergeReceipts(read.Receipts, known.Receipts)
	return read
}

// Events reads the log after seq, in order.
func (s *Store) Events(ctx context.Context, session string, after int64, publicOnly bool, limit int) ([]*core.Event, error) {
	var rows []eventRow
	q := s.read.NewSelect().Model(&rows).Where("session_id = ?", session).Where("seq > ?", after).Order("seq").Limit(int64(limit))
	if publicOnly {
		q = q.Where("public_prev >= 0")
	}
	if err := q.Scan(ctx); err != nil {
		return nil, wrap(err, "read the events of a session")
	}
	return eventsOf(rows)
}

// Position counts the sessions before this one in its queue's line, from 1.
func (s *Store) Position(ctx context.Context, of *core.Session) (int, error) {
	var before int
	err := s.read.NewRaw("SELECT count(*) FROM sessions WHERE queue_id = ? AND status IN ('waiting', 'pending') AND id <> ?"+
		" AND (line_at, id) < (?, ?)", of.Queue.ID, of.ID, of.LineKey(), of.ID).Scan(ctx, &before)
	return before + 1, wrap(err, "count the line")
}

// OpenSessionOf names the newest open session of a customer, or "".
func (s *Store) OpenSessionOf(ctx context.Context, customer string) (string, error) {
	var ids []string
	err := s.read.NewRaw("SELECT id FROM sessions WHERE customer_id = ? AND status <> 'ended' ORDER BY created_at DESC, id DESC LIMIT 1", customer).Scan(ctx, &ids)
	if err != nil || len(ids) == 0 {
		return "", wrap(err, "look for a customer's open session")
	}
	return ids[0], nil
}

// openInPlaceOf names the open session that stands where a new one was to be.
func (s *Store) openInPlaceOf(ctx context.Context, of *core.Session) (string, error) {
	var ids []string
	query, args := "SELECT id FROM sessions WHERE customer_id = ? AND bot_id = '' AND status <> 'ended'", []any{of.Customer.ID}
	if of.Bot != nil {
		query, args = "SELECT id FROM sessions WHERE bot_id = ? AND conversation_id = ? AND status <> 'ended'", []any{of.Bot.ID, of.ConversationID}
	}
	if err := s.read.NewRaw(query, args...).Scan(ctx, &ids); err != nil || len(ids) == 0 {
		return "", wrap(err, "look for the open session of a conversation")
	}
	return ids[0], nil
}

// listDefault and listMost bound a page.
const (
	listDefault = 50
	listMost    = 500
)

// listColumns are what a session is made of without its large parts; the other columns only repeat what is in its
// state, for queries.
var listColumns = []string{
	"id", "state", "last_seq", "public_seq", "last_at", "deadline_at", "last_text", "last_role", "last_text_at", "unread", "unanswered_since",
	"customer_delivered", "customer_read", "agent_delivered", "agent_read",
}

// Sessions lists by newest activity first. Rows that this node is still to write are laid over.
func (s *Store) Sessions(ctx context.Context, f core.SessionFilter) ([]*core.Session, string, error) {
	limit := f.Limit
	if limit <= 0 {
		limit = listDefault
	}
	limit = min(limit, listMost)
	q := s.read.NewSelect().Model((*sessionRow)(nil)).Column(listColumns...).Order("last_at DESC", "id DESC").Limit(int64(limit + 1))
	q, err := narrow(q, f)
	if err != nil {
		return nil, "", err
	}
	rows, err := listRows(ctx, q, limit+1)
	if err != nil {
		return nil, "", wrap(err, "list sessions")
	}
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		last := rows[limit-1]
		next = strconv.FormatInt(last.LastAt, 10) + "." + last.ID
	}
	list := make([]*core.Session, len(rows))
	for i := range rows {
		if list[i], err = s.listed(&rows[i]); err != nil {
			return nil, "", err
		}
	}
	return list, next, nil
}

// listRows reads the listColumns of rows, column by column, which takes half as long as finding out each time what goes
// where.
func listRows(ctx context.Context, q *bun.SelectQuery, most int) (list []sessionRow, err error) {
	rows, err := q.Rows(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	list = make([]sessionRow, 0, most)
	var r sessionRow
	into := []any{
		&r.ID, &r.State, &r.LastSeq, &r.PublicSeq, &r.LastAt, &r.DeadlineAt, &r.LastText, &r.LastRole, &r.LastTextAt, &r.Unread, &r.UnansweredSince,
		&r.CustomerDelivered, &r.CustomerRead, &r.AgentDelivered, &r.AgentRead,
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

// listed makes a session of a list's row. One that this node knows better is not read again.
func (s *Store) listed(r *sessionRow) (*core.Session, error) {
	if known := s.engine.heads.session(r.ID); known != nil && known.Seq >= r.LastSeq {
		return withReceipts(known, r.receipts()), nil
	}
	picture, err := s.pictures.of(r)
	if err != nil {
		return nil, err
	}
	read := *picture
	r.fill(&read)
	return s.layOver(&read), nil
}

// narrow adds a filter's conditions to a list.
func narrow(q *bun.SelectQuery, f core.SessionFilter) (*bun.SelectQuery, error) {
	q = oneOf(q, "status", statusesOf(f.Statuses))
	if len(f.Statuses) > 0 && !slices.Contains(f.Statuses, core.StatusEnded) {
		q = q.Where("status <> 'ended'") // lets the partial index serve the page
	}
	q = oneOf(oneOf(oneOf(oneOf(q, "queue_id", f.Queues), "agent_id", f.Agents), "customer_id", f.Customers), "channel", f.Channels)
	ranks := make([]int, len(f.Priorities))
	for i, p := range f.Priorities {
		ranks[i] = p.Rank()
	}
	q = oneOf(q, "priority", ranks)
	if f.Bot != "" {
		q = q.Where("bot_id = ?", f.Bot)
	}
	q = narrowFurther(q, f)
	if f.OfferedTo != "" {
		q = q.Where("offered_to = ?", f.OfferedTo).Where("offered_to <> ''") // lets the partial index serve the page
	}
	if len(f.Tags) > 0 {
		q = q.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
			for _, tag := range f.Tags {
				q = q.WhereOr(`tags LIKE ? ESCAPE '\'`, "%|"+likeLiteral(tag)+"|%")
			}
			return q
		})
	}
	if !f.From.IsZero() {
		q = q.Where("created_at >= ?", millis(f.From))
	}
	if !f.To.IsZero() {
		q = q.Where("created_at < ?", millis(f.To))
	}
	if f.Within != nil {
		q = within(q, f.Within)
	}
	return after(q, f.After)
}

// statusesOf gives what rows call statuses: those of waiting sessions that are kept until an opening have their own.
func statusesOf(statuses []core.Status) []string {
	var list []string
	for _, s := range statuses {
		if list = append(list, string(s)); s == core.StatusWaiting {
			list = append(list, statusParked)
		}
	}
	return list
}

// oneOf keeps rows whose column is one of the values; no values do not narrow.
func oneOf[T any](q *bun.SelectQuery, column string, values []T) *bun.SelectQuery {
	switch len(values) {
	case 0:
		return q
	case 1:
		return q.Where("? = ?", bun.Ident(column), values[0]) // lets a partial index of this value serve the page
	}
	return q.Where("? IN (?)", bun.Ident(column), bun.List(values))
}

// within keeps what an agent may read.
func within(q *bun.SelectQuery, r *core.Reach) *bun.SelectQuery {
	return q.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
		q = q.WhereOr("agent_id = ? AND status = 'active'", r.Agent).WhereOr("offered_to = ?", r.Agent)
		if len(r.Queues) > 0 {
			q = q.WhereOr("queue_id IN (?)", bun.List(r.Queues))
		}
		return q
	})
}

// after goes on behind the row that a cursor names.
func after(q *bun.SelectQuery, cursor string) (*bun.SelectQuery, error) {
	if cursor == "" {
		return q, nil
	}
	at, id, ok := strings.Cut(cursor, ".")
	ms, err := strconv.ParseInt(at, 10, 64)
	if !ok || err != nil {
		return nil, core.RefuseField("/after", "after is the next of an earlier page")
	}
	return q.Where("(last_at, id) < (?, ?)", ms, id), nil
}

// likeLiteral takes the meaning from what LIKE would read as a pattern.
func likeLiteral(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}

// insertKey keeps an idempotency key with an act that is no command of a session.
func insertKey(ctx context.Context, tx bun.IDB, key core.Idempotency) error {
	row := keyRows([]core.Idempotency{key}, time.Now().UnixMilli())[0]
	result, err := tx.NewInsert().Model(&row).ModelTableExpr("idempotency").On("CONFLICT DO NOTHING").Exec(ctx)
	if err = changedOne(result, err, "keep an idempotency key"); core.KindOf(err) == core.NotFound {
		return core.Refuse(core.KeyInProgress, "a request with this idempotency key is under way; send it again in a moment")
	}
	return err
}

// Idempotency gives the outcome that a key was kept with, or nil.
func (s *Store) Idempotency(ctx context.Context, scope, key string) (*core.Idempotency, error) {
	var rows []keyRow
	if err := s.read.NewRaw("SELECT * FROM idempotency WHERE scope = ? AND key = ?", scope, key).Scan(ctx, &rows); err != nil || len(rows) == 0 {
		return nil, wrap(err, "look for an idempotency key")
	}
	r := rows[0]
	return &core.Idempotency{Scope: r.Scope, Key: r.Key, BodyHash: r.BodyHash, Status: int(r.Status), Session: r.SessionID, Result: r.Result, Seq: r.Seq}, nil
}
