package lua

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	glua "github.com/yuin/gopher-lua"

	"baton/adapters/lua/host"
	"baton/adapters/lua/sandbox"
	"baton/core"
)

const (
	maxWhy   = 500 // bytes
	maxQueue = 200
)

// results reads what a hook gave back. Each method gives a text when that is no answer.
type results struct {
	config *Config
	m      *host.Machine
	c      *core.Case
	o      *core.Opinion
}

func (r *results) read(values []glua.LValue) string {
	given, second := values[0], values[1]
	a := &r.o.Answer
	if given == glua.LNil || r.c.Hook == core.HookOnEvent {
		r.o.Result = "null"
		return ""
	}
	var wrong string
	switch r.c.Hook {
	case core.HookAssign:
		wrong = r.assign(given, second)
	case core.HookPrioritise:
		wrong = r.priority(given)
	case core.HookAfterHours:
		wrong = r.afterHours(given)
	case core.HookOverflow:
		wrong = r.queue(given)
	case core.HookTag:
		wrong = r.tags(given)
	case core.HookReply:
		a.Text, wrong = r.text(given, "expected string or nil")
		r.o.Result = quoted(a.Text)
		a.Given = a.Text != ""
	default:
		wrong = "no such hook"
	}
	if wrong != "" {
		*a, r.o.Result, r.o.Why = core.Answer{}, "", ""
	}
	return wrong
}

func got(v glua.LValue) string {
	name := v.Type().String()
	if strings.HasPrefix(name, "u") {
		return "an " + name
	}
	return "a " + name
}

func quoted(text string) string { return string(core.AppendString(nil, text)) }

func (r *results) assign(given, why glua.LValue) string {
	a := &r.o.Answer
	switch v := given.(type) {
	case glua.LString:
		offered := slices.ContainsFunc(r.c.Agents, func(agent *core.CaseAgent) bool { return agent.ID == string(v) })
		if !offered {
			return fmt.Sprintf("'%s' is not one of the offered agents", sandbox.Clip(string(v), 60))
		}
		a.Agent, r.o.Result = string(v), quoted(string(v))
	case glua.LBool:
		if v {
			return "expected agent id (string) or nil, or false to keep waiting; got true"
		}
		a.Hold, r.o.Result = true, "false"
	default:
		return "expected agent id (string) or nil, or false to keep waiting; got " + got(given)
	}
	a.Given = true
	switch v := why.(type) {
	case *glua.LNilType:
	case glua.LString:
		r.o.Why = sandbox.Clip(strings.ReplaceAll(string(v), "\x00", ""), maxWhy)
	default:
		return "expected why as a string; got " + got(why)
	}
	return ""
}

func (r *results) priority(given glua.LValue) string {
	v, ok := given.(glua.LString)
	if !ok || !slices.Contains(core.Priorities[:], core.Priority(v)) {
		what := got(given)
		if ok {
			what = "'" + sandbox.Clip(string(v), 60) + "'"
		}
		return `expected "low", "normal", "high", "urgent" or nil; got ` + what
	}
	r.o.Answer = core.Answer{Given: true, Priority: core.Priority(v)}
	r.o.Result = quoted(string(v))
	return ""
}

func (r *results) queue(given glua.LValue) string {
	v, ok := given.(glua.LString)
	switch {
	case !ok:
		return "expected the name of a queue (string) or nil; got " + got(given)
	case v == "" || len(v) > maxQueue || !plain(string(v)):
		return "that is no name of a queue"
	}
	r.o.Answer = core.Answer{Given: true, Queue: string(v)}
	r.o.Result = quoted(string(v))
	return ""
}

// plain says whether a text may be shown and kept.
func plain(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\x00") }

// text reads a text for the customer. One without a letter is none.
func (r *results) text(given glua.LValue, expected string) (text, wrong string) {
	v, ok := given.(glua.LString)
	switch {
	case !ok:
		return "", expected + "; got " + got(given)
	case len(v) > r.config.Reply:
		return "", fmt.Sprintf("the reply is too long (%d bytes, limit %d)", len(v), r.config.Reply)
	case !utf8.ValidString(string(v)):
		return "", "the reply is not valid UTF-8"
	case strings.Contains(string(v), "\x00"):
		return "", "the reply has a NUL character"
	}
	if strings.TrimSpace(string(v)) == "" {
		return "", ""
	}
	return string(v), ""
}

// afterHours reads a text, or a table with a text and what else is to be done.
func (r *results) afterHours(given glua.LValue) (wrong string) {
	const expected = "expected string or nil, or a table with text"
	a := &r.o.Answer
	t, ok := given.(*glua.LTable)
	if !ok {
		a.Text, wrong = r.text(given, expected)
		a.Given, r.o.Result = a.Text != "", quoted(a.Text)
		return wrong
	}
	if wrong = r.afterHoursTable(t); wrong != "" {
		return wrong
	}
	a.Given = a.Text != "" || a.Ask != "" || a.Close || a.Ticket
	r.o.Result = encoded(a)
	return ""
}

func (r *results) afterHoursTable(t *glua.LTable) (wrong string) {
	a := &r.o.Answer
	r.m.Each(t, func(key, value glua.LValue) {
		if wrong != "" {
			return
		}
		name, _ := key.(glua.LString)
		on, isFlag := value.(glua.LBool)
		switch {
		case name == "text":
			a.Text, wrong = r.text(value, "expected string or nil as text")
		case name == "ask" && value == glua.LString("email"):
			a.Ask = "email"
		case name == "close" && isFlag:
			a.Close = bool(on)
		case name == "ticket" && isFlag:
			a.Ticket = bool(on)
		default:
			wrong = fmt.Sprintf("expected a table with text, ask = \"email\", close and ticket; got %s with the key '%s'",
				got(value), sandbox.Clip(key.String(), 60))
		}
	})
	return wrong
}

// encoded is a value as JSON, with its characters as they are.
func encoded(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(v) != nil {
		return ""
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// tags reads a list of tags; one that comes twice counts once.
func (r *results) tags(given glua.LValue) (wrong string) {
	t, ok := given.(*glua.LTable)
	if !ok {
		return "expected a list of tags or nil; got " + got(given)
	}
	n := t.Len()
	if n > r.config.Tags {
		return fmt.Sprintf("too many tags (%d, limit %d)", n, r.config.Tags)
	}
	tags := []string{}
	for i := 1; i <= n; i++ {
		tag, wrong := r.tag(i, t.RawGetInt(i))
		if wrong != "" {
			return wrong
		}
		if !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	if key, _ := t.Next(glua.LNil); n == 0 && key != glua.LNil {
		return fmt.Sprintf("expected a list of tags or nil; got a table with the key '%s'", sandbox.Clip(r.m.ToText(key), 60))
	}
	r.o.Answer = core.Answer{Given: len(tags) > 0, Tags: tags}
	r.o.Result = encoded(tags)
	return ""
}

func (r *results) tag(i int, v glua.LValue) (tag, wrong string) {
	s, ok := v.(glua.LString)
	tag = strings.TrimSpace(string(s))
	switch {
	case !ok:
		return "", fmt.Sprintf("tag #%d is %s", i, got(v))
	case tag == "":
		return "", fmt.Sprintf("tag #%d is empty", i)
	case len(tag) > r.config.Tag:
		return "", fmt.Sprintf("tag #%d is too long (%d bytes, limit %d)", i, len(tag), r.config.Tag)
	case !plain(tag):
		return "", fmt.Sprintf("tag #%d is not valid UTF-8", i)
	}
	return tag, ""
}
