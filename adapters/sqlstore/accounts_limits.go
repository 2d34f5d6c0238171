package sqlstore

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"baton/core/access"
)

// AddTicket keeps a ticket by its hash.
func (s *Store) AddTicket(ctx context.Context, hash, credential string, expires time.Time) error {
	_, err := s.write.NewRaw("INSERT INTO tickets (hash, credential, expires_at) VALUES (?, ?, ?)", hash, credential, expires.UnixMilli()).Exec(ctx)
	return wrap(err, "keep a ticket")
}

// TakeTicket gives the ticket's credential to one caller; NotFound to all others and after its time.
func (s *Store) TakeTicket(ctx context.Context, hash string, now time.Time) (string, error) {
	var credential string
	err := s.write.NewRaw("DELETE FROM tickets WHERE hash = ? AND expires_at > ? RETURNING credential", hash, now.UnixMilli()).Scan(ctx, &credential)
	return credential, found(err, "take a ticket")
}

// Failures gives the counts of failed attempts that there are of these subjects.
func (s *Store) Failures(ctx context.Context, subjects ...string) (map[string]access.Failure, error) {
	subjects = slices.DeleteFunc(slices.Clone(subjects), func(subject string) bool { return subject == "" })
	counts := make(map[string]access.Failure, len(subjects))
	if len(subjects) == 0 {
		return counts, nil
	}
	var rows []struct {
		Subject         string
		Failures        int
		FirstAt, LastAt int64
	}
	if err := s.read.NewRaw("SELECT subject, failures, first_at, last_at FROM login_failures WHERE subject IN (?)", bun.List(subjects)).Scan(ctx, &rows); err != nil {
		return nil, wrap(err, "read failed attempts")
	}
	for _, r := range rows {
		counts[r.Subject] = access.Failure{Count: r.Failures, FirstAt: timeAt(r.FirstAt), LastAt: timeAt(r.LastAt)}
	}
	return counts, nil
}

// Fail counts one more failed attempt; a count that began before since starts again at one.
func (s *Store) Fail(ctx context.Context, subject string, at, since time.Time) error {
	_, err := s.write.NewRaw(`INSERT INTO login_failures AS f (subject, failures, first_at, last_at) VALUES (?0, 1, ?1, ?1)
		ON CONFLICT (subject) DO UPDATE SET last_at = excluded.last_at,
			failures = CASE WHEN f.first_at < ?2 THEN 1 ELSE f.failures + 1 END,
			first_at = CASE WHEN f.first_at < ?2 THEN excluded.first_at ELSE f.first_at END`,
		subject, at.UnixMilli(), since.UnixMilli()).Exec(ctx)
	return wrap(err, "count a failed attempt")
}

// Forgive forgets the count of a subject.
func (s *Store) Forgive(ctx context.Context, subject string) error {
	_, err := s.write.NewRaw("DELETE FROM login_failures WHERE subject = ?", subject).Exec(ctx)
	return wrap(err, "forget failed attempts")
}

// Sweep removes what has expired.
func (s *Store) Sweep(ctx context.Context, e access.Expired) error {
	var errs []error
	for _, row := range []struct {
		query  string
		before time.Time
	}{
		{"DELETE FROM logins WHERE created_at < ?", e.LoginsBegun},
		{"DELETE FROM logins WHERE used_at < ?", e.LoginsUsed},
		{"DELETE FROM visitor_tokens WHERE used_at < ?", e.VisitorsUsed},
		{"DELETE FROM tickets WHERE expires_at < ?", e.Tickets},
		{"DELETE FROM invites WHERE expires_at < ?", e.Links},
		{"DELETE FROM resets WHERE expires_at < ?", e.Links},
		{"DELETE FROM login_failures WHERE last_at < ?", e.Failures},
		{"DELETE FROM revocations WHERE at < ?", time.Now().Add(-revocationsKept)},
	} {
		_, err := s.write.NewRaw(row.query, row.before.UnixMilli()).Exec(ctx)
		errs = append(errs, wrap(err, "remove what has expired"))
	}
	return errors.Join(errs...)
}
