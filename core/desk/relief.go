package desk

import (
	"context"

	"baton/core"
)

// relief is what is done about a chat that waits too long, or comes into a line that is too long.
type relief struct {
	*consultation // nil when no script was asked
	do            string
	to            *core.Queue
}

// relieve decides what is done about a chat. Scripts have the first word, and the queue's rule counts where they say
// nothing. A queue that cannot take it leaves the chat where it is.
func (d *Desk) relieve(ctx context.Context, s *core.Session, rule core.Remedy) *relief {
	r := &relief{do: rule.Do, consultation: d.askOverflow(ctx, s)}
	target := ""
	if rule.Queue != nil {
		target = *rule.Queue
	}
	if r.consultation != nil && r.answer.Given {
		r.do, target = core.RemedyOverflow, r.answer.Queue
	}
	if r.do == core.RemedyOverflow {
		to, err := d.dir.Queue(ctx, target)
		if err != nil || !s.MayOverflowTo(to.ID) || d.isClosed(ctx, to) {
			r.do = core.RemedyNothing
		}
		r.to = to
	}
	return r
}

func (d *Desk) isClosed(ctx context.Context, q *core.Queue) bool {
	why, err := d.closureOf(ctx, q, d.now())
	return err == nil && why != nil
}

// apply does it to a session in line.
func (r *relief) apply(s *core.Session, tx core.Tx) error {
	data, err := r.data(s)
	if err != nil {
		return err
	}
	r.keep(tx, s.ID)
	tx.Emit(core.Desk.Ref(), data...)
	return nil
}

func (r *relief) data(s *core.Session) ([]core.Data, error) {
	if r.do == core.RemedyOverflow {
		return s.Overflow(r.to)
	}
	ask := ""
	if r.do == core.RemedyMessage {
		ask = core.AskEmail
	}
	data, err := s.WaitTooLong(ask)
	if err != nil {
		return nil, err
	}
	words := phrasesIn(languageOf(s))
	switch r.do {
	case core.RemedyRaise:
		if rank := s.Priority.Rank() + 1; rank < len(core.Priorities) {
			data = append(data, &core.PriorityChanged{Priority: core.Priorities[rank]})
		}
	case core.RemedyMessage:
		data = append(data, deskSays(words.leaveMessage))
	case core.RemedyEnd:
		data = append(data, deskSays(words.sorry), s.EndBy("no_agent"))
	}
	return data, nil
}
