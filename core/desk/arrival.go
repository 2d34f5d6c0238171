package desk

import (
	"context"

	"baton/core"
)

// arrival is what becomes of a chat the moment it comes: it stands in line unless nobody is there, or too many wait.
type arrival struct {
	after *treatment
	over  *relief
}

// arrive decides what becomes of a chat that comes into a queue now.
func (d *Desk) arrive(ctx context.Context, q *core.Queue, s *core.Session) (arrival, error) {
	now := d.now()
	why, err := d.closureOf(ctx, q, now)
	if err == nil && why == nil {
		why, err = d.drained(ctx, q, now)
	}
	if err != nil {
		return arrival{}, err
	}
	if why != nil {
		return arrival{after: d.treat(ctx, q, s, why)}, nil
	}
	if q.Rules.MaxLength == 0 {
		return arrival{}, nil
	}
	line, err := d.stateOf(ctx, q.ID)
	if err != nil || line.Waiting < q.Rules.MaxLength || line.Free > line.Waiting {
		return arrival{}, err
	}
	return arrival{over: d.relieve(ctx, s, q.Rules.WhenTooMany)}, nil
}

// apply writes what was decided behind the request.
func (a arrival) apply(s *core.Session, tx core.Tx) error {
	switch {
	case a.after != nil:
		return a.after.apply(s, tx)
	case a.over != nil:
		return a.over.apply(s, tx)
	}
	return nil
}

// asked says whether scripts were, so that the answer may be refused when what they keep has changed.
func (a arrival) asked() bool {
	return a.after != nil && a.after.consultation != nil || a.over != nil && a.over.consultation != nil
}
