package sandbox

import (
	"errors"
	"fmt"
	"strings"
)

// A pattern of Lua 5.1 is read once into parts. Reading it again at each character, as the original does, would be
// slower, and its recursion is bounded by the pattern here and not by the subject.

// kind says what a part matches.
type kind uint8

const (
	one      kind = iota // a character of the set, repeated as the part says
	open                 // a capture begins
	shut                 // it ends
	place                // () captures the position
	balance              // %bxy
	frontier             // %f[set]
	again                // %1
	end                  // $
)

type part struct {
	kind   kind
	repeat byte // 0, '*', '+', '-' or '?'
	n      int  // which capture
	x, y   byte // of balance
	set    set
}

type pattern struct {
	parts    []part
	anchored bool
	captures int
}

// set is a set of bytes.
type set [4]uint64

func (s *set) add(c byte)      { s[c>>6] |= 1 << (c & 63) }
func (s *set) has(c byte) bool { return s[c>>6]&(1<<(c&63)) != 0 }

func (s *set) join(other set) {
	for i := range s {
		s[i] |= other[i]
	}
}

func (s *set) invert() {
	for i := range s {
		s[i] = ^s[i]
	}
}

const (
	maxPattern  = 4096 // bytes
	maxParts    = 200  // recursion is as deep as there are parts
	maxCaptures = 32
)

// reader reads a pattern.
type reader struct {
	text   string
	at     int
	p      *pattern
	opened []int // captures that have not ended
	ended  [maxCaptures]bool
}

func readPattern(text string) (*pattern, error) {
	if len(text) > maxPattern {
		return nil, errors.New("malformed pattern (too long)")
	}
	r := &reader{text: text, p: &pattern{}}
	if strings.HasPrefix(text, "^") {
		r.p.anchored, r.at = true, 1
	}
	for r.at < len(text) {
		if len(r.p.parts) >= maxParts {
			return nil, errors.New("pattern too complex")
		}
		if err := r.part(); err != nil {
			return nil, err
		}
	}
	if len(r.opened) > 0 {
		return nil, errors.New("unfinished capture")
	}
	return r.p, nil
}

func (r *reader) add(p part, length int) {
	r.p.parts = append(r.p.parts, p)
	r.at += length
}

func (r *reader) rest() string { return r.text[r.at:] }

func (r *reader) part() error {
	rest := r.rest()
	switch {
	case strings.HasPrefix(rest, "()"):
		return r.begin(place, 2)
	case rest[0] == '(':
		return r.begin(open, 1)
	case rest[0] == ')':
		return r.finish()
	case rest == "$":
		r.add(part{kind: end}, 1)
		return nil
	case strings.HasPrefix(rest, "%b"):
		if len(rest) < 4 {
			return errors.New("malformed pattern (missing arguments to '%b')")
		}
		r.add(part{kind: balance, x: rest[2], y: rest[3]}, 4)
		return nil
	case strings.HasPrefix(rest, "%f"):
		return r.frontier()
	case len(rest) > 1 && rest[0] == '%' && rest[1] >= '0' && rest[1] <= '9':
		return r.again(int(rest[1]) - '1')
	}
	return r.single()
}

func (r *reader) begin(k kind, length int) error {
	n := r.p.captures
	if n >= maxCaptures {
		return errors.New("too many captures")
	}
	r.p.captures++
	if k == open {
		r.opened = append(r.opened, n)
	} else {
		r.ended[n] = true
	}
	r.add(part{kind: k, n: n}, length)
	return nil
}

func (r *reader) finish() error {
	if len(r.opened) == 0 {
		return errors.New("invalid pattern capture")
	}
	n := r.opened[len(r.opened)-1]
	r.opened = r.opened[:len(r.opened)-1]
	r.ended[n] = true
	r.add(part{kind: shut, n: n}, 1)
	return nil
}

func (r *reader) frontier() error {
	if !strings.HasPrefix(r.rest(), "%f[") {
		return errors.New("missing '[' after '%f' in pattern")
	}
	r.at += 2
	s, err := r.set()
	r.add(part{kind: frontier, set: s}, 0)
	return err
}

func (r *reader) again(n int) error {
	if n < 0 || !r.ended[n] {
		return fmt.Errorf("invalid capture index %%%d", n+1)
	}
	r.add(part{kind: again, n: n}, 2)
	return nil
}

// single reads a set of characters and how often it may come.
func (r *reader) single() error {
	s, err := r.set()
	if err != nil {
		return err
	}
	p := part{kind: one, set: s}
	if r.at < len(r.text) && strings.IndexByte("*+-?", r.text[r.at]) >= 0 {
		p.repeat = r.text[r.at]
		r.at++
	}
	r.add(p, 0)
	return nil
}

// set reads a character, a class or a set in brackets.
func (r *reader) set() (s set, err error) {
	switch c := r.text[r.at]; c {
	case '[':
		return r.brackets()
	case '%':
		return r.class()
	case '.':
		s.invert()
	default:
		s.add(c)
	}
	r.at++
	return s, nil
}

func (r *reader) class() (s set, err error) {
	if r.at+1 >= len(r.text) {
		return s, errors.New("malformed pattern (ends with '%')")
	}
	s = classOf(r.text[r.at+1])
	r.at += 2
	return s, nil
}

func (r *reader) brackets() (s set, err error) {
	r.at++
	inverted := strings.HasPrefix(r.rest(), "^")
	if inverted {
		r.at++
	}
	for first := true; ; first = false {
		rest := r.rest()
		switch {
		case rest == "":
			return s, errors.New("malformed pattern (missing ']')")
		case rest[0] == ']' && !first:
			r.at++
			if inverted {
				s.invert()
			}
			return s, nil
		case rest[0] == '%':
			class, err := r.class()
			if err != nil {
				return s, err
			}
			s.join(class)
		case len(rest) > 2 && rest[1] == '-' && rest[2] != ']':
			for c := int(rest[0]); c <= int(rest[2]); c++ {
				s.add(byte(c)) //nolint:gosec // it is between two bytes
			}
			r.at += 3
		default:
			s.add(rest[0])
			r.at++
		}
	}
}

// classOf gives what %c stands for: a class of characters, the others for its capital letter, or the character itself.
func classOf(c byte) (s set) {
	in := classes[c|0x20]
	if in == nil || c < 'A' || c > 'z' {
		s.add(c)
		return s
	}
	for i := range 256 {
		if in(byte(i)) { //nolint:gosec // below 256
			s.add(byte(i)) //nolint:gosec // below 256
		}
	}
	if c <= 'Z' {
		s.invert()
	}
	return s
}

// classes are those of Lua, by their small letter. They know English letters only.
var classes = map[byte]func(byte) bool{
	'a': letter,
	'c': func(c byte) bool { return c < 32 || c == 127 },
	'd': digit,
	'l': small,
	'p': func(c byte) bool { return 32 < c && c < 127 && !letter(c) && !digit(c) },
	's': func(c byte) bool { return c == ' ' || 9 <= c && c <= 13 },
	'u': func(c byte) bool { return 'A' <= c && c <= 'Z' },
	'w': func(c byte) bool { return letter(c) || digit(c) },
	'x': func(c byte) bool { return digit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' },
	'z': func(c byte) bool { return c == 0 },
}

func small(c byte) bool  { return 'a' <= c && c <= 'z' }
func letter(c byte) bool { return small(c | 0x20) }
func digit(c byte) bool  { return '0' <= c && c <= '9' }
