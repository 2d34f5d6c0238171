package sqlstore

import (
	"context"
	"encoding/json"
	"time"

	"github.com/uptrace/bun"

	"baton/core"
)

// queueRow is a queue as it is kept.
type queueRow struct {
	bun.BaseModel `bun:"table:queues,alias:q"`

	ID        string `bun:"id,pk"`
	Name      string `bun:"name"`
	Strategy  string `bun:"strategy"`
	HoldLimit int64  `bun:"hold_limit"`
	Rev       int64  `bun:"rev"`
	CreatedAt int64  `bun:"created_at"`
	// ScheduleID is its own, or empty; what it goes by is read with selectQueues.
	ScheduleID   string `bun:"schedule_id"`
	Rules        string `bun:"rules"` // as JSON; what is not there is as in a new queue
	GoesBy       string `bun:"goes_by,scanonly"`
	ScheduleName string `bun:"schedule_name,scanonly"`
	ScheduleRev  int64  `bun:"schedule_rev,scanonly"`
}

func (r *queueRow) queue() *core.Queue {
	return &core.Queue{
		Rules: r.rules(),

		ID: r.ID, Name: r.Name, Strategy: r.Strategy, HoldLimit: time.Duration(r.HoldLimit) * time.Millisecond,
		Schedule: core.Ref{ID: r.GoesBy, Name: r.ScheduleName}, OwnSchedule: r.ScheduleID != "", ScheduleRev: r.ScheduleRev, Rev: r.Rev,
	}
}

// rules reads what the queue's row says of them; what cannot be read is as in a new queue.
func (r *queueRow) rules() core.QueueRules {
	rules := core.DefaultRules()
	if json.Unmarshal([]byte(r.Rules), &rules) != nil {
		return core.DefaultRules()
	}
	if rules.AfterHours.Texts == nil {
		rules.AfterHours.Texts = map[string]string{}
	}
	return rules
}

// selectQueues reads queues with the schedules that they go by.
func selectQueues(db bun.IDB, into any) *bun.SelectQuery {
	return db.NewSelect().Model(into).ColumnExpr("q.*").
		ColumnExpr("coalesce(s.id, '') AS goes_by, coalesce(s.name, '') AS schedule_name, coalesce(s.rev, 0) AS schedule_rev").
		Join("LEFT JOIN schedules AS s ON s.id = q.schedule_id OR (q.schedule_id = '' AND s.is_default)")
}

// General is the queue that exists from the start and that every new agent is in.
const General = "general"

// defaultHold is how long scripts may keep the sessions of a new queue waiting.
const defaultHold = time.Minute

// ensureGeneral makes the queue general if it is missing. Two nodes may do it at once.
func (s *Store) ensureGeneral(ctx context.Context) error {
	known, err := s.read.NewSelect().Model((*queueRow)(nil)).Where("name = ?", General).Exists(ctx)
	if err != nil || known {
		return wrap(err, "look for the queue general")
	}
	_, err = s.write.NewInsert().Model(newQueue(General)).On("CONFLICT (name) DO NOTHING").Exec(ctx)
	return wrap(err, "make the queue general")
}

func newQueue(name string) *queueRow {
	return &queueRow{
		ID: core.NewID(core.QueuePrefix), Name: name, Strategy: core.DefaultStrategy, HoldLimit: defaultHold.Milliseconds(), Rules: "{}",
		Rev: 1, CreatedAt: time.Now().UnixMilli(),
	}
}

// Queue finds a queue by its id or its name; empty is general.
func (s *Store) Queue(ctx context.Context, nameOrID string) (*core.Queue, error) {
	if nameOrID == "" {
		nameOrID = General
	}
	row := new(queueRow)
	// A queue that is named like the id of another must not hide that other one.
	err := selectQueues(s.read, row).Where("q.id = ?0 OR q.name = ?0", nameOrID).OrderExpr("CASE WHEN q.id = ? THEN 0 ELSE 1 END", nameOrID).Limit(1).Scan(ctx)
	if err != nil {
		return nil, found(err, "read a queue")
	}
	return row.queue(), nil
}

