package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"baton/adapters/sqlstore"
	"baton/cmd/config"
)

// withStore opens the database, up to date as the configuration says, for as long as do runs.
func withStore(ctx context.Context, t *terminal, f *flags, do func(*sqlstore.Store, *config.Config) error) error {
	return withDatabase(ctx, t, f, sqlstore.Open, do)
}

// withTablesAsTheyAre opens a database that may be out of date.
func withTablesAsTheyAre(ctx context.Context, t *terminal, f *flags, do func(*sqlstore.Store, *config.Config) error) error {
	return withDatabase(ctx, t, f, sqlstore.OpenAsIs, do)
}

func withDatabase(ctx context.Context, t *terminal, f *flags, open func(context.Context, sqlstore.Config) (*sqlstore.Store, error),
	do func(*sqlstore.Store, *config.Config) error) (err error) {
	c, err := f.load(t)
	if err != nil {
		return err
	}
	store, err := open(ctx, sqlstore.Config(c.Database))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	return do(store, c)
}

func migrateUp(ctx context.Context, t *terminal, f *flags) error {
	return withTablesAsTheyAre(ctx, t, f, func(store *sqlstore.Store, _ *config.Config) error {
		taken, err := store.MigrateUp(ctx)
		for _, step := range taken {
			fmt.Fprintf(t.out, "took %s\n", step)
		}
		if err == nil && len(taken) == 0 {
			fmt.Fprintln(t.out, "the database is up to date")
		}
		return err
	})
}

func migrateStatus(ctx context.Context, t *terminal, f *flags) error {
	return withTablesAsTheyAre(ctx, t, f, func(store *sqlstore.Store, _ *config.Config) error {
		steps, err := store.MigrationStatus(ctx)
		for _, step := range steps {
			when := "waiting"
			if !step.AppliedAt.IsZero() {
				when = step.AppliedAt.UTC().Format(time.RFC3339)
			}
			fmt.Fprintf(t.out, "%-30s %s\n", step.Name, when)
		}
		return err
	})
}

func migrateUnlock(ctx context.Context, t *terminal, f *flags) error {
	return withTablesAsTheyAre(ctx, t, f, func(store *sqlstore.Store, _ *config.Config) error {
		if err := store.MigrateUnlock(ctx); err != nil {
			return err
		}
		fmt.Fprintln(t.out, "no migration holds the lock now")
		return nil
	})
}

func backup(ctx context.Context, t *terminal, f *flags) error {
	return withTablesAsTheyAre(ctx, t, f, func(store *sqlstore.Store, _ *config.Config) error {
		if err := store.Backup(ctx, f.Arg(0)); err != nil {
			return err
		}
		fmt.Fprintf(t.out, "%s is a copy of the database\n", f.Arg(0))
		return nil
	})
}
