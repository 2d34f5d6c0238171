package web_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"baton/adapters/web"
)

// built is what npm makes, in small.
func built() fstest.MapFS {
	files := fstest.MapFS{}
	for name, content := range map[string]string{
		"placeholder.html":             "<style>p{}</style>not built",
		"dashboard/index.html":         "<p>dashboard</p>",
		"dashboard/index.html.br":      "dashboard in brotli",
		"dashboard/index.html.gz":      "dashboard in gzip",
		"dashboard/assets/main-1.js":   "main()",
		"dashboard/assets/f-2.woff2":   "font",
		"widget/index.html":            "<p>widget</p>",
		"widget/assets/app-3.css":      "p{}",
		"widget/widget.js":             "load()",
		"widget/widget.js.gz":          "load() in gzip",
		"dashboard/not-for-people.txt": "x",
	} {
		files[name] = &fstest.MapFile{Data: []byte(content)}
	}
	return files
}

func open(t *testing.T, c web.Config) *web.App {
	t.Helper()
	app, err := web.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return app
}

type answer struct {
	status  int
	headers map[string]string
	body    string
	there   bool
}

// get asks for a path, with headers in pairs of name and value.
func get(app *web.App, path string, pairs ...string) answer {
	header := func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
	status, headers, body, there := app.Page(path, header)
	return answer{status, headers, string(body), there}
}

func TestPathsLeadToTheirFiles(t *testing.T) {
	app := open(t, web.Config{Files: built()})
	const page, forever = "no-cache", "public, max-age=31536000, immutable"
	for _, row := range []struct{ path, body, kind, cache string }{
		{"/app/", "<p>dashboard</p>", "text/html; charset=utf-8", page},
		{"/app/chats/ses_1", "<p>dashboard</p>", "text/html; charset=utf-8", page},
		{"/app/index.html", "<p>dashboard</p>", "text/html; charset=utf-8", page},
		{"/app/../web.go", "<p>dashboard</p>", "text/html; charset=utf-8", page},
		{"/setup", "<p>dashboard</p>", "text/html; charset=utf-8", page},
		{"/invite", "<p>dashboard</p>", "text/html; charset=utf-8", page},
		{"/reset", "<p>dashboard</p>", "text/html; charset=utf-8", page},
		{"/app/assets/main-1.js", "main()", "text/javascript; charset=utf-8", forever},
		{"/app/assets/f-2.woff2", "font", "font/woff2", forever},
		{"/widget/", "<p>widget</p>", "text/html; charset=utf-8", page},
		{"/widget", "<p>widget</p>", "text/html; charset=utf-8", page},
		{"/widget/assets/app-3.css", "p{}", "text/css; charset=utf-8", forever},
		{"/widget.js", "load()", "text/javascript; charset=utf-8", "public, max-age=300, stale-while-revalidate=86400"},
	} {
		got := get(app, row.path)
		if !got.there || got.status != http.StatusOK || got.body != row.body {
			t.Errorf("%s gives %d %q (there: %v), want %q", row.path, got.status, got.body, got.there, row.body)
		}
		if got.headers["Content-Type"] != row.kind || got.headers["Cache-Control"] != row.cache {
			t.Errorf("%s comes as %s, %s", row.path, got.headers["Content-Type"], got.headers["Cache-Control"])
		}
	}
}

func TestNothingLiesBesideThePages(t *testing.T) {
	app := open(t, web.Config{Files: built()})
	for _, path := range []string{
		"", "/", "/app", "/setup/", "/other", "/placeholder.html", "/widget/index.html", "/widget/widget.js", "/widget/x",
		"/app/assets/main-0.js", "/app/assets/", "/app/assets/../index.html", "/app/assets/main-1.js.gz", "/app/assets/%2e%2e/index.html",
		"/widget/assets/../../dashboard/not-for-people.txt",
	} {
		if got := get(app, path); got.there {
			t.Errorf("%q gives %q", path, got.body)
		}
	}
}

func TestTheBestFormThatTheBrowserTakesIsSent(t *testing.T) {
	app := open(t, web.Config{Files: built()})
	for _, row := range []struct{ path, accepts, encoding, body string }{
		{"/app/", "gzip, deflate, br, zstd", "br", "dashboard in brotli"},
		{"/app/", "GZIP", "gzip", "dashboard in gzip"},
		{"/app/", "br;q=0, gzip;q=0.5", "gzip", "dashboard in gzip"},
		{"/app/", "br; q=0.000", "", "<p>dashboard</p>"},
		{"/app/", "br;q=0.1", "br", "dashboard in brotli"},
		{"/app/", "", "", "<p>dashboard</p>"},
		{"/widget.js", "br", "", "load()"},
		{"/widget.js", "br, gzip", "gzip", "load() in gzip"},
	} {
		got := get(app, row.path, "Accept-Encoding", row.accepts)
		if got.headers["Content-Encoding"] != row.encoding || got.body != row.body {
			t.Errorf("%s for %q comes in %q: %q", row.path, row.accepts, got.headers["Content-Encoding"], got.body)
		}
		if got.headers["Vary"] != "Accept-Encoding" {
			t.Errorf("%s does not say that it varies", row.path)
		}
	}
	if font := get(app, "/app/assets/f-2.woff2", "Accept-Encoding", "br"); font.headers["Vary"] != "" || font.headers["Content-Encoding"] != "" {
		t.Errorf("a font comes with %v", font.headers)
	}
}

