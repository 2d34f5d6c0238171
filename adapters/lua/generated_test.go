package lua

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"baton/adapters/lua/sandbox"
	"baton/core"
	"baton/core/scripting"
)

// generator writes programs that are nearly right: they compile mostly, and do what nobody would.
type generator struct {
	*rand.Rand
	b     strings.Builder
	depth int
	left  int // statements
}

func generate(seed uint64) string {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 7)), left: 40}
	g.b.WriteString("local a, b, c, f = 1, 'x', {}, nil\n")
	if g.IntN(4) == 0 {
		g.statements(3)
	}
	g.b.WriteString("function assign(session, agents, ctx, ...)\n")
	g.b.WriteString("local x, y, z = agents, session, ctx\n")
	g.statements(2 + g.IntN(12))
	fmt.Fprintf(&g.b, "return %s, %s\nend\n", g.pick("agents[1].id", "nil", "false", g.expr()), g.expr())
	return g.b.String()
}

func (g *generator) pick(choices ...string) string { return choices[g.IntN(len(choices))] }

func (g *generator) name() string {
	return g.pick("a", "b", "c", "f", "x", "y", "z", "agents", "session", "ctx", "_G", "nothing", "string", "math")
}

func (g *generator) number() string {
	return g.pick("0", "1", "-1", "2", "3.5", "65535", "65536", "1e9", "2^53", "-2^63", "1/0", "0/0", "100", "4097")
}

func (g *generator) text() string {
	return g.pick("'x'", "''", "'%s'", "'%d %5.3f'", "'(.-)%1'", "'[a-z'", "'%b()'", "('ab'):rep(1000)", "'\\255\\0'", "'a*a*a*b'", "'id'")
}

func (g *generator) call() string {
	function := g.pick("f", "x", "pcall", "xpcall", "error", "assert", "select", "unpack", "next", "pairs", "ipairs", "tostring",
		"tonumber", "type", "rawget", "rawset", "rawequal", "setmetatable", "getmetatable", "print", "string.rep", "string.find",
		"string.gsub", "string.gmatch", "string.format", "string.byte", "string.char", "string.sub", "string.match", "table.insert",
		"table.remove", "table.concat", "table.sort", "math.random", "math.floor", "math.max", "store.get", "store.set", "store.incr",
		"store.del", "json.encode", "json.decode", "text.words", "text.has_any", "re.find", "re.find_all", "re.replace",
		"time.format", "time.parts", "os.time", "log.info", "coroutine.wrap", "load", "t")
	arguments := make([]string, g.IntN(4))
	for i := range arguments {
		arguments[i] = g.expr()
	}
	return function + "(" + strings.Join(arguments, ", ") + ")"
}

func (g *generator) function() string {
	return "function(" + g.pick("...", "p, ...", "p, q, ...") + ") return " + g.expr() + " end"
}

func (g *generator) expr() string {
	g.depth++
	defer func() { g.depth-- }()
	if g.depth > 4 {
		return g.pick(g.name(), g.number(), g.text(), "nil", "true")
	}
	switch g.IntN(14) {
	case 0, 1:
		return g.number()
	case 2:
		return g.text()
	case 3, 4:
		return g.name()
	case 5:
		return g.call()
	case 6:
		return "{" + g.expr() + ", [" + g.expr() + "] = " + g.expr() + ", k = " + g.expr() + g.pick("", ", ...", ", "+g.call()) + "}"
	case 7:
		return "(" + g.expr() + ")" + g.pick(" + ", " - ", " * ", " / ", " % ", " ^ ", " .. ", " == ", " < ", " <= ", " and ", " or ") + g.expr()
	case 8:
		return g.pick("not ", "-", "#") + "(" + g.expr() + ")"
	case 9:
		return g.name() + "[" + g.expr() + "]"
	case 10:
		return g.name() + g.pick(".id", ".tags", ".skills", ".x", ":rep(9)", ":x(1)")
	case 11:
		return "(" + g.function() + ")(" + g.expr() + ")"
	case 12:
		return "setmetatable({}, {" + g.pick("__index", "__newindex", "__call", "__concat", "__eq", "__lt", "__le", "__len", "__unm",
			"__tostring", "__metatable", "__add") + " = " + g.pick(g.function(), g.expr()) + "})"
	}
	return g.function()
}

func (g *generator) statements(n int) {
	for ; n > 0 && g.left > 0; n-- {
		g.left--
		g.statement()
	}
}

func (g *generator) block(head, tail string) {
	g.b.WriteString(head + "\n")
	g.depth++
	g.statements(1 + g.IntN(3))
	g.depth--
	g.b.WriteString(tail + "\n")
}

