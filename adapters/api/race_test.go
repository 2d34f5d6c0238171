//go:build race

package api_test

// raced says that the race detector slows everything down.
const raced = true
