package sqlstore

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"baton/core"
	"baton/core/access"
)

// credentialRow is a credential with whom it belongs to.
type credentialRow struct {
	ID, OwnerID, Name, Role, Queues, Scopes, Issuer string
	Generation, CreatedAt, UsedAt                   int64
}

// credentialQuery reads a credential together with whom it belongs to. A login that is older than its user's
// generation does not count, nor does a token for a customer whom somebody else vouches for.
func credentialQuery(kind access.Kind) (query, alias string) {
	switch kind {
	case access.LoginKind:
		return "SELECT l.id, a.id AS owner_id, a.name, a.role, a.queues, '' AS scopes, '' AS issuer, a.generation, l.created_at, l.used_at" +
			" FROM logins l JOIN agents a ON a.id = l.agent_id AND a.generation = l.generation AND NOT a.disabled", "l"
	case access.KeyKind:
		return "SELECT k.id, b.id AS owner_id, b.name, 'bot' AS role, '' AS queues, k.scopes, '' AS issuer, 0 AS generation, k.created_at, k.used_at" +
			" FROM bot_keys k JOIN bots b ON b.id = k.bot_id", "k"
	case access.VisitorKind:
		return "SELECT v.id, c.id AS owner_id, c.name, 'customer' AS role, '' AS queues, '' AS scopes, v.issuer, 0 AS generation, v.created_at, v.used_at" +
			" FROM visitor_tokens v JOIN customers c ON c.id = v.customer_id", "v"
	}
	return "", ""
}

// CredentialByHash finds a credential by what was shown.
func (s *Store) CredentialByHash(ctx context.Context, kind access.Kind, hash string) (*access.Credential, error) {
	return s.credential(ctx, kind, "hash", hash)
}

// CredentialByID finds a credential by its id.
func (s *Store) CredentialByID(ctx context.Context, id string) (*access.Credential, error) {
	prefix, _, _ := strings.Cut(id, "_")
	return s.credential(ctx, access.Kind(prefix+"_"), "id", id)
}

func (s *Store) credential(ctx context.Context, kind access.Kind, column, value string) (*access.Credential, error) {
	query, alias := credentialQuery(kind)
	if query == "" {
		return nil, core.Missing()
	}
	var row credentialRow
	if err := s.read.NewRaw(query+" WHERE "+alias+"."+column+" = ?", value).Scan(ctx, &row); err != nil {
		return nil, found(err, "look up a credential")
	}
	return row.credential(kind)
}

func (r *credentialRow) credential(kind access.Kind) (*access.Credential, error) {
	c := &access.Credential{Kind: kind, Issuer: r.Issuer, CreatedAt: timeAt(r.CreatedAt), UsedAt: timeAt(r.UsedAt)}
	if kind == access.LoginKind {
		agent := &core.Agent{ID: r.OwnerID, Name: r.Name, Role: core.Role(r.Role), Queues: splitList(r.Queues), Generation: r.Generation}
		c.Actor = access.ActorOf(agent, r.ID)
		return c, nil
	}
	c.Actor = core.Actor{Role: core.Role(r.Role), ID: r.OwnerID, Name: r.Name, Credential: r.ID}
	if r.Scopes == "" {
		return c, nil
	}
	return c, wrap(json.Unmarshal([]byte(r.Scopes), &c.Actor.Scopes), "read the scopes of a key")
}

// Used notes when a credential was used last.
func (s *Store) Used(ctx context.Context, id string, at time.Time) error {
	table := "visitor_tokens"
	switch {
	case strings.HasPrefix(id, string(access.LoginKind)):
		table = "logins"
	case strings.HasPrefix(id, string(access.KeyKind)):
		table = "bot_keys"
	}
	_, err := s.write.NewRaw("UPDATE ? SET used_at = ? WHERE id = ? AND used_at < ?", bun.Ident(table), at.UnixMilli(), id, at.UnixMilli()).Exec(ctx)
	return wrap(err, "note the use of a credential")
}

// AddLogin makes a login for a user as he was when he was recognised, and notes a sign of life.
func (s *Store) AddLogin(ctx context.Context, login access.NewLogin) (*core.Agent, error) {
	row := new(agentRow)
	err := s.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		result, err := tx.NewUpdate().Model(row).Set("seen_at = CASE WHEN seen_at < ?0 THEN ?0 ELSE seen_at END", login.At.UnixMilli()).
			Where("id = ?", login.Agent).Where("generation = ?", login.Generation).Where("NOT disabled").Returning("*").Exec(ctx)
		if err := changedOne(result, err, "note a sign of life"); err != nil {
			return err
		}
		if err := s.insertLogin(ctx, tx, login); err != nil {
			return err
		}
		return s.audit(ctx, tx, core.Actor{Role: core.Role(row.Role), ID: row.ID}, "login", login.ID, nil)
	})
	if err != nil {
		return nil, wrap(err, "sign in")
	}
	return row.agent()
}

