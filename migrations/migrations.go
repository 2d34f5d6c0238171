// Package migrations is the shape of the tables, told once for SQLite and once for PostgreSQL. A migration has
// the same number and name in both, and a test of adapters/sqlstore holds their tables, columns and indexes
// equal. A migration that was released is never changed: a new one follows it.
package migrations

import (
	"embed"
	"io/fs"
)

//go:embed sqlite/*.sql postgres/*.sql
var files embed.FS

// SQLite gives the migrations for SQLite.
func SQLite() (fs.FS, error) { return fs.Sub(files, "sqlite") }

// Postgres gives the migrations for PostgreSQL.
func Postgres() (fs.FS, error) { return fs.Sub(files, "postgres") }
