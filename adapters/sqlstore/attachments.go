package sqlstore

import (
	"context"
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

// AddAttachment keeps what is known of a file that was uploaded for a session.
func (s *Store) AddAttachment(ctx context.Context, by core.Actor, session string, a core.Attachment) error {
	_, err := s.write.NewInsert().Model(&attachmentRow{
		ID: a.ID, SessionID: session, Name: a.Name, Type: a.Type, Size: a.Size, Width: a.Width, Height: a.Height,
		UploaderRole: string(by.Role), UploaderID: by.ID, CreatedAt: time.Now().UnixMilli(),
	}).Exec(ctx)
	return wrap(err, "keep an attachment")
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

// PostAttachments notes that a message has posted these files; the sweep then leaves them alone.
func (s *Store) PostAttachments(ctx context.Context, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	_, err := s.write.NewRaw("UPDATE attachments SET posted = ? WHERE id IN (?)", true, bun.List(ids)).Exec(ctx)
	return wrap(err, "note that attachments were posted")
}

// UnpostedAttachments names files that were uploaded before this time and that no message has posted.
func (s *Store) UnpostedAttachments(ctx context.Context, before time.Time) ([]string, error) {
	var ids []string
	err := s.read.NewSelect().Model((*attachmentRow)(nil)).Column("id").Where("NOT posted").Where("created_at < ?", before.UnixMilli()).
		Order("created_at").Scan(ctx, &ids)
	return ids, wrap(err, "look for attachments that nobody posted")
}

// RemoveAttachment forgets a file that no message has posted; it is NotFound otherwise.
func (s *Store) RemoveAttachment(ctx context.Context, id string) error {
	result, err := s.write.NewDelete().Model((*attachmentRow)(nil)).Where("id = ?", id).Where("NOT posted").Exec(ctx)
	return changedOne(result, err, "remove an attachment")
}
