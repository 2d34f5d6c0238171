package api_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"baton/adapters/api"
	"baton/core"
)

// writer is a caller with a session to write into.
func writer(t *testing.T, h *house) (by caller, path string) {
	t.Helper()
	bot := h.bot(t, "shop")
	return bot, "/v1/sessions/" + h.chat(t, bot, h.visitor(t), "").ID
}

// logLength is how many events a session has.
func (h *house) logLength(t *testing.T, by caller, path string) int {
	t.Helper()
	return len(h.call(t, by, "GET", path+"/events?limit=500", "").want(t, "events", 200).JSON["data"].([]any))
}

func TestBytesThatAreNoAcceptableJSONAre400AndStoreNothing(t *testing.T) {
	h := open(t, nil)
	by, path := writer(t, h)
	before := h.logLength(t, by, path)
	nested := func(levels int) string {
		return `{"conversation_id":"deep","context":` + strings.Repeat("[", levels-1) + strings.Repeat("]", levels-1) + "}"
	}
	for _, row := range []struct{ what, path, body string }{
		{"I01 more than 32 levels", "/v1/handoffs", nested(33)},
		{"I01 very deep", "/v1/handoffs", nested(100_000)},
		{"I03 bad UTF-8", path + "/messages", "{\"client_id\":\"1\",\"text\":\"\xff\xfe\"}"},
		{"I03 half a surrogate", path + "/messages", `{"client_id":"1","text":"\ud800"}`},
		{"I03 bad UTF-8 in a name", path + "/messages", "{\"client_id\":\"1\",\"text\":\"a\",\"\xff\":1}"},
		{"I04 escaped NUL", path + "/messages", `{"client_id":"1","text":"a\u0000b"}`},
		{"I04 NUL in a name", "/v1/handoffs", `{"conversation_id":"n","context":{"a\u0000":1}}`},
		{"I04 raw NUL", path + "/messages", "{\"client_id\":\"1\",\"text\":\"a\x00b\"}"},
		{"I12 a name twice", path + "/messages", `{"client_id":"1","text":"a","text":"b"}`},
		{"I12 a name twice, escaped", path + "/messages", `{"client_id":"1","text":"a","t\u0065xt":"b"}`},
		{"I12 a name twice deep inside", "/v1/handoffs", `{"conversation_id":"n","context":{"a":{"b":1,"b":2}}}`},
		{"trailing bytes", path + "/messages", `{"client_id":"1","text":"a"} x`},
		{"two values", path + "/messages", `{"client_id":"1","text":"a"}{"client_id":"2","text":"b"}`},
		{"broken", path + "/messages", `{"client_id":"1","text":`},
		{"no JSON", path + "/messages", `client_id=1`},
		{"a comment", path + "/messages", `{"client_id":"1",/*x*/"text":"a"}`},
		{"nothing", path + "/messages", ``},
	} {
		a := h.call(t, by, "POST", row.path, row.body, "Content-Type", "application/json").want(t, row.what, 400, "malformed")
		if strings.Contains(a.text, "jsontext") || strings.Contains(a.text, "huma") {
			t.Errorf("%s: the answer speaks of our insides: %s", row.what, a.text)
		}
	}
	h.call(t, by, "POST", "/v1/handoffs", nested(32)).want(t, "32 levels", 201)
	if after := h.logLength(t, by, path); after != before {
		t.Errorf("%d events came of refused requests", after-before)
	}
}

