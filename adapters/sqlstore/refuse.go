package sqlstore

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/uptrace/bun/driver/pgdriver"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"baton/core"
)

// wrap says what we were doing when an error came; nil stays nil, and a refusal speaks for itself.
func wrap(err error, doing string) error {
	var refusal *core.Error
	if err == nil || errors.As(err, &refusal) {
		return err
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// isTaken says whether a row was refused because another one has its name.
func isTaken(err error) bool {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return lite.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || lite.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
	}
	var pg pgdriver.Error
	return errors.As(err, &pg) && pg.Field('C') == "23505"
}

// takenUnlessOne makes an insert that did nothing a Conflict.
func takenUnlessOne(result sql.Result, err error, format string, args ...any) error {
	if err != nil {
		return err
	}
	n, err := result.RowsAffected()
	if err == nil && n == 0 {
		return core.Refuse(core.Conflict, format, args...)
	}
	return err
}
