// Package client speaks Baton's public API as a program outside would: calls over HTTP, and a socket that comes
// back by itself. It shares no type with the server, so what it understands is what the contract says and not
// what the server happens to mean. For the same reason its socket is github.com/coder/websocket: with the
// server's own library at both ends the two could agree on a mistake.
package client
