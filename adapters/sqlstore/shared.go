package sqlstore

import (
	"maps"
	"slices"
	"strings"
	"time"

	"baton/core"
)

// sharedOf names the sessions of these commands that other nodes write too, in the order in which all nodes lock
// them. Only PostgreSQL has other nodes.
func (c *committer) sharedOf(cmds []*command, now time.Time) []string {
	c.hear(now)
	if len(c.shared) == 0 {
		return nil
	}
	var ids []string
	for _, cmd := range cmds {
		until, ok := c.shared[cmd.session]
		switch {
		case !ok:
		case now.After(until):
			delete(c.shared, cmd.session)
		default:
			if _, known := c.heads.get(cmd.session); known {
				ids = append(ids, cmd.session)
			}
		}
	}
	slices.SortFunc(ids, strings.Compare)
	return slices.Compact(ids)
}

// forgetShared drops the sessions that no other node has written for a while.
func (c *committer) forgetShared(now time.Time) {
	maps.DeleteFunc(c.shared, func(_ string, until time.Time) bool { return now.After(until) })
}

// hear takes in what the poll said of sessions that other nodes wrote.
func (c *committer) hear(now time.Time) {
	for {
		select {
		case id := <-c.foreign:
			c.shared[id] = now.Add(sharedFor)
		default:
			return
		}
	}
}

// writeShared locks sessions that other nodes write too, brings their heads up to date and only then decides. It
// is the one place where the committer waits for other nodes; the database queues them fairly.
func (c *committer) writeShared(ids []string, cmds []*command, now time.Time) (*batch, *outcome, error) {
	known := make(map[string]int64, len(ids))
	for _, id := range ids {
		known[id] = c.heads.session(id).Seq
	}
	b, out := (*batch)(nil), (*outcome)(nil)
	b, err := c.writer.writeShared(ids, func(tails map[string][]*core.Event) *batch {
		c.heads.advance(ids, tails, now)
		b = c.newBatch(now)
		out = c.decide(b, cmds)
		return b
	}, known)
	return b, out, err
}

// advance adds events that other nodes wrote to the heads of these sessions, which are then the newest pictures.
func (h *heads) advance(ids []string, tails map[string][]*core.Event, at time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, id := range ids {
		head := h.m[id]
		if head == nil {
			continue
		}
		next, whole := *head.session, true
		for _, e := range tails[id] {
			if e.Seq <= next.Seq {
				continue // a caller has read it meanwhile
			}
			if e.Seq != next.Seq+1 {
				whole = false
				break
			}
			next.Apply(e)
			if p, ok := e.Data.(*core.Posted); ok && p.ClientID != "" {
				head.hashes = append(head.hashes, clientHash(p.Author, p.ClientID))
			}
		}
		head.session = &next
		if whole {
			head.freshAt = latest(head.freshAt, at)
		}
	}
}
