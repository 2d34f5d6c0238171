package sqlstore

import (
	"context"
	"encoding/json"
	"time"

	"github.com/uptrace/bun"

	"baton/core"
)

// auditRow is a line of the audit log. Lines are only ever added, in the transaction of what they tell.
type auditRow struct {
	bun.BaseModel `bun:"table:audit"`

	ID        int64  `bun:"id,pk,autoincrement"`
	At        int64  `bun:"at"`
	ActorRole string `bun:"actor_role"`
	ActorID   string `bun:"actor_id"`
	Action    string `bun:"action"`
	Target    string `bun:"target"`
	Data      string `bun:"data"`
}

// insertAudit adds a line. Details must not hold a secret.
func insertAudit(ctx context.Context, tx bun.IDB, row *auditRow) error {
	_, err := tx.NewInsert().Model(row).Exec(ctx)
	return wrap(err, "write the audit log")
}

// audit adds a line about what this actor does now.
func (s *Store) audit(ctx context.Context, tx bun.IDB, by core.Actor, action, target string, details map[string]any) error {
	if details == nil {
		details = map[string]any{}
	}
	data, err := json.Marshal(details)
	if err != nil {
		return wrap(err, "write the details of "+action)
	}
	return insertAudit(ctx, tx, &auditRow{
		At: time.Now().UnixMilli(), ActorRole: string(by.Role), ActorID: by.ID, Action: action, Target: target, Data: string(data),
	})
}
