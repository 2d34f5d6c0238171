package host

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"sort"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
	glua "github.com/yuin/gopher-lua"

	"baton/core"
)

// maxNesting is how deep a value may be.
const maxNesting = 32

// decoded is JSON as frozen tables; nil when there is none.
func (m *Machine) decoded(data json.RawMessage) glua.LValue {
	if len(data) == 0 {
		return glua.LNil
	}
	v, err := m.decode(data, true)
	if err != nil {
		m.L.RaiseError("what the session carries is no JSON: %s", err.Error())
	}
	return v
}

// decode reads one JSON value. A null is nil, and so is not there in an object.
func (m *Machine) decode(data []byte, frozen bool) (glua.LValue, error) {
	m.Budget.Steps(m.L, len(data)>>4+1)
	m.Budget.Memory(m.L, len(data))
	d := decoder{Machine: m, in: jsontext.NewDecoder(bytes.NewReader(data)), frozen: frozen}
	v, err := d.value(0)
	if err != nil {
		return nil, err
	}
	if _, err := d.in.ReadToken(); err == nil {
		return nil, errors.New("something follows the value")
	}
	return v, nil
}

type decoder struct {
	*Machine
	in     *jsontext.Decoder
	frozen bool
}

func (d *decoder) value(depth int) (glua.LValue, error) {
	if depth > maxNesting {
		return nil, fmt.Errorf("it is nested too deep (limit %d)", maxNesting)
	}
	token, err := d.in.ReadToken()
	if err != nil {
		return nil, err
	}
	d.Budget.Steps(d.L, 2)
	switch token.Kind() {
	case 'n':
		return glua.LNil, nil
	case 't', 'f':
		return glua.LBool(token.Bool()), nil
	case '0':
		f, err := token.Float()
		return glua.LNumber(f), err
	case '"':
		return glua.LString(token.String()), nil
	case '[':
		return d.table(depth, d.element)
	default:
		return d.table(depth, d.member)
	}
}

// table reads what is in an array or an object.
func (d *decoder) table(depth int, next func(t *glua.LTable, i, depth int) error) (glua.LValue, error) {
	t := &glua.LTable{Metatable: glua.LNil}
	d.Budget.Memory(d.L, 256)
	for i := 1; d.in.PeekKind() != ']' && d.in.PeekKind() != '}'; i++ {
		if err := next(t, i, depth+1); err != nil {
			return nil, err
		}
		d.Budget.Memory(d.L, 128)
	}
	_, err := d.in.ReadToken()
	if d.frozen {
		d.Freeze(t)
	}
	return t, err
}

func (d *decoder) element(t *glua.LTable, i, depth int) error {
	v, err := d.value(depth)
	if err == nil && v != glua.LNil {
		t.RawSetInt(i, v)
	}
	return err
}

func (d *decoder) member(t *glua.LTable, _, depth int) error {
	token, err := d.in.ReadToken()
	if err != nil {
		return err
	}
	name := token.String()
	v, err := d.value(depth)
	if err == nil {
		t.RawSetString(name, v)
	}
	return err
}

// fillSettings writes the settings of the case into a table, by name.
func (m *Machine) fillSettings(t *glua.LTable) {
	values := m.ask.c.Ctx.Values
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		t.RawSetString(name, m.fromGo(values[name]))
	}
}

func (m *Machine) fromGo(v any) glua.LValue {
	switch v := v.(type) {
	case nil:
		return glua.LNil
	case string:
		return glua.LString(v)
	case bool:
		return glua.LBool(v)
	case float64:
		return glua.LNumber(v)
	case int:
		return glua.LNumber(v)
	case int64:
		return glua.LNumber(v)
	}
	data, err := json.Marshal(v)
	if err != nil {
		m.L.RaiseError("a setting cannot be given to scripts: %s", err.Error())
	}
	return m.decoded(data)
}

// AppendJSON adds a value to b as JSON with the names of objects sorted, at most limit bytes of it.
func (m *Machine) AppendJSON(b []byte, v glua.LValue, limit int) ([]byte, error) {
	e := encoder{Machine: m, out: b, limit: len(b) + limit}
	err := e.value(v, 0)
	return e.out, err
}

type encoder struct {
	*Machine
	out   []byte
	limit int
}

func (e *encoder) value(v glua.LValue, depth int) error {
	switch {
	case depth > maxNesting:
		return fmt.Errorf("it is nested too deep (limit %d)", maxNesting)
	case len(e.out) > e.limit:
		return fmt.Errorf("it is too long (limit %d bytes)", e.limit)
	}
	e.Budget.Steps(e.L, 2)
	switch v := v.(type) {
	case *glua.LNilType:
		e.out = append(e.out, "null"...)
	case glua.LBool:
		e.out = strconv.AppendBool(e.out, bool(v))
	case glua.LNumber:
		return e.number(float64(v))
	case glua.LString:
		if len(e.out)+len(v) > e.limit {
			return fmt.Errorf("it is too long (limit %d bytes)", e.limit)
		}
		e.out = core.AppendString(e.out, string(v))
	case *glua.LTable:
		return e.table(v, depth+1)
	default:
		return fmt.Errorf("a %s cannot be written as JSON", v.Type())
	}
	return nil
}

func (e *encoder) number(f float64) error {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return errors.New("a number that is not finite cannot be written as JSON")
	}
	if f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		e.out = strconv.AppendInt(e.out, int64(f), 10)
		return nil
	}
	e.out = strconv.AppendFloat(e.out, f, 'g', -1, 64)
	return nil
}

// table writes a list when the keys are 1, 2, 3 ... An empty table is an object, unless it is a list of ours.
func (e *encoder) table(t *glua.LTable, depth int) error {
	names, length, err := e.keys(t)
	if err != nil {
		return err
	}
	if names == nil && (length > 0 || e.IsList(t)) {
		return e.list(t, length, depth)
	}
	e.out = append(e.out, '{')
	for i, name := range names {
		if i > 0 {
			e.out = append(e.out, ',')
		}
		e.out = append(core.AppendString(e.out, name), ':')
		if err := e.value(t.RawGetString(name), depth); err != nil {
			return err
		}
	}
	e.out = append(e.out, '}')
	return nil
}

func (e *encoder) list(t *glua.LTable, length, depth int) error {
	e.out = append(e.out, '[')
	for i := 1; i <= length; i++ {
		if i > 1 {
			e.out = append(e.out, ',')
		}
		if err := e.value(t.RawGetInt(i), depth); err != nil {
			return err
		}
	}
	e.out = append(e.out, ']')
	return nil
}

// keys gives the sorted names of an object, or no names and the length of a list.
func (e *encoder) keys(t *glua.LTable) (names []string, length int, err error) {
	most := 0
	e.Each(t, func(key, _ glua.LValue) {
		e.Budget.Steps(e.L, 1)
		switch k := key.(type) {
		case glua.LString:
			names = append(names, string(k))
		case glua.LNumber:
			length++
			most = max(most, int(k))
			if k < 1 || float64(k) != math.Trunc(float64(k)) {
				err = errors.New("a key that is no name and no place in a list cannot be written as JSON")
			}
		default:
			err = fmt.Errorf("a %s as a key cannot be written as JSON", key.Type())
		}
	})
	switch {
	case err != nil:
	case names != nil && length > 0:
		err = errors.New("a table that is a list and an object at once cannot be written as JSON")
	case most != length:
		err = errors.New("a list with gaps cannot be written as JSON")
	}
	sort.Strings(names)
	return names, length, err
}
