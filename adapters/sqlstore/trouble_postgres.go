package sqlstore

import (
	"errors"
	"fmt"
	"strings"

	"github.com/uptrace/bun/driver/pgdriver"
)

// SQLSTATEs that the committer tells apart.
const (
	divisionByZero  = "22012"
	uniqueViolation = "23505"
	diskFull        = "53100"
)

func pgCode(err error) string {
	var refused pgdriver.Error
	if errors.As(err, &refused) {
		return refused.Field('C')
	}
	return ""
}

// pgConstraint names the constraint that a row broke.
func pgConstraint(err error) string {
	var refused pgdriver.Error
	if errors.As(err, &refused) {
		return refused.Field('n')
	}
	return ""
}

// pgTrouble says what an error of PostgreSQL means for the batch. Committing says that it came while the batch
// may have been written already.
func pgTrouble(err error, committing bool) error {
	var stale *errStale
	var missed *errCondition
	if err == nil || errors.As(err, &stale) || errors.As(err, &missed) || errors.Is(err, errRetry) {
		return err
	}
	code := pgCode(err)
	switch {
	case code == "" && committing:
		return fmt.Errorf("%w: %w", errUnknown, err)
	case code == "":
		return fmt.Errorf("%w: %w", errRetry, err)
	case code == uniqueViolation && strings.HasPrefix(pgConstraint(err), "sessions_one_open"):
		return fmt.Errorf("%w: %w", errTaken, err)
	case strings.HasPrefix(code, "22"), strings.HasPrefix(code, "23"), strings.HasPrefix(code, "54"):
		return fmt.Errorf("%w: %w", errBadData, err)
	case code == diskFull:
		return fmt.Errorf("%w: %w", errFull, err)
	}
	// Deadlocks, serialisation failures, lock timeouts, shutdowns: the transaction is gone, whole.
	return fmt.Errorf("%w: %w", errRetry, err)
}
