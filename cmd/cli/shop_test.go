package cli

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"baton/cmd/client"
)

// TestShopHandsItsVisitorOverAndTakesHimBack runs server and shop as two programs that share nothing but the API.
func TestShopHandsItsVisitorOverAndTakesHimBack(t *testing.T) {
	dir := t.TempDir()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), time.Minute)
	t.Cleanup(cancel) // after the programs have ended
	server, setUp := running(ctx, t, dir, 2, "serve", "--addr", "127.0.0.1:0")
	shop, _ := running(ctx, t, dir, 1, "shop", "--server", server, "--addr", "localhost:0")

	anyone := client.New(server)
	login, err := anyone.SetUp(ctx, setUp[strings.LastIndex(setUp, "#")+1:], "ida@example.com", "Ida Nilsen", "correct horse battery")
	must(t, err)
	ida := anyone.As(login.Token)
	visitor, err := anyone.Visit(ctx, "")
	must(t, err)

	page := visit(t, shop)
	if policy := page.header.Get("Content-Security-Policy"); !strings.Contains(policy, "frame-src "+server) || strings.Contains(policy, "unsafe") {
		t.Errorf("the page allows %s", policy)
	}
	page.say(t, `{"Text":"Where is order 48213?"}`)
	page.say(t, `{"Text":"I asked both neighbours, nothing is there"}`)
	page.say(t, `{"Text":"Yes please"}`)
	page.say(t, `{"Visitor":"`+visitor.Customer+`"}`) // who he is the page learns last
	page.await(ctx, t, `"person":true`)

	chats, err := ida.Sessions(ctx, nil)
	must(t, err)
	if len(chats) != 1 || chats[0].Customer.ID != visitor.Customer || chats[0].Subject != "Missing parcel, order 48213" || chats[0].Intent == nil || chats[0].Intent.Name != "parcel_missing" {
		t.Fatalf("the people have %+v", chats)
	}
	_, err = ida.Act(ctx, chats[0].ID, "takeover", map[string]any{})
	must(t, err)
	_, err = ida.Act(ctx, chats[0].ID, "end", client.End{Reason: "resolved", ReturnTo: "bot"})
	must(t, err)
	page.await(ctx, t, "Ida Nilsen has handed you back to me")
}

// running starts the program and gives the address on its first line, and the last of the lines it is to print. It is
// ended after the test.
func running(ctx context.Context, t *testing.T, dir string, lines int, args ...string) (address, last string) {
	t.Helper()
	path, err := exec.LookPath("baton")
	must(t, err)
	p, trouble := exec.CommandContext(ctx, path, args...), &bytes.Buffer{}
	p.Dir, p.Stderr = dir, trouble
	p.Env = append(os.Environ(), "BATON_DATABASE_DSN=", "BATON_LIMITS_DISK_FREE=0", "BATON_LOG_LEVEL=error")
	out, err := p.StdoutPipe()
	must(t, err)
	must(t, p.Start())
	t.Cleanup(func() {
		if err := p.Process.Signal(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
		if err := p.Wait(); err != nil || trouble.Len() > 0 {
			t.Errorf("baton %s ended with %v and said %q", args[0], err, trouble)
		}
	})
	said := bufio.NewReader(out)
	for range lines {
		last, err = said.ReadString('\n')
		if err != nil {
			t.Fatalf("baton %s said %q, then %v: %s", args[0], last, err, trouble)
		}
		if address == "" {
			address = regexp.MustCompile(`http://\S+`).FindString(last)
		}
	}
	return address, strings.TrimSpace(last)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// visited is a browser at the shop, with its cookies.
type visited struct {
	http.Client
	shop   string
	header http.Header
}

func visit(t *testing.T, shop string) *visited {
	t.Helper()
	jar, err := cookiejar.New(nil)
	must(t, err)
	v := &visited{Client: http.Client{Jar: jar}, shop: shop}
	page, err := v.Get(shop)
	must(t, err)
	must(t, page.Body.Close())
	v.header = page.Header
	return v
}

func (v *visited) say(t *testing.T, body string) {
	t.Helper()
	answer, err := v.Post(v.shop+"/talk", "application/json", strings.NewReader(body))
	must(t, err)
	if answer.StatusCode != http.StatusNoContent {
		t.Fatalf("the shop answers %s to %s", answer.Status, body)
	}
	must(t, answer.Body.Close())
}

// await listens to the talk with the bot until it is as wanted.
func (v *visited) await(ctx context.Context, t *testing.T, wanted string) {
	t.Helper()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, v.shop+"/talk", nil)
	must(t, err)
	answer, err := v.Do(request)
	must(t, err)
	defer answer.Body.Close()
	lines, heard := bufio.NewReader(answer.Body), ""
	for !strings.Contains(heard, wanted) {
		line, err := lines.ReadString('\n')
		if err == io.EOF || ctx.Err() != nil {
			t.Fatalf("the bot never said %s, but %s", wanted, heard)
		}
		must(t, err)
		heard = line
	}
}
