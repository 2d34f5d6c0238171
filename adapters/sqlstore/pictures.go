package sqlstore

import (
	"sync"

	"baton/core"
)

// pictures remembers what the states of rows say, so that the same pages, which everybody on the desk reads again and
// again, are not decoded each time. What it gives may be copied and never changed.
type pictures struct {
	mu    sync.Mutex // guards known
	known map[string]picture
}

type picture struct {
	state   string
	session *core.Session
}

// picturesMost bounds the memory that pictures take: about two kilobytes each.
const picturesMost = 4096

// of gives what the state of a row says.
func (p *pictures) of(r *sessionRow) (*core.Session, error) {
	p.mu.Lock()
	known := p.known[r.ID]
	p.mu.Unlock()
	if known.session != nil && known.state == r.State {
		return known.session, nil
	}
	s, err := r.decodeState()
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known == nil || len(p.known) >= picturesMost {
		p.known = make(map[string]picture)
	}
	p.known[r.ID] = picture{state: r.State, session: s}
	return s, nil
}
