package sqlstore

import (
	"context"
	"encoding/json"
	"reflect"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"baton/core"
	"baton/core/hours"
)

var _ hours.Shelf = (*Store)(nil)

// scheduleRow is a schedule as it is kept.
type scheduleRow struct {
	bun.BaseModel `bun:"table:schedules,alias:s"`

	ID        string `bun:"id,pk"`
	Name      string `bun:"name"`
	Data      string `bun:"data"`
	IsDefault bool   `bun:"is_default"`
	Rev       int64  `bun:"rev"`
	CreatedAt int64  `bun:"created_at"`
}

func (r *scheduleRow) kept() (*hours.Kept, error) {
	k := &hours.Kept{ID: r.ID, Default: r.IsDefault, Rev: r.Rev}
	err := json.Unmarshal([]byte(r.Data), &k.Schedule)
	k.Name = r.Name
	return k, wrap(err, "read the schedule "+r.Name)
}

// put lays a schedule into the row.
func (r *scheduleRow) put(schedule hours.Schedule) error {
	data, err := json.Marshal(schedule)
	r.Name, r.Data = schedule.Name, string(data)
	return wrap(err, "write the schedule "+schedule.Name)
}

// alwaysOpen is the id of the schedule that the account has from the start.
const alwaysOpen = hours.SchedulePrefix + "0000000000000000"

// ensureSchedule gives the account a schedule if it has none. Two nodes may do it at once.
func (s *Store) ensureSchedule(ctx context.Context) error {
	known, err := s.read.NewSelect().Model((*scheduleRow)(nil)).Where("is_default").Exists(ctx)
	if err != nil || known {
		return wrap(err, "look for the account's schedule")
	}
	row := &scheduleRow{ID: alwaysOpen, IsDefault: true, Rev: 1, CreatedAt: time.Now().UnixMilli()}
	if err := row.put(hours.Whole("Always open", "UTC")); err != nil {
		return err
	}
	_, err = s.write.NewInsert().Model(row).On("CONFLICT DO NOTHING").Exec(ctx)
	return wrap(err, "make the account's schedule")
}

// Schedules gives all schedules with the queues that have them as their own.
func (s *Store) Schedules(ctx context.Context) ([]*hours.Kept, error) {
	return s.schedules(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return q })
}

// Schedule gives one schedule; it is NotFound when there is none of this id.
func (s *Store) Schedule(ctx context.Context, id string) (*hours.Kept, error) {
	list, err := s.schedules(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("id = ?", id) })
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, core.Missing()
	}
	return list[0], nil
}

func (s *Store) schedules(ctx context.Context, which func(*bun.SelectQuery) *bun.SelectQuery) ([]*hours.Kept, error) {
	var rows []scheduleRow
	if err := which(s.read.NewSelect().Model(&rows)).Order("id").Scan(ctx); err != nil {
		return nil, wrap(err, "read the schedules")
	}
	var queues []queueRow
	if err := s.read.NewSelect().Model(&queues).Where("schedule_id <> ''").Order("name").Scan(ctx); err != nil {
		return nil, wrap(err, "read which queues have schedules")
	}
	list := make([]*hours.Kept, len(rows))
	for i := range rows {
		kept, err := rows[i].kept()
		if err != nil {
			return nil, err
		}
		for _, q := range queues {
			if q.ScheduleID == kept.ID {
				kept.Queues = append(kept.Queues, core.Ref{ID: q.ID, Name: q.Name})
			}
		}
		list[i] = kept
	}
	return list, nil
}

// AddSchedule keeps a new schedule; a taken name is a Conflict.
func (s *Store) AddSchedule(ctx context.Context, by core.Actor, schedule hours.Schedule) (*hours.Kept, error) {
	row := &scheduleRow{ID: core.NewID(hours.SchedulePrefix), Rev: 1, CreatedAt: time.Now().UnixMilli()}
	if err := row.put(schedule); err != nil {
		return nil, err
	}
	err := s.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.NewInsert().Model(row).Exec(ctx); err != nil {
			return nameTaken(err, schedule.Name)
		}
		return s.audit(ctx, tx, by, "schedule.made", row.ID, map[string]any{"name": row.Name})
	})
	if err != nil {
		return nil, wrap(err, "make a schedule")
	}
	return row.kept()
}

func nameTaken(err error, name string) error {
	if isTaken(err) {
		return core.Refuse(core.Conflict, "there is a schedule %q already", name)
	}
	return err
}

// ChangeSchedule asks decide what becomes of the newest picture of a schedule, which nobody else can change meanwhile.
// The queues that go by it get a new revision and are told of.
func (s *Store) ChangeSchedule(ctx context.Context, by core.Actor, id string, decide func(was *hours.Kept) (hours.Schedule, error)) (*hours.Kept, error) {
	var moved []string
	err := s.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		row, err := s.lockSchedule(ctx, tx, id)
		if err != nil {
			return err
		}
		was, err := row.kept()
		if err != nil {
			return err
		}
		is, err := decide(was)
		if err != nil {
			return err
		}
		if err := s.saveSchedule(ctx, tx, row, is); err != nil {
			return err
		}
		if moved, err = s.moveQueues(ctx, tx, row); err != nil {
			return err
		}
		return s.audit(ctx, tx, by, "schedule.changed", id, changesOf(was.Schedule, is))
	})
	if err != nil {
		return nil, wrap(err, "change a schedule")
	}
	s.tell([]core.Change{{Queues: moved}})
	return s.Schedule(ctx, id)
}

