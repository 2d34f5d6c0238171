package cli

import (
	"bufio"
	"bytes"
	"context"
	"net"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A demo in a hurry shows every turn that a chat can take, and leaves nothing behind.
func TestDemoShowsTheWholeJob(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 5*20*time.Second)
	defer cancel()
	demo, errors := demoCommand(ctx, t, "--for", "3s", "--fast", "--seed", "1")
	out, err := demo.Output()
	if err != nil || errors.Len() > 0 {
		t.Fatalf("the demo ended with %v and said\n%s\nafter\n%s", err, errors, out)
	}
	for _, turn := range []string{
		`customer  \S+ +Hi, where is my order`,
		`bot       Shop bot  It left our warehouse`,
		`bot       Shop bot  » asks for a person: did not understand twice`,
		`customer  \S+ +» asks for a person: on the page`,
		`desk      Rosa      \? is offered the chat`,
		`agent     Chen      ✗ passes: on the phone`,
		`desk      Milo      ✗ has missed the offer`,
		`agent     \S+ +✓ joins, \d`,
		`customer  \S+ +Hello\?\?`,
		`desk      Dana      \? is asked to take it over from`,
		`agent     \S+ +→ hands over to Dana: two payments`,
		`agent     Dana      ✎ note: Refunded`,
		`agent     Dana      # tag: refund`,
		`customer  \S+ +Here is a picture of it \[lamp.png, 120x80\]`,
		`agent     \S+ +■ ends the chat: sent again, back to the bot`,
		`bot       Shop bot  \S+ has given you back to me`,
		`customer  \S+ +★★★★★ Quick and kind`,
		`\d+ conversations, of which the bot finished [1-9]\d* alone and people took [1-9]\d*`,
		`(?m)^0 stranded$`,
	} {
		if !regexp.MustCompile(turn).Match(out) {
			t.Errorf("the demo did not show %s", turn)
		}
	}
	if t.Failed() {
		t.Logf("it showed\n%s", out)
	}
}

// Ctrl-C ends the demo and all that it has started.
func TestDemoEndsAllItStartedWhenInterrupted(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 5*20*time.Second)
	defer cancel()
	demo, errors := demoCommand(ctx, t, "--for", "60s")
	pipe, err := demo.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := demo.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(pipe)
	var address string
	for lines.Scan() {
		if found := regexp.MustCompile(`http://(\S+);`).FindStringSubmatch(lines.Text()); found != nil {
			address = found[1]
		}
		if strings.Contains(lines.Text(), "Shop bot") {
			break // all parts are at work
		}
	}
	if err := demo.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	for lines.Scan() { // what is still in the pipe
		continue
	}
	if err := demo.Wait(); err != nil || errors.Len() > 0 {
		t.Errorf("interrupted, the demo ended with %v and said %q", err, errors)
	}
	if conn, err := net.Dial("tcp", address); err == nil {
		conn.Close()
		t.Errorf("the server of the demo still listens at %s", address)
	}
}

func demoCommand(ctx context.Context, t *testing.T, args ...string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	path, err := exec.LookPath("baton")
	if err != nil {
		t.Fatal(err)
	}
	demo, errors := exec.CommandContext(ctx, path, append([]string{"demo"}, args...)...), &bytes.Buffer{}
	demo.Stderr = errors
	return demo, errors
}
