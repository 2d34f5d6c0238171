package sqlstore

import "baton/core"

// changes tells what the batch did, session by session in the order of the first touch.
func (b *batch) changes() []core.Change {
	list := make([]core.Change, 0, len(b.order)+1)
	for _, st := range b.order {
		if len(st.events) > 0 || st.receipt {
			list = append(list, core.Change{Session: st.session, Events: st.events, Receipt: st.receipt, Queues: touchedQueues(st)})
		}
	}
	if len(b.ops) > 0 {
		var agents []string
		for _, o := range b.sortedOps() {
			agents = append(agents, o.agent)
		}
		list = append(list, core.Change{Agents: agents})
	}
	return list
}

// touchedQueues are the queues whose counts a session's change may have moved.
func touchedQueues(st *staged) []string {
	if !st.whole {
		return nil
	}
	queues := []string{st.session.Queue.ID}
	if st.before != nil && st.before.Queue.ID != st.session.Queue.ID {
		queues = append(queues, st.before.Queue.ID)
	}
	return queues
}
