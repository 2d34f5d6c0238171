package lua

import (
	"context"
	"slices"
	"strings"
	"testing"

	"baton/adapters/lua/reference"
	"baton/core"
	"baton/core/scripting"
)

// What a script finds is what the reference lists, and nothing else.
func TestReferenceListsAllThatScriptsFind(t *testing.T) {
	p := compiled(t, `
function assign(session, agents, ctx)
  for name, value in pairs(_G) do
    if name:sub(1, 1) ~= "(" and name ~= "assign" then
      print(name)
      if type(value) == "table" and name ~= "_G" then
        for member in pairs(value) do print(name .. "." .. member) end
      end
    end
  end
  local function fields(name, t)
    for k, v in pairs(t) do
      if type(k) == "string" then
        print(name .. "." .. k)
        if type(v) == "table" and k ~= "context" and k ~= "tags" and k ~= "skills" and k ~= "languages" and k ~= "settings" then
          fields(name .. "." .. k, v)
        end
      end
    end
  end
  fields("session", session) fields("agent", agents[1]) fields("ctx", ctx)
end`)
	o := New(Config{Lines: 1000})
	p, _, err := o.Compile("script.lua", p.Source())
	if err != nil {
		t.Fatal(err)
	}
	opinion := p.Ask(context.Background(), scripting.Sample(core.HookAssign), nil)
	if opinion.Error != nil {
		t.Fatal(opinion.Error)
	}
	var listed []string
	for _, e := range reference.Entries() {
		other := e.Kind == reference.Field && !slices.ContainsFunc([]string{"session.", "agent.", "ctx."}, func(p string) bool { return strings.HasPrefix(e.Name, p) })
		if e.Kind != reference.Hook && !other {
			listed = append(listed, e.Name)
		}
	}
	found := append(opinion.Log, "ctx.counter") // which listing does not ask for
	for _, name := range found {
		if !slices.Contains(listed, name) {
			t.Errorf("scripts find %s, and the reference does not list it", name)
		}
	}
	for _, name := range listed {
		if !slices.Contains(found, name) {
			t.Errorf("the reference lists %s, and scripts do not find it", name)
		}
	}
}
