package desk

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"baton/core"
)

// Uploads is what the sweeper asks about files; the store is one.
type Uploads interface {
	// UnpostedAttachments names the files that were uploaded before this time and are in no message.
	UnpostedAttachments(ctx context.Context, before time.Time) ([]string, error)
	// UnknownAttachments gives those of these files that nothing is known of.
	UnknownAttachments(ctx context.Context, ids []string) ([]string, error)
	// RemoveAttachment forgets a file that is in no message; it is NotFound otherwise.
	RemoveAttachment(ctx context.Context, id string) error
}

const (
	sweepEvery = time.Hour
	// unpostedKept is how long a file waits for the message that it was uploaded for.
	unpostedKept = 24 * time.Hour
	// unknownKept is how old bytes are that belong to no upload under way, however slow it is.
	unknownKept = time.Hour
)

// Sweeper removes the files that nobody will ever see: those that no message was sent with, and what a server left
// behind that ended in the middle of an upload. Several servers may sweep the same files.
type Sweeper struct {
	uploads Uploads
	files   core.Blobs
	log     *slog.Logger
}

// NewSweeper makes the sweeper of these files.
func NewSweeper(uploads Uploads, files core.Blobs, log *slog.Logger) *Sweeper {
	return &Sweeper{uploads: uploads, files: files, log: log}
}

// Run sweeps at once and then every hour, until ctx ends.
func (s *Sweeper) Run(ctx context.Context) error {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		removed, err := s.Sweep(ctx, time.Now())
		switch {
		case err != nil && ctx.Err() == nil:
			s.log.Warn("sweeping files", "error", err)
		case removed > 0:
			s.log.Info("swept files that nobody will ever see", "files", removed)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Sweep removes what is to be swept at this time, and says how many files that were. A file is forgotten before its
// bytes are removed: a server that ends in between leaves bytes that nothing is known of, for the next sweep.
func (s *Sweeper) Sweep(ctx context.Context, at time.Time) (removed int, err error) {
	unposted, err := s.uploads.UnpostedAttachments(ctx, at.Add(-unpostedKept))
	if err != nil {
		return 0, err
	}
	for _, id := range unposted {
		err := s.uploads.RemoveAttachment(ctx, id)
		if core.KindOf(err) == core.NotFound {
			continue // posted after all, or another server was quicker
		}
		if err = errors.Join(err, s.files.Remove(ctx, id)); err != nil {
			return removed, err
		}
		removed++
	}
	kept, err := s.files.Names(ctx, at.Add(-unknownKept))
	if err != nil {
		return removed, err
	}
	unknown, err := s.uploads.UnknownAttachments(ctx, kept)
	for _, id := range unknown {
		if err := s.files.Remove(ctx, id); err != nil {
			return removed, err
		}
		removed++
	}
	return removed, err
}
