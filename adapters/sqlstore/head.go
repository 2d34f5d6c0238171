package sqlstore

import (
	"slices"
	"strings"
	"sync"
	"time"

	"baton/core"
)

// head is the newest picture of a session that this node knows, with what its transitions need. Its fields
// change under heads.mu; the Session itself is never changed, and only the committer adds hashes.
type head struct {
	session *core.Session
	hashes  []int64 // of author and client id of every message
	// freshAt is a moment at which this was the newest picture in the database.
	freshAt time.Time
	usedAt  time.Time
	// lags says that the row was behind the log when both were read.
	lags bool
	// dirty says that the coalesced columns of the row are behind; the session is in heads.behind then.
	dirty bool
}

// headsKept is how long an unused head stays.
const headsKept = 10 * time.Minute

// heads are the pictures of one node.
type heads struct {
	mu     sync.RWMutex // guards all and what the heads hold
	m      map[string]*head
	behind []owed // rows to be written, the oldest first; some of them were written whole since
}

// owed is a session whose row is behind since some time.
type owed struct {
	session string
	since   time.Time
}

// owe notes that the row of a session is behind.
func (h *heads) owe(head *head, now time.Time) {
	if !head.dirty {
		head.dirty = true
		h.behind = append(h.behind, owed{session: head.session.ID, since: now})
	}
}

// get gives the head of a session as it is now.
func (h *heads) get(id string) (head, bool) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	if known := h.m[id]; known != nil {
		return *known, true
	}
	return head{}, false
}

// session gives the picture of a session, or nil, for those who lay it over what they read.
func (h *heads) session(id string) *core.Session {
	h.mu.RLock()
	defer h.mu.RUnlock()
	if head := h.m[id]; head != nil {
		return head.session
	}
	return nil
}

// offer keeps a head that was read unless a picture as new is there. The watermarks of both are kept.
func (h *heads) offer(read *head) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if known := h.m[read.session.ID]; known != nil {
		if known.session.Seq >= read.session.Seq {
			known.freshAt = latest(known.freshAt, read.freshAt)
			known.session = withReceipts(known.session, read.session.Receipts)
			return
		}
		read.session = withReceipts(read.session, known.session.Receipts)
		read.dirty = known.dirty
	}
	h.m[read.session.ID] = read
	if read.lags {
		h.owe(read, read.freshAt)
	}
}

// adopt makes what a committed batch staged the newest picture. A caller may have read a newer one meanwhile, when
// the batch added nothing to the log: then only watermarks are taken over.
func (h *heads) adopt(staged []*staged, freshAt, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, st := range staged {
		known := h.m[st.session.ID]
		if known == nil {
			known = &head{session: st.session}
			h.m[st.session.ID] = known
		}
		newest, other := st.session, known.session
		if newest.Seq < other.Seq {
			newest, other = other, newest
		}
		known.session, known.usedAt = withReceipts(newest, other.Receipts), now
		known.hashes = append(known.hashes, st.hashes...)
		if len(st.events) > 0 {
			known.freshAt = latest(known.freshAt, freshAt)
		}
		switch {
		case st.coalesced():
			h.owe(known, now)
		case st.whole:
			known.dirty = false
		}
	}
}

// drop forgets heads that nobody used for long and that owe the database nothing.
func (h *heads) drop(now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for id, head := range h.m {
		if !head.dirty && now.Sub(head.usedAt) > headsKept {
			delete(h.m, id)
		}
	}
}

// unwritten gives sessions whose rows are behind since before this time, the oldest of them, and marks them as
// written; putBack undoes it. So many rows are given at once that all are written in a few turns.
func (h *heads) unwritten(before time.Time) []*core.Session {
	h.mu.Lock()
	defer h.mu.Unlock()
	most := max(flushAtOnce, len(h.behind)/flushTurns)
	var list []*core.Session
	for len(h.behind) > 0 && len(list) < most && h.behind[0].since.Before(before) {
		head := h.m[h.behind[0].session]
		h.behind = h.behind[1:]
		if head != nil && head.dirty {
			head.dirty = false
			list = append(list, head.session)
		}
	}
	slices.SortFunc(list, func(a, b *core.Session) int { return strings.Compare(a.ID, b.ID) })
	return list
}

func (h *heads) putBack(list []*core.Session, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, s := range list {
		if head := h.m[s.ID]; head != nil {
			h.owe(head, now)
		}
	}
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// withReceipts gives the session with its watermarks moved at least to these, and what they cover no longer unread.
// The session itself is left as it is.
func withReceipts(s *core.Session, marks core.Receipts) *core.Session {
	if mergeReceipts(s.Receipts, marks) == s.Receipts {
		return s
	}
	moved := *s
	moved.Receive(core.CustomerSide, marks.Customer.Delivered, marks.Customer.Read)
	moved.Receive(core.AgentSide, marks.Agent.Delivered, marks.Agent.Read)
	return &moved
}

func mergeReceipts(a, b core.Receipts) core.Receipts {
	return core.Receipts{
		Customer: core.Receipt{Delivered: max(a.Customer.Delivered, b.Customer.Delivered), Read: max(a.Customer.Read, b.Customer.Read)},
		Agent:    core.Receipt{Delivered: max(a.Agent.Delivered, b.Agent.Delivered), Read: max(a.Agent.Read, b.Agent.Read)},
	}
}

// forget drops a head that turned out wrong.
func (h *heads) forget(id string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.m, id)
}
