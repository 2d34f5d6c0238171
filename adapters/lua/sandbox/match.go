package sandbox

// span is what a capture took; the end is a number below zero while it is open or when it is a position.
type span struct{ from, to int }

const (
	stillOpen = -1
	position  = -2
)

// match tries a pattern on a subject and pays for each step.
type match struct {
	*pattern
	subject  string
	captured [maxCaptures]span
	pay      func(steps int)
	owed     int
}

func newMatch(p *pattern, subject string, pay func(steps int)) *match {
	return &match{pattern: p, subject: subject, pay: pay}
}

// owe notes steps, and pays them in bundles.
func (m *match) owe(steps int) {
	m.owed += steps
	if m.owed >= 1024 {
		m.settle()
	}
}

func (m *match) settle() {
	m.pay(m.owed + 1)
	m.owed = 0
}

// find gives the first match at or after a place; from is -1 when there is none.
func (m *match) find(at int) (from, to int) {
	from, to = -1, -1
	for ; at <= len(m.subject); at++ {
		if end := m.at(0, at); end >= 0 {
			from, to = at, end
			break
		}
		if m.anchored {
			break
		}
	}
	m.settle()
	return from, to
}

// at matches the parts from i on at place s of the subject and says where the match ends, or -1.
func (m *match) at(i, s int) int {
	for ; i < len(m.parts); i++ {
		m.owe(1)
		p := &m.parts[i]
		switch p.kind {
		case one:
			if p.repeat != 0 {
				return m.repeated(p, i, s)
			}
			if !m.fits(p, s) {
				return -1
			}
			s++
		case open, shut, place:
			return m.capture(p, i, s)
		default:
			if s = m.special(p, s); s < 0 {
				return -1
			}
		}
	}
	return s
}

func (m *match) fits(p *part, s int) bool { return s < len(m.subject) && p.set.has(m.subject[s]) }

func (m *match) repeated(p *part, i, s int) int {
	switch p.repeat {
	case '?':
		if m.fits(p, s) {
			if end := m.at(i+1, s+1); end >= 0 {
				return end
			}
		}
		return m.at(i+1, s)
	case '-':
		for {
			if end := m.at(i+1, s); end >= 0 {
				return end
			}
			if !m.fits(p, s) {
				return -1
			}
			s++
		}
	}
	least := s
	if p.repeat == '+' {
		least++
	}
	for m.fits(p, s) {
		s++
	}
	m.owe((s - least) >> 2)
	for ; s >= least; s-- {
		if end := m.at(i+1, s); end >= 0 {
			return end
		}
	}
	return -1
}

// capture notes where a capture begins or ends, and takes it back when what follows does not match.
func (m *match) capture(p *part, i, s int) int {
	before := m.captured[p.n]
	switch p.kind {
	case open:
		m.captured[p.n] = span{s, stillOpen}
	case place:
		m.captured[p.n] = span{s, position}
	default:
		m.captured[p.n].to = s
	}
	end := m.at(i+1, s)
	if end < 0 {
		m.captured[p.n] = before
	}
	return end
}

// special matches what is no character; it gives the place after it, or -1.
func (m *match) special(p *part, s int) int {
	switch p.kind {
	case balance:
		return m.balanced(p, s)
	case frontier:
		var before, here byte
		if s > 0 {
			before = m.subject[s-1]
		}
		if s < len(m.subject) {
			here = m.subject[s]
		}
		if p.set.has(before) || !p.set.has(here) {
			return -1
		}
	case again:
		c := m.captured[p.n]
		if c.to < c.from {
			return -1
		}
		taken := m.subject[c.from:c.to]
		if len(m.subject)-s < len(taken) {
			return -1
		}
		m.owe(len(taken) >> 6)
		if m.subject[s:s+len(taken)] != taken {
			return -1
		}
		return s + len(taken)
	case end:
		if s != len(m.subject) {
			return -1
		}
	}
	return s
}

func (m *match) balanced(p *part, s int) int {
	if s >= len(m.subject) || m.subject[s] != p.x {
		return -1
	}
	depth, at := 1, s+1
	for ; at < len(m.subject) && depth > 0; at++ {
		switch m.subject[at] {
		case p.y:
			depth--
		case p.x:
			depth++
		}
	}
	m.owe((at - s) >> 2)
	if depth > 0 {
		return -1
	}
	return at
}
