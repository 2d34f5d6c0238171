package lua

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"baton/adapters/lua/sandbox"
	"baton/core"
	"baton/core/scripting"
)

// hostile is a script of testdata/hostile and what its header says must come of it.
type hostile struct {
	name, text string
	hook       core.Hook
	expect     []string // ok, error:limit ...
	messages   []string
}

// readHostile reads the suite. The script's name is script.lua, as its headers have it.
func readHostile(t testing.TB, folder string) []hostile {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.lua"))
	if err != nil {
		t.Fatal(err)
	}
	var all []hostile
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		head := func(key string) string {
			match := regexp.MustCompile(`(?m)^-- ` + key + `: *(.*)$`).FindStringSubmatch(string(text))
			if match == nil {
				t.Fatalf("%s has no header %q", file, key)
			}
			return strings.TrimSpace(match[1])
		}
		all = append(all, hostile{
			name: strings.TrimSuffix(filepath.Base(file), ".lua"), text: string(text), hook: core.Hook(head("hook")),
			expect: strings.Split(head("expect"), " or "), messages: strings.Split(head("message"), " | "),
		})
	}
	return all
}

// oneGoroutine leaves out what the race detector would only make slow.
func oneGoroutine(t *testing.T) {
	t.Helper()
	if slowdown > 1 {
		t.Skip("one goroutine does it all, so there is no race to find")
	}
}

// engines are one with the wall limit that everybody gets, and one that waits five times as long for scripts that are
// not to be stopped: a busy machine is not what they are tested for.
type engines struct{ usual, patient *Engine }

func newEngines() engines {
	limits := func(wall time.Duration) Config { return Config{Limits: sandbox.Limits{Wall: slowdown * wall}} }
	return engines{New(limits(200 * time.Millisecond)), New(limits(time.Second))}
}

// run compiles and asks a script as baton scripts run does.
func (e engines) run(h hostile) (core.Opinion, []core.ScriptProblem) {
	engine := e.patient
	if slices.Contains(h.expect, "error:limit") {
		engine = e.usual
	}
	begun := time.Now()
	program, problems, err := engine.Compile("script.lua", h.text)
	if err != nil {
		fault := err.(*core.ScriptError) //nolint:errorlint // Compile gives nothing else
		return core.Opinion{Error: fault, Micros: time.Since(begun).Microseconds()}, problems
	}
	return program.Ask(context.Background(), scripting.Sample(h.hook), nil), problems
}

// check says what is not as the header has it.
func (h hostile) check(o core.Opinion, problems []core.ScriptProblem) string {
	outcome, message := "ok", o.Result
	if o.Error != nil {
		outcome, message = "error:"+string(o.Error.Kind), o.Error.Message
	}
	wanted := func(e string) bool {
		warned := slices.ContainsFunc(problems, func(p core.ScriptProblem) bool { return p.Severity == "warning" })
		return e == outcome || e == "ok with a warning at upload" && outcome == "ok" && warned
	}
	if !slices.ContainsFunc(h.expect, wanted) {
		return "it is " + outcome + ": " + message
	}
	if outcome == "ok" {
		return ""
	}
	if len(message) > 600 {
		return "the text of the error is too long"
	}
	if !slices.ContainsFunc(h.messages, func(m string) bool { return m == "any" || strings.Contains(message, m) }) {
		return "the error says " + message
	}
	return ""
}

func TestHostileScriptsEndAsTheirHeadersSay(t *testing.T) {
	oneGoroutine(t)
	e := newEngines()
	for _, folder := range []string{"testdata/hostile", "testdata/more"} {
		for _, h := range readHostile(t, folder) {
			t.Run(h.name, func(t *testing.T) {
				o, problems := e.run(h)
				took := time.Duration(o.Micros) * time.Microsecond
				if wrong := h.check(o, problems); wrong != "" {
					t.Errorf("%s; its header wants %v, %v", wrong, h.expect, h.messages)
				}
				t.Logf("%v, %d steps, %v", took.Round(time.Microsecond), o.Steps, o.Error)
				if most := slowdown * 5 * 220 * time.Millisecond; took > most {
					t.Errorf("it took %v, more than five times what its header allows", took)
				}
			})
		}
	}
}
