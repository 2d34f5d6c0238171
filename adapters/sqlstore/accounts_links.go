package sqlstore

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"baton/core"
	"baton/core/access"
)

// inviteRow is an open invitation as it is kept.
type inviteRow struct {
	bun.BaseModel `bun:"table:invites,alias:i"`

	ID        string `bun:"id,pk"`
	Hash      string `bun:"hash"`
	Email     string `bun:"email"`
	Name      string `bun:"name"`
	Role      string `bun:"role"`
	Queues    string `bun:"queues"`
	ByID      string `bun:"by_id"`
	ByName    string `bun:"by_name"`
	CreatedAt int64  `bun:"created_at"`
	ExpiresAt int64  `bun:"expires_at"`
}

func (r *inviteRow) invite() access.Invite {
	return access.Invite{
		ID: r.ID, Email: r.Email, Name: r.Name, Role: core.Role(r.Role), Queues: splitList(r.Queues),
		By: core.Ref{ID: r.ByID, Name: r.ByName}, CreatedAt: timeAt(r.CreatedAt), ExpiresAt: timeAt(r.ExpiresAt),
	}
}

// AddInvite keeps an invitation in place of the one that the address may have.
func (s *Store) AddInvite(ctx context.Context, by core.Actor, hash string, i access.Invite) error {
	row := &inviteRow{
		ID: i.ID, Hash: hash, Email: i.Email, Name: i.Name, Role: string(i.Role), Queues: joinList(i.Queues),
		ByID: i.By.ID, ByName: i.By.Name, CreatedAt: i.CreatedAt.UnixMilli(), ExpiresAt: i.ExpiresAt.UnixMilli(),
	}
	err := s.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		known, err := tx.NewSelect().Model((*agentRow)(nil)).Where("email = ?", i.Email).Exists(ctx)
		if err != nil {
			return err
		}
		if known {
			return core.Refuse(core.Conflict, "there is a user with the e-mail address %s already", i.Email)
		}
		insert := tx.NewInsert().Model(row).On("CONFLICT (email) DO UPDATE")
		for _, column := range []string{"id", "hash", "name", "role", "queues", "by_id", "by_name", "created_at", "expires_at"} {
			insert = insert.Set("? = excluded.?", bun.Ident(column), bun.Ident(column))
		}
		if _, err := insert.Exec(ctx); err != nil {
			return err
		}
		return s.audit(ctx, tx, by, "invite.made", i.ID, map[string]any{"email": i.Email, "role": i.Role})
	})
	return wrap(err, "keep an invitation")
}

// Invites gives the invitations that are open now.
func (s *Store) Invites(ctx context.Context, now time.Time) ([]access.Invite, error) {
	var rows []inviteRow
	if err := s.read.NewSelect().Model(&rows).Where("expires_at > ?", now.UnixMilli()).Order("id").Scan(ctx); err != nil {
		return nil, wrap(err, "read the invitations")
	}
	invites := make([]access.Invite, len(rows))
	for i := range rows {
		invites[i] = rows[i].invite()
	}
	return invites, nil
}

// RemoveInvite takes an invitation back.
func (s *Store) RemoveInvite(ctx context.Context, by core.Actor, id string, allow func(access.Invite) error) error {
	err := s.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		row := new(inviteRow)
		if err := tx.NewRaw("DELETE FROM invites WHERE id = ? RETURNING *", id).Scan(ctx, row); err != nil {
			return found(err, "take an invitation back")
		}
		if err := allow(row.invite()); err != nil {
			return err
		}
		return s.audit(ctx, tx, by, "invite.revoked", id, map[string]any{"email": row.Email})
	})
	return wrap(err, "take an invitation back")
}

// InviteByHash gives the invitation of a code, if it is open now.
func (s *Store) InviteByHash(ctx context.Context, hash string, now time.Time) (access.Invite, error) {
	row := new(inviteRow)
	if err := s.read.NewSelect().Model(row).Where("hash = ?", hash).Where("expires_at > ?", now.UnixMilli()).Scan(ctx); err != nil {
		return access.Invite{}, found(err, "look for an invitation")
	}
	return row.invite(), nil
}

