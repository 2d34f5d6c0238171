package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"

	"baton/adapters/sketch"
	"baton/adapters/sqlstore"
	"baton/cmd/config"
	"baton/core"
	"baton/core/stats"
)

func doctorFlags(f *flags) { f.BoolVar(&f.rebuild, "rebuild", false, "") }

// doctor looks at everything a server needs and says what is wrong with it.
func doctor(ctx context.Context, t *terminal, f *flags) error {
	c, err := f.load(t)
	if err != nil {
		return err
	}
	t.healthy("the configuration is understood")
	return errors.Join(t.checkFolder(c.Data.Dir), t.checkDatabase(ctx, c, f.rebuild))
}

func (t *terminal) healthy(format string, args ...any) {
	fmt.Fprintf(t.out, "ok    "+format+"\n", args...)
}

// checkFolder writes into the data folder and takes it away again.
func (t *terminal) checkFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the folder data.dir: %w", err)
	}
	probe := filepath.Join(dir, ".doctor")
	if err := os.WriteFile(probe, nil, 0o600); err != nil {
		return fmt.Errorf("write into data.dir: %w", err)
	}
	if err := os.Remove(probe); err != nil {
		return fmt.Errorf("remove a file from data.dir: %w", err)
	}
	t.healthy("%s can be written to", dir)
	return nil
}

func (t *terminal) checkDatabase(ctx context.Context, c *config.Config, rebuild bool) (err error) {
	store, err := sqlstore.OpenAsIs(ctx, sqlstore.Config(c.Database))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	steps, err := store.MigrationStatus(ctx)
	if err != nil {
		return err
	}
	for _, step := range steps {
		if step.AppliedAt.IsZero() {
			return fmt.Errorf("the database lacks %s; run `baton migrate up`", step.Name)
		}
	}
	t.healthy("the database answers and is up to date")
	if rebuild {
		return t.rebuild(ctx, store)
	}
	return nil
}

// rebuild makes the rows that lists are read from anew from the logs. It is refused while a server runs, which
// would go on writing the old ones.
func (t *terminal) rebuild(ctx context.Context, store *sqlstore.Store) (err error) {
	release, err := store.Serve(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	live, own, err := store.Nodes(ctx)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(live, func(node string) bool { return node != own }) {
		return core.Refuse(core.Conflict, "servers run on this database; end them first")
	}
	sessions, err := store.Rebuild(ctx)
	if err != nil {
		return err
	}
	t.healthy("the rows of %d sessions were made anew from their logs", sessions)
	return t.recount(ctx, store)
}

// recount makes all that is counted of sessions anew from their logs.
func (t *terminal) recount(ctx context.Context, store *sqlstore.Store) error {
	newSketch, err := sketch.New()
	if err != nil {
		return err
	}
	if err := stats.NewRollup(store, newSketch, slog.Default()).Rebuild(ctx); err != nil {
		return err
	}
	t.healthy("the figures were counted anew from the logs")
	return nil
}
