package sqlstore

import (
	"slices"
	"strings"
	"time"

	"baton/core"
)

// staged is a session as a batch would leave it.
type staged struct {
	session *core.Session
	before  *core.Session // nil for a new session
	known   []int64       // hashes of the head
	hashes  []int64       // hashes that the batch adds
	events  []*core.Event
	receipt bool
	// whole says that the row must be written with all its columns, not only the coalesced ones.
	whole bool
}

// coalesced says whether the batch leaves columns for the next flush.
func (st *staged) coalesced() bool { return !st.whole && (st.receipt || len(st.events) > 0) }

// decided is a command of a batch with what it collected.
type decided struct {
	cmd *command
	st  *staged
	txn *txn
	ops []placeOp
}

// placeOp is what a command does to one agent's row.
type placeOp struct {
	agent        string
	load, active int64
	takes        int64 // places that must be free
	got          int64 // chats that the agent joins now
	cond         placeCond
	queue        string
	seenAfter    int64
	missed       int64
	limit        int64
	answered     bool
}

type placeCond int64

const (
	always  placeCond = iota // nothing is asked of the agent
	ordered                  // not disabled and with room
	forced                   // not disabled
	offered                  // all that makes an agent eligible
)

// batch is what one transaction writes.
type batch struct {
	id      string
	at      time.Time
	node    string
	heads   *heads
	staged  map[string]*staged
	order   []*staged
	decided []*decided
	ops     map[string]*placeOp
	values  map[string]*valueRow // what scripts keep, by script and key
	// uncounted says that messages are not counted, so that what that costs can be measured.
	uncounted bool
}

func newBatch(h *heads, node string, at time.Time) *batch {
	return &batch{id: core.NewSecret("")[:26], at: at, node: node, heads: h, staged: map[string]*staged{}, ops: map[string]*placeOp{}, values: map[string]*valueRow{}}
}

// stage gives the staged picture of a session, or nil when no head is known.
func (b *batch) stage(id string) *staged {
	if st := b.staged[id]; st != nil {
		return st
	}
	h, known := b.heads.get(id)
	if !known {
		return nil
	}
	st := &staged{session: h.session, before: h.session, known: h.hashes}
	b.staged[id] = st
	b.order = append(b.order, st)
	return st
}

// verdict is what became of deciding one command.
type verdict int

const (
	taken    verdict = iota // its writes are staged
	refused                 // the rule said no
	nextTime                // it must be decided in a batch of its own or the next one
	unread                  // the session's head is not there
)

// decide runs a command on the staged picture of its session.
func (b *batch) decide(cmd *command) (verdict, error) {
	st := b.begin(cmd)
	if st == nil {
		return unread, nil
	}
	copied := *st.session
	t := &txn{at: b.timeOf(st.session), session: &copied}
	t.known = func(hash int64) (seen, isStaged bool) {
		if slices.Contains(st.hashes, hash) {
			return true, true
		}
		return slices.Contains(st.known, hash), false
	}
	if err := cmd.run(t); err != nil {
		return refused, err
	}
	d := &decided{cmd: cmd, st: st, txn: t, ops: placeOps(st.session, &copied, t)}
	if !b.fitOps(d.ops) {
		return nextTime, nil
	}
	if err := b.putValues(t.values); err != nil {
		return refused, err
	}
	b.mergeOps(d.ops)
	b.accept(d, &copied)
	return taken, nil
}

// single says whether the batch is a troublesome command's own.
func (b *batch) single() bool { return len(b.decided) > 0 && b.decided[0].cmd.alone }

// begin stages the session of a command; a command without one gets a new session.
func (b *batch) begin(cmd *command) *staged {
	if cmd.session != "" {
		return b.stage(cmd.session)
	}
	return &staged{session: &core.Session{ID: cmd.begins}, whole: true}
}

// timeOf is now, in milliseconds, but never before the session's last event.
func (b *batch) timeOf(s *core.Session) time.Time { return latest(b.at, s.LastAt) }

// accept makes what a command collected part of the batch.
func (b *batch) accept(d *decided, after *core.Session) {
	st := d.st
	if st.before == nil && len(st.events) == 0 {
		b.staged[after.ID] = st
		b.order = append(b.order, st)
	}
	st.session = after
	st.events = append(st.events, d.txn.events...)
	st.hashes = append(st.hashes, d.txn.hashes...)
	st.receipt = st.receipt || d.cmd.receive != nil
	// What comes after the end is rare, and nobody looks whether the rows of ended sessions are behind.
	st.whole = st.whole || slices.ContainsFunc(d.txn.events, changesRow) || len(d.txn.events) > 0 && !after.Open()
	b.decided = append(b.decided, d)
}