func TestZ06WhatTheSchemaRefusesIs422WithAPointer(t *testing.T) {
	h := open(t, nil)
	by, path := writer(t, h)
	owner := h.person(t, "Olga", core.Owner)
	for _, row := range []struct {
		by                          caller
		method, path, body, pointer string
	}{
		{by, "POST", path + "/messages", `{"client_id":"1","text":"a","role":"owner"}`, "/role"},
		{by, "POST", path + "/messages", `{"client_id":"1","Text":"a"}`, "/Text"},
		{by, "POST", path + "/messages", `{"text":"a"}`, "/client_id"},
		{by, "POST", path + "/messages", `{"client_id":7,"text":"a"}`, "/client_id"},
		{by, "POST", path + "/messages", `{"client_id":"1","text":""}`, "/text"},
		{by, "POST", path + "/messages", `{"client_id":"1","text":"a","epoch":1e30}`, "/epoch"},
		{by, "POST", path + "/messages", `{"client_id":"1","text":"a","as":"agent"}`, "/as"},
		{by, "POST", path + "/messages", `[]`, ""},
		{by, "POST", path + "/messages", `null`, ""},
		{by, "POST", "/v1/handoffs", `{"conversation_id":"x","transcript":[{"author":{"role":"bot"},"text":"a"},{"author":{"role":"admin"},"text":"b"}]}`, "/transcript/1/author/role"},
		{by, "POST", "/v1/handoffs", `{"conversation_id":"x","transcript":[{"author":{},"text":"a"}]}`, "/transcript/0/author/role"},
		{by, "POST", "/v1/handoffs", `{"conversation_id":"x","transcript":[{"author":{"role":"bot"},"text":"a","at.b[0]/c":1}]}`, "/transcript/0/at.b[0]~1c"},
		{by, "POST", "/v1/handoffs", `{"conversation_id":"x","customer":{"verified":true}}`, "/customer/verified"},
		{by, "POST", "/v1/handoffs", `{"conversation_id":"x","routing":{"priority":"now"}}`, "/routing/priority"},
		{by, "POST", "/v1/handoffs", `{"subject":"x"}`, "/conversation_id"},
		{by, "POST", "/v1/handoffs", `{"conversation_id":"x","status":"ended"}`, "/status"},
		{owner, "PUT", "/v1/me", `{"role":"owner"}`, "/role"},
		{owner, "PUT", "/v1/me", `{"capacity":0}`, "/capacity"},
		{owner, "PUT", "/v1/me", `{"capacity":1.5}`, "/capacity"},
		{owner, "GET", "/v1/sessions?status=open", ``, "status"},
		{owner, "GET", "/v1/sessions?colour=red", ``, "colour"},
		{owner, "GET", "/v1/sessions?limit=0", ``, "limit"},
		{owner, "GET", "/v1/sessions?limit=x", ``, "limit"},
		{owner, "GET", "/v1/sessions?from=yesterday", ``, "from"},
		{by, "GET", path + "/events?after=-1", ``, "after"},
	} {
		a := h.call(t, row.by, row.method, row.path, row.body).want(t, row.path+" "+row.body, 422, "invalid")
		if a.pointer() != row.pointer {
			t.Errorf("%s %s: points at %q, want %q (%s)", row.path, row.body, a.pointer(), row.pointer, a.text)
		}
	}
}

func TestI05BodiesAreBounded(t *testing.T) {
	h := open(t, nil)
	by, path := writer(t, h)
	large := func(n int) string { return `{"client_id":"1","text":"` + strings.Repeat("x", n) + `"}` }
	h.call(t, by, "POST", path+"/messages", large(10<<20)).want(t, "a text of 10 MB", 413, "too_large")
	h.call(t, by, "POST", path+"/messages", large(300<<10)).want(t, "a text of 300 KB", 413, "too_large")
	h.call(t, by, "POST", path+"/messages", large(17<<10)).want(t, "a text of 17 KB", 422, "invalid")
	h.call(t, by, "POST", path+"/messages", large(16<<10)).want(t, "a text of 16 KB", 201)
	h.call(t, by, "POST", "/v1/handoffs", `{"conversation_id":"`+strings.Repeat("x", 900<<10)+`"}`).want(t, "a handoff of 900 KB", 422)
	h.call(t, by, "POST", "/v1/handoffs", `{"conversation_id":"`+strings.Repeat("x", 2<<20)+`"}`).want(t, "a handoff of 2 MB", 413, "too_large")
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.url+path+"/messages", io.MultiReader(strings.NewReader(large(400<<10)))) // no length: chunked
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+by.token)
	h.send(t, r).want(t, "chunks without end", 413, "too_large")
	h.call(t, by, "POST", path+"/messages", `{"client_id":"2","text":"a"}`, "Content-Type", "text/plain").want(t, "plain text", 415, "unsupported_type")
	h.call(t, by, "POST", path+"/messages", `{"client_id":"2","text":"a"}`, "Content-Type", "application/json; charset=latin1").want(t, "Latin-1", 415, "unsupported_type")
	h.call(t, by, "POST", path+"/messages", `{"client_id":"2","text":"a"}`, "Content-Type", "application/json; charset=UTF-8").want(t, "UTF-8", 201)
}

