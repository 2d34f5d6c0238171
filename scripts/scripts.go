// Package scripts is where the built-in Lua of Baton stands: how a chat finds its agent, what happens outside
// hours, how chats are tagged. It is data with this one Go file. No script is built in yet; chats go to the least
// busy agent, as core/routing decides.
package scripts