// changesRow says whether an event changes more of a session than the coalesced columns.
func changesRow(e *core.Event) bool {
	switch e.Data.(type) {
	case *core.Posted, *core.NoteAdded:
		return false
	}
	return true
}

// placeOps says what a command does to agents: places are counted from who held the session before and after.
func placeOps(before, after *core.Session, t *txn) []placeOp {
	ops := map[string]*placeOp{}
	op := func(agent string) *placeOp {
		if ops[agent] == nil {
			ops[agent] = &placeOp{agent: agent}
		}
		return ops[agent]
	}
	count := func(s *core.Session, n int64) {
		owner, offer := s.Holders()
		if owner != "" {
			op(owner).load += n
			op(owner).active += n
		}
		if offer != "" {
			op(offer).load += n
		}
	}
	count(before, -1)
	count(after, 1)
	for _, p := range t.places {
		op(p.Agent).need(p)
	}
	for agent, limit := range t.missed {
		op(agent).missed, op(agent).limit = 1, int64(limit)
	}
	for _, agent := range t.answered {
		op(agent).answered = true
	}
	list := make([]placeOp, 0, len(ops))
	for _, o := range ops {
		if *o != (placeOp{agent: o.agent}) {
			o.got = max(0, o.active)
			list = append(list, *o)
		}
	}
	return list
}

func (o *placeOp) need(p core.Place) {
	o.takes, o.cond = 1, ordered
	switch {
	case p.Forced:
		o.cond = forced
	case p.Offer:
		o.cond, o.queue, o.seenAfter = offered, p.Queue, p.SeenAfter.UnixMilli()
	}
}

// fitOps says whether a command's place changes can be made with the batch's: not when two commands ask different
// things of one agent, which cannot be one update.
func (b *batch) fitOps(ops []placeOp) bool {
	return !slices.ContainsFunc(ops, func(o placeOp) bool {
		known := b.ops[o.agent]
		return known != nil && !known.fits(o)
	})
}

// mergeOps adds a command's place changes to the batch's.
func (b *batch) mergeOps(ops []placeOp) {
	for _, o := range ops {
		known := b.ops[o.agent]
		if known == nil {
			merged := o
			b.ops[o.agent] = &merged
			continue
		}
		known.add(o)
	}
}

func (o *placeOp) fits(other placeOp) bool {
	if o.missed+other.missed > 0 && (o.answered || other.answered) {
		return false
	}
	return o.takes == 0 || other.takes == 0 || o.cond == other.cond && o.queue == other.queue
}

func (o *placeOp) add(other placeOp) {
	if o.takes == 0 {
		o.cond, o.queue = other.cond, other.queue
	}
	o.seenAfter = max(o.seenAfter, other.seenAfter)
	o.load += other.load
	o.active += other.active
	o.takes += other.takes
	o.got += other.got
	o.missed += other.missed
	o.limit = max(o.limit, other.limit)
	o.answered = o.answered || other.answered
}

// sortedOps are the batch's place changes by agent, the order in which all nodes lock them.
func (b *batch) sortedOps() []*placeOp {
	list := make([]*placeOp, 0, len(b.ops))
	for _, o := range b.ops {
		list = append(list, o)
	}
	slices.SortFunc(list, func(x, y *placeOp) int { return strings.Compare(x.agent, y.agent) })
	return list
}

// events are the batch's new events by session and seq, the order in which all nodes write them.
func (b *batch) events() []*core.Event {
	var list []*core.Event
	for _, st := range b.byID() {
		list = append(list, st.events...)
	}
	return list
}

func (b *batch) byID() []*staged {
	sessions := slices.Clone(b.order)
	slices.SortFunc(sessions, func(x, y *staged) int { return strings.Compare(x.session.ID, y.session.ID) })
	return sessions
}

// writes says whether there is anything to write at all: watermarks alone are coalesced.
func (b *batch) writes() bool {
	for _, d := range b.decided {
		if len(d.txn.events)+len(d.txn.keys)+len(d.txn.audits)+len(d.txn.decisions)+len(d.txn.values)+len(d.ops) > 0 {
			return true
		}
	}
	return false
}

// keys are the idempotency keys of the batch in order.
func (b *batch) keys() []core.Idempotency {
	var list []core.Idempotency
	for _, d := range b.decided {
		for _, key := range d.txn.keys {
			if key.Session == "" {
				key.Session = d.txn.session.ID
			}
			if len(d.txn.events) > 0 {
				key.Seq = d.txn.events[0].Seq
			}
			list = append(list, key)
		}
	}
	slices.SortFunc(list, func(x, y core.Idempotency) int { return strings.Compare(keyName(x), keyName(y)) })
	return list
}