func (g *generator) statement() {
	switch g.IntN(20) {
	case 16, 17, 18, 19:
		g.block("pcall(function(...)", "end)")
	case 0:
		g.block("while "+g.expr()+" do", g.pick("", "break ")+"end")
	case 1:
		g.block("for i = "+g.number()+", "+g.number()+g.pick("", ", "+g.number())+" do", "end")
	case 2:
		g.block("for k, v in "+g.pick("pairs", "ipairs", "next,")+"("+g.name()+") do", "end")
	case 3:
		g.block("if "+g.expr()+" then", "elseif "+g.expr()+" then "+g.name()+" = "+g.expr()+" else end")
	case 4:
		g.block("repeat", "until "+g.expr())
	case 5:
		fmt.Fprintf(&g.b, "local %s = %s\n", g.pick("a", "b", "x", "p, q", "f"), g.expr())
	case 6:
		g.block("local function "+g.pick("f", "a", "h")+"("+g.pick("...", "p, ...")+")", "end")
	case 7:
		fmt.Fprintf(&g.b, "%s, %s[%s] = %s, %s\n", g.name(), g.name(), g.expr(), g.expr(), g.expr())
	case 8:
		g.block("do", "end")
	case 9:
		g.block("function "+g.pick("c.m", "c:m", "x.m", "f")+"("+g.pick("...", "p, ...")+")", "end")
	case 10, 11:
		fmt.Fprintf(&g.b, "%s%s = %s\n", g.name(), g.pick("", ".k", "[1]", "["+g.expr()+"]"), g.expr())
	case 12:
		g.b.WriteString(g.call() + "\n")
	default:
		g.b.WriteString("pcall(" + g.call() + ")\npcall(" + g.function() + ", " + g.expr() + ")\n")
	}
}

// ask runs a program within small limits, and says when it did what no program may.
func ask(e *Engine, text string) (outcome, wrong string) {
	defer func() {
		if r := recover(); r != nil {
			outcome, wrong = "escaped", fmt.Sprintf("a panic escaped: %v", r)
		}
	}()
	begun := time.Now()
	p, _, err := e.Compile("script.lua", text)
	switch {
	case err != nil:
		outcome = "compile"
	default:
		o := p.Ask(context.Background(), scripting.Sample(core.HookAssign), nil)
		outcome = "ok"
		if o.Error != nil {
			outcome = string(o.Error.Kind)
			if strings.Contains(o.Error.Message, "the interpreter failed") {
				outcome = "panic, caught"
			}
		}
	}
	if took := time.Since(begun); took > 10*time.Second {
		wrong = fmt.Sprintf("it took %v", took)
	}
	return outcome, wrong
}

func smallLimits() Config { return Config{Limits: sandbox.Limits{Steps: 20_000}, VMs: 1} }

// 5,000 programs in a test, 100,000 with BATON_PROOF=1.
func TestGeneratedProgramsNeitherEscapeNorHang(t *testing.T) {
	programs := 5_000 / slowdown
	if os.Getenv("BATON_PROOF") == "1" {
		programs = 100_000 / slowdown
	}
	e, outcomes := New(smallLimits()), map[string]int{}
	var mu sync.Mutex // guards outcomes
	judge := func(seed int) {
		text := generate(uint64(seed))
		outcome, wrong := ask(e, text)
		mu.Lock()
		defer mu.Unlock()
		outcomes[outcome]++
		if wrong != "" {
			t.Errorf("program %d: %s\n%s", seed, wrong, text)
		}
		if outcome == "panic, caught" && outcomes[outcome] == 1 {
			t.Logf("program %d made the interpreter panic:\n%s", seed, text)
		}
	}
	var all sync.WaitGroup
	for worker := range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for seed := worker; seed < programs; seed += runtime.GOMAXPROCS(0) {
				judge(seed)
			}
		})
	}
	all.Wait()
	t.Logf("%d programs: %v", programs, outcomes)
	if outcomes["ok"] < programs/50 || outcomes["runtime"] < programs/50 {
		t.Errorf("hardly any of the programs ran: %v", outcomes)
	}
}

func FuzzPrograms(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(seed, "")
	}
	for _, text := range []string{roundRobin, leastBusy, "return {assign = function() return ('x'):rep(1e9) end}", "goto x ::x::"} {
		f.Add(uint64(0), text)
	}
	e := New(smallLimits())
	f.Fuzz(func(t *testing.T, seed uint64, text string) {
		if text == "" {
			text = generate(seed)
		}
		if _, wrong := ask(e, text); wrong != "" {
			t.Errorf("%s\n%s", wrong, text)
		}
	})
}
