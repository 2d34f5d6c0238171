package sqlstore

import (
	"context"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"baton/core"
)

// quickReplyRow is a reply as it is kept.
type quickReplyRow struct {
	bun.BaseModel `bun:"table:quick_replies,alias:r"`

	ID        string `bun:"id,pk"`
	OwnerID   string `bun:"owner_id"`
	QueueID   string `bun:"queue_id"`
	QueueName string `bun:"queue_name,scanonly"`
	Shortcut  string `bun:"shortcut"`
	Title     string `bun:"title"`
	Text      string `bun:"text"`
	Language  string `bun:"language"`
	Used      int64  `bun:"used"`
	Rev       int64  `bun:"rev"`
	CreatedAt int64  `bun:"created_at"`
}

func newQuickReplyRow(r core.QuickReply) *quickReplyRow {
	row := &quickReplyRow{
		ID: r.ID, OwnerID: r.Owner, Shortcut: r.Shortcut, Title: r.Title, Text: r.Text, Language: r.Language, Used: r.Used, Rev: r.Rev,
		CreatedAt: time.Now().UnixMilli(),
	}
	if r.Queue != nil {
		row.QueueID = r.Queue.ID
	}
	return row
}

func (r *quickReplyRow) reply() core.QuickReply {
	reply := core.QuickReply{
		ID: r.ID, Owner: r.OwnerID, Shortcut: r.Shortcut, Title: r.Title, Text: r.Text, Language: r.Language, Used: r.Used, Rev: r.Rev,
	}
	if r.QueueID != "" {
		reply.Queue = &core.Ref{ID: r.QueueID, Name: r.QueueName}
	}
	return reply
}

// selectQuickReplies reads replies with the names of their queues.
func selectQuickReplies(db bun.IDB, into any) *bun.SelectQuery {
	return db.NewSelect().Model(into).ColumnExpr("r.*").
		ColumnExpr("coalesce((SELECT q.name FROM queues q WHERE q.id = r.queue_id), '') AS queue_name")
}

// QuickReplies gives the team's replies and this agent's own, by shortcut.
func (s *Store) QuickReplies(ctx context.Context, agent string) ([]core.QuickReply, error) {
	var rows []quickReplyRow
	if err := selectQuickReplies(s.read, &rows).Where("r.owner_id IN ('', ?)", agent).Order("r.shortcut", "r.id").Scan(ctx); err != nil {
		return nil, wrap(err, "read the quick replies")
	}
	replies := make([]core.QuickReply, len(rows))
	for i := range rows {
		replies[i] = rows[i].reply()
	}
	return replies, nil
}

// AddQuickReply keeps a new reply. It is a Conflict when the shortcut is taken or the owner has as many as most.
func (s *Store) AddQuickReply(ctx context.Context, by core.Actor, r core.QuickReply, most int) (core.QuickReply, error) {
	err := s.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		n, err := tx.NewSelect().Model((*quickReplyRow)(nil)).Where("owner_id = ?", r.Owner).Count(ctx)
		if err != nil {
			return err
		}
		if n >= int64(most) {
			return core.Refuse(core.Conflict, "there are %d of these quick replies already; remove one that nobody uses", n)
		}
		if _, err := tx.NewInsert().Model(newQuickReplyRow(r)).Exec(ctx); err != nil {
			return err
		}
		return s.auditReply(ctx, tx, by, "quick_reply.added", r)
	})
	return r, wrap(s.shortcutTaken(ctx, r, err), "add a quick reply")
}

// ChangeQuickReply asks decide what becomes of the newest picture of a reply; nil removes it.
func (s *Store) ChangeQuickReply(ctx context.Context, by core.Actor, id string, decide func(was core.QuickReply) (*core.QuickReply, error)) (core.QuickReply, error) {
	var is core.QuickReply
	err := s.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		row, err := s.lockReply(ctx, tx, id)
		if err != nil {
			return err
		}
		decided, err := decide(row.reply())
		if err != nil {
			return err
		}
		if decided == nil {
			if _, err := tx.NewDelete().Model(row).WherePK().Exec(ctx); err != nil {
				return err
			}
			return s.auditReply(ctx, tx, by, "quick_reply.removed", row.reply())
		}
		is = *decided
		is.Rev++
		_, err = tx.NewUpdate().Model(newQuickReplyRow(is)).WherePK().Column("queue_id", "shortcut", "title", "text", "language", "rev").Exec(ctx)
		if err != nil {
			return err
		}
		return s.auditReply(ctx, tx, by, "quick_reply.changed", is)
	})
	return is, wrap(s.shortcutTaken(ctx, is, err), "change a quick reply")
}

// lockReply reads a reply that nobody else may change before this transaction has ended.
func (s *Store) lockReply(ctx context.Context, tx bun.Tx, id string) (*quickReplyRow, error) {
	row := new(quickReplyRow)
	q := selectQuickReplies(tx, row).Where("r.id = ?", id)
	if s.dialect.postgres {
		q = q.For("UPDATE OF r")
	}
	return row, found(q.Scan(ctx), "read a quick reply")
}

// auditReply notes what was done to a reply of the team; what people keep for themselves is their own.
func (s *Store) auditReply(ctx context.Context, tx bun.IDB, by core.Actor, action string, r core.QuickReply) error {
	if !r.Team() {
		return nil
	}
	return s.audit(ctx, tx, by, action, r.ID, map[string]any{"shortcut": r.Shortcut})
}

// shortcutTaken says in words which reply has the shortcut already, when that is what an error means.
func (s *Store) shortcutTaken(ctx context.Context, r core.QuickReply, err error) error {
	if !isTaken(err) {
		return err
	}
	whose := "there is a team reply"
	if !r.Team() {
		whose = "you have a reply"
	}
	row := new(quickReplyRow)
	look := s.read.NewSelect().Model(row).Where("owner_id = ?", r.Owner).Where("shortcut = ?", r.Shortcut).Scan(ctx)
	if look != nil && core.KindOf(found(look, "")) != core.NotFound {
		return errors.Join(err, look)
	}
	if row.Title == "" {
		return core.Refuse(core.Conflict, "%s /%s already; choose another shortcut", whose, r.Shortcut)
	}
	return core.Refuse(core.Conflict, "%s /%s already: %s; choose another shortcut", whose, r.Shortcut, row.Title)
}

// CountQuickReply counts one more use of a reply.
func (s *Store) CountQuickReply(ctx context.Context, id string) error {
	result, err := s.write.NewRaw("UPDATE quick_replies SET used = used + 1 WHERE id = ?", id).Exec(ctx)
	return changedOne(result, err, "count the use of a quick reply")
}
