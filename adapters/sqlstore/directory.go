package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"baton/core"
)

// silence is how long an agent who is there is never silent: signs of life are written more often.
const silence = 45 * time.Second

// agentRow is an agent as it is kept. Active, load, missed and last_assigned are the committer's to write.
type agentRow struct {
	bun.BaseModel `bun:"table:agents,alias:a"`

	ID           string `bun:"id,pk"`
	Email        string `bun:"email"`
	Name         string `bun:"name"`
	Role         string `bun:"role"`
	Status       string `bun:"status"`
	StatusSince  int64  `bun:"status_since"`
	Capacity     int    `bun:"capacity"`
	Active       int    `bun:"active"`
	Load         int    `bun:"load"`
	Queues       string `bun:"queues"`
	Skills       string `bun:"skills"`
	Languages    string `bun:"languages"`
	Disabled     bool   `bun:"disabled"`
	Missed       int    `bun:"missed"`
	SeenAt       int64  `bun:"seen_at"`
	LastAssigned int64  `bun:"last_assigned"`
	Rev          int64  `bun:"rev"`
	Generation   int64  `bun:"generation"`
	PasswordHash string `bun:"password_hash"`
	CreatedAt    int64  `bun:"created_at"`
	ChangedAt    int64  `bun:"changed_at"`
}

func (r *agentRow) agent() (*core.Agent, error) {
	a := &core.Agent{
		ID: r.ID, Email: r.Email, Name: r.Name, Role: core.Role(r.Role), Status: core.AgentStatus(r.Status), StatusSince: timeAt(r.StatusSince), Capacity: r.Capacity,
		Active: r.Active, Load: r.Load, Queues: splitList(r.Queues), Disabled: r.Disabled, Missed: r.Missed,
		SeenAt: timeAt(r.SeenAt), LastAssigned: timeAt(r.LastAssigned), Rev: r.Rev, Generation: r.Generation,
	}
	err := errors.Join(json.Unmarshal([]byte(r.Skills), &a.Skills), json.Unmarshal([]byte(r.Languages), &a.Languages))
	return a, wrap(err, "read the skills of "+r.ID)
}

// splitList reads what joinList wrote.
func splitList(text string) []string {
	return slices.DeleteFunc(strings.Split(text, "|"), func(part string) bool { return part == "" })
}

// words writes a list of words as JSON.
func words(list []string) (string, error) {
	if list == nil {
		list = []string{}
	}
	data, err := json.Marshal(list)
	return string(data), err
}

// found makes a missing row what callers see of it.
func found(err error, doing string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return core.Missing()
	}
	return wrap(err, doing)
}

// Agent gives a user; disabled ones too.
func (s *Store) Agent(ctx context.Context, id string) (*core.Agent, error) {
	row := new(agentRow)
	if err := s.read.NewSelect().Model(row).Where("id = ?", id).Scan(ctx); err != nil {
		return nil, found(err, "read an agent")
	}
	return row.agent()
}

// Agents gives all users in the order in which they were added, disabled ones too.
func (s *Store) Agents(ctx context.Context) ([]*core.Agent, error) {
	var rows []agentRow
	if err := s.read.NewSelect().Model(&rows).Order("id").Scan(ctx); err != nil {
		return nil, wrap(err, "read the agents")
	}
	agents := make([]*core.Agent, 0, len(rows))
	for i := range rows {
		a, err := rows[i].agent()
		if err != nil {
			return nil, err
		}
		agents = append(agents, a)
	}
	return agents, nil
}

// SetStatus changes what an agent says of himself. Saying that he is there is a sign of life, and any status
// ends his row of missed offers. It is NotFound for a user who is not there or disabled.
func (s *Store) SetStatus(ctx context.Context, agent string, change core.AgentChange) (*core.Agent, error) {
	now, row := time.Now().UnixMilli(), new(agentRow)
	q := s.write.NewUpdate().Model(row).Set("rev = rev + 1").Set("changed_at = ?", now)
	if change.Status != nil {
		q = q.Set("status_since = CASE WHEN status = ? THEN status_since ELSE ? END", string(*change.Status), now).Set("status = ?", string(*change.Status)).Set("missed = 0")
		if *change.Status != core.Offline {
			q = q.Set("seen_at = ?", now)
		}
	}
	if change.Capacity != nil {
		q = q.Set("capacity = ?", *change.Capacity)
	}
	if change.Name != nil {
		q = q.Set("name = ?", *change.Name)
	}
	result, err := q.Where("id = ?", agent).Where("NOT disabled").Returning("*").Exec(ctx)
	if err := changedOne(result, err, "change an agent"); err != nil {
		return nil, err
	}
	s.tell([]core.Change{{Agents: []string{agent}}})
	return row.agent()
}

// changedOne makes a change that met no row what callers see of it.
func changedOne(result sql.Result, err error, doing string) error {
	if err != nil {
		return found(err, doing)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return found(errors.Join(err, sql.ErrNoRows), doing)
	}
	return nil
}

// Seen notes that these agents gave a sign of life; a time never goes back. Whoever was silent for long enough to
// count as gone is a change that followers are told of.
func (s *Store) Seen(ctx context.Context, agents []string, at time.Time) error {
	if len(agents) == 0 {
		return nil
	}
	var back []string
	err := s.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		// The rows are taken in the order in which the committer takes them, so the two never block each other.
		err := tx.NewRaw("SELECT id FROM agents WHERE id IN (?) AND seen_at < ? AND NOT disabled ORDER BY id"+s.dialect.forUpdate(),
			bun.List(agents), at.Add(-silence).UnixMilli()).Scan(ctx, &back)
		if err != nil {
			return err
		}
		if len(back) > 0 {
			if _, err := tx.NewRaw("UPDATE agents SET rev = rev + 1, changed_at = ? WHERE id IN (?)", time.Now().UnixMilli(), bun.List(back)).Exec(ctx); err != nil {
				return err
			}
		}
		_, err = tx.NewRaw("UPDATE agents SET seen_at = ? WHERE id IN (SELECT id FROM agents WHERE id IN (?) AND seen_at < ? ORDER BY id"+s.dialect.forUpdate()+")",
			at.UnixMilli(), bun.List(agents), at.UnixMilli()).Exec(ctx)
		return err
	})
	if err != nil {
		return wrap(err, "note signs of life")
	}
	if len(back) > 0 {
		s.tell([]core.Change{{Agents: back}})
	}
	return nil
}
