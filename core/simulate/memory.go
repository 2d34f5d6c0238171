package simulate

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"baton/core"
	"baton/core/desk"
)

// memory is the store of a simulated desk: what it needs of its ports, and nothing else. One goroutine uses it.
type memory struct {
	// What a simulation does not ask for has nobody behind it.
	desk.Directory
	desk.People
	core.Reader
	core.Store

	clock    *clock
	zone     string
	queues   []*core.Queue
	agents   []*agent
	sessions map[string]*core.Session
	line     map[string]*core.Session // those that nobody has: waiting, or offered
	past     map[string][]*core.Session
	values   map[string]value
	next     int // the number of the next session
	// told hears of each command after it.
	told func(s *core.Session, events []*core.Event)
	// decided hears of each decision of the ledger.
	decided func(d *core.Decision)
}

// clock is the time of a simulation.
type clock struct{ ms int64 }

func (c *clock) now() time.Time { return time.UnixMilli(c.ms).UTC() }

// agent is an agent with how his time passes.
type agent struct {
	core.Agent
	missedShare, declinedShare float64
	work                       work
}

// value is something that a script keeps.
type value struct {
	json    json.RawMessage
	rev     int64
	expires time.Time
}

var (
	_ core.Store       = (*memory)(nil)
	_ core.Reader      = (*memory)(nil)
	_ core.ScriptStore = (*memory)(nil)
	_ desk.Line        = (*memory)(nil)
	_ desk.Directory   = (*memory)(nil)
	_ desk.People      = (*memory)(nil)
)

func newMemory(c *clock, zone string) *memory {
	return &memory{
		clock: c, zone: zone, sessions: map[string]*core.Session{}, line: map[string]*core.Session{}, past: map[string][]*core.Session{},
		values: map[string]value{},
	}
}

// sessionID names the session of a chat.
func sessionID(n int) string { return fmt.Sprintf("%s%08d", core.SessionPrefix, n) }

// Change runs a command at once.
func (m *memory) Change(_ context.Context, _ core.Actor, session string, work core.Work) (*core.Committed, error) {
	was := m.sessions[session]
	if was == nil {
		return nil, core.Missing()
	}
	return m.commit(was, session, work)
}

// Submit runs a command at once and tells done.
func (m *memory) Submit(ctx context.Context, by core.Actor, session string, work core.Work, done func(*core.Committed, error)) error {
	done(m.Change(ctx, by, session, work))
	return nil
}

// Begin makes a session. It has the id of its chat, so that nothing in a simulation is different the next time.
func (m *memory) Begin(_ context.Context, _ core.Actor, _ string, work core.Work) (*core.Committed, error) {
	return m.commit(new(core.Session), sessionID(m.next), work)
}

func (m *memory) commit(was *core.Session, id string, work core.Work) (*core.Committed, error) {
	is := *was
	x := &tx{m: m, id: id, session: &is}
	if err := work(&is, x); err != nil {
		return nil, err
	}
	if x.need != nil && !m.room(*x.need) {
		return nil, core.Refuse(core.Conflict, "%s has no room", x.need.Agent)
	}
	x.keep()
	m.file(was, &is)
	if m.told != nil && len(x.events) > 0 {
		m.told(&is, x.events)
	}
	return &core.Committed{Session: &is, Events: x.events}, nil
}

// room says whether an agent may take a place.
func (m *memory) room(p core.Place) bool {
	a := m.agent(p.Agent)
	return a != nil && a.Free() > 0 && (!p.Offer || a.Status.Takes() && (p.Queue == "" || slices.Contains(a.Queues, p.Queue)))
}

// file puts the new picture of a session where it belongs, and counts places.
func (m *memory) file(was, is *core.Session) {
	if was.ID == "" && is.Customer.ID != "" {
		m.past[is.Customer.ID] = append(m.past[is.Customer.ID], is)
	}
	m.sessions[is.ID] = is
	delete(m.line, is.ID)
	if is.Status == core.StatusWaiting || is.Status == core.StatusPending {
		m.line[is.ID] = is
	}
	owner, offered := was.Holders()
	m.count(owner, -1, -1)
	m.count(offered, 0, -1)
	newOwner, newOffered := is.Holders()
	m.count(newOwner, 1, 1)
	m.count(newOffered, 0, 1)
	if a := m.agent(newOwner); a != nil && newOwner != owner {
		a.LastAssigned = m.clock.now()
		a.work.chats++
	}
}

func (m *memory) count(id string, active, load int) {
	if a := m.agent(id); a != nil {
		a.pass(m.clock.ms)
		a.Active += active
		a.Load += load
	}
}