// lockSchedule reads a schedule that nobody else may change, remove or give to a queue before this transaction has ended.
func (s *Store) lockSchedule(ctx context.Context, tx bun.IDB, id string) (*scheduleRow, error) {
	row := new(scheduleRow)
	return row, found(tx.NewRaw("SELECT * FROM schedules WHERE id = ?"+s.dialect.forUpdate(), id).Scan(ctx, row), "read a schedule")
}

func (s *Store) saveSchedule(ctx context.Context, tx bun.IDB, row *scheduleRow, is hours.Schedule) error {
	if err := row.put(is); err != nil {
		return err
	}
	row.Rev++
	_, err := tx.NewUpdate().Model(row).WherePK().Column("name", "data", "rev").Exec(ctx)
	return nameTaken(err, is.Name)
}

// moveQueues gives the queues that go by a schedule a new revision: they may be open now and were not.
func (s *Store) moveQueues(ctx context.Context, tx bun.IDB, row *scheduleRow) (ids []string, err error) {
	own := []string{row.ID}
	if row.IsDefault {
		own = append(own, "")
	}
	err = tx.NewRaw("UPDATE queues SET rev = rev + 1 WHERE schedule_id IN (?) RETURNING id", bun.List(own)).Scan(ctx, &ids)
	return ids, err
}

// changesOf says for the audit log what is not as it was. Long lists are counted.
func changesOf(was, is hours.Schedule) map[string]any {
	changes := map[string]any{"name": is.Name}
	if was.TimeZone != is.TimeZone {
		changes["time_zone"] = is.TimeZone
	}
	if !reflect.DeepEqual(was.Week, is.Week) {
		changes["week"] = is.Week
	}
	if !reflect.DeepEqual(was.Days, is.Days) {
		changes["days"] = len(is.Days)
	}
	return changes
}

// RemoveSchedule removes a schedule. It is a Conflict while a queue has it, or the account.
func (s *Store) RemoveSchedule(ctx context.Context, by core.Actor, id string) error {
	err := s.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		row, err := s.lockSchedule(ctx, tx, id)
		if err != nil {
			return err
		}
		if row.IsDefault {
			return core.Refuse(core.Conflict, "%s is the schedule of all queues without one of their own; make another one that first", row.Name)
		}
		var queues []string
		if err := tx.NewRaw("SELECT name FROM queues WHERE schedule_id = ? ORDER BY name", id).Scan(ctx, &queues); err != nil {
			return err
		}
		if len(queues) > 0 {
			return core.Refuse(core.Conflict, "%s is in use by %s; give them another schedule first", row.Name, strings.Join(queues, ", "))
		}
		if _, err := tx.NewDelete().Model(row).WherePK().Exec(ctx); err != nil {
			return err
		}
		return s.audit(ctx, tx, by, "schedule.removed", id, map[string]any{"name": row.Name})
	})
	return wrap(err, "remove a schedule")
}

// setDefault makes a schedule that of all queues without one of their own.
func (s *Store) setDefault(ctx context.Context, tx bun.IDB, id string) (moved []string, err error) {
	row, err := s.lockSchedule(ctx, tx, id)
	if core.KindOf(err) == core.NotFound {
		return nil, core.RefuseField("/schedule", "there is no schedule %q", id)
	}
	if err != nil || row.IsDefault {
		return nil, err
	}
	if _, err := tx.ExecContext(ctx, "UPDATE schedules SET is_default = FALSE WHERE is_default"); err != nil {
		return nil, err
	}
	if _, err := tx.ExecContext(ctx, "UPDATE schedules SET is_default = TRUE WHERE id = ?", id); err != nil {
		return nil, err
	}
	err = tx.NewRaw("UPDATE queues SET rev = rev + 1 WHERE schedule_id = '' RETURNING id").Scan(ctx, &moved)
	return moved, err
}

// placeDefault puts the default schedule, which nobody has touched yet, into the zone of the account.
func (s *Store) placeDefault(ctx context.Context, tx bun.IDB, zone string) error {
	row := new(scheduleRow)
	err := tx.NewSelect().Model(row).Where("is_default").Where("rev = 1").Scan(ctx)
	if err != nil {
		if core.KindOf(found(err, "")) == core.NotFound {
			return nil
		}
		return err
	}
	kept, err := row.kept()
	if err != nil {
		return err
	}
	kept.TimeZone = zone
	return s.saveSchedule(ctx, tx, row, kept.Schedule)
}

// Switched gives queues that open or close now a new revision, and lets all nodes tell of them.
func (s *Store) Switched(ctx context.Context, queues []string) error {
	if len(queues) == 0 {
		return nil
	}
	if _, err := s.write.NewRaw("UPDATE queues SET rev = rev + 1 WHERE id IN (?)", bun.List(queues)).Exec(ctx); err != nil {
		return wrap(err, "switch queues")
	}
	s.tell([]core.Change{{Queues: queues}})
	return nil
}

// QueueRevs gives the revision of each queue: whoever reads them again and again sees which changed, by whichever node.
func (s *Store) QueueRevs(ctx context.Context) (map[string]int64, error) {
	var rows []struct {
		ID  string
		Rev int64
	}
	if err := s.read.NewRaw("SELECT id, rev FROM queues").Scan(ctx, &rows); err != nil {
		return nil, wrap(err, "look which queues changed")
	}
	revs := make(map[string]int64, len(rows))
	for _, r := range rows {
		revs[r.ID] = r.Rev
	}
	return revs, nil
}
