package web

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"io/fs"
	"mime"
	"path"
	"slices"
	"strings"
)

// file is one that is served. Its compressed forms lie beside it.
type file struct {
	name      string
	kind      string // Content-Type
	hash      string
	encodings []string // the compressed forms that are there, best first
	policy    string   // of the placeholder, which brings a style along
}

// suffixes are what the compressed forms are called by; none is the file itself.
var suffixes = map[string]string{"": "", "br": ".br", "gzip": ".gz"}

// kinds are the types of what Vite writes, so that they do not depend on the machine's own list.
var kinds = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
	".svg": "image/svg+xml", ".json": "application/json", ".woff2": "font/woff2", ".png": "image/png", ".ico": "image/x-icon",
	".webmanifest": "application/manifest+json",
}

// index looks at all files.
func index(files fs.FS) (map[string]*file, error) {
	known := make(map[string]*file)
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || compressed(name) {
			return err
		}
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		known[name] = describe(files, name, content)
		return nil
	})
	return known, err
}

func compressed(name string) bool {
	return strings.HasSuffix(name, ".br") || strings.HasSuffix(name, ".gz")
}

func describe(files fs.FS, name string, content []byte) *file {
	sum := sha256.Sum256(content)
	f := &file{name: name, kind: kindOf(name), hash: hex.EncodeToString(sum[:8])}
	for _, encoding := range []string{"br", "gzip"} {
		if _, err := fs.Stat(files, name+suffixes[encoding]); err == nil {
			f.encodings = append(f.encodings, encoding)
		}
	}
	if name == placeholder {
		f.policy = stylePolicy(string(content))
	}
	return f
}

func kindOf(name string) string {
	if kind := kinds[path.Ext(name)]; kind != "" {
		return kind
	}
	if kind := mime.TypeByExtension(path.Ext(name)); kind != "" {
		return kind
	}
	return "application/octet-stream"
}

// tag names the content in one encoding, for caches.
func (f *file) tag(encoding string) string {
	if encoding == "" {
		return `"` + f.hash + `"`
	}
	return `"` + f.hash + "-" + encoding + `"`
}

func (f *file) varies() bool { return len(f.encodings) > 0 }

// encodingFor is the best form that the browser takes; none is the file as it is.
func (f *file) encodingFor(accepts string) string {
	for _, encoding := range f.encodings {
		if slices.ContainsFunc(strings.Split(accepts, ","), func(one string) bool { return takes(one, encoding) }) {
			return encoding
		}
	}
	return ""
}

// takes says whether one part of Accept-Encoding allows an encoding; q=0 forbids it.
func takes(part, encoding string) bool {
	name, quality, _ := strings.Cut(part, ";")
	quality = strings.ReplaceAll(quality, " ", "")
	forbidden := strings.HasPrefix(quality, "q=0") && strings.Trim(quality, "q=0.") == ""
	return strings.EqualFold(strings.TrimSpace(name), encoding) && !forbidden
}

// matches says whether If-None-Match names a tag; both may be weak.
func matches(wanted, tag string) bool {
	return slices.ContainsFunc(strings.Split(wanted, ","), func(one string) bool {
		one = strings.TrimSpace(one)
		return one == "*" || strings.TrimPrefix(one, "W/") == tag
	})
}

// stylePolicy lets a page use the styles that stand in it, and nothing else: no script, no frame, nothing from afar.
func stylePolicy(page string) string {
	hashes := ""
	for {
		_, after, found := strings.Cut(page, "<style>")
		if !found {
			break
		}
		style, more, _ := strings.Cut(after, "</style>")
		sum := sha256.Sum256([]byte(style))
		hashes += " 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
		page = more
	}
	return "default-src 'none'; style-src" + hashes + "; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
}
