package sqlstore

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"baton/core"
	"baton/core/access"
)

var _ access.Store = (*Store)(nil)

// HasUsers says whether anybody can sign in or could.
func (s *Store) HasUsers(ctx context.Context) (bool, error) {
	known, err := s.read.NewSelect().Model((*agentRow)(nil)).Limit(1).Exists(ctx)
	return known, wrap(err, "look for users")
}

// KeepSetUpCode adds a code by its hash and forgets those that were made before keepAfter.
func (s *Store) KeepSetUpCode(ctx context.Context, hash string, at, keepAfter time.Time) error {
	err := s.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.NewRaw("DELETE FROM setup_codes WHERE created_at < ?", keepAfter.UnixMilli()).Exec(ctx); err != nil {
			return err
		}
		_, err := tx.NewRaw("INSERT INTO setup_codes (hash, created_at) VALUES (?, ?)", hash, at.UnixMilli()).Exec(ctx)
		return err
	})
	return wrap(err, "keep the set-up code")
}

// SetUp makes the first user and his login, keeps whose desk this is, and forgets all codes.
func (s *Store) SetUp(ctx context.Context, codeHash string, account core.Account, user access.NewUser, login access.NewLogin) (*core.Agent, error) {
	var agent *core.Agent
	err := s.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if err := s.takeSetUpCode(ctx, tx, codeHash); err != nil {
			return err
		}
		row, err := s.enrol(ctx, tx, user, login)
		if err != nil {
			return err
		}
		if err := saveAccount(ctx, tx, account); err != nil {
			return err
		}
		if err := s.placeDefault(ctx, tx, account.TimeZone); err != nil {
			return err
		}
		if agent, err = row.agent(); err != nil {
			return err
		}
		return s.audit(ctx, tx, access.ActorOf(agent, login.ID), "setup", agent.ID, nil)
	})
	if err != nil {
		return nil, wrap(err, "set up")
	}
	s.tell([]core.Change{{Agents: []string{agent.ID}}})
	return agent, nil
}

// takeSetUpCode uses up all codes if this is one of them and there is no user. The rows are locked first, so of
// two who come with different codes only one finds his.
func (s *Store) takeSetUpCode(ctx context.Context, tx bun.Tx, hash string) error {
	var kept []string
	if err := tx.NewRaw("SELECT hash FROM setup_codes ORDER BY hash"+s.dialect.forUpdate()).Scan(ctx, &kept); err != nil {
		return err
	}
	users, err := tx.NewSelect().Model((*agentRow)(nil)).Exists(ctx)
	if err != nil {
		return err
	}
	if users || !slices.Contains(kept, hash) {
		return core.Refuse(core.Unauthorized, "this set-up code is not good")
	}
	_, err = tx.NewRaw("DELETE FROM setup_codes").Exec(ctx)
	return err
}

// AddUser makes a user in his queues; a taken e-mail address is a Conflict.
func (s *Store) AddUser(ctx context.Context, by core.Actor, user access.NewUser) (*core.Agent, error) {
	var row *agentRow
	err := s.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) (err error) {
		if row, err = s.insertAgent(ctx, tx, user, time.Time{}); err != nil {
			return err
		}
		return s.audit(ctx, tx, by, "user.added", user.ID, map[string]any{"role": user.Role})
	})
	if err != nil {
		return nil, wrap(err, "add a user")
	}
	s.tell([]core.Change{{Agents: []string{user.ID}}})
	return row.agent()
}

// enrol makes a user and signs him in.
func (s *Store) enrol(ctx context.Context, tx bun.Tx, user access.NewUser, login access.NewLogin) (*agentRow, error) {
	row, err := s.insertAgent(ctx, tx, user, login.At)
	if err != nil {
		return nil, err
	}
	return row, s.insertLogin(ctx, tx, login)
}

func (s *Store) insertAgent(ctx context.Context, tx bun.Tx, user access.NewUser, seen time.Time) (*agentRow, error) {
	queues := user.Queues
	if len(queues) == 0 {
		general := new(queueRow)
		if err := tx.NewSelect().Model(general).Where("name = ?", General).Scan(ctx); err != nil {
			return nil, wrap(err, "find the queue general")
		}
		queues = []string{general.ID}
	}
	row := &agentRow{
		ID: user.ID, Email: user.Email, Name: user.Name, Role: string(user.Role), Status: string(core.Offline),
		Capacity: core.DefaultCapacity, Queues: joinList(queues), Skills: "[]", Languages: "[]", SeenAt: millis(seen), Rev: 1, Generation: 1,
		PasswordHash: user.PasswordHash, CreatedAt: user.At.UnixMilli(), ChangedAt: time.Now().UnixMilli(),
	}
	result, err := tx.NewInsert().Model(row).On("CONFLICT (email) DO NOTHING").Exec(ctx)
	return row, takenUnlessOne(result, err, "there is a user with the e-mail address %s already", user.Email)
}

// ChangeUser asks decide what becomes of the newest picture of a user. The user and all owners are locked, so of
// two owners who step down at once one meets that he is the last.
func (s *Store) ChangeUser(ctx context.Context, by core.Actor, id string, decide func(was core.Agent, owners int) (core.Agent, bool, error)) (*core.Agent, error) {
	var changed *core.Agent
	var ended []revocation
	err := s.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		row, owners, err := s.lockUser(ctx, tx, id)
		if err != nil {
			return err
		}
		was, err := row.agent()
		if err != nil {
			return err
		}
		is, retire, err := decide(*was, owners)
		if err != nil {
			return err
		}
		if retire {
			is.Generation++
			ended = []revocation{{subject: id, generation: is.Generation, at: time.Now()}}
			if err := errors.Join(s.retire(ctx, tx, ended[0]), endLinksBy(ctx, tx, id)); err != nil {
				return err
			}
		}
		changed = &is
		changed.Rev++
		if err := s.updateAgent(ctx, tx, changed); err != nil {
			return err
		}
		return s.audit(ctx, tx, by, "user.changed", id, map[string]any{"role": is.Role, "disabled": is.Disabled, "queues": is.Queues, "capacity": is.Capacity})
	})
	if err != nil {
		return nil, wrap(err, "change a user")
	}
	s.revoke(ended...)
	s.tell([]core.Change{{Agents: []string{id}}})
	return changed, nil
}

