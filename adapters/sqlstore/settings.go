package sqlstore

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"

	"github.com/uptrace/bun"

	"baton/core"
)

// secretBytes is the size of the keys that sign cursors and links.
const secretBytes = 32

// Secret gives the signing key of this name, the same on every node and for ever. It is made at first use.
func (s *Store) Secret(ctx context.Context, name string) ([]byte, error) {
	if known, ok := s.secrets.Load(name); ok {
		return known.([]byte), nil
	}
	value, err := s.readSecret(ctx, name)
	if errors.Is(err, sql.ErrNoRows) {
		fresh := make([]byte, secretBytes)
		if _, err := rand.Read(fresh); err != nil {
			return nil, wrap(err, "make a secret")
		}
		if _, err := s.write.NewRaw("INSERT INTO secrets (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING", name, fresh).Exec(ctx); err != nil {
			return nil, wrap(err, "keep a secret")
		}
		// Another node may have been quicker: what is kept counts.
		value, err = s.readSecret(ctx, name)
	}
	if err != nil {
		return nil, wrap(err, "read a secret")
	}
	s.secrets.Store(name, value)
	return value, nil
}

func (s *Store) readSecret(ctx context.Context, name string) (value []byte, err error) {
	err = s.read.NewRaw("SELECT value FROM secrets WHERE name = ?", name).Scan(ctx, &value)
	return value, err
}

// Setting reads one setting into value and says whether it was ever written.
func (s *Store) Setting(ctx context.Context, key string, value any) (known bool, err error) {
	var data string
	err = s.read.NewRaw("SELECT value FROM settings WHERE key = ?", key).Scan(ctx, &data)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(data), value)
	}
	return err == nil, wrap(err, "read the setting "+key)
}

// SaveSetting writes one setting.
func (s *Store) SaveSetting(ctx context.Context, by core.Actor, key string, value any) error {
	return s.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if err := saveSetting(ctx, tx, key, value); err != nil {
			return err
		}
		return s.audit(ctx, tx, by, "setting.changed", key, map[string]any{"value": value})
	})
}