// Queues gives all queues, by name, with what goes on in them now. Agents who gave no sign of life after
// seenAfter do not count.
func (s *Store) Queues(ctx context.Context, seenAfter time.Time) ([]*core.QueueState, error) {
	var rows []queueRow
	if err := selectQueues(s.read, &rows).Order("q.name").Scan(ctx); err != nil {
		return nil, wrap(err, "read the queues")
	}
	var lines []struct {
		QueueID string
		Waiting int
		Oldest  int64
	}
	err := s.read.NewRaw("SELECT queue_id, count(*) AS waiting, min(arrived_at) AS oldest FROM sessions WHERE status IN ('waiting', 'pending') GROUP BY queue_id").Scan(ctx, &lines)
	if err != nil {
		return nil, wrap(err, "count the lines")
	}
	var kept []struct {
		QueueID string
		N       int
	}
	// The first condition is the one of the index, to the letter: SQLite sees no other way into it.
	err = s.read.NewRaw("SELECT queue_id, count(*) AS n FROM sessions WHERE status IN ('waiting', 'active', 'parked') AND status = ? GROUP BY queue_id", statusParked).Scan(ctx, &kept)
	if err != nil {
		return nil, wrap(err, "count what is kept until an opening")
	}
	agents, err := s.Agents(ctx)
	if err != nil {
		return nil, err
	}
	states, byID := make([]*core.QueueState, 0, len(rows)), map[string]*core.QueueState{}
	for i := range rows {
		state := &core.QueueState{Queue: *rows[i].queue()}
		states, byID[state.ID] = append(states, state), state
	}
	for _, line := range lines {
		if state := byID[line.QueueID]; state != nil {
			state.Waiting, state.OldestWaitingSince = line.Waiting, timeAt(line.Oldest)
		}
	}
	for _, of := range kept {
		if state := byID[of.QueueID]; state != nil {
			state.Kept = of.N
		}
	}
	countPlaces(byID, agents, seenAfter)
	return states, nil
}

// countPlaces adds the agents who could be offered a chat, and their free places, to each of their queues.
func countPlaces(queues map[string]*core.QueueState, agents []*core.Agent, seenAfter time.Time) {
	for _, a := range agents {
		if a.Disabled || !a.Status.Takes() || a.SeenAt.Before(seenAfter) {
			continue
		}
		for _, id := range a.Queues {
			if state := queues[id]; state != nil {
				state.Agents++
				state.Free += a.Free()
			}
		}
	}
}

// MakeQueue makes a queue; a taken name is a Conflict.
func (s *Store) MakeQueue(ctx context.Context, by core.Actor, name string) (*core.Queue, error) {
	row := newQueue(name)
	err := s.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		result, err := tx.NewInsert().Model(row).On("CONFLICT (name) DO NOTHING").Exec(ctx)
		if err := takenUnlessOne(result, err, "there is a queue %q already", name); err != nil {
			return err
		}
		return s.audit(ctx, tx, by, "queue.made", row.ID, map[string]any{"name": name})
	})
	if err != nil {
		return nil, wrap(err, "make a queue")
	}
	s.tell([]core.Change{{Queues: []string{row.ID}}})
	return s.Queue(ctx, row.ID)
}

// ChangeQueue changes what is named about a queue; a taken name is a Conflict, general keeps its own, and a schedule that
// is not there is Invalid.
func (s *Store) ChangeQueue(ctx context.Context, by core.Actor, id string, change core.QueueChange) (*core.Queue, error) {
	row := new(queueRow)
	err := s.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if err := tx.NewRaw("SELECT * FROM queues WHERE id = ?"+s.dialect.forUpdate(), id).Scan(ctx, row); err != nil {
			return found(err, "read a queue")
		}
		q, details, err := row.change(tx, change)
		if err != nil {
			return err
		}
		if _, renames := details["name"]; renames && row.Name == General && *change.Name != General {
			return core.Refuse(core.Conflict, "the queue general keeps its name: whoever names no queue means it")
		}
		if change.Schedule != nil && *change.Schedule != "" {
			if _, err := s.lockSchedule(ctx, tx, *change.Schedule); core.KindOf(err) == core.NotFound {
				return core.RefuseField("/schedule", "there is no schedule %q", *change.Schedule)
			} else if err != nil {
				return err
			}
		}
		_, err = q.Set("rev = rev + 1").Where("id = ?", id).Returning("*").Exec(ctx)
		if isTaken(err) {
			return core.Refuse(core.Conflict, "there is a queue %q already", *change.Name)
		}
		if err != nil {
			return err
		}
		return s.audit(ctx, tx, by, "queue.changed", id, details)
	})
	if err != nil {
		return nil, wrap(err, "change a queue")
	}
	s.tell([]core.Change{{Queues: []string{id}}})
	return s.Queue(ctx, id)
}

// change sets what is named, and says what that is.
func (r *queueRow) change(tx bun.Tx, c core.QueueChange) (*bun.UpdateQuery, map[string]any, error) {
	q, details := tx.NewUpdate().Model(r), map[string]any{}
	if c.Name != nil {
		q, details["name"] = q.Set("name = ?", *c.Name), *c.Name
	}
	if c.Strategy != nil {
		q, details["strategy"] = q.Set("strategy = ?", *c.Strategy), *c.Strategy
	}
	if c.HoldLimit != nil {
		q, details["hold_limit"] = q.Set("hold_limit = ?", c.HoldLimit.Milliseconds()), c.HoldLimit.Seconds()
	}
	if c.Schedule != nil {
		q, details["schedule"] = q.Set("schedule_id = ?", *c.Schedule), *c.Schedule
	}
	if c.Rules == nil {
		return q, details, nil
	}
	rules, err := c.Rules(r.rules())
	if err != nil {
		return nil, nil, err
	}
	encoded, err := json.Marshal(rules)
	details["rules"] = rules
	return q.Set("rules = ?", string(encoded)), details, err
}
