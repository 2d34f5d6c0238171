package lua

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"baton/core"
	"baton/core/scripting"
)

// says runs lines of Lua in a hook and gives its opinion; the lines assert by themselves.
func says(t *testing.T, c *core.Case, lines string) core.Opinion {
	t.Helper()
	p := compiled(t, "function assign(session, agents, ctx)\n"+lines+"\nend")
	return p.Ask(context.Background(), c, nil)
}

func TestLibraryDoesWhatLuaDoes(t *testing.T) {
	for name, lines := range map[string]string{
		"find":                    `local a, b = ("hello world"):find("o w") assert(a == 5 and b == 7) assert(("a.b"):find(".", 1, true) == 2) assert(("abc"):find("b", -1) == nil)`,
		"match":                   `local k, v = ("key = value"):match("^(%w+)%s*=%s*(%w+)$") assert(k == "key" and v == "value")`,
		"captures":                `local p, w = ("  x"):match("()(x)") assert(p == 3 and w == "x") assert(("[[a]]"):match("%b[]") == "[[a]]")`,
		"classes":                 `assert(("aB3 _-"):gsub("[%a%d]", "") == " _-") assert(("x9"):match("%D") == "x") assert(("a-z"):match("[a%-z]+") == "a-z") assert(("]"):match("[]]"))`,
		"lazy":                    `assert(("<a><b>"):match("<(.-)>") == "a") assert(("aaa"):match("a-$") == "aaa") assert(("abc"):match("^b?a") == "a")`,
		"frontier":                `assert(("THE (quick) fox"):find("%f[%a]%a+%f[%A]") == 1) assert(("one two"):gsub("%f[%w]%w+", string.upper) == "ONE TWO")`,
		"again":                   `assert(("abab"):match("(ab)%1") == "ab") assert(not ("abac"):match("^(ab)%1$"))`,
		"gmatch":                  `local out = {} for w in ("one two"):gmatch("%a+") do out[#out + 1] = w end assert(table.concat(out, ",") == "one,two")`,
		"gmatch of pairs":         `local t = {} for k, v in ("a=1, b=2"):gmatch("(%w+)=(%w+)") do t[k] = v end assert(t.a == "1" and t.b == "2")`,
		"gsub":                    `local s, n = ("hello"):gsub("l", {l = "L"}) assert(s == "heLLo" and n == 2) assert(("abc"):gsub("%w", "%0%0") == "aabbcc") assert(("abc"):gsub("", "-") == "-a-b-c-") assert(("x y"):gsub("(%w) (%w)", "%2 %1") == "y x") assert(("aaa"):gsub("a", "b", 2) == "bba") assert(("abc"):gsub("b", function() end) == "abc")`,
		"format":                  `assert(string.format("%5d|%-5s|%05.1f|%x|%q|%%|%c", 42, "ab", 3.14159, 255, 'a"b', 65) == '   42|ab   |003.1|ff|"a\\"b"|%|A') assert(string.format("%s %s", nil, true) == "nil true") assert(string.format("%.3s", "abcdef") == "abc") assert(string.format("%i", 3.99) == "3")`,
		"sub":                     `assert(("hello"):sub(2, -2) == "ell" and ("hello"):sub(-3) == "llo" and ("hello"):sub(0) == "hello" and ("hello"):sub(4, 2) == "")`,
		"byte":                    `local a, b = ("AB"):byte(1, -1) assert(a == 65 and b == 66) assert(("A"):byte(9) == nil) assert(string.char(72, 105) == "Hi")`,
		"rep":                     `assert(("ab"):rep(3) == "ababab" and ("a"):rep(3, "-") == "a-a-a" and ("a"):rep(0) == "" and ("a"):rep(-1) == "")`,
		"case":                    `assert(("aB"):upper() == "AB" and ("aB"):lower() == "ab" and ("abc"):reverse() == "cba" and ("abc"):len() == 3)`,
		"concat":                  `assert(1 .. 2 == "12" and "a" .. 1 .. "b" .. 2.5 == "a1b2.5") local ok, e = pcall(function() return "a" .. nil end) assert(e:find("concatenate a nil value"))`,
		"sort":                    `local t = {3, 1, 2} table.sort(t) assert(table.concat(t) == "123") table.sort(t, function(a, b) return a > b end) assert(table.concat(t) == "321")`,
		"insert":                  `local t = {1, 3} table.insert(t, 2, 2) table.insert(t, 4) assert(table.concat(t) == "1234") assert(table.remove(t, 1) == 1 and table.remove(t) == 4 and #t == 2) assert(table.remove({}) == nil)`,
		"select":                  `assert(select("#") == 0 and select("#", nil, nil) == 2 and select(-1, 1, 2, 3) == 3) local a, b = select(2, 1, 2, 3) assert(a == 2 and b == 3) assert(select("#", select(9, 1)) == 0)`,
		"unpack":                  `local a, b, c = unpack({1, 2}) assert(a == 1 and b == 2 and c == nil) assert(select("#", unpack({}, 1, 3)) == 3)`,
		"next":                    `assert(next({}) == nil and next({7}) == 1) local n = 0 for k in next, {a = 1, b = 2, 3} do n = n + 1 end assert(n == 3)`,
		"numbers":                 `assert(math.floor(-1.5) == -2 and math.max(1, 3, 2) == 3 and math.fmod(7, 4) == 3 and math.huge > 1e300) assert(select(2, math.modf(3.5)) == 0.5) assert(math.floor(math.pi) == 3) assert(tostring(10) == "10" and tostring(0.5) == "0.5")`,
		"random":                  `local a = math.random(1, 6) assert(a >= 1 and a <= 6) math.randomseed(7) local b = math.random() math.randomseed(7) assert(b == math.random() and b >= 0 and b < 1)`,
		"errors":                  `local ok, e = pcall(error, "x", 0) assert(not ok and e == "x") ok, e = pcall(error, {code = 1}) assert(e.code == 1) ok, e = pcall(assert, false, "no") assert(e:find("no")) assert(select(2, pcall(assert, nil)):find("assertion failed"))`,
		"xpcall":                  `local ok, e = xpcall(function() error("x", 0) end, function(e) return e .. "!" end) assert(not ok and e == "x!") assert(select(3, xpcall(function() return 1, 2 end, print)) == 2)`,
		"closures after an error": `local keep xpcall(function() local x = {1} keep = function() return x end error("e") end, function() end) local y = {2} assert(keep()[1] == 1)`,
		"metatables":              `local t = setmetatable({}, {__index = function(_, k) return k .. "!" end, __newindex = function(t, k, v) rawset(t, k, v * 2) end}) assert(t.a == "a!") t.b = 2 assert(t.b == 4) assert(getmetatable("") == false)`,
		"methods":                 `local o = {n = 1} function o:add(k) self.n = self.n + k return self end assert(o:add(2):add(3).n == 6)`,
		"goto":                    `local n = 0 for i = 1, 5 do if i % 2 == 0 then goto continue end n = n + i ::continue:: end assert(n == 9)`,
		"recursion":               `local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end assert(fib(15) == 610) local odd local function even(n) if n == 0 then return true end return odd(n - 1) end function odd(n) if n == 0 then return false end return even(n - 1) end assert(even(10))`,
		"constructor":             `local k = "x" local t = {1, 2, [k] = 3, ["y z"] = 4, [10] = 5, n = 6, (function() return 7, 8 end)()} assert(t[2] == 2 and t[3] == 7 and t[4] == 8 and t.x == 3 and t["y z"] == 4 and t[10] == 5 and t.n == 6)`,
		"calls that end a list":   `local function two() return 1, 2 end local t = {two(), two()} assert(#t == 3) t = {two(), x = 1} assert(#t == 1) t = {(two())} assert(#t == 1)`,
		"for with two values":     `local n = 0 for k, v in next, {5, 6} do n = n + v end assert(n == 11)`,
		"global functions":        `assert(type(_G.assign) == "function" and _VERSION == "Lua 5.1")`,
	} {
		if o := says(t, scripting.Sample(core.HookAssign), lines); o.Error != nil {
			t.Errorf("%s: %v", name, o.Error)
		}
	}
}

