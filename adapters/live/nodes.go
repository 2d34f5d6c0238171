package live

import (
	"context"
	"maps"
	"slices"
	"time"

	"baton/core"
)

// How often other nodes' work is looked for: agents that changed, whose rights may be others now, and queues; each so many times
// the sessions that changed; how many nodes there are; and the log of each session that somebody here reads, since
// those may lag behind it.
const (
	agentsEvery   = 500 * time.Millisecond
	sessionsEvery = 2
	countEvery    = 4
	probeEvery    = 10
)

// watchNodes looks for what other nodes wrote, until ctx ends. A single server has no other nodes.
func (h *Hub) watchNodes(ctx context.Context) {
	if h.nodes == nil || !h.cfg.Nodes {
		return
	}
	tick := time.NewTicker(agentsEvery)
	defer tick.Stop()
	var mark int64
	var revs map[string]int64
	queues := watched{}
	for looks := 0; ; looks++ {
		h.do(ctx, "look which agents other nodes changed", func(ctx context.Context) error { return h.readAgents(ctx, &revs) })
		h.do(ctx, "look which queues other nodes changed", func(ctx context.Context) error { return h.readQueues(ctx, &queues) })
		if looks%sessionsEvery == 0 {
			h.do(ctx, "look for what other nodes changed", func(ctx context.Context) error { return h.readChanged(ctx, &mark) })
		}
		if looks%probeEvery == probeEvery-1 {
			h.do(ctx, "look at the logs of sessions", h.probe)
		}
		if looks%countEvery == 0 {
			h.do(ctx, "count the nodes that live", h.countNodes)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// readAgents notes the agents whose rows are not what they were at the last look. With the first one that is everybody.
func (h *Hub) readAgents(ctx context.Context, last *map[string]int64) error {
	revs, err := h.nodes.AgentRevs(ctx)
	if err != nil {
		return err
	}
	var changed []string
	for id, rev := range revs {
		if was, known := (*last)[id]; !known || was != rev {
			changed = append(changed, id)
		}
	}
	*last = revs
	if len(changed) > 0 {
		h.handOut(nil, []core.Change{{Agents: changed}})
	}
	return nil
}

// watched is what was seen of queues at the last look.
type watched struct {
	revs  map[string]int64
	again []string
}

// readQueues tells of the queues whose rows are not what they were at the last look, because they were changed or because
// they opened or closed. It tells of each twice: when a queue opens, the clock of this node may still be a little before
// that of the one that noticed.
func (h *Hub) readQueues(ctx context.Context, last *watched) error {
	revs, err := h.nodes.QueueRevs(ctx)
	if err != nil {
		return err
	}
	var changed []string
	for id, rev := range revs {
		if was, known := last.revs[id]; !known || was != rev {
			changed = append(changed, id)
		}
	}
	if tell := append(changed, last.again...); len(tell) > 0 {
		h.handOut(nil, []core.Change{{Queues: tell}})
	}
	*last = watched{revs: revs, again: changed}
	return nil
}

// readChanged tells of the sessions that changed since the last look.
func (h *Hub) readChanged(ctx context.Context, mark *int64) error {
	sessions, next, err := h.nodes.ChangedSince(ctx, *mark)
	if err != nil {
		return err
	}
	*mark = next
	changes := make([]core.Change, len(sessions))
	for i, s := range sessions {
		changes[i] = core.Change{Session: s, Queues: []string{s.Queue.ID}}
	}
	h.handOut(nil, changes)
	return nil
}

// probe compares the logs of all rooms with what they were told.
func (h *Hub) probe(ctx context.Context) error {
	told := h.toldInAll()
	if len(told) == 0 {
		return nil
	}
	last, err := h.nodes.LastSeqs(ctx, slices.Collect(maps.Keys(told)))
	if err != nil {
		return err
	}
	for id, seq := range last {
		if seq > told[id] {
			h.lookAt(id)
		}
	}
	return nil
}

func (h *Hub) toldInAll() map[string]int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	told := make(map[string]int64, len(h.rooms))
	for id, in := range h.rooms {
		if in.told != unknown {
			told[id] = in.told
		}
	}
	return told
}
