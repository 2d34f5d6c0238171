package scripting_test

import (
	"strings"
	"testing"

	"baton/core"
	"baton/core/scripting"
)

func TestScriptsApartHaveAnotherTextAndLeaveTheLiveOnesAlone(t *testing.T) {
	h := newHouse(t, map[string]string{
		"pick.lua": to("a1"), "off.lua": "-- state: off\n" + to("a2"), "turn.lua": "-- kind: strategy\n" + to("a3"),
	})
	ask := func(scripts core.Scripts, strategy string) string {
		var said []string
		for _, o := range scripts.Ask(t.Context(), scripting.Sample(core.HookAssign), strategy, scripting.NoStore{}) {
			said = append(said, o.Script+"="+o.Answer.Agent)
		}
		return strings.Join(said, " ")
	}
	for _, row := range []struct {
		name, source, strategy string
		want                   string
		isStrategy             bool
	}{
		{"", "", "turn", "pick=a1 turn=a3", false},
		{"pick", to("a4"), "turn", "pick=a4 turn=a3", false},
		{"off", to("a4"), "", "off=a4 pick=a1", false}, // it is tried as if it was on
		{"turn", "-- kind: strategy\n" + to("a5"), "turn", "pick=a1 turn=a5", true},
		{"", "", "nobody", "pick=a1 nobody=", false},
	} {
		scripts, strategy, err := h.Apart(row.name, row.source)
		if err != nil {
			t.Fatal(err)
		}
		if got := ask(scripts, row.strategy); got != row.want || strategy != row.isStrategy {
			t.Errorf("apart, with another %q, scripts say %q, want %q; a strategy: %v", row.name, got, row.want, strategy)
		}
	}
	h.want(t, "after all that,", "turn", "pick=a1 turn=a3")
	if s, _ := h.Script("pick"); s.Figures.Asked != 1 {
		t.Errorf("what is asked apart counts: %+v", s.Figures)
	}
	if _, _, err := h.Apart("pick", "function assign("); err == nil {
		t.Error("a text that is no script was taken")
	}
	if _, _, err := h.Apart("Pick Me", to("a1")); err == nil {
		t.Error("a name that is none was taken")
	}
}

// TestAScriptApartRestsByTheClockOfItsCases lets a script fail as often as it is asked, on a clock that is moved.
func TestAScriptApartRestsByTheClockOfItsCases(t *testing.T) {
	h := newHouse(t, nil)
	scripts, _, err := h.Apart("bad", "function assign() error('no') end")
	if err != nil {
		t.Fatal(err)
	}
	failed := 0
	at := func(seconds int64) {
		c := scripting.Sample(core.HookAssign)
		c.Ctx.Now.Unix = seconds
		for _, o := range scripts.Ask(t.Context(), c, "", scripting.NoStore{}) {
			if o.Error != nil {
				failed++
			}
		}
	}
	for range 20 {
		at(1000)
	}
	if failed != 5 {
		t.Errorf("it failed %d times in a second before it rested", failed)
	}
	if at(1031); failed != 6 {
		t.Errorf("after half a minute it had failed %d times", failed)
	}
	for n := range int64(100) {
		at(2000 + 40*n)
	}
	if failed != 50 {
		t.Errorf("it was asked until it had failed %d times", failed)
	}
}