// lockUser gives the user, and counts the owners who are not disabled.
func (s *Store) lockUser(ctx context.Context, tx bun.Tx, id string) (row *agentRow, owners int, err error) {
	var rows []agentRow
	query := "SELECT * FROM agents WHERE id = ? OR role = 'owner' ORDER BY id" + s.dialect.forUpdate()
	if err := tx.NewRaw(query, id).Scan(ctx, &rows); err != nil {
		return nil, 0, err
	}
	for i := range rows {
		if rows[i].Role == string(core.Owner) && !rows[i].Disabled {
			owners++
		}
		if rows[i].ID == id {
			row = &rows[i]
		}
	}
	if row == nil {
		return nil, 0, core.Missing()
	}
	return row, owners, nil
}

// updateAgent writes all of a user that is not the committer's.
func (s *Store) updateAgent(ctx context.Context, tx bun.Tx, a *core.Agent) error {
	if len(a.Queues) > 0 {
		known, err := tx.NewSelect().Model((*queueRow)(nil)).Where("id IN (?)", bun.List(a.Queues)).Count(ctx)
		if err != nil {
			return err
		}
		if int(known) != len(a.Queues) {
			return core.RefuseField("/queues", "one of these queues is not there; name them by id")
		}
	}
	skills, err := words(a.Skills)
	if err != nil {
		return err
	}
	languages, err := words(a.Languages)
	if err != nil {
		return err
	}
	row := &agentRow{
		ID: a.ID, Name: a.Name, Role: string(a.Role), Status: string(a.Status), Capacity: a.Capacity, Queues: joinList(a.Queues), Skills: skills,
		Languages: languages, Disabled: a.Disabled, Rev: a.Rev, Generation: a.Generation, ChangedAt: time.Now().UnixMilli(),
	}
	_, err = tx.NewUpdate().Model(row).WherePK().
		Column("name", "role", "status", "capacity", "queues", "skills", "languages", "disabled", "rev", "generation", "changed_at").Exec(ctx)
	return err
}

// retire ends all logins of a user, on all nodes, and the link to a new password that somebody may have made for him.
func (s *Store) retire(ctx context.Context, tx bun.Tx, r revocation) error {
	for _, table := range []string{"logins", "resets"} {
		if _, err := tx.NewRaw("DELETE FROM ? WHERE agent_id = ?", bun.Ident(table), r.subject).Exec(ctx); err != nil {
			return err
		}
	}
	return s.insertRevocation(ctx, tx, r)
}

// ChangePassword keeps the new hash, stops all credentials of the user and makes a new login.
func (s *Store) ChangePassword(ctx context.Context, by core.Actor, hash string, login access.NewLogin) (*core.Agent, error) {
	var row *agentRow
	err := s.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) (err error) {
		row, err = s.setPassword(ctx, tx, hash, login)
		if core.KindOf(err) == core.NotFound {
			return core.Refuse(core.Unauthorized, "you are not signed in, or no longer")
		}
		if err != nil {
			return err
		}
		return s.audit(ctx, tx, by, "user.password_changed", by.ID, nil)
	})
	if err != nil {
		return nil, wrap(err, "change a password")
	}
	s.revoke(retired(login))
	return row.agent()
}

// setPassword keeps the new hash of a user whose generation is the one before the login's, ends his credentials and
// makes the login. It is NotFound when the user is another by now.
func (s *Store) setPassword(ctx context.Context, tx bun.Tx, hash string, login access.NewLogin) (*agentRow, error) {
	row := new(agentRow)
	result, err := tx.NewUpdate().Model(row).Set("password_hash = ?", hash).Set("generation = ?", login.Generation).
		Set("rev = rev + 1").Set("changed_at = ?", time.Now().UnixMilli()).
		Where("id = ?", login.Agent).Where("generation = ?", login.Generation-1).Where("NOT disabled").Returning("*").Exec(ctx)
	if err := changedOne(result, err, "write the password"); err != nil {
		return nil, err
	}
	if err := s.retire(ctx, tx, retired(login)); err != nil {
		return nil, err
	}
	return row, s.insertLogin(ctx, tx, login)
}

// retired ends whatever is older than a login of a new generation.
func retired(login access.NewLogin) revocation {
	return revocation{subject: login.Agent, generation: login.Generation, at: time.Now()}
}

// UserByEmail is NotFound when there is no such user; a disabled one is found.
func (s *Store) UserByEmail(ctx context.Context, email string) (*core.Agent, string, error) {
	row := new(agentRow)
	if err := s.read.NewSelect().Model(row).Where("email = ?", email).Scan(ctx); err != nil {
		return nil, "", found(err, "read a user")
	}
	agent, err := row.agent()
	return agent, row.PasswordHash, err
}

// PasswordHash gives the hash of a user's password.
func (s *Store) PasswordHash(ctx context.Context, id string) (string, error) {
	var hash string
	err := s.read.NewSelect().Model((*agentRow)(nil)).Column("password_hash").Where("id = ?", id).Scan(ctx, &hash)
	return hash, found(err, "read a password")
}