func TestI10SQLAndPatternsInParametersAreTextAndNothingElse(t *testing.T) {
	h := open(t, nil)
	bot, owner := h.bot(t, "shop"), h.person(t, "Olga", core.Owner)
	h.chat(t, bot, h.visitor(t), "")
	for _, evil := range []string{`' OR '1'='1`, `'; DROP TABLE sessions; --`, `%`, `_`, `\`, `"`, `{}`, `1)`, "a\x00b", `|`} {
		for _, parameter := range []string{"queue", "agent", "customer", "tag", "channel"} {
			query := "/v1/sessions?" + parameter + "=" + escape(evil)
			a := h.call(t, owner, "GET", query, "")
			if strings.ContainsRune(evil, 0) {
				a.want(t, "NUL in "+parameter, 400, "malformed")
				continue
			}
			if a.status != 200 && a.status != 422 || a.status == 200 && len(a.JSON["data"].([]any)) > 0 {
				t.Errorf("%s=%q got %s", parameter, evil, clip(a.String()))
			}
		}
		for _, path := range []string{"/v1/sessions/", "/v1/agents/", "/v1/attachments/"} {
			h.call(t, owner, "GET", path+escape(evil), "").want(t, path+evil, 404)
		}
	}
	if a := h.call(t, owner, "GET", "/v1/sessions", "").want(t, "list", 200); len(a.JSON["data"].([]any)) != 1 {
		t.Errorf("the list is %s", a.text)
	}
}

func escape(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}

func TestI11NobodyWritesLinesIntoTheLog(t *testing.T) {
	h := open(t, func(_ *api.Config, d *api.Deps) { d.Typist = panics{} })
	by := h.bot(t, "shop")
	h.call(t, by, "POST", "/v1/sessions/x%0a%7b%22level%22%3a%22forged%22%7d/typing", "").want(t, "typing", 500, "internal")
	h.call(t, by, "GET", "/v1/x%0aforged", "", "User-Agent", "forged").want(t, "a line in a path", 404)
	lines := bufio.NewScanner(strings.NewReader(h.log.String()))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if line := lines.Text(); !strings.HasPrefix(line, `{"time":`) || strings.HasPrefix(line, `{"level":"forged"`) {
			t.Errorf("a line of the log is %s", line)
		}
	}
}

// panics is a part of the house that is broken.
type panics struct{}

func (panics) Typing(_ context.Context, _ core.Actor, _ string) error { panic("a secret of ours") }

func TestI14LongAndRepetitiveInputIsAnsweredAtOnce(t *testing.T) {
	h := open(t, nil)
	by, path := writer(t, h)
	began := time.Now()
	for _, evil := range []string{strings.Repeat("a", 15<<10) + "!", strings.Repeat("((", 7<<10), strings.Repeat("\u200d", 5<<10)} {
		h.call(t, by, "POST", path+"/messages", `{"client_id":"`+evil[:40]+`","text":"`+evil+`"}`)
		h.call(t, caller{}, "POST", "/v1/login", `{"email":"`+evil+`","password":"0123456789"}`)
		h.call(t, by, "GET", "/v1/sessions/"+escape(evil[:1000]), "")
		h.call(t, by, "GET", "/v1/me", "", "Accept", strings.Repeat("a/b;q=0.1,", 600))
	}
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("it took %s", took)
	}
}

