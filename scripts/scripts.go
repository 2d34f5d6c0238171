// Package scripts is where the built-in Lua of Baton stands: how a chat finds its agent, what a customer is told
// outside hours, how chats are tagged. Operators read, copy and change it; recipes are there to be copied, and meta
// tells an editor what scripts can use. It is data with this one Go file.
package scripts

import "embed"

// BuiltIn are the scripts that are there from the start, with their tests in testdata.
//
//go:embed *.lua testdata
var BuiltIn embed.FS

// Recipes are examples from the guide, with their tests in testdata.
//
//go:embed recipes
var Recipes embed.FS
