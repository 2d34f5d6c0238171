package host

import (
	"strings"
	"time"

	glua "github.com/yuin/gopher-lua"

	"baton/adapters/lua/sandbox"
)

// Time is that of the case, so that the same case is decided alike again.

func (m *Machine) timeModule() map[string]sandbox.Func {
	return map[string]sandbox.Func{
		"now": func(l *glua.LState) int {
			l.Push(glua.LNumber(m.moment(l)))
			return 1
		},
		"parts": m.timeParts, "format": m.timeFormat,
	}
}

func (m *Machine) osModule() map[string]sandbox.Func {
	return map[string]sandbox.Func{
		"time": m.osTime,
		// clock counts steps: a script that waits for it ends, and ends at the same place each time
		"clock": func(l *glua.LState) int {
			l.Push(glua.LNumber(float64(m.Budget.Used()) / 1e7))
			return 1
		},
	}
}

// moment is when the script was asked.
func (m *Machine) moment(l *glua.LState) int64 {
	if m.ask.c == nil {
		l.RaiseError("there is no time while a script loads; ask in a hook")
	}
	return m.ask.c.Ctx.Now.Unix
}

// zoned gives the time that argument n says, or that of the case, in the zone that the argument after it names, or in
// that of the case.
func (m *Machine) zoned(l *glua.LState, n int) time.Time {
	unix := m.moment(l)
	if l.Get(n) != glua.LNil {
		unix = int64(sandbox.Integer(l, n, 0))
	}
	const most = 1 << 38 // the year 10680
	if unix > most || unix < -most {
		l.ArgError(n, "no such time")
	}
	return time.Unix(unix, 0).In(m.zone(l, l.OptString(n+1, m.ask.c.Ctx.Now.TZ)))
}

func (m *Machine) zone(l *glua.LState, name string) *time.Location {
	if zone := m.zones[name]; zone != nil {
		return zone
	}
	m.Budget.Steps(l, 1000) // it is read from a file
	zone, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		l.RaiseError("there is no time zone '%s'", sandbox.Clip(name, 60))
	}
	if len(m.zones) >= 16 {
		clear(m.zones)
	}
	m.zones[name] = zone
	return zone
}

func (m *Machine) timeParts(l *glua.LState) int {
	at := m.zoned(l, 1)
	m.Budget.Memory(l, 512)
	t := l.CreateTable(0, 10)
	f := fields{t}
	f.number("unix", at.Unix())
	f.number("year", int64(at.Year()))
	f.number("month", int64(at.Month()))
	f.number("day", int64(at.Day()))
	f.number("hour", int64(at.Hour()))
	f.number("min", int64(at.Minute()))
	f.number("sec", int64(at.Second()))
	f.number("wday", int64((at.Weekday()+6)%7+1))
	f.number("yday", int64(at.YearDay()))
	f.text("tz", at.Location().String())
	l.Push(t)
	return 1
}

// timeFormat writes a time as strftime does: %Y-%m-%d %H:%M.
func (m *Machine) timeFormat(l *glua.LState) int {
	layout := l.CheckString(1)
	at := m.zoned(l, 2)
	m.Budget.Text(l, 4*len(layout))
	var out strings.Builder
	for i := 0; i < len(layout); i++ {
		if layout[i] != '%' || i+1 == len(layout) {
			out.WriteByte(layout[i])
			continue
		}
		i++
		part, ok := timePart(at, layout[i])
		if !ok {
			l.ArgError(1, "unknown directive %"+string(rune(layout[i])))
		}
		out.WriteString(part)
	}
	l.Push(glua.LString(out.String()))
	return 1
}

func timePart(at time.Time, directive byte) (string, bool) {
	layouts := map[byte]string{
		'Y': "2006", 'y': "06", 'm': "01", 'd': "02", 'H': "15", 'I': "03", 'M': "04", 'S': "05", 'p': "PM", 'j': "002",
		'a': "Mon", 'A': "Monday", 'b': "Jan", 'B': "January", 'F': "2006-01-02", 'T': "15:04:05", 'R': "15:04",
		'z': "-0700", 'Z': "MST",
	}
	if directive == '%' {
		return "%", true
	}
	layout, ok := layouts[directive]
	return at.Format(layout), ok
}

// osTime is the moment of the case, or that of a table with year, month, day and perhaps hour, min and sec.
func (m *Machine) osTime(l *glua.LState) int {
	now := m.moment(l)
	if l.Get(1) == glua.LNil {
		l.Push(glua.LNumber(now))
		return 1
	}
	t := l.CheckTable(1)
	field := func(name string, otherwise int) int {
		n, ok := t.RawGetString(name).(glua.LNumber)
		switch {
		case ok && n > -1e6 && n < 1e6:
			return int(n)
		case ok:
			l.RaiseError("field '%s' is out of range in the table of os.time", name)
		case otherwise < 0:
			l.RaiseError("field '%s' is missing in the table of os.time", name)
		}
		return otherwise
	}
	at := time.Date(field("year", -1), time.Month(field("month", -1)), field("day", -1),
		field("hour", 12), field("min", 0), field("sec", 0), 0, m.zone(l, m.ask.c.Ctx.Now.TZ))
	l.Push(glua.LNumber(at.Unix()))
	return 1
}