// wire sends bytes as they are and gives all that comes back until the server closes, or the time is over.
func (h *house) wire(t testing.TB, sent string, within time.Duration) (got string, closed bool) {
	t.Helper()
	conn, err := net.Dial("tcp", h.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(within)); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Write([]byte(sent)); err != nil {
		return "", true
	}
	all, err := io.ReadAll(conn)
	return string(all), err == nil
}

func TestI15SmuggledRequestsAre400AndEndTheConnection(t *testing.T) {
	h := open(t, nil)
	const smuggled = "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"
	for what, head := range map[string]string{
		"two kinds of length":        "POST /v1/visitors HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"two lengths":                "POST /v1/visitors HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\nContent-Length: 40\r\n\r\n{}",
		"a length that is no number": "POST /v1/visitors HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: +2\r\n\r\n{}",
		"a hidden encoding":          "POST /v1/visitors HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
		"a name with a space":        "POST /v1/visitors HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length : 2\r\n\r\n{}",
		"both lengths, in odd case":  "POST /v1/visitors HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\ntransfer-ENCODING: chunked\r\ncontent-LENGTH: 4\r\n\r\n0\r\n\r\n",
		"a chunk of odd size":        "POST /v1/visitors HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
	} {
		got, closed := h.wire(t, head+smuggled, 3*time.Second)
		if !strings.HasPrefix(got, "HTTP/1.1 400 ") || strings.Contains(got, "alive") || !closed {
			t.Errorf("%s: closed %v after %q", what, closed, clip(got))
		}
		if !strings.Contains(got, "X-Content-Type-Options: nosniff") {
			t.Errorf("%s: the answer lacks the headers of every answer", what)
		}
	}
}

func TestI16NoAnswerHoldsAnythingOfAnothersRequest(t *testing.T) {
	rounds := 40
	if os.Getenv("BATON_PROOF") == "1" {
		rounds = 1_000_000 / (16 * 3)
	}
	h := open(t, nil)
	bot := h.bot(t, "shop")
	var all sync.WaitGroup
	for i := range 16 {
		visitor := h.visitor(t)
		path := "/v1/sessions/" + h.chat(t, bot, visitor, "").ID
		mark := fmt.Sprintf("mark%04dx", i)
		all.Go(func() {
			for n := range rounds {
				a := h.insist(t, visitor, "POST", path+"/messages", fmt.Sprintf(`{"client_id":"%d","text":"%s %d"}`, n, mark, n))
				b := h.insist(t, visitor, "GET", path+"/"+mark, "")
				c := h.insist(t, visitor, "GET", path, "")
				for _, got := range []answer{a, b, c} {
					for _, word := range strings.FieldsFunc(got.text, func(r rune) bool { return r == ' ' || r == '"' || r == '/' }) {
						if strings.HasPrefix(word, "mark") && word != mark {
							t.Errorf("%s got %s", mark, clip(got.String()))
							return
						}
					}
				}
				last, _ := c.JSON["last"].(map[string]any)
				if a.status != 201 || c.status != 200 || last["text"] != fmt.Sprintf("%s %d", mark, n) {
					t.Errorf("%s: %s then %s", mark, a, clip(c.String()))
					return
				}
			}
		})
	}
	all.Wait()
}

// insist repeats a call that the server had no time for, which it may say on a machine that is busy elsewhere.
func (h *house) insist(t *testing.T, by caller, method, path, body string) answer {
	t.Helper()
	for {
		if a := h.call(t, by, method, path, body); a.status != http.StatusServiceUnavailable {
			return a
		}
	}
}

func TestI17OurFaultsCarryACodeAndAnIDAndNoTextOfOurs(t *testing.T) {
	h := open(t, func(_ *api.Config, d *api.Deps) { d.Typist = breaks{} })
	by, path := writer(t, h)
	a := h.call(t, by, "POST", path+"/typing", "").want(t, "an error", 500, "internal")
	id, _ := a.JSON["request_id"].(string)
	if strings.Contains(a.text, "secret") || id == "" || !strings.Contains(h.log.String(), id) {
		t.Errorf("the answer is %s, the log %s", a.text, h.log)
	}
	if a.header.Get("X-Request-Id") != id {
		t.Errorf("the header names %q", a.header.Get("X-Request-Id"))
	}
}

