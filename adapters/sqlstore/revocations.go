package sqlstore

import (
	"context"
	"sync"
	"time"

	"github.com/uptrace/bun"

	"baton/core"
)

const (
	// revocationsEvery leaves room within the second in which all nodes must know.
	revocationsEvery = 500 * time.Millisecond
	// revocationsOverlap is read again each time, since rows become visible later than they are dated.
	revocationsOverlap = time.Minute
	// revocationsKept is how long a node may be cut off from the database and still learn all that was revoked.
	revocationsKept = 24 * time.Hour
)

// revocations is what was revoked lately, as this node knows it.
type revocations struct {
	mu       sync.RWMutex // guards what follows
	subjects map[string]revocation
	seen     map[string]time.Time // ids of rows that were heard of, so that followers are told once
}

// revocation ends one credential, or all credentials of a person that are older than a generation.
type revocation struct {
	subject    string
	generation int64 // 0: the subject is a credential
	at         time.Time
}

// Revoked says, from memory, whether what the actor came by was revoked since.
func (s *Store) Revoked(actor core.Actor) bool { return s.revoked(actor) }

func (s *Store) revoked(actor core.Actor) bool {
	s.revokes.mu.RLock()
	defer s.revokes.mu.RUnlock()
	if len(s.revokes.subjects) == 0 {
		return false
	}
	if _, ended := s.revokes.subjects[actor.Credential]; ended && actor.Credential != "" {
		return true
	}
	person, ok := s.revokes.subjects[actor.ID]
	return ok && actor.ID != "" && actor.Generation < person.generation
}

// insertRevocation writes what a transaction revokes, so that the other nodes learn of it.
func (s *Store) insertRevocation(ctx context.Context, tx bun.IDB, r revocation) error {
	_, err := tx.NewRaw("INSERT INTO revocations (id, subject, generation, at) VALUES (?, ?, ?, "+s.dialect.nowMillis()+")",
		core.NewUnguessableID("rev_"), r.subject, r.generation).Exec(ctx)
	return wrap(err, "write what was revoked")
}

// revoke makes this node obey revocations that are committed, and tells the followers.
func (s *Store) revoke(all ...revocation) {
	if len(all) == 0 {
		return
	}
	change := core.Change{}
	s.revokes.mu.Lock()
	if s.revokes.subjects == nil {
		s.revokes.subjects, s.revokes.seen = map[string]revocation{}, map[string]time.Time{}
	}
	for _, r := range all {
		if known, ok := s.revokes.subjects[r.subject]; !ok || known.generation < r.generation {
			s.revokes.subjects[r.subject] = r
		}
		change.Revoked = append(change.Revoked, r.subject)
		if r.generation > 0 {
			change.Agents = append(change.Agents, r.subject)
		}
	}
	s.revokes.mu.Unlock()
	s.passTurn()
	s.tell([]core.Change{change})
}

// passTurn waits until the batch under way has been settled: what is decided after it knows what was revoked.
func (s *Store) passTurn() {
	select {
	case <-s.engine.ready:
		s.engine.committer.turn.Lock()
		s.engine.committer.turn.Unlock() //nolint:staticcheck // having had the turn is all that is wanted
	default:
	}
}

// watchRevocations learns what other nodes and commands revoked, until ctx ends. After trouble with the database
// it reaches back as far as the last look that went well.
func (s *Store) watchRevocations(ctx context.Context) {
	last := time.Now()
	s.every(ctx, revocationsEvery, func(ctx context.Context) error {
		begun := time.Now()
		err := s.readRevocations(ctx, begun.Sub(last)+revocationsOverlap)
		if err == nil {
			last = begun
		}
		return err
	})
}

// readRevocations takes over what was revoked during this time, by the database's clock.
func (s *Store) readRevocations(ctx context.Context, back time.Duration) error {
	var rows []struct {
		ID         string
		Subject    string
		Generation int64
	}
	err := s.read.NewRaw("SELECT id, subject, generation FROM revocations WHERE at > "+s.dialect.nowMillis()+" - ?", back.Milliseconds()).Scan(ctx, &rows)
	if err != nil {
		return wrap(err, "read what was revoked")
	}
	now := time.Now()
	var fresh []revocation
	s.revokes.mu.Lock()
	if s.revokes.seen == nil {
		s.revokes.subjects, s.revokes.seen = map[string]revocation{}, map[string]time.Time{}
	}
	for _, row := range rows {
		if _, ok := s.revokes.seen[row.ID]; ok {
			continue
		}
		s.revokes.seen[row.ID] = now
		if known, ok := s.revokes.subjects[row.Subject]; !ok || known.generation < row.Generation {
			fresh = append(fresh, revocation{subject: row.Subject, generation: row.Generation, at: now})
		}
	}
	s.revokes.forget(now.Add(-revocationsKept))
	s.revokes.mu.Unlock()
	s.revoke(fresh...)
	return nil
}

// forget drops what is so old that nobody can still hold it. The caller has the lock.
func (r *revocations) forget(before time.Time) {
	for subject, known := range r.subjects {
		if known.at.Before(before) {
			delete(r.subjects, subject)
		}
	}
	for id, at := range r.seen {
		if at.Before(before) {
			delete(r.seen, id)
		}
	}
}
