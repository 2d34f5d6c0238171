package sandbox

import (
	"fmt"
	"math"
	"strings"

	glua "github.com/yuin/gopher-lua"
)

// directive is one %-directive of string.format.
type directive struct {
	flags     string // with width and precision, as Go's fmt takes them
	precision bool
	verb      byte
}

func (vm *VM) stringFormat(l *glua.LState) int {
	format := l.CheckString(1)
	var out strings.Builder
	argument := 1
	for i := 0; i < len(format); {
		if format[i] != '%' {
			next := strings.IndexByte(format[i:], '%')
			if next < 0 {
				next = len(format) - i
			}
			vm.write(l, &out, format[i:i+next])
			i += next
			continue
		}
		if strings.HasPrefix(format[i:], "%%") {
			out.WriteByte('%')
			i += 2
			continue
		}
		d, length := readDirective(l, format[i:])
		argument++
		vm.write(l, &out, vm.formatted(l, d, argument))
		vm.Budget.Steps(l, 4)
		i += length
	}
	return vm.pushText(l, out.String())
}

// readDirective reads what begins with a %; widths and precisions have two digits at most.
func readDirective(l *glua.LState, text string) (d directive, length int) {
	at := 1
	for at < len(text) && strings.IndexByte("-+ #0", text[at]) >= 0 {
		at++
	}
	if at > 6 {
		l.RaiseError("invalid format (repeated flags)")
	}
	at = digits(l, text, at)
	if at < len(text) && text[at] == '.' {
		d.precision = true
		at = digits(l, text, at+1)
	}
	if at >= len(text) {
		l.RaiseError("invalid option '%%' to 'format' (it ends early)")
	}
	d.flags, d.verb = text[:at], text[at]
	return d, at + 1
}

func digits(l *glua.LState, text string, at int) int {
	from := at
	for at < len(text) && '0' <= text[at] && text[at] <= '9' {
		at++
	}
	if at-from > 2 {
		l.RaiseError("invalid format (width or precision too long)")
	}
	return at
}

func (vm *VM) formatted(l *glua.LState, d directive, n int) string {
	switch d.verb {
	case 'd', 'i':
		return fmt.Sprintf(d.flags+"d", int64Of(l, n))
	case 'u':
		return fmt.Sprintf(d.flags+"d", uint64(int64Of(l, n))) //nolint:gosec // as C does
	case 'o', 'x', 'X':
		return fmt.Sprintf(d.flags+string(d.verb), uint64(int64Of(l, n))) //nolint:gosec // as C does
	case 'c':
		return string([]byte{byte(Integer(l, n, 0))}) //nolint:gosec // as C does
	case 'e', 'E', 'f', 'g', 'G':
		if !d.precision {
			d.flags += ".6"
		}
		return fmt.Sprintf(d.flags+string(d.verb), float64(l.CheckNumber(n)))
	case 'q':
		return quoted(l.CheckString(n))
	case 's':
		text := vm.display(l, l.CheckAny(n))
		if d.flags == "%" {
			return text
		}
		vm.Budget.Text(l, len(text))
		return fmt.Sprintf(d.flags+"s", text)
	}
	l.RaiseError("invalid option '%%%s' to 'format'", string(rune(d.verb)))
	return ""
}

// int64Of gives argument n cut to a whole number.
func int64Of(l *glua.LState, n int) int64 {
	switch f := float64(l.CheckNumber(n)); {
	case math.IsNaN(f):
		return 0
	case f >= math.MaxInt64:
		return math.MaxInt64
	case f <= math.MinInt64:
		return math.MinInt64
	default:
		return int64(f)
	}
}

func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", "\\\n", "\r", `\r`, "\x00", `\000`).Replace(s) + `"`
}
