package sqlstore

import (
	"net/url"
	"strings"

	"baton/core"
)

// dsn is where the data is, taken apart.
type dsn struct {
	postgres bool
	memory   bool
	path     string // of the SQLite file
	url      string // of the PostgreSQL database
}

func parseDSN(text string) (dsn, error) {
	if path, ok := strings.CutPrefix(text, "sqlite:"); ok && path != "" {
		return dsn{path: path, memory: path == ":memory:"}, nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		// The text may hold a password, so it is not repeated.
		return dsn{}, core.RefuseField("/database/dsn",
			"database.dsn is sqlite:PATH, sqlite::memory: or postgres://USER:PASSWORD@HOST:PORT/DATABASE")
	}
	return dsn{postgres: true, url: text}, nil
}

// String names the database for people, without its password.
func (d dsn) String() string {
	if !d.postgres {
		return "sqlite:" + d.path
	}
	u, err := url.Parse(d.url)
	if err != nil {
		return "postgres"
	}
	u.RawQuery = ""
	return u.Redacted()
}

// dialect holds what SQLite and PostgreSQL say differently.
type dialect struct{ postgres bool }

// nowMillis is the database's own clock in milliseconds.
func (d dialect) nowMillis() string {
	if d.postgres {
		return "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"
	}
	return "CAST(unixepoch('subsec') * 1000 AS INTEGER)"
}

// forUpdate makes a SELECT hold its rows until the transaction ends. SQLite has one writer anyway.
func (d dialect) forUpdate() string {
	if d.postgres {
		return " FOR UPDATE"
	}
	return ""
}
