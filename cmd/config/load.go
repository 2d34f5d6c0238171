package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// DefaultFile is read when no other file was named. It need not exist.
const DefaultFile = "config.yaml"

// Source says where the options come from.
type Source struct {
	// File is what --config named; it must exist. Empty reads DefaultFile if that is there.
	File string
	// Environ is the environment as os.Environ gives it.
	Environ []string
	// Set are options by name that win over everything, as flags do.
	Set map[string]string
}

// Load reads the configuration. The error names every option that is wrong, what was found and what would be
// right, in the words of the source that it came from. Unknown lists the environment variables that look
// like options and are none; they are no error, as orchestrators set some of their own.
func Load(src Source) (c *Config, unknown []string, err error) {
	l := &loader{config: Defaults(), env: environment(src.Environ), origin: map[string]string{}}
	l.options = options(l.config)
	l.readFile(src.File)
	l.readEnvironment()
	l.readSet(src.Set)
	if len(l.problems) == 0 {
		l.complete()
	}
	if len(l.problems) > 0 {
		return nil, nil, errors.Join(l.problems...)
	}
	return l.config, l.unknownNames(), nil
}

// loader fills a Config from one source after the other and collects what is wrong.
type loader struct {
	config   *Config
	options  []*option
	env      map[string]string
	origin   map[string]string // option → where its value came from
	problems []error
}

func environment(environ []string) map[string]string {
	env := make(map[string]string, len(environ))
	for _, line := range environ {
		if name, value, ok := strings.Cut(line, "="); ok {
			env[name] = value
		}
	}
	return env
}

func (l *loader) readFile(path string) {
	named := path != ""
	if !named {
		path = DefaultFile
	}
	content, err := os.ReadFile(path)
	switch {
	case err == nil:
		l.readYAML(path, content)
	case !named && errors.Is(err, fs.ErrNotExist):
	default:
		l.problem("reading the configuration: %w", err)
	}
}

func (l *loader) readEnvironment() {
	for _, o := range l.options {
		if text, ok := l.env[o.env()]; ok {
			l.put(o, o.env(), text)
		}
	}
}

func (l *loader) readSet(set map[string]string) {
	for _, o := range l.options {
		if text, ok := set[o.path]; ok {
			l.put(o, "--"+o.path[strings.LastIndexByte(o.path, '.')+1:], text)
		}
	}
}

// put gives the option a value that was written at a place such as config.yaml:12.
func (l *loader) put(o *option, where, text string) {
	if l.putFlow(o, where, text) {
		return
	}
	full, err := l.expand(o, text)
	if err != nil {
		l.problem("%s: %s: %w", where, o.path, err)
		return
	}
	if want := o.put(full); want != "" {
		l.wrong(o, where, text, want)
		return
	}
	l.origin[o.path] = where
}

// expand puts the environment in place of ${NAME} and, for a secret, the content of a file in place of file:PATH.
func (l *loader) expand(o *option, text string) (string, error) {
	if path, ok := strings.CutPrefix(text, "file:"); ok && o.secret() {
		content, err := os.ReadFile(path)
		if err != nil {
			return "", fmt.Errorf("reading the secret: %w", err)
		}
		return strings.TrimRight(string(content), "\r\n"), nil
	}
	var missing error
	full := expandNames(text, func(name string) string {
		value, ok := l.env[name]
		if !ok {
			missing = fmt.Errorf("the environment has no %s, which ${%s} asks for", name, name)
		}
		return value
	})
	return full, missing
}

// expandNames replaces ${NAME} only; os.Expand would take a plain $ in a password for a name too.
func expandNames(text string, value func(string) string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "${")
		name, after, closed := strings.Cut(rest, "}")
		if !ok || !closed {
			b.WriteString(text)
			return b.String()
		}
		b.WriteString(before)
		b.WriteString(value(name))
		text = after
	}
}

// wrong says what is the matter with one value. A secret is not repeated.
func (l *loader) wrong(o *option, where, found, want string) {
	if o.secret() {
		l.problem("%s: %s is not what it should be; write %s", where, o.path, want)
		return
	}
	l.problem("%s: %s is %q; write %s", where, o.path, found, want)
}

func (l *loader) problem(format string, args ...any) {
	l.problems = append(l.problems, fmt.Errorf(format, args...))
}

// complete derives what was left open and checks what only the whole can tell.
func (l *loader) complete() {
	c := l.config
	if c.Database.DSN == "" {
		c.Database.DSN = "sqlite:" + filepath.Join(c.Data.Dir, "baton.db")
	}
	for _, rule := range checks() {
		if want := rule.want(c); want != "" {
			o := find(l.options, rule.path)
			l.wrong(o, l.origin[o.path], fmt.Sprint(o.value.Interface()), want)
		}
	}
}

// unknownNames lists variables that begin like a section of the configuration and name no option.
func (l *loader) unknownNames() []string {
	var names []string
	for name := range l.env {
		path, ok := strings.CutPrefix(name, envPrefix)
		first, _, nested := strings.Cut(path, "_")
		if !ok || !nested || !section(l.options, strings.ToLower(first)) {
			continue
		}
		if !slices.ContainsFunc(l.options, func(o *option) bool { return o.env() == name }) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
