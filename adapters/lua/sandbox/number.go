package sandbox

import (
	"math"
	"strconv"
	"strings"

	glua "github.com/yuin/gopher-lua"
)

func toNumber(l *glua.LState) int {
	base := Integer(l, 2, 10)
	switch v := l.CheckAny(1).(type) {
	case glua.LNumber:
		l.Push(v)
	case glua.LString:
		l.Push(parseNumber(string(v), base))
	default:
		l.Push(glua.LNil)
	}
	return 1
}

func parseNumber(text string, base int) glua.LValue {
	text = strings.TrimSpace(text)
	if base != 10 {
		if base < 2 || base > 36 {
			return glua.LNil
		}
		if n, err := strconv.ParseInt(text, base, 64); err == nil {
			return glua.LNumber(n)
		}
		return glua.LNil
	}
	if strings.ContainsAny(text, "_pPnN") { // what Go reads as a number and Lua does not
		return glua.LNil
	}
	if digits, ok := strings.CutPrefix(strings.ToLower(text), "0x"); ok {
		if n, err := strconv.ParseUint(digits, 16, 64); err == nil {
			return glua.LNumber(n)
		}
		return glua.LNil
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil && !math.IsInf(n, 0) {
		return glua.LNil
	}
	return glua.LNumber(n)
}

// Integer gives argument n as a whole number, or otherwise when it is missing. What is too large for one becomes the
// largest, and NaN 0.
func Integer(l *glua.LState, n, otherwise int) int {
	if l.Get(n) == glua.LNil {
		return otherwise
	}
	return whole(float64(l.CheckNumber(n)))
}

func whole(f float64) int {
	const most = 1 << 53
	switch {
	case math.IsNaN(f):
		return 0
	case f > most:
		return most
	case f < -most:
		return -most
	}
	return int(f)
}