func TestWhatTheBrowserHasIsNotSentAgain(t *testing.T) {
	app := open(t, web.Config{Files: built()})
	for _, path := range []string{"/app/", "/widget/", "/widget.js", "/app/assets/main-1.js"} {
		first := get(app, path, "Accept-Encoding", "br")
		tag := first.headers["ETag"]
		for _, has := range []string{tag, "W/" + tag, `"x", ` + tag, "*"} {
			again := get(app, path, "Accept-Encoding", "br", "If-None-Match", has)
			if again.status != http.StatusNotModified || again.body != "" || again.headers["ETag"] != tag || again.headers["Cache-Control"] == "" {
				t.Errorf("%s with If-None-Match: %s gives %d %v", path, has, again.status, again.headers)
			}
		}
		if other := get(app, path, "Accept-Encoding", "br", "If-None-Match", `"x"`); other.status != http.StatusOK {
			t.Errorf("%s gives %d to who has something else", path, other.status)
		}
	}
	if get(app, "/app/").headers["ETag"] == get(app, "/app/", "Accept-Encoding", "br").headers["ETag"] {
		t.Error("two forms of the dashboard have one tag")
	}
}

func TestPoliciesSayWhoMayFrameAPage(t *testing.T) {
	app := open(t, web.Config{Files: built(), FrameOrigins: []string{"https://shop.example", "http://127.0.0.1:3000"}})
	for path, ancestors := range map[string]string{
		"/app/":    "frame-ancestors 'none';",
		"/setup":   "frame-ancestors 'none';",
		"/widget/": "frame-ancestors 'self' https://shop.example http://127.0.0.1:3000;",
	} {
		policy := get(app, path).headers["Content-Security-Policy"]
		for _, part := range []string{ancestors, "default-src 'self';", "script-src 'self';", "style-src-elem 'self';", "base-uri 'none';"} {
			if !strings.Contains(policy, part) {
				t.Errorf("the policy of %s lacks %s: %s", path, part, policy)
			}
		}
	}
}

func TestAnyPageMayLoadTheLoader(t *testing.T) {
	headers := get(open(t, web.Config{Files: built()}), "/widget.js").headers
	for name, want := range map[string]string{"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"} {
		if headers[name] != want {
			t.Errorf("%s is %q, want %q", name, headers[name], want)
		}
	}
}

func TestWithoutTheInterfaceThePlaceholderSaysWhatToDo(t *testing.T) {
	whole := built()
	app := open(t, web.Config{Files: fstest.MapFS{"placeholder.html": whole["placeholder.html"]}})
	if app.Built() {
		t.Error("the interface is said to be there")
	}
	for _, path := range []string{"/app/", "/app/team", "/setup", "/widget/"} {
		got := get(app, path)
		if !strings.Contains(got.body, "not built") || !strings.Contains(got.headers["Content-Security-Policy"], "style-src 'sha256-") {
			t.Errorf("%s gives %q with %v", path, got.body, got.headers)
		}
	}
	if got := get(app, "/widget.js"); got.there {
		t.Errorf("there is a loader: %q", got.body)
	}
}

func TestTheEmbeddedPlaceholderLeadsToTheAPIAndRunsNothing(t *testing.T) {
	page := web.Placeholder()
	for _, part := range []string{"The interface was not built into this binary. Run <code>make build</code>", `href="/docs"`, `href="/v1/openapi.json"`} {
		if !strings.Contains(page, part) {
			t.Errorf("the page lacks %s", part)
		}
	}
	for _, foreign := range []string{"<script", "http://", "https://", "style="} {
		if strings.Contains(page, foreign) {
			t.Errorf("the page holds %s, which its policy forbids", foreign)
		}
	}
}

// Whether or not npm has run here, the embedded files must be fit to be served.
func TestTheEmbeddedFilesAreServed(t *testing.T) {
	app := open(t, web.Config{})
	if got := get(app, "/app/"); got.status != http.StatusOK || !strings.Contains(got.body, "<title>") {
		t.Errorf("/app/ gives %d %q", got.status, got.body)
	}
}

func TestFilesWithoutAPlaceholderAreNone(t *testing.T) {
	if _, err := web.New(web.Config{Files: fstest.MapFS{}}); err == nil {
		t.Error("an empty folder is taken for the interface")
	}
}
