// Package api is Baton over HTTP: one table of routes, each with who may call it, in front of the desk's verbs.
// It signs people in, reads and bounds what they send, and answers in JSON or with a problem that says what to
// do. It upgrades sockets and hands them on; what happens on one is not its business.
package api
