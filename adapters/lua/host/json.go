package host

import (
	glua "github.com/yuin/gopher-lua"

	"baton/adapters/lua/sandbox"
)

func (m *Machine) jsonModule() map[string]sandbox.Func {
	return map[string]sandbox.Func{
		"encode": func(l *glua.LState) int {
			data, err := m.AppendJSON(nil, l.CheckAny(1), 256<<10)
			if err != nil {
				l.RaiseError("json.encode: %s", err.Error())
			}
			m.Budget.Text(l, len(data))
			l.Push(glua.LString(data))
			return 1
		},
		"decode": func(l *glua.LState) int {
			v, err := m.decode([]byte(l.CheckString(1)), false)
			if err != nil {
				l.RaiseError("json.decode: %s", sandbox.Clip(err.Error(), 200))
			}
			l.Push(v)
			return 1
		},
	}
}
