package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"baton/core"
)

// attachmentRow is an uploaded file as it is kept; its bytes are elsewhere, under the same id.
type attachmentRow struct {
	bun.BaseModel `bun:"table:attachments,alias:f"`

	ID           string `bun:"id,pk"`
	SessionID    string `bun:"session_id"`
	Name         string `bun:"name"`
	Type         string `bun:"type"`
	Size         int64  `bun:"size"`
	Width        int    `bun:"width"`
	Height       int    `bun:"height"`
	UploaderRole string `bun:"uploader_role"`
	UploaderID   string `bun:"uploader_id"`
	CreatedAt    int64  `bun:"created_at"`
	Posted       bool   `bun:"posted"`
}

func (r *attachmentRow) attachment() core.Attachment {
	return core.Attachment{ID: r.ID, Name: r.Name, Type: r.Type, Size: r.Size, Width: r.Width, Height: r.Height}
}

// AddAttachment keeps what is known of a file that was uploaded for a session. It is StorageFull when all files
// together would then have more than most bytes, on whichever server they were uploaded. A key that was used
// meanwhile is KeyInProgress.
func (s *Store) AddAttachment(ctx context.Context, by core.Actor, session string, a core.Attachment, most int64, key *core.Idempotency) error {
	row := &attachmentRow{
		ID: a.ID, SessionID: session, Name: a.Name, Type: a.Type, Size: a.Size, Width: a.Width, Height: a.Height,
		UploaderRole: string(by.Role), UploaderID: by.ID, CreatedAt: time.Now().UnixMilli(),
	}
	err := s.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.NewInsert().Model(row).Exec(ctx); err != nil {
			return err
		}
		const grow = `INSERT INTO storage (id, bytes) VALUES (1, ?) ON CONFLICT (id)
			DO UPDATE SET bytes = storage.bytes + excluded.bytes WHERE storage.bytes + excluded.bytes <= ?`
		result, err := tx.NewRaw(grow, a.Size, most).Exec(ctx)
		if err = changedOne(result, err, "count the bytes of an attachment"); core.KindOf(err) == core.NotFound || a.Size > most {
			return core.NoRoom().Because(fmt.Errorf("all files together would have more than %d bytes", most))
		}
		if err != nil || key == nil {
			return err
		}
		return insertKey(ctx, tx, *key)
	})
	return wrap(err, "keep an attachment")
}

// StoredBytes is how many bytes all attached files have together.
func (s *Store) StoredBytes(ctx context.Context) (bytes int64, err error) {
	err = s.read.NewRaw("SELECT COALESCE(SUM(bytes), 0) FROM storage").Scan(ctx, &bytes)
	return bytes, wrap(err, "read how much is stored")
}

// Attachment gives a file with the session that it was uploaded for; NotFound when there is none.
func (s *Store) Attachment(ctx context.Context, id string) (a core.Attachment, session string, err error) {
	row := new(attachmentRow)
	if err := s.read.NewSelect().Model(row).Where("id = ?", id).Scan(ctx); err != nil {
		return a, "", found(err, "read an attachment")
	}
	return row.attachment(), row.SessionID, nil
}

// AttachmentsOf gives files of a session in the order in which they are named. Those that are not there, or
// belong to another session, are left out.
func (s *Store) AttachmentsOf(ctx context.Context, session string, ids []string) ([]core.Attachment, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []attachmentRow
	if err := s.read.NewSelect().Model(&rows).Where("session_id = ?", session).Where("id IN (?)", bun.List(ids)).Scan(ctx); err != nil {
		return nil, wrap(err, "read attachments")
	}
	byID := make(map[string]*attachmentRow, len(rows))
	for i := range rows {
		byID[rows[i].ID] = &rows[i]
	}
	files := make([]core.Attachment, 0, len(ids))
	for _, id := range ids {
		if row := byID[id]; row != nil {
			files = append(files, row.attachment())
		}
	}
	return files, nil
}

// PostAttachments notes that a message has posted these files; the sweep then leaves them alone. It is NotFound when
// the sweep was quicker with one of them.
func (s *Store) PostAttachments(ctx context.Context, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	err := s.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		result, err := tx.NewRaw("UPDATE attachments SET posted = ? WHERE id IN (?)", true, bun.List(ids)).Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n < int64(len(ids)) {
			return errors.Join(err, core.Missing())
		}
		return nil
	})
	return wrap(err, "note that attachments were posted")
}

// UnpostedAttachments names files that were uploaded before this time and that no message has posted.
func (s *Store) UnpostedAttachments(ctx context.Context, before time.Time) ([]string, error) {
	var ids []string
	err := s.read.NewSelect().Model((*attachmentRow)(nil)).Column("id").Where("NOT posted").Where("created_at < ?", before.UnixMilli()).
		Order("created_at").Scan(ctx, &ids)
	return ids, wrap(err, "look for attachments that nobody posted")
}

// UnknownAttachments gives those of these files that nothing is known of.
func (s *Store) UnknownAttachments(ctx context.Context, ids []string) (unknown []string, err error) {
	for page := range slices.Chunk(ids, idsAtOnce) {
		var known []string
		if err := s.read.NewSelect().Model((*attachmentRow)(nil)).Column("id").Where("id IN (?)", bun.List(page)).Scan(ctx, &known); err != nil {
			return nil, wrap(err, "look for attachments that nothing is known of")
		}
		unknown = append(unknown, slices.DeleteFunc(slices.Clone(page), func(id string) bool { return slices.Contains(known, id) })...)
	}
	return unknown, nil
}

// idsAtOnce is how many rows are asked for by name at once.
const idsAtOnce = 500

// RemoveAttachment forgets a file that no message has posted; it is NotFound otherwise.
func (s *Store) RemoveAttachment(ctx context.Context, id string) error {
	err := s.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		var size int64
		if err := tx.NewRaw("DELETE FROM attachments WHERE id = ? AND NOT posted RETURNING size", id).Scan(ctx, &size); err != nil {
			return err
		}
		_, err := tx.NewRaw("UPDATE storage SET bytes = bytes - ?", size).Exec(ctx)
		return err
	})
	return found(err, "remove an attachment")
}
