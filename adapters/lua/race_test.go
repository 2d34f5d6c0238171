//go:build race

package lua

// slowdown is by how much the race detector makes the interpreter slower, about.
const slowdown = 10
