package cli

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"baton/adapters/sqlstore"
	"baton/cmd/config"
	"baton/core"
	"baton/core/scripting"
	"baton/scripts"
)

// listScripts says which scripts are in force, and from where.
func listScripts(ctx context.Context, t *terminal, f *flags) error {
	return withStore(ctx, t, f, func(store *sqlstore.Store, c *config.Config) error {
		library := newLibrary(store, c, slog.New(slog.DiscardHandler))
		if err := library.Reload(ctx); err != nil {
			return err
		}
		fmt.Fprintf(t.out, "%-20s %-9s %-4s %-10s %-13s %s\n", "SCRIPT", "KIND", "ON", "FROM", "VERSION", "ANSWERS")
		for _, s := range library.List() {
			t.showScript(s)
		}
		return nil
	})
}

func (t *terminal) showScript(s scripting.Standing) {
	on, version := "no", s.Hash
	if s.On {
		on = "yes"
	}
	if s.Layer == scripting.Published {
		version = fmt.Sprintf("v%d", s.Kept.Live.Number)
	}
	if s.Layer != "" {
		fmt.Fprintf(t.out, "%-20s %-9s %-4s %-10s %-13s %s\n", s.Name, s.Header.Kind, on, s.Layer, version, joinHooks(s.Hooks))
	}
	for _, layer := range []scripting.Layer{scripting.Published, scripting.OnDisk, scripting.BuiltIn} {
		if wrong := s.Broken[layer]; wrong != nil {
			fmt.Fprintf(t.out, "%-20s not in force as it is %s: line %d: %s\n", s.Name, layer, wrong.Line, wrong.Message)
		}
	}
}

func joinHooks(hooks []core.Hook) string {
	words := make([]string, len(hooks))
	for i, h := range hooks {
		words[i] = string(h)
	}
	return strings.Join(words, " ")
}

// ejectScript writes a built-in script into the folder of scripts, to be changed there.
func ejectScript(_ context.Context, t *terminal, f *flags) error {
	c, err := f.load(t)
	if err != nil {
		return err
	}
	name := f.Arg(0)
	source, err := fs.ReadFile(scripts.BuiltIn, name+".lua")
	if err != nil {
		return core.Refuse(core.NotFound, "there is no built-in script %q; there are %s", name, strings.Join(builtInScripts(), ", "))
	}
	path := filepath.Join(scriptsPath(c), name+".lua")
	if _, err := os.Stat(path); err == nil {
		return core.Refuse(core.Conflict, "%s is there already; nothing was changed", path)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(path, source, 0o644); err != nil {
		return err
	}
	fmt.Fprintf(t.out, "wrote %s; a running server takes it within a second\n", path)
	return nil
}

func builtInScripts() []string {
	files, _ := fs.Glob(scripts.BuiltIn, "*.lua")
	for i, f := range files {
		files[i] = strings.TrimSuffix(f, ".lua")
	}
	return files
}
