package lua

import (
	"context"
	"fmt"
	"testing"

	"baton/core"
	"baton/core/scripting"
)

// leastBusy is the built-in strategy, as operators read it.
const leastBusy = `
local function before(a, b)
  local x, y = a.load * b.capacity, b.load * a.capacity
  if x ~= y then return x < y end
  local p, q = a.last_assigned_s, b.last_assigned_s
  if p ~= q then return p < 0 or (q >= 0 and p > q) end
  return a.id < b.id
end

function assign(session, agents)
  local best = agents[1]
  for i = 1, #agents do
    local a = agents[i]
    if a.id == session.preferred_agent then
      return a.id, "asked for by the request"
    end
    if before(a, best) then best = a end
  end
  return best.id, best.load .. " of " .. best.capacity .. " places taken"
end`

const plainLeastBusy = `
function assign(session, agents)
  local best, least
  for i = 1, #agents do
    local a = agents[i]
    if a.load < a.capacity then
      local l = a.load / a.capacity
      if not least or l < least then best, least = a, l end
    end
  end
  return best and best.id
end`

const roundRobin = `function assign(session, agents, ctx) return agents[(ctx.counter - 1) % #agents + 1].id, "round robin" end`

// crowd is a sample with this many agents.
func crowd(n int) *core.Case {
	c := scripting.Sample(core.HookAssign)
	c.Session.PreferredAgent = ""
	c.Agents = nil
	for i := range n {
		c.Agents = append(c.Agents, &core.CaseAgent{
			ID: fmt.Sprintf("agent-%04d", i), Name: fmt.Sprintf("Agent %d", i), Status: core.Available, Active: i % 3, Load: i % 3,
			Capacity: 3, Skills: []string{"refund"}, Languages: []string{"en"}, QueueRank: 1, LastAssignedS: int64(i), OnlineS: 60,
		})
	}
	return c
}

func compiled(t testing.TB, text string) scripting.Program {
	t.Helper()
	p, _, err := New(Config{}).Compile("script.lua", text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func BenchmarkAsk(b *testing.B) {
	scripts := []struct{ name, text string }{
		{"empty", "function assign(session, agents, ctx) end"}, {"round robin", roundRobin},
		{"least busy", plainLeastBusy}, {"least busy, built in", leastBusy},
	}
	for _, s := range scripts {
		for _, n := range []int{10, 100, 1000} {
			b.Run(fmt.Sprintf("%s of %d", s.name, n), func(b *testing.B) {
				p, c := compiled(b, s.text), crowd(n)
				store := scripting.Recorded(c)
				b.ReportAllocs()
				for b.Loop() {
					if o := p.Ask(context.Background(), c, store); o.Error != nil {
						b.Fatal(o.Error)
					}
				}
			})
		}
	}
}

// The rule of plainLeastBusy in Go, to compare with.
func BenchmarkSameRuleInGo(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		b.Run(fmt.Sprintf("least busy of %d", n), func(b *testing.B) {
			c := crowd(n)
			for b.Loop() {
				var best *core.CaseAgent
				var least float64
				for _, a := range c.Agents {
					if l := float64(a.Load) / float64(a.Capacity); a.Load < a.Capacity && (best == nil || l < least) {
						best, least = a, l
					}
				}
				if best == nil {
					b.Fatal("nobody has room")
				}
			}
		})
	}
}

// The same agents, each with another time than the last time they were shown.
func BenchmarkAskWithTimesThatPass(b *testing.B) {
	p, c := compiled(b, "function assign(session, agents, ctx) end"), crowd(1000)
	for b.Loop() {
		for _, a := range c.Agents {
			a.OnlineS++
			a.LastAssignedS++
		}
		if o := p.Ask(context.Background(), c, nil); o.Error != nil {
			b.Fatal(o.Error)
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	e := New(Config{})
	for b.Loop() {
		if _, _, err := e.Compile("script.lua", leastBusy); err != nil {
			b.Fatal(err)
		}
	}
}
