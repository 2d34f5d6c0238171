package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/uptrace/bun/driver/pgdriver"
	_ "modernc.org/sqlite" // SQLite, as the server uses it
)

// bareLog keeps messages as a store does at the least: what waits goes into one insert, which is one commit on the disk.
// It knows no sessions, no order and nobody to tell. An answer of the server cannot be quicker than the raw relay and
// this together.
type bareLog struct {
	db     *sql.DB
	insert *sql.Stmt
}

const (
	bareSQLite   = "INSERT INTO bench_bare (n, body) SELECT value ->> 0, value ->> 1 FROM json_each(?)"
	barePostgres = "INSERT INTO bench_bare (n, body) SELECT (e ->> 0)::bigint, e ->> 1 FROM json_array_elements($1::json) e"
)

// openBare makes the log beside what a server keeps: in a file in the same folder, or in the same PostgreSQL.
func openBare(ctx context.Context, dsn string) (*bareLog, error) {
	insert := barePostgres
	var db *sql.DB
	if file, sqlite := strings.CutPrefix(dsn, "sqlite:"); sqlite {
		var err error
		path := filepath.Join(filepath.Dir(file), "bare.db")
		if db, err = sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"); err != nil {
			return nil, err
		}
		insert = bareSQLite
	} else {
		db = sql.OpenDB(pgdriver.NewConnector(pgdriver.WithDSN(dsn)))
	}
	db.SetMaxOpenConns(1)
	l := &bareLog{db: db}
	_, err := db.ExecContext(ctx, "CREATE TABLE bench_bare (n BIGINT PRIMARY KEY, body TEXT NOT NULL)")
	if err == nil {
		l.insert, err = db.PrepareContext(ctx, insert)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("make a bare log: %w", err), db.Close())
	}
	return l, nil
}

func (l *bareLog) close() error { return l.db.Close() }

// bareMessage is as long as the messages that talk is measured with are in the log.
var bareMessage = strings.Repeat("x", 200)

// waitingMessage is a message that is to be kept.
type waitingMessage struct {
	n  int64
	at time.Time
}

// pace keeps so many messages a second and gives how long each took.
func (l *bareLog) pace(ctx context.Context, from int64, perSecond int, length time.Duration) ([]time.Duration, error) {
	n := int(length.Seconds() * float64(perSecond))
	queue := make(chan waitingMessage, n)
	go func() {
		defer close(queue)
		began, pause := time.Now(), time.Second/time.Duration(perSecond)
		for k := range n {
			time.Sleep(time.Until(began.Add(time.Duration(k) * pause)))
			queue <- waitingMessage{n: from + int64(k), at: time.Now()}
		}
	}()
	took := make([]time.Duration, 0, n)
	for first := range queue {
		batch := []waitingMessage{first}
		for len(queue) > 0 {
			batch = append(batch, <-queue)
		}
		if err := l.keep(ctx, batch); err != nil {
			return nil, err
		}
		for _, m := range batch {
			took = append(took, time.Since(m.at))
		}
	}
	return took, nil
}

func (l *bareLog) keep(ctx context.Context, batch []waitingMessage) error {
	rows := make([][2]any, len(batch))
	for i, m := range batch {
		rows[i] = [2]any{m.n, bareMessage}
	}
	encoded, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	_, err = l.insert.ExecContext(ctx, string(encoded))
	return err
}
