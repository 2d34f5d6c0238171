package lua

import (
	"context"
	"encoding/json"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"baton/adapters/lua/sandbox"
	"baton/core"
	"baton/core/scripting"
)

// idle is what the process needs when no script runs.
func idle() (heap uint64, goroutines int) {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc, runtime.NumGoroutine()
}

// All hostile scripts run in one process, while a good one answers for other chats every 2 ms.
func TestGoodScriptIsServedWhileHostileOnesRun(t *testing.T) {
	e := newEngines()
	good, _, err := e.usual.Compile("good.lua", roundRobin)
	if err != nil {
		t.Fatal(err)
	}
	scripts := append(readHostile(t, "testdata/hostile"), readHostile(t, "testdata/more")...)
	heapBefore, goroutinesBefore := idle()

	var done atomic.Bool
	var hostile sync.WaitGroup
	hostile.Go(func() {
		defer done.Store(true)
		for _, h := range scripts {
			o, problems := e.run(h)
			if wrong := h.check(o, problems); wrong != "" {
				t.Errorf("%s: %s", h.name, wrong)
			}
		}
	})
	longest, asked := time.Duration(0), 0
	for tick := time.NewTicker(2 * time.Millisecond); !done.Load(); <-tick.C {
		c := scripting.Sample(core.HookAssign)
		c.Ctx.Counter = int64(asked + 1)
		begun := time.Now()
		o := good.Ask(context.Background(), c, nil)
		longest = max(longest, time.Since(begun))
		if want := c.Agents[asked%5].ID; o.Error != nil || o.Answer.Agent != want {
			t.Fatalf("question %d of the good script was answered %q (%v), not %q", asked, o.Answer.Agent, o.Error, want)
		}
		asked++
	}
	hostile.Wait()

	heap, goroutines := idle()
	t.Logf("%d hostile scripts; %d good answers, the slowest in %v; heap %d KiB before, %d after; goroutines %d and %d",
		len(scripts), asked, longest, heapBefore>>10, heap>>10, goroutinesBefore, goroutines)
	if longest > slowdown*250*time.Millisecond {
		t.Errorf("a good answer took %v while hostile scripts ran", longest)
	}
	if heap > heapBefore+16<<20 {
		t.Errorf("%d KiB are on the heap when all is done, and %d before", heap>>10, heapBefore>>10)
	}
	if goroutines > goroutinesBefore {
		t.Errorf("%d goroutines run when all is done, and %d before", goroutines, goroutinesBefore)
	}
}

// What takes time, and not steps, may stop at another place each time.
func timed(o *core.Opinion) bool {
	return o.Error != nil && strings.Contains(o.Error.Message, "time limit")
}

func asJSON(t *testing.T, o core.Opinion) string {
	t.Helper()
	o.Micros = 0
	data, err := json.Marshal(struct {
		core.Opinion
		Writes []core.ScriptWrite
	}{o, o.Writes})
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestSameCaseIsDecidedAlikeByteForByte(t *testing.T) {
	oneGoroutine(t)
	scripts := append(readHostile(t, "testdata/hostile"), readHostile(t, "testdata/more")...)
	for _, text := range []string{roundRobin, leastBusy, plainLeastBusy} {
		scripts = append(scripts, hostile{name: "a strategy", text: text, hook: core.HookAssign})
	}
	few := Config{Limits: sandbox.Limits{Steps: 100_000}}
	compared := 0
	for _, h := range scripts {
		p, _, err := New(few).Compile("script.lua", h.text)
		if err != nil {
			continue
		}
		again, _, err := New(few).Compile("script.lua", h.text)
		if err != nil {
			t.Errorf("%s compiles once, and then says %v", h.name, err)
			continue
		}
		c := scripting.Sample(h.hook)
		opinions := []core.Opinion{
			p.Ask(context.Background(), c, nil), p.Ask(context.Background(), scripting.Sample(h.hook), nil),
			again.Ask(context.Background(), c, nil),
		}
		if slices.ContainsFunc(opinions, func(o core.Opinion) bool { return timed(&o) }) {
			continue
		}
		compared++
		for _, o := range opinions[1:] {
			if first, second := asJSON(t, opinions[0]), asJSON(t, o); first != second {
				t.Errorf("%s decided twice, and not alike:\n%s\n%s", h.name, first, second)
			}
		}
	}
	if compared < 100 {
		t.Errorf("only %d scripts were compared", compared)
	}
}

func TestManyAskOneProgramAtOnce(t *testing.T) {
	p := compiled(t, leastBusy)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				o := p.Ask(context.Background(), scripting.Sample(core.HookAssign), nil)
				if o.Error != nil || o.Answer.Agent != "a3" {
					t.Errorf("it was answered %q (%v)", o.Answer.Agent, o.Error)
				}
			}
		})
	}
	all.Wait()
}
