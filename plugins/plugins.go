// Package plugins is where Baton is extended in Go or Lua, one folder a plugin, each named in the explicit list
// of this file. There is none yet.
package plugins