// breaks is a part of the house that fails.
type breaks struct{}

func (breaks) Typing(context.Context, core.Actor, string) error { return io.ErrClosedPipe }

func TestW16PanicIsOneAnswerWithoutText(t *testing.T) {
	h := open(t, func(_ *api.Config, d *api.Deps) { d.Typist = panics{} })
	by, path := writer(t, h)
	a := h.call(t, by, "POST", path+"/typing", "").want(t, "a panic", 500, "internal")
	if strings.Contains(a.text, "secret") || !strings.Contains(h.log.String(), "a secret of ours") || !strings.Contains(h.log.String(), a.JSON["request_id"].(string)) {
		t.Errorf("the answer is %s, the log %s", a.text, h.log)
	}
	if a.header.Get("X-Content-Type-Options") != "nosniff" {
		t.Error("the answer lacks the headers of every answer")
	}
	h.call(t, by, "GET", path, "").want(t, "the next request", 200)
}

func TestW08SlowSendersAreCutOff(t *testing.T) {
	h := open(t, func(c *api.Config, _ *api.Deps) {
		c.HeaderTime, c.BodyTime, c.FileSilence, c.FileRate = 200*time.Millisecond, 400*time.Millisecond, 300*time.Millisecond, 1<<20
	})
	by, path := writer(t, h)
	post := func(path, kind string, length int, start string) string {
		return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", path, by.token, kind, length, start)
	}
	const form = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n"
	for what, sent := range map[string]string{
		"headers":    "GET /livez HTTP/1.1\r\nHost: x\r\nX-Slow: ",
		"body":       post(path+"/messages", "application/json", 20000, "{"+strings.Repeat(" ", 9000)),
		"short body": post(path+"/messages", "application/json", 20, "{"),
		"upload":     post("/v1/attachments", "multipart/form-data; boundary=b", 20000, form+strings.Repeat(" ", 9000)),
	} {
		got, closed := h.wire(t, sent, 5*time.Second)
		if !closed || !strings.HasPrefix(got, "HTTP/1.1 408 ") || !strings.Contains(got, `"code":"request_timeout"`) {
			t.Errorf("slow %s: closed %v with %q", what, closed, clip(got))
		}
	}
	if got := h.trickle(t, post("/v1/attachments", "multipart/form-data; boundary=b", 1<<20, form+strings.Repeat("x", 9000)), 50*time.Millisecond); !strings.HasPrefix(got, "HTTP/1.1 408 ") {
		t.Errorf("an upload that never stands still but is too slow got %q", clip(got))
	}
}

// trickle sends bytes and then one more again and again, until the server has had enough.
func (h *house) trickle(t *testing.T, start string, every time.Duration) string {
	t.Helper()
	conn, err := net.Dial("tcp", h.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	answer := make(chan string, 1)
	go func() {
		got := make([]byte, 4<<10)
		n, _ := conn.Read(got)
		answer <- string(got[:n])
	}()
	if _, err := conn.Write([]byte(start)); err != nil {
		t.Fatal(err)
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	patience := time.After(5 * time.Second)
	for {
		select {
		case got := <-answer:
			return got
		case <-patience:
			return "nothing"
		case <-tick.C:
			if _, err := conn.Write([]byte("x")); err != nil {
				return <-answer
			}
		}
	}
}

func TestTimesAndSizesAreThoseOfTheContractUnlessToldOtherwise(t *testing.T) {
	c := api.Config{}.WithDefaults()
	if c.HeaderTime != 5*time.Second || c.BodyTime != 15*time.Second || c.FileSilence != 30*time.Second || c.FileRate != 16<<10 ||
		c.JSONBody != 256<<10 || c.HandoffBody != 1<<20 || c.Attachment != 20<<20 {
		t.Errorf("the defaults are %+v", c)
	}
}
