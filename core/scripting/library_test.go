package scripting_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"baton/adapters/lua"
	"baton/adapters/sqlstore"
	"baton/core"
	"baton/core/scripting"
)

// admin publishes in these tests.
var admin = core.Actor{Role: core.Admin, ID: "agt_olga", Name: "Olga"}

// house is a library with its layers.
type house struct {
	*scripting.Library
	store *sqlstore.Store
	disk  fstest.MapFS
	log   strings.Builder
}

func newHouse(t *testing.T, builtIn map[string]string) *house {
	t.Helper()
	store, err := sqlstore.Open(t.Context(), sqlstore.Config{DSN: "sqlite::memory:"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	h := &house{store: store, disk: fstest.MapFS{}}
	h.Library = scripting.New(lua.New(lua.Config{}), store, scripting.Sources{BuiltIn: filesOf(builtIn), Disk: h.disk}, slog.New(slog.NewTextHandler(&h.log, nil)))
	h.reload(t)
	return h
}

func filesOf(sources map[string]string) fstest.MapFS {
	files := fstest.MapFS{}
	for name, source := range sources {
		files[name] = &fstest.MapFile{Data: []byte(source)}
	}
	return files
}

func (h *house) reload(t *testing.T) {
	t.Helper()
	if err := h.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// put writes a file of the disk.
func (h *house) put(t *testing.T, name, source string) {
	t.Helper()
	h.disk[name] = &fstest.MapFile{Data: []byte(source), ModTime: time.Now()}
	h.reload(t)
}

// to is a script that gives every chat to one agent.
func to(agent string) string {
	return fmt.Sprintf("function assign(session, agents) return %q end", agent)
}

// asked puts the sample to all scripts and tells what they said: script=answer, in order.
func (h *house) asked(t *testing.T, strategy string) string {
	t.Helper()
	var said []string
	for _, o := range h.Ask(t.Context(), scripting.Sample(core.HookAssign), strategy, scripting.NoStore{}) {
		answer := o.Answer.Agent
		if o.Error != nil {
			answer = "!" + string(o.Error.Kind)
		}
		if o.Mode != core.ModeLive {
			answer += "(" + string(o.Mode) + ")"
		}
		said = append(said, o.Script+"="+answer)
	}
	return strings.Join(said, " ")
}

func (h *house) want(t *testing.T, when, strategy, want string) {
	t.Helper()
	if got := h.asked(t, strategy); got != want {
		t.Errorf("%s scripts say %q, want %q", when, got, want)
	}
}

func (h *house) publish(t *testing.T, name, source string) {
	t.Helper()
	if _, _, err := h.Publish(t.Context(), admin, name, source, "because"); err != nil {
		t.Fatalf("publish %s: %v", name, err)
	}
}

func TestLaterLayersHideEarlierOnes(t *testing.T) {
	h := newHouse(t, map[string]string{"pick.lua": to("a1")})
	h.want(t, "built in,", "", "pick=a1")
	h.put(t, "pick.lua", to("a2"))
	h.want(t, "on disk,", "", "pick=a2")
	h.publish(t, "pick", to("a3"))
	h.want(t, "published,", "", "pick=a3")
	if s, _ := h.Script("pick"); s.Layer != scripting.Published || len(s.Hidden) != 2 || s.Kept.Live.Number != 1 {
		t.Errorf("the script stands as %+v", s)
	}
	h.put(t, "pick.lua", to("a4"))
	h.want(t, "with another file below it,", "", "pick=a3")
	if err := h.Withdraw(t.Context(), admin, "pick"); err != nil {
		t.Fatal(err)
	}
	h.want(t, "withdrawn,", "", "pick=a4")
	delete(h.disk, "pick.lua")
	h.reload(t)
	h.want(t, "without the file,", "", "pick=a1")
}

func TestRulesAreAskedInTheirOrderAndStrategiesWhereTheyAreNamed(t *testing.T) {
	h := newHouse(t, map[string]string{
		"b.lua":     to("a1"),
		"a.lua":     to("a2"),
		"first.lua": "-- order: 5\n" + to("a3"),
		"turn.lua":  "-- kind: strategy\n" + to("a4"),
		"off.lua":   "-- state: off\n" + to("a5"),
	})
	h.want(t, "without a strategy", "", "first=a3 a=a2 b=a1")
	h.want(t, "with a strategy", "turn", "first=a3 a=a2 b=a1 turn=a4")
	h.want(t, "with a strategy that is not there", "gone", "first=a3 a=a2 b=a1 gone=!load")
	for _, c := range []struct {
		state scripting.State
		want  string
	}{{scripting.On, "first=a3 a=a2 b=a1 off=a5"}, {scripting.AsItSays, "first=a3 a=a2 b=a1"}} {
		if err := h.SetState(t.Context(), admin, "off", c.state); err != nil {
			t.Fatal(err)
		}
		h.want(t, fmt.Sprintf("switched %q", c.state), "", c.want)
	}
	if err := h.SetState(t.Context(), admin, "b", scripting.Off); err != nil {
		t.Fatal(err)
	}
	h.want(t, "with one rule off", "", "first=a3 a=a2")
	if got := strings.Join(h.Strategies(), " "); got != "turn" {
		t.Errorf("queues may name %q, want turn", got)
	}
}

func TestBrokenSourceLeavesInForceWhatWas(t *testing.T) {
	h := newHouse(t, map[string]string{"pick.lua": to("a1")})
	h.put(t, "pick.lua", "function assign(")
	h.want(t, "with a file that is broken from the start", "", "pick=a1")
	s, err := h.Script("pick")
	if err != nil || s.Layer != scripting.BuiltIn || s.Broken[scripting.OnDisk] == nil || s.Broken[scripting.OnDisk].Kind != core.FaultCompile {
		t.Errorf("the script stands as %+v (%v)", s, err)
	}
	if !strings.Contains(h.log.String(), "a script is not in force") {
		t.Errorf("the log says %q, want that a script is not in force", h.log.String())
	}
	h.put(t, "pick.lua", to("a2"))
	h.want(t, "mended", "", "pick=a2")
	h.put(t, "pick.lua", "function assign(")
	h.want(t, "broken again", "", "pick=a2")
}

func TestPublishGateLetsOnlyWhatHoldsThrough(t *testing.T) {
	h := newHouse(t, nil)
	h.publish(t, "pick", to("a1"))
	test := "-- request --\npriority: urgent\n-- want --\nresult: a1\n"
	if err := h.store.PutTest(t.Context(), admin, "pick", "urgent ones", test); err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct{ source, says string }{
		"a source that is no program":   {"function assign(", "line 1"},
		"an endless loop":               {"function assign() while true do end end", "limit"},
		"a script without a hook":       {"local x = 1", "no hook"},
		"a script that fails its tests": {to("a2"), "urgent ones"},
		"a stranger":                    {to("agt_stranger"), "not one of the offered agents"},
	} {
		_, _, err := h.Publish(t.Context(), admin, "pick", c.source, "because")
		if core.KindOf(err) != core.Invalid || !strings.Contains(err.Error(), c.says) {
			t.Errorf("publishing %s got %v, want a refusal that says %q", what, err, c.says)
		}
		h.want(t, "after the refusal of "+what, "", "pick=a1")
	}
	if _, _, err := h.Publish(t.Context(), admin, "pick", to("a1"), " "); core.KindOf(err) != core.Invalid {
		t.Errorf("publishing without a reason got %v", err)
	}
	if _, _, err := h.Publish(t.Context(), admin, "Not A Name", to("a1"), "because"); core.KindOf(err) != core.Invalid {
		t.Errorf("publishing under a bad name got %v", err)
	}
}

func TestVersionsAreKeptAndRollBackIsANewOne(t *testing.T) {
	h := newHouse(t, nil)
	h.publish(t, "pick", to("a1"))
	h.publish(t, "pick", to("a2"))
	v, _, err := h.RollBack(t.Context(), admin, "pick", 1, "")
	if err != nil || v.Number != 3 || v.Source != to("a1") || v.Author != "Olga" || v.Reason != "Back to version 1" {
		t.Fatalf("rolled back to %+v (%v)", v, err)
	}
	h.want(t, "rolled back", "", "pick=a1")
	list, err := h.Versions(t.Context(), "pick")
	if err != nil || len(list) != 3 || list[2].Reason != "because" || list[0].Hash != list[2].Hash {
		t.Errorf("the versions are %+v (%v)", list, err)
	}
	if _, _, err := h.RollBack(t.Context(), admin, "pick", 9, ""); core.KindOf(err) != core.NotFound {
		t.Errorf("rolling back to a version that never was got %v", err)
	}
}

func TestDraftOfSomebodyElseIsNotSavedOver(t *testing.T) {
	h := newHouse(t, nil)
	first, err := h.SaveDraft(t.Context(), admin, "pick", "one", 0)
	if err != nil || first.DraftRev != 1 {
		t.Fatalf("the first draft is %+v (%v)", first, err)
	}
	if _, err := h.SaveDraft(t.Context(), core.Actor{Role: core.Admin, ID: "agt_bob", Name: "Bob"}, "pick", "two", 0); core.KindOf(err) != core.Conflict || !strings.Contains(err.Error(), "Olga") {
		t.Errorf("saving over Olga's draft got %v, want a conflict that names her", err)
	}
	if s, _ := h.Script("pick"); s.Kept.Draft != "one" || s.Layer != "" {
		t.Errorf("the script stands as %+v, want the first draft and nothing in force", s)
	}
	h.publish(t, "pick", to("a1"))
	if s, _ := h.Script("pick"); s.Kept.Draft != "one" {
		t.Error("publishing another source took the draft away")
	}
}

func TestShadowSaysWhatItWouldAndHasNoEffect(t *testing.T) {
	h := newHouse(t, map[string]string{"pick.lua": to("a1")})
	draft := "function assign(session, agents) store.set('n', 1) return 'a2' end"
	if err := h.StartTrial(t.Context(), admin, "pick", draft, core.ModeShadow, 0); err != nil {
		t.Fatal(err)
	}
	h.want(t, "with a shadow", "", "pick=a1 pick=a2(shadow)")
	shadow := h.Ask(t.Context(), scripting.Sample(core.HookAssign), "", scripting.NoStore{})[1]
	if !shadow.Differs || len(shadow.Writes) != 0 {
		t.Errorf("the shadow's opinion is %+v, want one that differs and keeps nothing", shadow)
	}
	if err := h.EndTrial(t.Context(), admin, "pick"); err != nil {
		t.Fatal(err)
	}
	h.want(t, "after the shadow", "", "pick=a1")
}

func TestCanaryDecidesOnItsShareAndIsTakenBackWhenItFails(t *testing.T) {
	h := newHouse(t, map[string]string{"pick.lua": to("a1")})
	draft := "function assign(session, agents) if session.tags.boom then error('boom') end return 'a2' end"
	if err := h.StartTrial(t.Context(), admin, "pick", draft, core.ModeCanary, 30); err != nil {
		t.Fatal(err)
	}
	picked := 0
	c := scripting.Sample(core.HookAssign)
	c.Session.Tags = nil
	for i := range 1000 {
		c.Session.ID = fmt.Sprint("ses_", i)
		o := h.Ask(t.Context(), c, "", scripting.NoStore{})
		if len(o) != 1 {
			t.Fatalf("one chat was decided by %d opinions", len(o))
		}
		if o[0].Mode == core.ModeCanary {
			picked++
		}
	}
	if picked < 200 || picked > 400 {
		t.Errorf("the canary decided on %d of 1,000 chats, want about 300", picked)
	}
	c.Session.Tags = []string{"boom"}
	for i := range 1000 {
		c.Session.ID = fmt.Sprint("ses_", i)
		o := h.Ask(t.Context(), c, "", scripting.NoStore{})
		if last := o[len(o)-1]; last.Mode != core.ModeLive && last.Answer.Agent != "a2" || last.Error != nil {
			t.Fatalf("a failing canary left a chat with %+v", o)
		}
	}
	h.reload(t)
	if s, _ := h.Script("pick"); s.Kept.Trial.Mode != "" || !strings.Contains(s.Kept.Trial.Ended, "boom") {
		t.Errorf("after three failures the canary stands as %+v", s.Kept.Trial)
	}
	h.want(t, "after the canary", "", "pick=a1")
}

func TestScriptRestsAfterFiveFailuresAndHasOneTrial(t *testing.T) {
	h := newHouse(t, map[string]string{"pick.lua": "function assign(session) if session.tags.boom then error('boom') end return 'a1' end"})
	c := scripting.Sample(core.HookAssign)
	ask := func(tag string) core.Opinion {
		c.Session.Tags = []string{tag}
		return h.Ask(t.Context(), c, "", scripting.NoStore{})[0]
	}
	synctest.Test(t, func(t *testing.T) {
		for range 5 {
			if o := ask("boom"); o.Error == nil || o.Error.Kind != core.FaultRuntime {
				t.Fatalf("the script said %+v", o)
			}
		}
		if o := ask("fine"); o.Error == nil || !strings.Contains(o.Error.Message, "rests") {
			t.Errorf("after five failures the script said %+v, want that it rests", o)
		}
		if s, _ := h.Script("pick"); !s.Figures.Rests || s.Figures.Failed != 5 {
			t.Errorf("its figures are %+v", s.Figures)
		}
		time.Sleep(31 * time.Second)
		if o := ask("boom"); o.Error == nil || o.Error.Kind != core.FaultRuntime {
			t.Errorf("after its rest the script said %+v, want its one try", o)
		}
		if o := ask("fine"); o.Error == nil {
			t.Error("after a try that failed the script does not rest")
		}
		time.Sleep(31 * time.Second)
		for range 2 {
			if o := ask("fine"); o.Answer.Agent != "a1" {
				t.Errorf("after a try that went well the script said %+v", o)
			}
		}
	})
}

func TestDecisionsGoOnWhileScriptsChange(t *testing.T) {
	h := newHouse(t, map[string]string{"pick.lua": to("a1")})
	ctx, stop := context.WithCancel(t.Context())
	var asking sync.WaitGroup
	for range 4 {
		asking.Go(func() {
			for ctx.Err() == nil {
				for _, o := range h.Ask(t.Context(), scripting.Sample(core.HookAssign), "", scripting.NoStore{}) {
					if o.Error != nil || o.Answer.Agent == "" {
						t.Errorf("while scripts changed one said %+v", o)
						return
					}
				}
			}
		})
	}
	for i := range 20 {
		h.publish(t, "pick", to(fmt.Sprint("a", i%5+1)))
	}
	stop()
	asking.Wait()
	h.want(t, "at the end", "", "pick=a5")
}
