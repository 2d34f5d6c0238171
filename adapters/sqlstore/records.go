package sqlstore

import (
	"context"

	"github.com/uptrace/bun"

	"baton/core"
)

// recordRow is something that is known of a customer beside his chats. The json names are those of the columns.
type recordRow struct {
	bun.BaseModel `bun:"table:records,alias:r" json:"-"`

	ID         string `bun:"id,pk" json:"id"`
	Kind       string `bun:"kind" json:"kind"`
	CustomerID string `bun:"customer_id" json:"customer_id"`
	SessionID  string `bun:"session_id" json:"session_id"`
	Email      string `bun:"email" json:"email"`
	Body       string `bun:"body" json:"body"`
	CreatedAt  int64  `bun:"created_at" json:"created_at"`
}

// records are the tickets that the batch makes.
func (b *batch) records() []*recordRow {
	rows := []*recordRow{}
	for _, d := range b.decided {
		rows = append(rows, recordsOf(d.txn.session, d.txn.events)...)
	}
	return rows
}

// recordsOf are the tickets that these events of a session made.
func recordsOf(s *core.Session, events []*core.Event) (rows []*recordRow) {
	for _, e := range events {
		if t, made := e.Data.(*core.TicketMade); made {
			rows = append(rows, &recordRow{
				ID: t.ID, Kind: core.RecordTicket, CustomerID: s.Customer.ID, SessionID: e.Session,
				Email: t.Email, Body: t.Text, CreatedAt: e.At.UnixMilli(),
			})
		}
	}
	return rows
}

// rebuildRecords writes the tickets of a session that are not there.
func rebuildRecords(ctx context.Context, tx bun.Tx, rows []*recordRow) error {
	if len(rows) == 0 {
		return nil
	}
	_, err := tx.NewInsert().Model(&rows).On("CONFLICT DO NOTHING").Exec(ctx)
	return err
}

// Records gives what is known of a customer beside his chats, the newest first.
func (s *Store) Records(ctx context.Context, customer string, limit int) ([]core.Record, error) {
	var rows []recordRow
	if err := s.read.NewSelect().Model(&rows).Where("customer_id = ?", customer).OrderExpr("created_at DESC, id DESC").Limit(int64(limit)).Scan(ctx); err != nil {
		return nil, wrap(err, "list the records of a customer")
	}
	list := make([]core.Record, len(rows))
	for i, r := range rows {
		list[i] = core.Record{ID: r.ID, Kind: r.Kind, Session: r.SessionID, Email: r.Email, Text: r.Body, CreatedAt: timeAt(r.CreatedAt)}
	}
	return list, nil
}