func TestModulesDoWhatTheReferenceSays(t *testing.T) {
	for name, lines := range map[string]string{
		"text":                   `assert(text.lower("ÄÖ") == "äö" and text.upper("ß") ~= "" and text.trim("  a ") == "a") local w = text.words("Geld zurück, bitte!") assert(#w == 3 and w[2] == "zurück") assert(text.contains("Eine ERSTATTUNG", "erstattung") and not text.contains("a", "b")) assert(text.has_any("I want my money back.", {"refund", "Money Back"}) == "Money Back") assert(text.has_any("refunded", {"refund"}) == nil)`,
		"re":                     `assert(re.match("order 4711", [[\d+]]) and not re.match("order", [[\d]])) local all, year = re.find("in 2026-03", [[(\d{4})-\d\d]]) assert(all == "2026-03" and year == "2026") assert(table.concat(re.find_all("a1b22", [[\d+]]), ",") == "1,22") assert(re.replace("a1b2", [[(\d)]], "<$1>") == "a<1>b<2>") assert(re.find("x", "y") == nil) assert(table.concat(re.find_all("aa ba", [[\ba]]), ",") == "a") assert(re.replace("abc", "", "-") == "-a-b-c-")`,
		"json":                   `assert(json.encode({b = 1, a = {1, 2.5, "x"}, c = true}) == '{"a":[1,2.5,"x"],"b":1,"c":true}') local v = json.decode('{"a":[1,null,3],"b":null,"c":"é"}') assert(v.a[1] == 1 and v.a[2] == nil and v.a[3] == 3 and v.b == nil and v.c == "é") v.a = nil assert(json.encode({}) == "{}") assert(json.encode(session.skills) == '["refund"]') assert(not pcall(json.decode, "{") and not pcall(json.decode, "1 2") and not pcall(json.encode, {1, x = 2}) and not pcall(json.encode, print))`,
		"json of what was given": `assert(json.encode(session.context) == '{"order":{"id":4711,"total":129.9},"plan":"gold"}') assert(json.encode(session):find('"context"', 1, true)) assert(json.encode(ctx):find('"wday":1', 1, true))`,
		"time":                   `assert(time.now() == ctx.now.unix and os.time() == ctx.now.unix) local p = time.parts() assert(p.hour == 10 and p.min == 30 and p.wday == 1 and p.tz == "Europe/Berlin") assert(time.format("%Y-%m-%d %H:%M %a") == "2026-03-02 10:30 Mon") assert(time.format("%H:%M", 0, "America/New_York") == "19:00") assert(os.time({year = 2026, month = 3, day = 2, hour = 10, min = 30}) == ctx.now.unix) assert(not pcall(time.format, "%H", 0, "Nowhere/City"))`,
		"store":                  `assert(store.get("k") == nil and store.get("k", 7) == 7) store.set("k", {a = {1}}) assert(store.get("k").a[1] == 1) store.del("k") assert(store.get("k", "none") == "none") assert(store.incr("n") == 1 and store.incr("n", 4) == 5 and store.get("n") == 5) assert(not pcall(store.set, ("k"):rep(129), 1) and not pcall(store.set, "", 1) and not pcall(store.incr, "n", 1, -5))`,
		"settings":               `assert(settings.team == "blue" and ctx.settings.limits[2] == 20 and settings.none == nil) local n = 0 for k in pairs(settings) do n = n + 1 end assert(n == 3) assert(not pcall(function() settings.team = "x" end))`,
		"others":                 `assert(t("hello") == "hello" and assets.logo == nil)`,
	} {
		c := scripting.Sample(core.HookAssign)
		c.Ctx.Values = map[string]any{"team": "blue", "limits": []any{10, 20}, "on": true}
		if o := says(t, c, lines); o.Error != nil {
			t.Errorf("%s: %v", name, o.Error)
		}
	}
}

