package web_test

import (
	"strings"
	"testing"

	"baton/adapters/web"
)

func TestPageSaysWhereTheAPIIsAndRunsNothing(t *testing.T) {
	headers, body, ok := web.App{}.Page("/app/")
	if !ok {
		t.Fatal("there is no page at /app/")
	}
	for _, link := range []string{`href="/docs"`, `href="/v1/openapi.json"`} {
		if !strings.Contains(string(body), link) {
			t.Errorf("the page does not lead to %s", link)
		}
	}
	policy := headers["Content-Security-Policy"]
	for _, part := range []string{"default-src 'none'", "style-src 'sha256-", "frame-ancestors 'none'"} {
		if !strings.Contains(policy, part) {
			t.Errorf("the policy %q lacks %s", policy, part)
		}
	}
	for _, foreign := range []string{"<script", "http://", "https://", "style="} {
		if strings.Contains(string(body), foreign) {
			t.Errorf("the page holds %s, which its policy forbids", foreign)
		}
	}
}

func TestNothingLiesBesideThePages(t *testing.T) {
	for _, path := range []string{"/app/x", "/app/../web.go", "/", ""} {
		if _, _, ok := (web.App{}).Page(path); ok {
			t.Errorf("something lies at %q", path)
		}
	}
}
