package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const root = "../.."

// documents are what people read about Baton.
func documents(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for _, name := range []string{"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"} {
		texts[name] = read(t, filepath.Join(root, name))
	}
	return texts
}

func read(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func TestDocumentsNameTestsThatExist(t *testing.T) {
	named := regexp.MustCompile("`((?:Test|Fuzz|Benchmark)[A-Za-z0-9]+)`")
	existing := testNames(t)
	for document, text := range documents(t) {
		for _, match := range named.FindAllStringSubmatch(text, -1) {
			if !slices.Contains(existing, match[1]) {
				t.Errorf("%s names %s, and there is no such test", document, match[1])
			}
		}
	}
}

// testNames lists the tests of the whole project.
func testNames(t *testing.T) []string {
	t.Helper()
	declared := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Benchmark)\w+)\(`)
	var names []string
	for _, pattern := range []string{"*/*_test.go", "*/*/*_test.go", "*/*/*/*_test.go", "*/*/*/*/*_test.go"} {
		files, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			for _, match := range declared.FindAllStringSubmatch(read(t, file), -1) {
				names = append(names, match[1])
			}
		}
	}
	return names
}

func TestDocumentsNameFilesThatExist(t *testing.T) {
	named := regexp.MustCompile("`((?:core|adapters|cmd|migrations|scripts|plugins|\\.ci)/[\\w/.-]*)`")
	for document, text := range documents(t) {
		for _, match := range named.FindAllStringSubmatch(text, -1) {
			path := strings.TrimSuffix(match[1], "/...")
			if _, err := os.Stat(filepath.Join(root, path)); err != nil {
				t.Errorf("%s names %s, and it is not there", document, match[1])
			}
		}
	}
}

func TestDocumentsNameCommandsThatExist(t *testing.T) {
	known := []string{"help"}
	for _, cmd := range commands() {
		known = append(known, strings.Fields(cmd.name)[0])
	}
	targets := regexp.MustCompile(`(?m)^([a-z]+):`).FindAllStringSubmatch(read(t, filepath.Join(root, "Makefile")), -1)
	for document, text := range documents(t) {
		for _, match := range regexp.MustCompile("(?:`|bin/)baton ([a-z]+)").FindAllStringSubmatch(text, -1) {
			if !slices.Contains(known, match[1]) {
				t.Errorf("%s says `baton %s`, and there is no such command", document, match[1])
			}
		}
		for _, match := range regexp.MustCompile("(?m)(?:`|^)make ([a-z]+)").FindAllStringSubmatch(text, -1) {
			if !slices.ContainsFunc(targets, func(target []string) bool { return target[1] == match[1] }) {
				t.Errorf("%s says `make %s`, and the Makefile has no such target", document, match[1])
			}
		}
	}
}

func TestArchitectureSaysWhatEachLibraryIsFor(t *testing.T) {
	architecture := read(t, filepath.Join(root, "ARCHITECTURE.md"))
	_, table, found := strings.Cut(architecture, "## Libraries")
	if !found {
		t.Fatal("ARCHITECTURE.md has no table of libraries")
	}
	table, _, _ = strings.Cut(table, "\n## ")
	direct := regexp.MustCompile(`(?m)^\t(\S+) v\S+$`) // the others are marked as indirect
	for _, match := range direct.FindAllStringSubmatch(read(t, filepath.Join(root, "go.mod")), -1) {
		name := strings.TrimPrefix(match[1], "github.com/")
		if !strings.Contains(table, "`"+name+"`") {
			t.Errorf("ARCHITECTURE.md does not say what %s is for", name)
		}
	}
}

// A test whose name begins with the number of a case shows that case; ARCHITECTURE.md must say so.
func TestArchitectureListsEveryCaseThatATestShows(t *testing.T) {
	architecture := read(t, filepath.Join(root, "ARCHITECTURE.md"))
	numbered := regexp.MustCompile(`^Test([A-Z]\d\d)[A-Z]`)
	for _, name := range testNames(t) {
		match := numbered.FindStringSubmatch(name)
		if match == nil {
			continue
		}
		row := regexp.MustCompile(`(?m)^\| ` + match[1] + ` \|.*$`).FindString(architecture)
		if !strings.Contains(row, "`"+name+"`") {
			t.Errorf("ARCHITECTURE.md should name %s in the row of %s, which is %q", name, match[1], row)
		}
	}
}