func (m *memory) agent(id string) *agent {
	for _, a := range m.agents {
		if a.ID == id {
			return a
		}
	}
	return nil
}

// offeredTo lists what an agent is being offered.
func (m *memory) offeredTo(agent string) []*core.Session {
	var list []*core.Session
	for _, s := range m.line {
		if s.OfferedTo(agent) {
			list = append(list, s)
		}
	}
	slices.SortFunc(list, order)
	return list
}

// setStatus makes an agent what he is from now on.
func (m *memory) setStatus(a *agent, status core.AgentStatus) {
	a.pass(m.clock.ms)
	if a.Status != status {
		a.Status, a.StatusSince = status, m.clock.now()
	}
}

// shown gives an agent as others see him: their own, to change.
func (m *memory) shown(a *agent) *core.Agent {
	now := a.Agent
	now.SeenAt = m.clock.now()
	return &now
}

// FreeAgents are those with room.
func (m *memory) FreeAgents(context.Context, time.Time) ([]*core.Agent, error) {
	var free []*core.Agent
	for _, a := range m.agents {
		if a.Status.Takes() && a.Free() > 0 {
			free = append(free, m.shown(a))
		}
	}
	return free, nil
}

// Agents are all agents.
func (m *memory) Agents(context.Context) ([]*core.Agent, error) {
	all := make([]*core.Agent, len(m.agents))
	for i, a := range m.agents {
		all[i] = m.shown(a)
	}
	return all, nil
}

// Agent gives one agent.
func (m *memory) Agent(_ context.Context, id string) (*core.Agent, error) {
	if a := m.agent(id); a != nil {
		return m.shown(a), nil
	}
	return nil, core.Missing()
}

// Queue finds a queue by name or id.
func (m *memory) Queue(_ context.Context, name string) (*core.Queue, error) {
	for _, q := range m.queues {
		if q.ID == name || q.Name == name {
			return q, nil
		}
	}
	return nil, core.Missing()
}

// Account gives the time zone.
func (m *memory) Account(context.Context) (core.Account, error) {
	return core.Account{TimeZone: m.zone}, nil
}

// Waiting lists who waits in these queues in order of service.
func (m *memory) Waiting(_ context.Context, queues []string, after *core.Session, limit int) ([]*core.Session, error) {
	list := slices.DeleteFunc(slices.Collect(maps.Values(m.line)), func(s *core.Session) bool {
		return s.Status != core.StatusWaiting || !slices.Contains(queues, s.Queue.ID) || after != nil && order(s, after) <= 0
	})
	slices.SortFunc(list, order)
	return list[:min(len(list), limit)], nil
}

// order compares two sessions by who is served first.
func order(a, b *core.Session) int {
	return cmp.Or(cmp.Compare(a.LineKey(), b.LineKey()), cmp.Compare(a.ID, b.ID))
}

// Undecided names those on whom nothing was decided yet.
func (m *memory) Undecided(_ context.Context, limit int) ([]string, error) {
	var ids []string
	for id, s := range m.line {
		if s.Status == core.StatusWaiting && !s.Decided {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids[:min(len(ids), limit)], nil
}

// Nodes names the one server that there is.
func (m *memory) Nodes(context.Context) (live []string, own string, err error) {
	return []string{"simulation"}, "simulation", nil
}

// Session gives a session.
func (m *memory) Session(_ context.Context, id string) (*core.Session, error) {
	if s := m.sessions[id]; s != nil {
		return s, nil
	}
	return nil, core.Missing()
}

// Sessions lists the sessions of a customer, the newest first.
func (m *memory) Sessions(_ context.Context, f core.SessionFilter) (list []*core.Session, next string, err error) {
	for _, customer := range f.Customers {
		for _, s := range slices.Backward(m.past[customer]) {
			list = append(list, m.sessions[s.ID])
		}
	}
	return list[:min(len(list), f.Limit)], "", nil
}

// OpenSessionOf names nobody's: each chat is a conversation of its own.
func (m *memory) OpenSessionOf(context.Context, string) (string, error) { return "", nil }

// CustomerOfBot takes what the bot says: it knows him.
func (m *memory) CustomerOfBot(_ context.Context, _ string, said core.Customer) (core.Customer, error) {
	said.ID = said.ExternalID
	return said, nil
}

// Get gives what a script kept.
func (m *memory) Get(_ context.Context, script, key string) (json.RawMessage, int64, error) {
	v := m.values[script+"\x00"+key]
	if !v.expires.IsZero() && !m.clock.now().Before(v.expires) {
		return nil, v.rev, nil
	}
	return v.json, v.rev, nil
}
