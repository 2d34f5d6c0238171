// Package web holds what browsers load: the dashboard for agents, the page in the widget's frame, and the loader
// that puts the widget on a host page. npm builds them into assets, which is embedded.
package web

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"strings"
)

//go:embed all:assets
var embedded embed.FS

const (
	dashboardPage = "dashboard/index.html"
	widgetPage    = "widget/index.html"
	placeholder   = "placeholder.html"
)

// Config says what is served and who may frame it.
type Config struct {
	// Files are those of assets; nil takes the ones in this program.
	Files fs.FS
	// FrameOrigins are the pages that may show the widget's page in a frame. Our own may anyway.
	FrameOrigins []string
}

// App is the browser's part.
type App struct {
	files        fs.FS
	known        map[string]*file // by their name in files
	widgetPolicy string
}

// New looks at the files once; they must not change afterwards.
func New(c Config) (*App, error) {
	files := c.Files
	if files == nil {
		var err error
		if files, err = fs.Sub(embedded, "assets"); err != nil {
			return nil, fmt.Errorf("open the embedded pages: %w", err)
		}
	}
	known, err := index(files)
	if err != nil {
		return nil, fmt.Errorf("read the pages of the interface: %w", err)
	}
	if known[placeholder] == nil {
		return nil, fmt.Errorf("the pages of the interface lack %s", placeholder)
	}
	return &App{files: files, known: known, widgetPolicy: policy(append([]string{"'self'"}, c.FrameOrigins...)...)}, nil
}

// Built says whether the interface is there; without it people see a placeholder.
func (a *App) Built() bool { return a.known[dashboardPage] != nil }

// Page answers a GET of a path below /; ok is false when nothing lies there. header gives the request's headers.
func (a *App) Page(path string, header func(name string) string) (status int, headers map[string]string, body []byte, ok bool) {
	found, headers := a.find(path)
	if found == nil {
		return 0, nil, nil, false
	}
	encoding := found.encodingFor(header("Accept-Encoding"))
	headers["Content-Type"] = found.kind
	headers["ETag"] = found.tag(encoding)
	if found.varies() {
		headers["Vary"] = "Accept-Encoding"
	}
	if matches(header("If-None-Match"), headers["ETag"]) {
		delete(headers, "Content-Type")
		return http.StatusNotModified, headers, nil, true
	}
	if encoding != "" {
		headers["Content-Encoding"] = encoding
	}
	body, err := fs.ReadFile(a.files, found.name+suffixes[encoding])
	return http.StatusOK, headers, body, err == nil
}

// find gives the file of a path and the headers that its place asks for.
func (a *App) find(path string) (*file, map[string]string) {
	page := map[string]string{"Cache-Control": "no-cache"}
	switch {
	case strings.HasPrefix(path, "/app/assets/"):
		return a.hashed("dashboard/assets/" + strings.TrimPrefix(path, "/app/assets/"))
	case strings.HasPrefix(path, "/widget/assets/"):
		return a.hashed("widget/assets/" + strings.TrimPrefix(path, "/widget/assets/"))
	case path == "/widget.js":
		return a.known["widget/widget.js"], maps.Clone(loaderHeaders)
	case path == "/widget", path == "/widget/":
		return a.page(widgetPage, a.widgetPolicy, page)
	case strings.HasPrefix(path, "/app/"), path == "/setup", path == "/invite", path == "/reset":
		return a.page(dashboardPage, policy("'none'"), page)
	}
	return nil, nil
}

// loaderHeaders let any page load the loader, which is small and should reach it soon after a deploy.
var loaderHeaders = map[string]string{
	"Cache-Control":                "public, max-age=300, stale-while-revalidate=86400",
	"Access-Control-Allow-Origin":  "*",
	"Cross-Origin-Resource-Policy": "cross-origin",
}

// hashed is a file whose name changes with its content, so that it may be kept for ever.
func (a *App) hashed(name string) (*file, map[string]string) {
	return a.known[name], map[string]string{"Cache-Control": "public, max-age=31536000, immutable"}
}

// page is one of the built pages with its policy, or the placeholder with its own.
func (a *App) page(name, policy string, headers map[string]string) (*file, map[string]string) {
	if found := a.known[name]; found != nil {
		headers["Content-Security-Policy"] = policy
		return found, headers
	}
	found := a.known[placeholder]
	headers["Content-Security-Policy"] = found.policy
	return found, headers
}

// policy lets a page load what is ours and nothing else, and be framed by ancestors only.
func policy(ancestors ...string) string {
	return "default-src 'self'; script-src 'self'; style-src-elem 'self'; style-src-attr 'unsafe-inline'; " +
		"img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; frame-ancestors " + strings.Join(ancestors, " ") +
		"; base-uri 'none'; form-action 'self'"
}
