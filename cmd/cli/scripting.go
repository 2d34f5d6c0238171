package cli

import (
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"baton/adapters/lua"
	"baton/adapters/sqlstore"
	"baton/cmd/config"
	"baton/core/scripting"
	"baton/scripts"
)

// newLibrary makes the library of scripts of this configuration; nothing is in force before its first Reload.
func newLibrary(store *sqlstore.Store, c *config.Config, log *slog.Logger) *scripting.Library {
	return scripting.New(lua.New(lua.Config{}), store, scripting.Sources{BuiltIn: scripts.BuiltIn, Disk: scriptsDir(c)}, log)
}

// scriptsDir is the folder of scripts on the disk. It may appear later.
func scriptsDir(c *config.Config) fs.FS { return os.DirFS(scriptsPath(c)) }

func scriptsPath(c *config.Config) string {
	if c.Scripts.Dir != "" {
		return c.Scripts.Dir
	}
	return filepath.Join(c.Data.Dir, "scripts")
}
