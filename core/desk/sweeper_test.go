package desk_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"baton/adapters/blob"
	"baton/adapters/sqlstore"
	"baton/adapters/sqlstore/sqltest"
	"baton/core"
	"baton/core/coretest"
	"baton/core/desk"
)

// onBoth tells a story with each database.
func onBoth(t *testing.T, story func(t *testing.T, dsn string)) {
	t.Run("SQLite", func(t *testing.T) { story(t, "sqlite:"+filepath.Join(t.TempDir(), "baton.db")) })
	t.Run("PostgreSQL", func(t *testing.T) { story(t, sqltest.DSN(t)) })
}

// cabinet is a store with a folder of files, and the sweepers of two servers on both.
type cabinet struct {
	*coretest.Node
	store    *sqlstore.Store
	dir      string
	files    *blob.Folder
	sweepers [2]*desk.Sweeper
}

func openCabinet(t *testing.T, dsn string) *cabinet {
	t.Helper()
	c := &cabinet{store: open(t, dsn), dir: t.TempDir()}
	c.Node = coretest.Start(t, c.store, coretest.Options{})
	for i := range c.sweepers {
		files, err := blob.Open(blob.Config{Dir: c.dir, Owner: "this database"})
		if err != nil {
			t.Fatal(err)
		}
		c.files = files
		c.sweepers[i] = desk.NewSweeper(c.store, files, slog.New(slog.DiscardHandler))
	}
	return c
}

// upload keeps the bytes of a file, and what is known of it when session names one.
func (c *cabinet) upload(t *testing.T, id, session string) {
	t.Helper()
	size, err := c.files.Put(t.Context(), id, strings.NewReader(id))
	if err == nil && session != "" {
		err = c.store.AddAttachment(t.Context(), coretest.Bot("shop"), session, core.Attachment{ID: id, Name: id, Type: "text/plain", Size: size}, 1<<30, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// sweep lets both servers sweep at once.
func (c *cabinet) sweep(t *testing.T, at time.Time) {
	t.Helper()
	var both sync.WaitGroup
	for _, s := range c.sweepers {
		both.Go(func() {
			if _, err := s.Sweep(t.Context(), at); err != nil {
				t.Errorf("sweep: %v", err)
			}
		})
	}
	both.Wait()
}

// left names the files in the folder.
func (c *cabinet) left(t *testing.T) (names []string) {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(c.dir, "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range found {
		if name := filepath.Base(path); !strings.HasPrefix(name, ".") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func TestU08WhatACrashLeftBehindIsSweptAndNothingElse(t *testing.T) {
	onBoth(t, func(t *testing.T, dsn string) {
		c := openCabinet(t, dsn)
		s := c.Request(t, coretest.Bot("shop"), "c1")
		for _, id := range []string{"att_posted_aa", "att_draft_aa"} {
			c.upload(t, id, s.ID)
		}
		if _, err := c.Desk.Post(t.Context(), coretest.Bot("shop"), s.ID, desk.Message{ClientID: "1", Attachments: []string{"att_posted_aa"}}); err != nil {
			t.Fatal(err)
		}
		c.upload(t, "att_crashed_aa", "") // the server ended before it wrote down what it had got
		half := filepath.Join(c.dir, "aa", ".part-1")
		if err := os.WriteFile(half, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
		now := time.Now()
		for _, step := range []struct {
			story string
			at    time.Time
			left  []string
			half  bool
		}{
			{"at once nothing is swept: an upload may be under way", now, []string{"att_crashed_aa", "att_draft_aa", "att_posted_aa"}, true},
			{"two hours later no upload can be under way", now.Add(2 * time.Hour), []string{"att_draft_aa", "att_posted_aa"}, false},
			{"two days later nobody will send the draft", now.Add(48 * time.Hour), []string{"att_posted_aa"}, false},
			{"what is in a message is kept for ever", now.Add(10000 * time.Hour), []string{"att_posted_aa"}, false},
		} {
			c.sweep(t, step.at)
			_, err := os.Stat(half)
			if left := c.left(t); !slices.Equal(left, step.left) || (err == nil) != step.half {
				t.Errorf("%s, but %v are left, and the half file is there: %v", step.story, left, err == nil)
			}
		}
		if bytes, err := c.store.StoredBytes(t.Context()); err != nil || bytes != int64(len("att_posted_aa")) {
			t.Errorf("%d bytes are counted (%v), want those of the file that is left", bytes, err)
		}
	})
}

func TestU08FilesOfAnotherDatabaseAreLeftAlone(t *testing.T) {
	c := openCabinet(t, "sqlite::memory:")
	c.upload(t, "att_precious_aa", "")
	files, err := blob.Open(blob.Config{Dir: c.dir, Owner: "another database"})
	if err != nil {
		t.Fatal(err)
	}
	stranger := desk.NewSweeper(c.store, files, slog.New(slog.DiscardHandler))
	if _, err := stranger.Sweep(t.Context(), time.Now().Add(1000*time.Hour)); err == nil || !strings.Contains(err.Error(), "another database") {
		t.Errorf("sweeping with a database that knows nothing of the files gave %v", err)
	}
	if left := c.left(t); len(left) != 1 {
		t.Errorf("%v are left", left)
	}
}
