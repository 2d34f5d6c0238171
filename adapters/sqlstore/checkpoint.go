package sqlstore

import (
	"context"
	"time"
)

const (
	// checkpointEvery is how often what was committed is copied from the write-ahead log of SQLite into the file.
	checkpointEvery = 100 * time.Millisecond
	// sqliteWriterPragmas leave that to the checkpointer: a commit would wait for it. Only when the log has become
	// this long does a commit do the rest itself, so that it begins anew. The pages that busy sessions write are
	// kept in memory, 16 MB at most.
	sqliteWriterPragmas = "&_txlock=immediate&_pragma=wal_autocheckpoint(16000)&_pragma=cache_size(-16000)"
)

// checkpoint copies the write-ahead log until ctx ends, over a connection of its own. It stands in nobody's way:
// readers and the writer go on meanwhile, and what was committed was on the disk before.
func (s *Store) checkpoint(ctx context.Context) {
	over, err := openPool(s.dsn.path, sqlitePragmas, 1)
	if err != nil {
		s.engine.log.Error("the write-ahead log is left to the commits", "error", err)
		return
	}
	defer over.Close()
	s.every(ctx, checkpointEvery, func(ctx context.Context) error {
		var busy, pages, copied int
		err := over.QueryRowContext(ctx, "PRAGMA wal_checkpoint(PASSIVE)").Scan(&busy, &pages, &copied)
		return wrap(err, "copy the write-ahead log")
	})
}
