package blob_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
	"time"

	"baton/adapters/blob"
	"baton/core"
)

func open(t *testing.T, c blob.Config) *blob.Folder {
	t.Helper()
	folder, err := blob.Open(c)
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

func filesIn(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && entry.Name() != ".owner" {
			names = append(names, entry.Name())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestFileComesBackAsItWasPut(t *testing.T) {
	folder, ctx := open(t, blob.Config{Dir: t.TempDir()}), context.Background()
	size, err := folder.Put(ctx, "att_one", strings.NewReader("hello"))
	if err != nil || size != 5 {
		t.Fatalf("put gave %d, %v", size, err)
	}
	file, err := folder.Open(ctx, "att_one")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if got, err := io.ReadAll(file); err != nil || string(got) != "hello" {
		t.Errorf("the file holds %q, %v", got, err)
	}
}

func TestFailedUploadLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	folder := open(t, blob.Config{Dir: dir})
	broken := io.MultiReader(strings.NewReader("half"), iotest.ErrReader(errors.New("gone")))
	if _, err := folder.Put(context.Background(), "att_half", broken); err == nil {
		t.Fatal("a broken upload was kept")
	}
	refused := iotest.ErrReader(core.Refuse(core.TooLarge, "too large"))
	if _, err := folder.Put(context.Background(), "att_refused", refused); core.KindOf(err) != core.TooLarge {
		t.Errorf("the refusal of the reader became %v", err)
	}
	if left := filesIn(t, dir); len(left) > 0 {
		t.Errorf("%v was left behind", left)
	}
}

func TestU03NoNameLeadsOutOfTheFolder(t *testing.T) {
	dir := t.TempDir()
	folder, ctx := open(t, blob.Config{Dir: filepath.Join(dir, "files")}), context.Background()
	for _, name := range []string{"", "..", "../x", "a/b", `a\b`, "/etc/passwd", "att_\x00", "att_.", "ATT_X", "%2e%2e", strings.Repeat("a", 200)} {
		if _, err := folder.Put(ctx, name, strings.NewReader("x")); core.KindOf(err) != core.NotFound {
			t.Errorf("putting %q gave %v", name, err)
		}
		if _, err := folder.Open(ctx, name); core.KindOf(err) != core.NotFound {
			t.Errorf("opening %q gave %v", name, err)
		}
		if err := folder.Remove(ctx, name); core.KindOf(err) != core.NotFound {
			t.Errorf("removing %q gave %v", name, err)
		}
	}
	if left := filesIn(t, dir); len(left) > 0 {
		t.Errorf("%v was written", left)
	}
}

func TestNamesListsWhatIsOldAndSweepsWhatIsHalf(t *testing.T) {
	dir, ctx := t.TempDir(), context.Background()
	folder := open(t, blob.Config{Dir: dir})
	for _, name := range []string{"att_a", "att_b"} {
		if _, err := folder.Put(ctx, name, strings.NewReader(name)); err != nil {
			t.Fatal(err)
		}
	}
	half := filepath.Join(dir, "_a", ".part-1")
	if err := os.WriteFile(half, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	long := time.Now().Add(-2 * time.Hour)
	if err := os.Chtimes(half, long, long); err != nil {
		t.Fatal(err)
	}
	if none, err := folder.Names(ctx, long.Add(-time.Second)); err != nil || len(none) > 0 || !slices.Contains(filesIn(t, dir), ".part-1") {
		t.Errorf("nothing is that old, but the list is %v, %v", none, err)
	}
	names, err := folder.Names(ctx, time.Now().Add(time.Second))
	if slices.Sort(names); err != nil || !slices.Equal(names, []string{"att_a", "att_b"}) {
		t.Errorf("the list is %v, %v", names, err)
	}
	if slices.Contains(filesIn(t, dir), ".part-1") {
		t.Error("the half written file of an earlier process is still there")
	}
	if err := folder.Remove(ctx, "att_a"); err != nil {
		t.Fatal(err)
	}
	if err := folder.Remove(ctx, "att_a"); err != nil {
		t.Errorf("removing it again gave %v", err)
	}
	if _, err := folder.Open(ctx, "att_a"); core.KindOf(err) != core.NotFound {
		t.Errorf("a removed file opens with %v", err)
	}
}

func TestU07DiskThatIsNearlyFullTakesNothing(t *testing.T) {
	dir := t.TempDir()
	folder := open(t, blob.Config{Dir: dir, DiskFree: 1 << 62})
	if _, err := folder.Put(context.Background(), "att_x", strings.NewReader("x")); core.KindOf(err) != core.StorageFull {
		t.Errorf("the file was answered with %v, want no room", err)
	}
	if left := filesIn(t, dir); len(left) > 0 {
		t.Errorf("%v was left behind", left)
	}
}

// endless gives zeros for ever.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

func TestU07DiskThatFillsUpDuringAnUploadEndsIt(t *testing.T) {
	dir := t.TempDir()
	var disk syscall.Statfs_t
	if err := syscall.Statfs(dir, &disk); err != nil {
		t.Fatal(err)
	}
	free := int64(disk.Bavail) * int64(disk.Bsize) //nolint:unconvert // 32 bits on some systems
	folder := open(t, blob.Config{Dir: dir, DiskFree: free - 8<<20})
	if _, err := folder.Put(context.Background(), "att_x", io.LimitReader(endless{}, 4<<30)); core.KindOf(err) != core.StorageFull {
		t.Errorf("the upload ended with %v, want no room", err)
	}
	if left := filesIn(t, dir); len(left) > 0 {
		t.Errorf("%v was left behind", left)
	}
}
