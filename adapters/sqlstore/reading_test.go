package sqlstore

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"baton/core"
)

func TestADatabaseOpenedToReadIsNeitherMadeNorChanged(t *testing.T) {
	file := filepath.Join(t.TempDir(), "baton.db")
	if _, err := OpenToRead(t.Context(), Config{DSN: "sqlite:" + file}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
	if _, err := os.Stat(file); err == nil {
		t.Fatal("it was made")
	}
	old, err := OpenAsIs(t.Context(), Config{DSN: "sqlite:" + file})
	if err != nil {
		t.Fatal(err)
	}
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenToRead(t.Context(), Config{DSN: "sqlite:" + file}); err == nil || !strings.Contains(err.Error(), "baton migrate up") {
		t.Errorf("a database without tables: %v", err)
	}
	writer, err := Open(t.Context(), Config{DSN: "sqlite:" + file})
	if err != nil {
		t.Fatal(err)
	}
	defer writer.Close()
	reader, err := OpenToRead(t.Context(), Config{DSN: "sqlite:" + file})
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if _, err := reader.Queue(t.Context(), "general"); err != nil {
		t.Errorf("beside an open one it reads %v", err)
	}
	if _, err := reader.MakeQueue(t.Context(), core.Desk, "more"); err == nil {
		t.Error("it was written through")
	}
}
