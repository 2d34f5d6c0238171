// Package web holds the pages of the browser's part and the headers that they are sent with.
package web

import (
	"crypto/sha256"
	_ "embed" // for the pages
	"encoding/base64"
	"strings"
)

//go:embed assets/index.html
var index []byte

// App is the browser's part.
type App struct{}

// Page gives what lies at a path below /, with its headers, if something does.
func (App) Page(path string) (headers map[string]string, body []byte, ok bool) {
	if path != "/app/" && path != "/setup" {
		return nil, nil, false
	}
	return map[string]string{
		"Content-Type":            "text/html; charset=utf-8",
		"Content-Security-Policy": policy(index),
		"Cache-Control":           "no-cache",
	}, index, true
}

// policy lets a page use the style that stands in it, and nothing else: no script, no frame, nothing from afar.
func policy(page []byte) string {
	rest, hashes := string(page), ""
	for {
		_, after, found := strings.Cut(rest, "<style>")
		if !found {
			break
		}
		style, more, _ := strings.Cut(after, "</style>")
		sum := sha256.Sum256([]byte(style))
		hashes += " 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
		rest = more
	}
	return "default-src 'none'; style-src" + hashes + "; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
}
