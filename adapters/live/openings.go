package live

import (
	"context"

	"baton/core"
)

// tellOpenings tells customers and bots which queues have opened or closed. Staff are told the queues' rows.
func (h *Hub) tellOpenings(ctx context.Context) error {
	h.mu.Lock()
	switched := h.switched
	h.switched = false
	h.mu.Unlock()
	if !switched {
		return nil
	}
	states, err := h.desk.Queues(ctx)
	if err != nil {
		h.mu.Lock()
		h.switched = true
		h.mu.Unlock()
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, q := range states {
		was, known := h.opened[q.ID]
		h.opened[q.ID] = q.Open
		if !known || was == q.Open {
			continue
		}
		frame := openingFrame(q)
		for c := range h.conns {
			if !c.actor.Load().Login() {
				c.push(frame)
			}
		}
	}
	return nil
}

// openingFrame says that a queue has opened or closed, and when it opens again.
func openingFrame(q *core.QueueState) []byte {
	kind := "queue.closed"
	if q.Open {
		kind = "queue.opened"
	}
	b := core.AppendString([]byte(`{"type":`), kind)
	b = append(appendText(append(b, `,"queue":{"id":"`+q.ID+`"`...), "name", q.Name), '}')
	b = append(b, `,"next_opening":`...)
	if q.Open || q.NextOpening.IsZero() {
		return append(b, "null}"...)
	}
	return append(core.AppendTime(append(b, '"'), q.NextOpening), `"}`...)
}
