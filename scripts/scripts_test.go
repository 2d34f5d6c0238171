package scripts_test

import (
	"io/fs"
	"path"
	"strings"
	"testing"

	"baton/adapters/lua"
	"baton/scripts"
)

// folders are those with scripts, and what a test of them may be called.
func folders(t *testing.T) map[string]fs.FS {
	t.Helper()
	recipes, err := fs.Sub(scripts.Recipes, "recipes")
	if err != nil {
		t.Fatal(err)
	}
	return map[string]fs.FS{"built-in": scripts.BuiltIn, "recipe": recipes}
}

func TestEveryBuiltInScriptAndRecipePassesItsTests(t *testing.T) {
	engine := lua.New(lua.Config{})
	for kind, files := range folders(t) {
		list, err := fs.Glob(files, "*.lua")
		if err != nil || len(list) < 5 {
			t.Fatalf("there are %d files of the kind %s (%v)", len(list), kind, err)
		}
		for _, file := range list {
			name := strings.TrimSuffix(file, ".lua")
			source, err := fs.ReadFile(files, file)
			if err != nil {
				t.Fatal(err)
			}
			program, problems, err := engine.Compile(name, string(source))
			if err != nil {
				t.Errorf("%s: %v", file, err)
				continue
			}
			for _, p := range problems {
				t.Errorf("%s line %d: %s", file, p.Line, p.Message)
			}
			if h := program.Header(); h.Title == "" || h.About == "" {
				t.Errorf("%s does not say at its head what it is for", file)
			}
			tests, err := fs.Glob(files, path.Join("testdata", name+".*txtar"))
			if err != nil || len(tests) == 0 {
				t.Errorf("%s has no test (%v)", file, err)
			}
			for _, test := range tests {
				body, err := fs.ReadFile(files, test)
				if err != nil {
					t.Fatal(err)
				}
				if out := engine.Test(t.Context(), program, test, body); !out.Passed {
					t.Errorf("%s %s: %s", kind, test, out.Detail)
				}
			}
		}
	}
}
