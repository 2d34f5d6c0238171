package desk

import (
	"context"

	"baton/core"
)

// AskOverflow and AskAfterHours ask as the desk does when a wait passes its limit and when nobody is there.
func (d *Desk) AskOverflow(ctx context.Context, s *core.Session) (core.Answer, *core.Decision) {
	c := d.askOverflow(ctx, s)
	return c.answer, c.decision
}

func (d *Desk) AskAfterHours(ctx context.Context, s *core.Session, schedule core.CaseSchedule) (core.Answer, *core.Decision) {
	c := d.askAfterHours(ctx, s, schedule)
	return c.answer, c.decision
}
