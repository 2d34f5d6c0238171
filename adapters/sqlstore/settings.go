package sqlstore

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
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
