package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"baton/core"
)

// Backup writes a copy of the database, as it is at one moment, to a new file while everything goes on. The file
// is there whole or not at all. An existing file is a Conflict; PostgreSQL has pg_dump for this, and says so.
func (s *Store) Backup(ctx context.Context, path string) error {
	if s.dsn.postgres {
		return core.Refuse(core.Invalid, "baton backup copies SQLite; for PostgreSQL use pg_dump, for example: "+
			"pg_dump --format=custom --file=%s DSN", path)
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return core.Refuse(core.Conflict, "%s is there already; name a new file", path)
	}
	dir, err := os.MkdirTemp(filepath.Dir(path), ".baton-backup-")
	if err != nil {
		return fmt.Errorf("make room for the backup: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	copied := filepath.Join(dir, "copy")
	// A connection that may not write cannot do this, so the copy has one of its own; in memory there is but one.
	db := s.write
	if !s.dsn.memory {
		if db, err = openPool(s.dsn.path, "_pragma=busy_timeout(5000)", 1); err != nil {
			return err
		}
		defer db.Close()
	}
	if _, err := db.ExecContext(ctx, "VACUUM INTO ?", copied); err != nil {
		return fmt.Errorf("copy the database: %w", err)
	}
	if err := persist(copied); err != nil {
		return fmt.Errorf("write the backup to the disk: %w", err)
	}
	if err := os.Link(copied, path); err != nil {
		return fmt.Errorf("put the backup in its place: %w", err)
	}
	return nil
}

// persist waits until a file is on the disk.
func persist(path string) error {
	if err := os.Chmod(path, 0o600); err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