func (s *Store) insertLogin(ctx context.Context, tx bun.IDB, login access.NewLogin) error {
	_, err := tx.NewRaw("INSERT INTO logins (id, hash, agent_id, generation, created_at, used_at) VALUES (?, ?, ?, ?, ?, ?)",
		login.ID, login.Hash, login.Agent, login.Generation, login.At.UnixMilli(), login.At.UnixMilli()).Exec(ctx)
	return wrap(err, "write a login")
}

// RemoveLogin ends the login that the actor came by.
func (s *Store) RemoveLogin(ctx context.Context, by core.Actor) error {
	return s.removeCredential(ctx, by, "logins", by.Credential, "logout")
}

// removeCredential deletes a credential and ends it on all nodes.
func (s *Store) removeCredential(ctx context.Context, by core.Actor, table, id, action string) error {
	ended := revocation{subject: id, at: time.Now()}
	err := s.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		result, err := tx.NewRaw("DELETE FROM ? WHERE id = ?", bun.Ident(table), id).Exec(ctx)
		if err := changedOne(result, err, "remove a credential"); err != nil {
			return err
		}
		if err := s.insertRevocation(ctx, tx, ended); err != nil {
			return err
		}
		return s.audit(ctx, tx, by, action, id, nil)
	})
	if err != nil {
		return wrap(err, action)
	}
	s.revoke(ended)
	return nil
}

// AddKey makes the bot of this name if it is new and gives it the key; it is a Conflict when the bot has two.
func (s *Store) AddKey(ctx context.Context, by core.Actor, botName, hash string, key access.Key) (core.Ref, error) {
	var bot core.Ref
	err := s.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) (err error) {
		if bot, err = s.lockBot(ctx, tx, botName, key.CreatedAt); err != nil {
			return err
		}
		var taken []int
		if err := tx.NewRaw("SELECT place FROM bot_keys WHERE bot_id = ? ORDER BY place", bot.ID).Scan(ctx, &taken); err != nil {
			return err
		}
		if len(taken) >= 2 {
			return core.Refuse(core.Conflict, "the bot %s has two keys already; revoke one of them first", bot.Name)
		}
		place := 1
		if len(taken) == 1 && taken[0] == 1 {
			place = 2
		}
		scopes, err := words(key.Scopes)
		if err != nil {
			return err
		}
		_, err = tx.NewRaw("INSERT INTO bot_keys (id, hash, bot_id, place, scopes, prefix, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
			key.ID, hash, bot.ID, place, scopes, key.Prefix, key.CreatedAt.UnixMilli()).Exec(ctx)
		if err != nil {
			return err
		}
		return s.audit(ctx, tx, by, "key.made", key.ID, map[string]any{"bot": bot.ID, "scopes": key.Scopes})
	})
	return bot, wrap(err, "make a key")
}

// lockBot gives the bot of this name, made if it is new; nobody else gives it a key meanwhile.
func (s *Store) lockBot(ctx context.Context, tx bun.Tx, name string, at time.Time) (core.Ref, error) {
	_, err := tx.NewRaw("INSERT INTO bots (id, name, created_at) VALUES (?, ?, ?) ON CONFLICT (name) DO NOTHING",
		core.NewID(core.BotPrefix), name, at.UnixMilli()).Exec(ctx)
	if err != nil {
		return core.Ref{}, err
	}
	bot := core.Ref{Name: name}
	err = tx.NewRaw("SELECT id FROM bots WHERE name = ?"+s.dialect.forUpdate(), name).Scan(ctx, &bot.ID)
	return bot, err
}

// RemoveKey ends a key.
func (s *Store) RemoveKey(ctx context.Context, by core.Actor, id string) error {
	return s.removeCredential(ctx, by, "bot_keys", id, "key.revoked")
}

// Keys lists the keys of all bots, by the bot's name.
func (s *Store) Keys(ctx context.Context) ([]access.Key, error) {
	var rows []struct {
		ID, BotID, Name, Scopes, Prefix string
		CreatedAt, UsedAt               int64
	}
	err := s.read.NewRaw("SELECT k.id, k.bot_id, b.name, k.scopes, k.prefix, k.created_at, k.used_at FROM bot_keys k JOIN bots b ON b.id = k.bot_id ORDER BY b.name, k.id").Scan(ctx, &rows)
	if err != nil {
		return nil, wrap(err, "read the keys")
	}
	keys := make([]access.Key, 0, len(rows))
	for _, r := range rows {
		key := access.Key{ID: r.ID, Bot: core.Ref{ID: r.BotID, Name: r.Name}, Prefix: r.Prefix, CreatedAt: timeAt(r.CreatedAt), UsedAt: timeAt(r.UsedAt)}
		if err := json.Unmarshal([]byte(r.Scopes), &key.Scopes); err != nil {
			return nil, wrap(err, "read the scopes of a key")
		}
		keys = append(keys, key)
	}
	return keys, nil
}
