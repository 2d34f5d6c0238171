package torture

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"baton/cmd/client"
)

// U08: a server that is killed in the middle of an upload leaves bytes that nobody knows of, and the next one sweeps
// them away, but not what was sent.
func TestU08ServerKilledDuringAnUploadLeavesNoOrphan(t *testing.T) {
	onEachStore(t, func(t *testing.T, h *house) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		s := h.serve()
		team := h.found(ctx, s, 0)
		session, _, err := team.bot.Handoff(ctx, client.Handoff{ConversationID: "c1"}, "")
		if err != nil {
			t.Fatal(err)
		}
		sent, err := team.bot.Upload(ctx, session.ID, "sent.txt", "text/plain", []byte("sent"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := team.bot.Do(ctx, "POST", "/v1/sessions/"+session.ID+"/messages", map[string]any{"client_id": "1", "attachments": []string{sent.ID}}, nil); err != nil {
			t.Fatal(err)
		}
		halfAnUpload(t, team.bot, session.ID)
		h.await(ctx, "two files are there, one of them half", func() bool { return len(h.files()) == 2 })
		s.kill()
		if kept := len(h.files()); kept != 2 {
			t.Fatalf("the kill left %d files", kept)
		}
		h.age(2 * time.Hour)
		s = h.again()
		h.await(ctx, "the half file is swept", func() bool { return len(h.files()) == 1 })
		team.anyone.Move(s.url)
		if content, err := team.bot.Download(ctx, sent.ID); err != nil || string(content) != "sent" {
			t.Errorf("the file that was sent reads %q, %v", content, err)
		}
		s.end()
	})
}

// halfAnUpload sends the beginning of a file and stays connected.
func halfAnUpload(t *testing.T, by *client.Client, session string) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(by.URL(), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	const boundary = "boundary"
	form := "--" + boundary + "\r\nContent-Disposition: form-data; name=\"session\"\r\n\r\n" + session +
		"\r\n--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"half.txt\"\r\n\r\n" + strings.Repeat("half of it\n", 30_000)
	_, err = fmt.Fprintf(conn, "POST /v1/attachments HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: multipart/form-data; boundary=%s\r\nContent-Length: %d\r\n\r\n%s",
		by.Token(), boundary, 2*len(form), form)
	if err != nil {
		t.Fatal(err)
	}
}

// files are the paths of the attached files that are kept, whole or not.
func (h *house) files() (paths []string) {
	h.t.Helper()
	err := filepath.WalkDir(filepath.Join(h.dir, "data", "files"), func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // swept meanwhile
		}
		if err == nil && !entry.IsDir() && entry.Name() != ".owner" {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return paths
}

// age makes all files older.
func (h *house) age(by time.Duration) {
	h.t.Helper()
	then := time.Now().Add(-by)
	for _, path := range h.files() {
		if err := os.Chtimes(path, then, then); err != nil {
			h.t.Fatal(err)
		}
	}
}

// await waits until something holds.
func (h *house) await(ctx context.Context, what string, holds func() bool) {
	h.t.Helper()
	for !holds() {
		select {
		case <-time.After(10 * time.Millisecond):
		case <-ctx.Done():
			h.t.Fatalf("%s: that did not come about", what)
		}
	}
}