func TestLogKeepsAHundredShortLines(t *testing.T) {
	o := says(t, scripting.Sample(core.HookAssign), `log.warn("careful") for i = 1, 200 do print("line", i, ("é"):rep(2000)) end`)
	if len(o.Log) != 100 || o.Log[0] != "warning: careful" || !strings.HasPrefix(o.Log[1], "line\t1\té") {
		t.Fatalf("the log has %d lines and begins %q", len(o.Log), o.Log[:min(2, len(o.Log))])
	}
	if n := len(o.Log[1]); n > 1000 {
		t.Errorf("a line has %d bytes", n)
	}
}

func TestWhatIsReadAndWrittenIsInTheOpinion(t *testing.T) {
	c := scripting.Sample(core.HookAssign)
	c.Store = map[string]json.RawMessage{"read": json.RawMessage(`{"n":1}`), "sum": json.RawMessage("41")}
	o := says(t, c, `store.get("read") store.get("missing") store.set("blind", "x", 60) store.incr("sum") store.del("gone") store.get("blind")
		return agents[ctx.counter].id`)
	if o.Error != nil {
		t.Fatal(o.Error)
	}
	reads, err := json.Marshal(o.Reads)
	if want := `{"missing":null,"read":{"n":1},"sum":41}`; err != nil || string(reads) != want {
		t.Errorf("the reads are %s, not %s", reads, want)
	}
	var writes []string
	for _, w := range o.Writes {
		writes = append(writes, strings.TrimLeft(w.Key, "\x00\x01")+"="+string(w.Value))
		if blind := w.Key == "blind" || w.Key == "gone"; w.Blind != blind || (w.Rev == 1) != (w.Key == "sum") {
			t.Errorf("the write of %q is blind: %v, of revision %d", w.Key, w.Blind, w.Rev)
		}
		if w.Key == "blind" && w.Expires.Unix() != c.Ctx.Now.Unix+60 {
			t.Errorf("it is forgotten at %v", w.Expires)
		}
	}
	if want := []string{"counter/support=1", "blind=\"x\"", "gone=", "sum=42"}; !slices.Equal(writes, want) {
		t.Errorf("the writes are %q, not %q", writes, want)
	}
	if o.Counter != 1 {
		t.Errorf("the counter was %d", o.Counter)
	}
}

