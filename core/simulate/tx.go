package simulate

import (
	"time"

	"baton/core"
)

// tx collects what one command of a simulation writes.
type tx struct {
	core.Tx // what a simulated command does not do has nobody behind it
	m       *memory
	id      string
	session *core.Session
	events  []*core.Event
	need    *core.Place

	missed   map[string]int
	answered []string
	writes   []core.ScriptWrite
	records  []*core.Decision
}

func (t *tx) At() time.Time {
	if now := t.m.clock.now(); now.After(t.session.LastAt) {
		return now
	}
	return t.session.LastAt
}

func (t *tx) Emit(by core.ActorRef, data ...core.Data) { t.EmitAt(t.At(), by, data...) }

func (t *tx) EmitAt(at time.Time, by core.ActorRef, data ...core.Data) {
	for _, d := range data {
		e := &core.Event{Session: t.id, Seq: t.session.Seq + 1, PublicPrev: core.StaffOnly, At: at, Actor: by, Data: d}
		if d.Public() {
			e.PublicPrev = t.session.PublicSeq
		}
		t.session.Apply(e)
		t.events = append(t.events, e)
	}
}

func (t *tx) Need(p core.Place)              { t.need = &p }
func (t *tx) Answered(agent string)          { t.answered = append(t.answered, agent) }
func (t *tx) Record(d *core.Decision)        { t.records = append(t.records, d) }
func (t *tx) Put(writes ...core.ScriptWrite) { t.writes = append(t.writes, writes...) }

func (t *tx) Missed(agent string, limit int) { t.missed = map[string]int{agent: limit} }

// keep writes what was collected beside the session.
func (t *tx) keep() {
	for id, limit := range t.missed {
		if a := t.m.agent(id); a != nil {
			if a.Missed++; a.Missed >= limit && a.Status.Takes() {
				t.m.setStatus(a, core.Away)
			}
		}
	}
	for _, id := range t.answered {
		if a := t.m.agent(id); a != nil {
			a.Missed = 0
		}
	}
	for _, w := range t.writes {
		key := w.Script + "\x00" + w.Key
		t.m.values[key] = value{json: w.Value, rev: t.m.values[key].rev + 1, expires: w.Expires}
	}
	for _, d := range t.records {
		if t.m.decided != nil {
			t.m.decided(d)
		}
	}
}
