package host

import (
	glua "github.com/yuin/gopher-lua"

	"baton/adapters/lua/sandbox"
	"baton/core"
)

// arguments are those of the hook of a case.
func (m *Machine) arguments(c *core.Case) []glua.LValue {
	switch c.Hook {
	case core.HookAssign:
		return []glua.LValue{m.session(c), m.agents.list(m.VM, c.Agents), m.around(c)}
	case core.HookAfterHours:
		return []glua.LValue{m.session(c), m.schedule(c.Schedule), m.around(c)}
	case core.HookTag, core.HookReply:
		return []glua.LValue{m.session(c), m.message(c.Message), m.around(c)}
	case core.HookOnEvent:
		return []glua.LValue{m.event(c), m.around(c)}
	default:
		return []glua.LValue{m.session(c), m.around(c)}
	}
}

// fields writes what a table has; an empty text is a field that is not there.
type fields struct {
	t *glua.LTable
}

func (f fields) text(name, value string) {
	if value != "" {
		f.t.RawSetString(name, glua.LString(value))
	}
}
func (f fields) number(name string, value int64)      { f.t.RawSetString(name, glua.LNumber(value)) }
func (f fields) flag(name string, value bool)         { f.t.RawSetString(name, glua.LBool(value)) }
func (f fields) value(name string, value glua.LValue) { f.t.RawSetString(name, value) }

// table makes a frozen table.
func (m *Machine) table(size int, fill func(f fields)) *glua.LTable {
	t := m.L.CreateTable(0, size)
	fill(fields{t})
	return m.Freeze(t)
}

func (m *Machine) session(c *core.Case) glua.LValue {
	s := &c.Session
	return m.Lazy(&sandbox.Lazy{
		Fill: func(t *glua.LTable) { m.fillSession(fields{t}, s) },
		Late: []sandbox.LateField{{Name: "context", Find: func() glua.LValue { return m.decoded(s.Context) }}},
	})
}

func (m *Machine) fillSession(f fields, s *core.CaseSession) {
	f.text("id", s.ID)
	f.text("queue", s.Queue)
	f.text("channel", s.Channel)
	f.text("subject", s.Subject)
	f.text("language", s.Language)
	f.text("priority", string(s.Priority))
	f.value("tags", m.set(s.Tags))
	f.value("skills", m.List(s.Skills))
	f.text("preferred_agent", s.PreferredAgent)
	f.value("customer", m.table(3, func(f fields) {
		f.text("id", s.Customer.ID)
		f.text("name", s.Customer.Name)
		f.flag("returning", s.Customer.Returning)
	}))
	f.number("waiting_s", s.WaitingS)
	f.text("last_agent", s.LastAgent)
	f.value("reason", m.table(2, func(f fields) {
		f.text("code", s.Reason.Code)
		f.text("text", s.Reason.Text)
	}))
}

// set is a table in which each member is true.
func (m *Machine) set(members []string) *glua.LTable {
	return m.table(len(members), func(f fields) {
		for _, member := range members {
			f.flag(member, true)
		}
	})
}

func (m *Machine) message(c *core.CaseMessage) glua.LValue {
	if c == nil {
		return glua.LNil
	}
	return m.Lazy(&sandbox.Lazy{Fill: func(t *glua.LTable) {
		f := fields{t}
		f.text("id", c.ID)
		f.value("text", glua.LString(c.Text))
		f.text("from", string(c.From))
		f.text("language", c.Language)
		f.flag("has_attachment", c.HasAttachment)
		f.number("at", c.At)
	}})
}

func (m *Machine) schedule(c *core.CaseSchedule) glua.LValue {
	if c == nil {
		return glua.LNil
	}
	return m.Lazy(&sandbox.Lazy{Fill: func(t *glua.LTable) {
		f := fields{t}
		f.text("reason", c.Reason)
		f.text("timezone", c.Timezone)
		if c.NextOpen != nil {
			f.value("next_open", m.table(2, func(f fields) {
				f.number("unix", c.NextOpen.Unix)
				f.text("text", c.NextOpen.Text)
			}))
		}
	}})
}

func (m *Machine) event(c *core.Case) glua.LValue {
	e := c.Event
	if e == nil {
		return glua.LNil
	}
	return m.Lazy(&sandbox.Lazy{
		Fill: func(t *glua.LTable) {
			f := fields{t}
			f.text("type", e.Type)
			f.number("at", e.At)
			f.value("session", m.session(c))
			f.value("actor", m.table(3, func(f fields) {
				f.text("role", string(e.By.Role))
				f.text("id", e.By.ID)
				f.text("name", e.By.Name)
			}))
		},
		Late: []sandbox.LateField{{Name: "data", Find: func() glua.LValue { return m.decoded(e.Data) }}},
	})
}

// around is ctx. The counter is read from the store when the script asks for it, and only then does the decision
// depend on it.
func (m *Machine) around(c *core.Case) glua.LValue {
	return m.Lazy(&sandbox.Lazy{
		Fill: func(t *glua.LTable) {
			f := fields{t}
			f.number("attempt", int64(c.Ctx.Attempt))
			f.text("trigger", string(c.Ctx.Trigger))
			f.value("now", m.now(&c.Ctx.Now))
			f.value("settings", m.settings)
		},
		Late: []sandbox.LateField{{Name: "counter", Quiet: true, Find: m.count}},
	})
}

func (m *Machine) now(n *core.CaseNow) glua.LValue {
	return m.table(8, func(f fields) {
		f.number("unix", n.Unix)
		f.number("year", int64(n.Year))
		f.number("month", int64(n.Month))
		f.number("day", int64(n.Day))
		f.number("hour", int64(n.Hour))
		f.number("min", int64(n.Min))
		f.number("wday", int64(n.Wday))
		f.text("tz", n.TZ)
	})
}

// giveSettings lets the global settings be those of the case.
func (m *Machine) giveSettings() {
	values := m.ask.c.Ctx.Values
	if len(values) == 0 {
		if m.settings != m.noValues {
			m.settings = m.noValues
			m.SetGlobal("settings", m.settings)
		}
		return
	}
	m.settings = m.Lazy(&sandbox.Lazy{Fill: func(t *glua.LTable) { m.fillValues(t, values) }})
	m.SetGlobal("settings", m.settings)
}
