package desk

import (
	"context"

	"baton/core"
)

// Session gives a session that the actor may read; any other is missing.
func (d *Desk) Session(ctx context.Context, by core.Actor, id string) (*core.Session, error) {
	s, err := d.reader.Session(ctx, id)
	if err != nil {
		return nil, err
	}
	if !d.MayRead(by, s) {
		return nil, core.Missing()
	}
	return s, nil
}

// Show is View with the session's place in line counted.
func (d *Desk) Show(ctx context.Context, by core.Actor, s *core.Session) (*SessionView, error) {
	v := View(by, s)
	return v, d.countLine(ctx, AudienceOf(by), s, v)
}

func (d *Desk) countLine(ctx context.Context, to Audience, s *core.Session, v *SessionView) error {
	standing, err := d.Standing(ctx, to, s)
	v.Stand(standing)
	return err
}

// Sessions lists what the actor may read, newest activity first, as rows without their large parts.
func (d *Desk) Sessions(ctx context.Context, by core.Actor, f core.SessionFilter) (rows []*SessionView, next string, err error) {
	f.Within = d.Reach(by)
	page, next, err := d.reader.Sessions(ctx, f)
	if err != nil {
		return nil, "", err
	}
	rows = make([]*SessionView, len(page))
	for i, s := range page {
		rows[i] = Row(by, s)
	}
	return rows, next, nil
}

// Events gives the events after seq that the actor may see, in order.
func (d *Desk) Events(ctx context.Context, by core.Actor, session string, after int64, limit int) ([]*core.Event, error) {
	events, err := d.reader.Events(ctx, session, after, AudienceOf(by) != ForStaff, limit)
	if err != nil {
		return nil, err
	}
	// Asked after the log was read: who lost the chat meanwhile must not get what came after that.
	if _, err := d.Session(ctx, by, session); err != nil {
		return nil, err
	}
	return events, nil
}

// Availability is what a bot asks before it promises a person.
type Availability struct {
	Open            bool        `json:"open"`
	AgentsAvailable int         `json:"agents_available"`
	Position        *int        `json:"position" doc:"The place that a chat would get; null where the queue does not tell"`
	Wait            *core.Range `json:"wait" doc:"Seconds; null where nobody can say, or the queue does not tell"`
	WaitWords       *string     `json:"wait_words" enum:"soon,minutes,long" doc:"The wait in a word, where the queue shows only that"`
	NextOpening     *core.Time  `json:"next_opening"`
}

// Availability says how a request to this queue would fare now: position is the place that it would get, and NextOpening
// is there when it is closed and opens again.
func (d *Desk) Availability(ctx context.Context, by core.Actor, queue string) (*Availability, error) {
	q, err := d.queue(ctx, "/queue", queue)
	if err != nil {
		return nil, err
	}
	states, err := d.Queues(ctx)
	if err != nil {
		return nil, err
	}
	for _, state := range states {
		if state.ID == q.ID {
			a := &Availability{Open: state.Open, AgentsAvailable: state.Agents, NextOpening: timeOf(state.NextOpening)}
			told := d.show(ctx, AudienceOf(by), q.ID, Standing{Place: state.Waiting + 1, Wait: d.waits.at(ctx, q.ID, state.Waiting+1)})
			a.Position, a.Wait, a.WaitWords = told.numbers()
			return a, nil
		}
	}
	return nil, core.Missing()
}

// Queues gives every queue with what goes on in it now, whether it is open, and how long one would wait.
func (d *Desk) Queues(ctx context.Context) ([]*core.QueueState, error) {
	now := d.now()
	queues, err := d.dir.Queues(ctx, now.Add(-d.cfg.GoneAfter))
	if err != nil {
		return nil, err
	}
	for _, q := range queues {
		state, next, err := d.OpenAt(ctx, &q.Queue, now)
		if err != nil {
			return nil, err
		}
		q.Open, q.NextChange, q.NextOpening = state.Open, state.Until, next
		q.Wait = d.waits.at(ctx, q.ID, q.Waiting+1)
	}
	return queues, nil
}
