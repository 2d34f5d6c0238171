package cli

import (
	"bufio"
	"bytes"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// The bot of the README is run as it stands there, against a real server.
func TestReadmeBotHandsOver(t *testing.T) {
	_, after, _ := strings.Cut(read(t, filepath.Join(root, "README.md")), "## A bot in ten lines\n\n```sh\n")
	script, _, found := strings.Cut(after, "```")
	if !found {
		t.Fatal("README.md has no bot in ten lines of shell")
	}
	s := startServer(t)
	script = strings.NewReplacer("http://127.0.0.1:8080", s.url, "the-code-from-the-first-start", s.code, "bin/baton", "baton").Replace(script)
	bash := exec.Command("bash", "-euo", "pipefail", "-c", script)
	bash.Dir = s.dir
	out, err := bash.CombinedOutput()
	if err != nil {
		t.Fatalf("the bot of the README failed: %v\n%s", err, out)
	}
	for _, want := range []string{`"status":"active"`, `"type":"session.accepted"`, "Hi Bo, I have your parcel here.", `"status":"ended"`} {
		if !strings.Contains(string(out), want) {
			t.Errorf("the bot of the README should have seen %s; it saw\n%s", want, out)
		}
	}
	if strings.Contains(string(out), "problem+json") || strings.Contains(string(out), `"request_id"`) {
		t.Errorf("a call of the README was refused:\n%s", out)
	}
}

// readmeServer is a server on an empty folder.
type readmeServer struct{ dir, url, code string }

func startServer(t *testing.T) readmeServer {
	t.Helper()
	path, err := exec.LookPath("baton")
	if err != nil {
		t.Fatal(err)
	}
	var errors bytes.Buffer
	cmd := exec.Command(path, "serve", "--addr", "127.0.0.1:0")
	cmd.Dir, cmd.Stderr = t.TempDir(), &errors
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		if err := cmd.Wait(); err != nil || t.Failed() {
			t.Errorf("the server ended with %v and had said:\n%s", err, errors.String())
		}
	})
	lines := bufio.NewScanner(out)
	lines.Scan()
	listening := lines.Text()
	lines.Scan()
	match := regexp.MustCompile(`listening on (http://\S+)\n.*/setup#(\S+)`).FindStringSubmatch(listening + "\n" + lines.Text())
	if match == nil {
		t.Fatalf("the server said %q and %q first", listening, lines.Text())
	}
	return readmeServer{dir: cmd.Dir, url: match[1], code: match[2]}
}
