package lua

import (
	"context"
	"time"

	"baton/adapters/lua/host"
	"baton/core"
)

// An interpreter is let go after this many calls, or when it has made or done this much in its life: a script that
// keeps what it makes would fill the memory otherwise.
const (
	lifeCalls = 10_000
	lifeBytes = 64 << 20
	lifeSteps = 100_000_000
)

// pool has the interpreters of one program. A place without one is nil; one is made when the place is taken.
type pool struct {
	places chan *host.Machine
	make   func() (*host.Machine, *core.ScriptError)
	wait   time.Duration
	once   bool // each interpreter is used for one call
}

func newPool(config Config, once bool, maker func() (*host.Machine, *core.ScriptError)) *pool {
	p := &pool{places: make(chan *host.Machine, config.VMs), make: maker, wait: config.Wait, once: once}
	for range config.VMs - 1 { // the last place is that of the interpreter that found out which hooks there are
		p.places <- nil
	}
	return p
}

// take gives an interpreter, which put takes back. It waits for one as long as ctx and the pool's patience last.
func (p *pool) take(ctx context.Context) (*host.Machine, *core.ScriptError) {
	m, ok := p.place(ctx)
	if !ok {
		return nil, &core.ScriptError{Kind: core.FaultLimit, Message: "stopped: all interpreters of this script were busy"}
	}
	if m != nil {
		return m, nil
	}
	m, fault := p.make()
	if fault != nil {
		p.places <- nil
	}
	return m, fault
}

func (p *pool) place(ctx context.Context) (m *host.Machine, ok bool) {
	select {
	case m = <-p.places:
		return m, true
	default:
	}
	patience := time.NewTimer(p.wait)
	defer patience.Stop()
	select {
	case m = <-p.places:
		return m, true
	case <-patience.C:
	case <-ctx.Done():
	}
	return nil, false
}

// put takes an interpreter back. One that failed or is old is let go.
func (p *pool) put(m *host.Machine) {
	used := m.Calls > 1 // the first call is the program itself
	if m.Dead || m.Calls > lifeCalls || m.Life.Bytes > lifeBytes || m.Life.Steps > lifeSteps || p.once && used {
		m = nil
	}
	p.places <- m
}
