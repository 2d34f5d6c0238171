package host

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	glua "github.com/yuin/gopher-lua"

	"baton/adapters/lua/sandbox"
	"baton/core"
)

const (
	maxKey    = 128  // bytes of a key
	maxValue  = 4096 // bytes of a value as JSON
	maxStored = 100  // keys that one call reads or writes
	readCost  = 200  // steps; it is a question to the database
)

// held is a value of the store while the script runs.
type held struct {
	value   json.RawMessage // nil: none
	rev     int64
	read    bool // from the store
	written bool
	expires time.Time
}

func (m *Machine) storeModule() map[string]sandbox.Func {
	return map[string]sandbox.Func{"get": m.storeGet, "set": m.storeSet, "incr": m.storeIncr, "del": m.storeDel}
}

// key gives the key that is argument 1.
func (m *Machine) key(l *glua.LState) string {
	key := l.CheckString(1)
	switch {
	case m.ask.c == nil:
		l.RaiseError("there is no store while a script loads; use it in a hook")
	case key == "" || len(key) > maxKey:
		l.ArgError(1, "a key has 1 to 128 bytes")
	case !utf8.ValidString(key) || strings.ContainsFunc(key, func(r rune) bool { return r < ' ' }):
		l.ArgError(1, "a key is plain text")
	}
	return key
}

// entry gives what is held of a key, or begins to hold it.
func (m *Machine) entry(l *glua.LState, key string) *held {
	if h := m.ask.held[key]; h != nil {
		return h
	}
	if m.ask.held == nil {
		m.ask.held = map[string]*held{}
	}
	if len(m.ask.held) >= maxStored {
		l.RaiseError("a call may use %d keys of the store", maxStored)
	}
	h := &held{}
	m.ask.held[key] = h
	return h
}

// known gives what is held of a key, read from the store if it is not known yet.
func (m *Machine) known(l *glua.LState, key string) *held {
	h := m.entry(l, key)
	if h.read || h.written {
		return h
	}
	m.load(l, h, key)
	if m.ask.reads == nil {
		m.ask.reads = map[string]json.RawMessage{}
	}
	m.ask.reads[key] = h.value
	return h
}

func (m *Machine) load(l *glua.LState, h *held, key string) {
	m.Budget.Steps(l, readCost)
	m.Budget.Watch()
	value, rev, err := m.ask.store.Get(m.ask.ctx, m.ask.script, key)
	if err != nil {
		l.RaiseError("the store cannot be read: %s", sandbox.Clip(err.Error(), 200))
	}
	h.value, h.rev, h.read = value, rev, true
}

func (m *Machine) storeGet(l *glua.LState) int {
	h := m.known(l, m.key(l))
	if h.value == nil {
		l.Push(l.Get(2))
		return 1
	}
	l.Push(m.decoded(h.value))
	return 1
}

func (m *Machine) storeSet(l *glua.LState) int {
	key, value := m.key(l), l.CheckAny(2)
	if value == glua.LNil {
		return m.storeDel(l)
	}
	data, err := m.AppendJSON(nil, value, maxValue)
	if err != nil {
		l.RaiseError("store.set: %s", err.Error())
	}
	m.put(l, m.entry(l, key), data, 3)
	return 0
}

// put notes a new value; argument n says after how many seconds it is forgotten.
func (m *Machine) put(l *glua.LState, h *held, value json.RawMessage, n int) {
	m.Budget.Steps(l, 16)
	m.Budget.Memory(l, len(value))
	h.value, h.written, h.expires = value, true, time.Time{}
	if l.Get(n) == glua.LNil {
		return
	}
	const most = 10 * 365 * 24 * 3600
	seconds := sandbox.Integer(l, n, 0)
	if seconds < 1 || seconds > most {
		l.ArgError(n, "a number of seconds expected")
	}
	h.expires = time.Unix(m.ask.c.Ctx.Now.Unix+int64(seconds), 0).UTC()
}

func (m *Machine) storeIncr(l *glua.LState) int {
	h, by := m.known(l, m.key(l)), glua.LNumber(1)
	if l.Get(2) != glua.LNil {
		by = l.CheckNumber(2)
	}
	if h.value != nil {
		n, ok := m.decoded(h.value).(glua.LNumber)
		if !ok {
			l.RaiseError("store.incr: the value of '%s' is no number", l.CheckString(1))
		}
		by += n
	}
	data, err := m.AppendJSON(nil, by, maxValue)
	if err != nil {
		l.RaiseError("store.incr: %s", err.Error())
	}
	m.put(l, h, data, 3)
	l.Push(by)
	return 1
}

func (m *Machine) storeDel(l *glua.LState) int {
	h := m.entry(l, m.key(l))
	m.Budget.Steps(l, 16)
	h.value, h.written, h.expires = nil, true, time.Time{}
	return 0
}

// count is ctx.counter: one more than the last decision that was kept.
func (m *Machine) count() glua.LValue {
	key := core.CounterKey(m.ask.c.Session.Queue)
	h := &held{}
	m.load(m.L, h, key)
	var last int64
	if h.value != nil && json.Unmarshal(h.value, &last) != nil {
		last = 0
	}
	m.ask.counter, m.ask.counted = last+1, h
	return glua.LNumber(last + 1)
}

// writes is what is to be kept, by key.
func (m *Machine) writes() []core.ScriptWrite {
	var out []core.ScriptWrite
	if m.ask.counted != nil {
		value, _ := json.Marshal(m.ask.counter)
		out = append(out, core.ScriptWrite{
			Script: m.ask.script, Key: core.CounterKey(m.ask.c.Session.Queue), Value: value, Rev: m.ask.counted.rev,
		})
	}
	for key, h := range m.ask.held {
		if h.written {
			out = append(out, core.ScriptWrite{
				Script: m.ask.script, Key: key, Value: h.value, Expires: h.expires, Rev: h.rev, Blind: !h.read,
			})
		}
	}
	slices.SortFunc(out, func(a, b core.ScriptWrite) int { return strings.Compare(a.Key, b.Key) })
	return out
}
