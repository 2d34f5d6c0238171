// Package sandbox runs Lua that nobody trusts, in the process that serves everybody else. It knows the language and
// what a call may cost, and nothing of handoffs.
//
// gopher-lua by itself is no sandbox: a context stops its loops, but one instruction or one call of its library may
// take hours or all memory. So the library here is our own and pays for what it does, operators that make strings and
// tables are calls of ours (package source rewrites them), and what a script was given cannot be changed by it.
package sandbox

import (
	"sync"
	"time"

	glua "github.com/yuin/gopher-lua"
)

// Limits say what one call of a script may take.
type Limits struct {
	Steps    int64         // instructions, and what the library does in their place; 1,000,000
	Wall     time.Duration // 200 ms
	String   int           // bytes of one string; 1 MiB
	Bytes    int64         // of all new strings and tables; 16 MiB
	Depth    int           // of calls; 120
	Registry int           // slots for arguments and locals; 32,768
	Unpack   int           // values that one call may unpack; 4,096
	Heap     uint64        // by how much the heap of the whole process may grow meanwhile; 256 MiB
}

// OrDefault gives the limits with what is zero set to the default.
func (l Limits) OrDefault() Limits {
	return Limits{
		Steps:    or(l.Steps, 1_000_000),
		Wall:     or(l.Wall, 200*time.Millisecond),
		String:   or(l.String, 1<<20),
		Bytes:    or(l.Bytes, 16<<20),
		Depth:    or(l.Depth, 120),
		Registry: or(l.Registry, 32768),
		Unpack:   or(l.Unpack, 4096),
		Heap:     or(l.Heap, 256<<20),
	}
}

func or[T comparable](value, otherwise T) T {
	var zero T
	if value == zero {
		return otherwise
	}
	return value
}

// arrayLimit is the largest index that a table keeps in its array.
const arrayLimit = 1 << 16

var interpreter sync.Once

// Prepare sets the two knobs of gopher-lua that are variables of its package: there is no other way to turn them, and
// nothing else in this program runs Lua. With the first as it comes, seen[60000000] = true fills two gigabytes in one
// instruction; the second would make a table of the arguments at each call of a function with "...".
func Prepare() {
	interpreter.Do(func() {
		glua.MaxArrayIndex = arrayLimit
		glua.CompatVarArg = false
	})
}
