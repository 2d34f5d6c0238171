package host

import (
	glua "github.com/yuin/gopher-lua"

	"baton/adapters/lua/sandbox"
	"baton/core"
)

// given are the tables that scripts are given, but for the agents. They fill themselves from the case that is asked.
type given struct {
	session, message, schedule, event, around, settings *sandbox.Lazy
}

func (m *Machine) prepare() {
	m.given = given{
		session:  m.Lazy(m.fillSession, m.lateSession()...),
		message:  m.Lazy(m.fillMessage, m.lateMessage()...),
		schedule: m.Lazy(m.fillSchedule),
		event:    m.Lazy(m.fillEvent, sandbox.LateField{Name: "data", Find: m.eventData}),
		around: m.Lazy(m.fillAround, sandbox.LateField{Name: "now", Find: m.now},
			// The counter is read from the store when the script asks for it; only then does the decision depend on it.
			sandbox.LateField{Name: "counter", Find: m.count, Quiet: true}),
		settings: m.Lazy(m.fillSettings),
	}
}

// renew empties the tables for the next case.
func (m *Machine) renew() {
	g := &m.given
	for _, lazy := range [...]*sandbox.Lazy{g.session, g.message, g.schedule, g.event, g.around, g.settings} {
		m.Renew(lazy)
	}
}

// arguments are those of the hook of a case.
func (m *Machine) arguments(c *core.Case) [3]glua.LValue {
	g := &m.given
	switch c.Hook {
	case core.HookAssign:
		return [3]glua.LValue{g.session.Table, m.agents.list(m.VM, c.Agents), g.around.Table}
	case core.HookAfterHours:
		return [3]glua.LValue{g.session.Table, g.schedule.Table, g.around.Table}
	case core.HookTag, core.HookReply:
		return [3]glua.LValue{g.session.Table, g.message.Table, g.around.Table}
	case core.HookOnEvent:
		return [3]glua.LValue{g.event.Table, g.around.Table, glua.LNil}
	default:
		return [3]glua.LValue{g.session.Table, g.around.Table, glua.LNil}
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

func (m *Machine) fillSession(t *glua.LTable) {
	f, s := fields{t}, &m.ask.c.Session
	f.text("id", s.ID)
	f.text("queue", s.Queue)
	f.text("channel", s.Channel)
	f.text("subject", s.Subject)
	f.text("language", s.Language)
	f.text("priority", string(s.Priority))
	f.text("preferred_agent", s.PreferredAgent)
	f.number("waiting_s", s.WaitingS)
	f.text("last_agent", s.LastAgent)
}

func (m *Machine) lateSession() []sandbox.LateField {
	return []sandbox.LateField{
		{Name: "tags", Find: func() glua.LValue { return m.set(m.ask.c.Session.Tags) }},
		{Name: "skills", Find: func() glua.LValue { return m.List(m.ask.c.Session.Skills) }},
		{Name: "customer", Find: func() glua.LValue {
			customer := &m.ask.c.Session.Customer
			return m.table(3, func(f fields) {
				f.text("id", customer.ID)
				f.text("name", customer.Name)
				f.flag("returning", customer.Returning)
			})
		}},
		{Name: "reason", Find: func() glua.LValue {
			reason := &m.ask.c.Session.Reason
			return m.table(2, func(f fields) {
				f.text("code", reason.Code)
				f.text("text", reason.Text)
			})
		}},
		{Name: "context", Find: func() glua.LValue { return m.decoded(m.ask.c.Session.Context) }},
	}
}

// set is a table in which each member is true.
func (m *Machine) set(members []string) *glua.LTable {
	return m.table(len(members), func(f fields) {
		for _, member := range members {
			f.flag(member, true)
		}
	})
}

func (m *Machine) fillMessage(t *glua.LTable) {
	f, c := fields{t}, m.ask.c.Message
	if c == nil {
		return
	}
	f.value("text", glua.LString(c.Text)) // nearly all scripts want no more than that
}

func (m *Machine) lateMessage() []sandbox.LateField {
	field := func(name string, find func(c *core.CaseMessage) glua.LValue) sandbox.LateField {
		return sandbox.LateField{Name: name, Find: func() glua.LValue {
			if c := m.ask.c.Message; c != nil {
				return find(c)
			}
			return glua.LNil
		}}
	}
	return []sandbox.LateField{
		field("id", func(c *core.CaseMessage) glua.LValue { return textOrNil(c.ID) }),
		field("from", func(c *core.CaseMessage) glua.LValue { return textOrNil(string(c.From)) }),
		field("language", func(c *core.CaseMessage) glua.LValue { return textOrNil(c.Language) }),
		field("has_attachment", func(c *core.CaseMessage) glua.LValue { return glua.LBool(c.HasAttachment) }),
		field("at", func(c *core.CaseMessage) glua.LValue { return glua.LNumber(c.At) }),
	}
}

// textOrNil is nil for an empty text: that is a field that is not there.
func textOrNil(text string) glua.LValue {
	if text == "" {
		return glua.LNil
	}
	return glua.LString(text)
}

func (m *Machine) fillSchedule(t *glua.LTable) {
	f, c := fields{t}, m.ask.c.Schedule
	if c == nil {
		return
	}
	f.text("reason", c.Reason)
	f.text("timezone", c.Timezone)
	f.text("text", c.Text)
	f.text("ask", c.Ask)
	if c.NextOpen != nil {
		f.value("next_open", m.table(2, func(f fields) {
			f.number("unix", c.NextOpen.Unix)
			f.text("text", c.NextOpen.Text)
		}))
	}
}

func (m *Machine) fillEvent(t *glua.LTable) {
	f, e := fields{t}, m.ask.c.Event
	if e == nil {
		return
	}
	f.text("type", e.Type)
	f.number("at", e.At)
	f.value("session", m.given.session.Table)
	f.value("actor", m.table(3, func(f fields) {
		f.text("role", string(e.By.Role))
		f.text("id", e.By.ID)
		f.text("name", e.By.Name)
	}))
}

func (m *Machine) eventData() glua.LValue {
	if m.ask.c.Event == nil {
		return glua.LNil
	}
	return m.decoded(m.ask.c.Event.Data)
}

func (m *Machine) fillAround(t *glua.LTable) {
	f, c := fields{t}, &m.ask.c.Ctx
	f.number("attempt", int64(c.Attempt))
	f.text("trigger", string(c.Trigger))
	f.value("settings", m.given.settings.Table)
}

func (m *Machine) now() glua.LValue {
	n := &m.ask.c.Ctx.Now
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