func TestScriptThatDoesNotAskForTheCounterDoesNotDependOnIt(t *testing.T) {
	o := says(t, scripting.Sample(core.HookAssign), `for k in pairs(ctx) do assert(k ~= "counter") end return agents[1].id`)
	if o.Error != nil || o.Counter != 0 || len(o.Writes) != 0 {
		t.Errorf("the counter was %d, there are %d writes (%v)", o.Counter, len(o.Writes), o.Error)
	}
}

func TestAgentsAreAsTheyAreNow(t *testing.T) {
	p := compiled(t, `function assign(session, agents)
		local said = {}
		for i, a in ipairs(agents) do said[i] = a.id .. ":" .. a.load .. ":" .. #a.skills .. ":" .. a.online_s end
		return nil, log.info(table.concat(said, " "))
	end`)
	c := &core.Case{Hook: core.HookAssign}
	said := func(agents ...*core.CaseAgent) string {
		c.Agents = agents
		o := p.Ask(context.Background(), c, nil)
		if o.Error != nil {
			t.Fatal(o.Error)
		}
		return o.Log[0]
	}
	one, two := &core.CaseAgent{ID: "one", Skills: []string{"x"}, OnlineS: 1}, &core.CaseAgent{ID: "two", Load: 2}
	for range 3 { // each interpreter of the pool sees each of them
		for _, step := range []struct {
			want   string
			agents []*core.CaseAgent
		}{
			{"one:0:1:1 two:2:0:0", []*core.CaseAgent{one, two}},
			{"two:2:0:0 one:0:1:1", []*core.CaseAgent{two, one}},
			{"two:2:0:0", []*core.CaseAgent{two}},
			{"one:0:1:1 two:2:0:0", []*core.CaseAgent{one, two}},
			{"one:5:2:9 two:2:0:0", []*core.CaseAgent{{ID: "one", Load: 5, Skills: []string{"x", "y"}, OnlineS: 9}, two}},
		} {
			if got := said(step.agents...); got != step.want {
				t.Errorf("a script sees %q, not %q", got, step.want)
			}
		}
		one.Load++ // in place
		if got := said(one); !strings.HasPrefix(got, "one:1:") {
			t.Errorf("a script sees %q after a change in place", got)
		}
		one.Load--
	}
}