// AcceptInvite uses an invitation up and makes its user. Of many who try at once one deletes the row.
func (s *Store) AcceptInvite(ctx context.Context, hash string, user access.NewUser, login access.NewLogin) (*core.Agent, error) {
	var agent *core.Agent
	err := s.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		result, err := tx.NewRaw("DELETE FROM invites WHERE hash = ? AND expires_at > ?", hash, login.At.UnixMilli()).Exec(ctx)
		if err := changedOne(result, err, "use an invitation up"); err != nil {
			return err
		}
		row, err := s.enrol(ctx, tx, user, login)
		if err != nil {
			return err
		}
		if agent, err = row.agent(); err != nil {
			return err
		}
		return s.audit(ctx, tx, access.ActorOf(agent, login.ID), "invite.accepted", agent.ID, map[string]any{"role": user.Role})
	})
	if err != nil {
		return nil, wrap(err, "accept an invitation")
	}
	s.tell([]core.Change{{Agents: []string{agent.ID}}})
	return agent, nil
}

// AddReset keeps a link to a new password in place of the one that the user may have.
func (s *Store) AddReset(ctx context.Context, by core.Actor, r access.NewReset, allow func(core.Agent) error) error {
	err := s.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		row, _, err := s.lockUser(ctx, tx, r.Agent)
		if err != nil {
			return err
		}
		user, err := row.agent()
		if err != nil {
			return err
		}
		if err := allow(*user); err != nil {
			return err
		}
		_, err = tx.NewRaw("INSERT INTO resets (agent_id, hash, by_id, expires_at) VALUES (?, ?, ?, ?)"+
			" ON CONFLICT (agent_id) DO UPDATE SET hash = excluded.hash, by_id = excluded.by_id, expires_at = excluded.expires_at",
			r.Agent, r.Hash, by.ID, r.ExpiresAt.UnixMilli()).Exec(ctx)
		if err != nil {
			return err
		}
		return s.audit(ctx, tx, by, "reset.made", r.Agent, nil)
	})
	return wrap(err, "keep a link to a new password")
}

// ResetByHash gives the user whose link to a new password this is, if it is open now.
func (s *Store) ResetByHash(ctx context.Context, hash string, now time.Time) (*core.Agent, time.Time, error) {
	var row struct {
		AgentID   string
		ExpiresAt int64
	}
	err := s.read.NewRaw("SELECT agent_id, expires_at FROM resets WHERE hash = ? AND expires_at > ?", hash, now.UnixMilli()).Scan(ctx, &row)
	if err != nil {
		return nil, time.Time{}, found(err, "look for a link to a new password")
	}
	user, err := s.Agent(ctx, row.AgentID)
	return user, timeAt(row.ExpiresAt), err
}

// UseReset uses a link up and gives its user a new password and a login. Of many who try at once one deletes the row.
func (s *Store) UseReset(ctx context.Context, codeHash, passwordHash string, login access.NewLogin) (*core.Agent, error) {
	var row *agentRow
	err := s.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		result, err := tx.NewRaw("DELETE FROM resets WHERE hash = ? AND agent_id = ? AND expires_at > ?", codeHash, login.Agent, login.At.UnixMilli()).Exec(ctx)
		if err := changedOne(result, err, "use a link to a new password up"); err != nil {
			return err
		}
		if row, err = s.setPassword(ctx, tx, passwordHash, login); err != nil {
			return err
		}
		return s.audit(ctx, tx, core.Actor{Role: core.Role(row.Role), ID: row.ID}, "reset.used", row.ID, nil)
	})
	if err != nil {
		return nil, wrap(err, "set a new password")
	}
	s.revoke(retired(login))
	return row.agent()
}

// endLinksBy ends the invitations and links that somebody made while he had another role.
func endLinksBy(ctx context.Context, tx bun.Tx, agent string) error {
	for _, table := range []string{"invites", "resets"} {
		if _, err := tx.NewRaw("DELETE FROM ? WHERE by_id = ?", bun.Ident(table), agent).Exec(ctx); err != nil {
			return wrap(err, "end the links of a user")
		}
	}
	return nil
}
