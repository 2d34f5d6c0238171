// Package blob keeps attached files in a folder. A file is there whole or not at all: it is written beside its
// place, brought to the disk and moved in.
package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"baton/core"
)

// Config says where files are kept. Room and disk have no bounds of ours when they are zero.
type Config struct {
	// Dir is the folder; it is made when it is missing, for this user alone.
	Dir string
	// DiskFree is how many bytes must stay free on the disk.
	DiskFree int64
	// Owner is what the database is known by that knows the files. Names is an error when the folder is another's, so
	// that nobody takes all its files for orphans.
	Owner string
}

// Folder keeps files by name. Its methods may be called by many at once.
type Folder struct {
	dir      string
	diskFree int64
	foreign  bool // the folder belongs to another database
}

var _ core.Blobs = (*Folder)(nil)

const (
	// partial marks a file that is being written.
	partial = ".part-"
	maxName = 128
	// shelf is how many letters at the end of a name say which subfolder it is in: no folder gets too many files.
	shelf = 2
)

// Open makes sure that the folder is there.
func Open(c Config) (*Folder, error) {
	if c.Dir == "" {
		return nil, core.RefuseField("/data/dir", "the folder for files has no name")
	}
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder for files: %w", err)
	}
	owner, err := ownerOf(c)
	if err != nil {
		return nil, fmt.Errorf("find out which database the files belong to: %w", err)
	}
	return &Folder{dir: c.Dir, diskFree: c.DiskFree, foreign: owner != c.Owner}, nil
}

// ownerFile says in the folder whose files these are.
const ownerFile = ".owner"

// ownerOf says which database the folder belongs to: the first that came.
func ownerOf(c Config) (string, error) {
	path := filepath.Join(c.Dir, ownerFile)
	owner, err := os.ReadFile(path)
	if err == nil && len(owner) > 0 || err != nil && !errors.Is(err, fs.ErrNotExist) {
		return string(owner), err
	}
	return c.Owner, os.WriteFile(path, []byte(c.Owner), 0o600)
}

// Put keeps what r gives under this name. When r or the disk fails nothing is kept; a full disk is StorageFull.
func (f *Folder) Put(ctx context.Context, name string, r io.Reader) (size int64, err error) {
	place, err := f.place(name)
	if err != nil {
		return 0, err
	}
	if err := f.hasRoom(); err != nil {
		return 0, err
	}
	if err := os.MkdirAll(filepath.Dir(place), 0o700); err != nil {
		return 0, f.told("keep a file", err)
	}
	part, err := os.CreateTemp(filepath.Dir(place), partial)
	if err != nil {
		return 0, f.told("keep a file", err)
	}
	defer func() { _ = os.Remove(part.Name()) }() // gone already when it was moved to its place
	size, err = io.Copy(part, &watched{ctx: ctx, from: r, hasRoom: f.hasRoom})
	if err == nil {
		err = part.Sync()
	}
	if closed := part.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = settle(part.Name(), place)
	}
	if err != nil {
		return 0, f.told("keep a file", err)
	}
	return size, nil
}

// settle gives a written file its name, and brings the name to the disk.
func settle(part, place string) error {
	if err := os.Rename(part, place); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(place))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// Open reads a file; it is NotFound when there is none.
func (f *Folder) Open(_ context.Context, name string) (io.ReadSeekCloser, error) {
	place, err := f.place(name)
	if err != nil {
		return nil, err
	}
	file, err := os.Open(place)
	if err != nil {
		return nil, f.told("open a file", err)
	}
	return file, nil
}

// Remove takes a file away; one that is not there is no error.
func (f *Folder) Remove(_ context.Context, name string) error {
	place, err := f.place(name)
	if err != nil {
		return err
	}
	if err := gone(os.Remove(place)); err != nil {
		return f.told("remove a file", err)
	}
	return nil
}

// gone takes a file that is not there for one that was removed.
func gone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Names lists the files that were written before this time. What nobody wrote to since and is only half there is
// removed on the way: its writer is gone.
func (f *Folder) Names(ctx context.Context, before time.Time) ([]string, error) {
	if f.foreign {
		return nil, fmt.Errorf("the files in %s belong to another database (%s): give this one a folder of its own (data.dir)", f.dir, ownerFile)
	}
	var names []string
	err := filepath.WalkDir(f.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return errors.Join(err, ctx.Err())
		}
		info, err := entry.Info()
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil // removed meanwhile
		case err != nil:
			return err
		case entry.Name() == ownerFile, !info.ModTime().Before(before):
			return nil
		case strings.HasPrefix(entry.Name(), partial):
			return gone(os.Remove(path))
		}
		names = append(names, entry.Name())
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list the files: %w", err)
	}
	return names, nil
}

// place is where a file of this name lies. A name is made of the letters of our ids and nothing else, so it never
// leads out of the folder.
func (f *Folder) place(name string) (string, error) {
	plain := func(r rune) bool { return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_' }
	if len(name) <= shelf || len(name) > maxName || strings.ContainsFunc(name, func(r rune) bool { return !plain(r) }) {
		return "", core.Missing()
	}
	return filepath.Join(f.dir, name[len(name)-shelf:], name), nil
}

// hasRoom refuses when the disk has less free than must stay so.
func (f *Folder) hasRoom() error {
	if f.diskFree <= 0 {
		return nil
	}
	var disk syscall.Statfs_t
	if err := syscall.Statfs(f.dir, &disk); err != nil {
		return fmt.Errorf("look at the disk: %w", err)
	}
	free := int64(disk.Bavail) * int64(disk.Bsize) //nolint:unconvert // 32 bits on some systems
	if free < f.diskFree {
		return core.NoRoom().Because(fmt.Errorf("the disk has %d bytes free, and limits.disk_free is %d", free, f.diskFree))
	}
	return nil
}

// told says what an error of the disk means to the caller. A refusal stays what it is.
func (f *Folder) told(doing string, err error) error {
	var refusal *core.Error
	switch {
	case errors.As(err, &refusal):
		return refusal
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return core.NoRoom().Because(err)
	case errors.Is(err, fs.ErrNotExist):
		return core.Missing()
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// watched stops a copy when the caller's time is over, or when the disk is filled up meanwhile.
type watched struct {
	ctx     context.Context
	from    io.Reader
	hasRoom func() error
	since   int // bytes since there was room
}

// lookEvery is after how many bytes the disk is looked at again.
const lookEvery = 1 << 20

// Read reads on.
func (w *watched) Read(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	if w.since >= lookEvery {
		if err := w.hasRoom(); err != nil {
			return 0, err
		}
		w.since = 0
	}
	n, err := w.from.Read(p)
	w.since += n
	return n, err
}
