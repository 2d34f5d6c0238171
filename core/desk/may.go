package desk

import "baton/core"

// MayRead says whether a session exists for this actor at all.
func (d *Desk) MayRead(a core.Actor, s *core.Session) bool {
	switch a.Role {
	case core.System, core.Owner, core.Admin, core.Supervisor, core.Viewer:
		return true
	case core.AgentRole:
		return s.OwnedBy(a.ID) || s.OfferedTo(a.ID) || !d.cfg.OwnOnly && a.In(s.Queue.ID)
	case core.BotRole:
		return s.Bot != nil && s.Bot.ID == a.ID
	case core.CustomerRole:
		return s.Customer.ID == a.ID
	}
	return false
}

// Reach narrows lists to what the actor may read; nil does not narrow.
func (d *Desk) Reach(a core.Actor) *core.Reach {
	if a.Role != core.AgentRole {
		return nil
	}
	reach := &core.Reach{Agent: a.ID}
	if !d.cfg.OwnOnly {
		reach.Queues = a.Queues
	}
	return reach
}
