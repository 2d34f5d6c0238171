package lua

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"

	"baton/core"
	"baton/core/scripting"
)

// A kept test is a txtar file: a case in sections of YAML, of which JSON is a part, and what must come of it. What a
// section leaves out is as in the sample case; the words before the first section say what the test is about.

// wanted is the section want.
type wanted struct {
	Hook    core.Hook       `json:"hook,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Why     *string         `json:"why,omitempty"`
	Error   string          `json:"error,omitempty"`   // the kind
	Message string          `json:"message,omitempty"` // a part of the text
}

// sections are those that a test may have, each with what it is read into.
func sections(c *core.Case, want *wanted) map[string]any {
	return map[string]any{
		"request": &c.Session, "agents": &c.Agents, "ctx": &c.Ctx, "message": &c.Message, "schedule": &c.Schedule,
		"store": &c.Store, "event": &c.Event, "want": want,
	}
}

// runTest runs a kept test of a program. What is wrong with the test itself is a test that has not passed.
func runTest(ctx context.Context, p scripting.Program, name string, file []byte) scripting.Outcome {
	out := scripting.Outcome{Name: name}
	c, want, err := readTest(p, file)
	if err != nil {
		out.Detail = err.Error()
		return out
	}
	out.Opinion = p.Ask(ctx, c, scripting.Recorded(c))
	out.Detail = differs(&out.Opinion, want)
	out.Passed = out.Detail == ""
	return out
}

func readTest(p scripting.Program, file []byte) (*core.Case, *wanted, error) {
	archive := txtar.Parse(file)
	hook, err := hookOf(p, archive)
	if err != nil {
		return nil, nil, err
	}
	c, want := scripting.Sample(hook), &wanted{}
	targets := sections(c, want)
	for i, f := range archive.Files {
		target, known := targets[f.Name]
		if !known {
			return nil, nil, fmt.Errorf("line %d: there is no section %q in a test", sectionLine(archive, i)-1, f.Name)
		}
		if err := readSection(f.Name, f.Data, sectionLine(archive, i), target); err != nil {
			return nil, nil, err
		}
	}
	if !slices.ContainsFunc(archive.Files, func(f txtar.File) bool { return f.Name == "want" }) {
		return nil, nil, fmt.Errorf("the test says nothing of what it wants: it needs a section -- want --")
	}
	settle(c)
	return c, want, nil
}

// hookOf says what a test asks: what want names, what the sections are for, or what the script answers.
func hookOf(p scripting.Program, archive *txtar.Archive) (core.Hook, error) {
	var want wanted
	for i, f := range archive.Files {
		if f.Name == "want" {
			if err := readSection(f.Name, f.Data, sectionLine(archive, i), &want); err != nil {
				return "", err
			}
		}
	}
	hooks := p.Hooks()
	header := p.Header().Hook
	switch {
	case want.Hook != "" && !slices.Contains(core.Hooks[:], want.Hook):
		return "", fmt.Errorf("there is no hook %q", want.Hook)
	case want.Hook != "":
		return want.Hook, nil
	case slices.Contains(core.Hooks[:], header):
		return header, nil
	case len(hooks) == 1:
		return hooks[0], nil
	}
	return "", fmt.Errorf("the script answers %d hooks; say in want which one is asked, as in hook: assign", len(hooks))
}

// sectionLine is the line on which the content of section i begins.
func sectionLine(archive *txtar.Archive, i int) int {
	line := 2 + strings.Count(string(archive.Comment), "\n")
	for _, f := range archive.Files[:i] {
		line += 1 + strings.Count(string(f.Data), "\n")
	}
	return line
}

// settle makes a case whole whose test left things out.
func settle(c *core.Case) {
	for key, value := range c.Store {
		if string(value) == "null" {
			c.Store[key] = nil
		}
	}
}

// differs says what is not as wanted, or "".
func differs(o *core.Opinion, want *wanted) string {
	if want.Error != "" {
		switch {
		case o.Error == nil:
			return fmt.Sprintf("wanted an error of the kind %s, got the result %s", want.Error, o.Result)
		case string(o.Error.Kind) != want.Error:
			return fmt.Sprintf("wanted an error of the kind %s, got %s", want.Error, o.Error)
		case !strings.Contains(o.Error.Message, want.Message):
			return fmt.Sprintf("wanted an error with the words %q, got %s", want.Message, o.Error)
		}
		return ""
	}
	if o.Error != nil {
		return "the script failed: " + o.Error.Error()
	}
	if want.Result != nil && !sameJSON(want.Result, []byte(o.Result)) {
		return fmt.Sprintf("wanted the result %s, got %s%s", want.Result, o.Result, because(o.Why))
	}
	if want.Why != nil && *want.Why != o.Why {
		return fmt.Sprintf("wanted %q as why, got %q", *want.Why, o.Why)
	}
	return ""
}

func because(why string) string {
	if why == "" {
		return ""
	}
	return fmt.Sprintf(" (%s)", why)
}

func sameJSON(a, b []byte) bool {
	var x, y any
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}

// writeTest writes a case and the opinion that it must get.
func writeTest(c *core.Case, want core.Opinion) ([]byte, error) {
	archive := &txtar.Archive{Comment: []byte("Kept from what was decided.\n")}
	add := func(name string, v any) error {
		data, err := appendYAML(v)
		archive.Files = append(archive.Files, txtar.File{Name: name, Data: data})
		return err
	}
	w := wanted{Hook: c.Hook}
	if want.Error != nil {
		w.Error = string(want.Error.Kind)
	} else {
		w.Result, w.Why = json.RawMessage(want.Result), &want.Why
	}
	again := scripting.Again(c, &want)
	parts := []struct {
		name  string
		value any
		there bool
	}{
		{"request", again.Session, true}, {"agents", again.Agents, again.Agents != nil}, {"ctx", again.Ctx, true},
		{"message", again.Message, again.Message != nil}, {"schedule", again.Schedule, again.Schedule != nil},
		{"event", again.Event, again.Event != nil}, {"store", again.Store, len(again.Store) > 0}, {"want", w, true},
	}
	for _, part := range parts {
		if part.there {
			if err := add(part.name, part.value); err != nil {
				return nil, fmt.Errorf("writing %s of a test: %w", part.name, err)
			}
		}
	}
	return txtar.Format(archive), nil
}
