package desk

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"baton/core"
)

const (
	// heapsWaiting is how many heaps of events may wait for scripts. What comes beyond that is dropped: scripts that run
	// afterwards are asked at most once, and nobody waits for them.
	heapsWaiting = 1024
	// handedOver is how many events are in a heap at most, and restAfter how long a worker rests when none is left:
	// waking it costs as much as asking a short script, and a script that has just run is quick to run again.
	handedOver = 32
	restAfter  = 5 * time.Millisecond
	// afterwardsWorkers ask at once.
	afterwardsWorkers = 2
	// tagsAtOnce is how many tags scripts may put on a chat for one message.
	tagsAtOnce = 20
)

// Afterwards asks scripts about what has happened: tags for a message, an automatic reply while the customer waits,
// and whoever takes note of events. It follows the store, and what scripts propose are commands of their own.
type Afterwards struct {
	desk    *Desk
	log     *slog.Logger
	talk    chan []happened // tag and reply
	events  chan []happened // on_event, with a queue of its own
	dropped atomic.Int64
}

// happened is an event with its session as it was then.
type happened struct {
	session *core.Session
	event   *core.Event
}

var _ core.Follower = (*Afterwards)(nil)

// NewAfterwards makes what asks scripts afterwards.
func NewAfterwards(d *Desk, log *slog.Logger) *Afterwards {
	return &Afterwards{desk: d, log: log, talk: make(chan []happened, heapsWaiting), events: make(chan []happened, heapsWaiting)}
}

// Dropped is how many events no script was asked about because too many waited.
func (a *Afterwards) Dropped() int64 { return a.dropped.Load() }

// Follow takes in what scripts are to be asked about. It does not block.
func (a *Afterwards) Follow(changes []core.Change) {
	rules := a.desk.rules
	tags, replies := rules.answers(core.HookTag, ""), rules.answers(core.HookReply, "")
	notes := rules.answers(core.HookOnEvent, "")
	if !tags && !replies && !notes {
		return
	}
	var talk, events []happened
	for _, c := range changes {
		for _, e := range c.Events {
			if notes {
				events = append(events, happened{c.Session, e})
			}
			if said, ok := e.Data.(*core.Posted); ok && said.Author.Role == core.CustomerRole && !said.History && !said.Whisper {
				if tags || replies && !c.Session.HasAgent() {
					talk = append(talk, happened{c.Session, e})
				}
			}
		}
	}
	a.put(a.talk, talk)
	a.put(a.events, events)
}

func (a *Afterwards) put(queue chan []happened, all []happened) {
	for some := range slices.Chunk(all, handedOver) {
		select {
		case queue <- some:
		default:
			a.dropped.Add(int64(len(some)))
		}
	}
}

// Run asks until ctx ends.
func (a *Afterwards) Run(ctx context.Context) error {
	var workers sync.WaitGroup
	work := func(queue chan []happened, do func(context.Context, happened) error) {
		rest := time.NewTimer(0)
		defer rest.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case some := <-queue:
				a.ask(ctx, some, do)
			}
			if len(queue) > 0 {
				continue
			}
			rest.Reset(restAfter)
			select {
			case <-ctx.Done():
				return
			case <-rest.C:
			}
		}
	}
	for range afterwardsWorkers {
		workers.Go(func() { work(a.talk, a.desk.afterMessage) })
	}
	workers.Go(func() { work(a.events, a.desk.afterEvent) })
	workers.Wait()
	return nil
}

// ask does something about each of a heap of events.
func (a *Afterwards) ask(ctx context.Context, some []happened, do func(context.Context, happened) error) {
	for _, h := range some {
		if err := do(ctx, h); err != nil && ctx.Err() == nil {
			a.log.Warn("asking scripts afterwards", "session", h.session.ID, "event", string(h.event.Type()), "error", err)
		}
	}
}

// afterMessage asks about a customer's message.
func (d *Desk) afterMessage(ctx context.Context, h happened) error {
	if d.rules.answers(core.HookTag, "") {
		if err := d.tagAfter(ctx, h); err != nil {
			return err
		}
	}
	if d.rules.answers(core.HookReply, "") && !h.session.HasAgent() {
		return d.replyAfter(ctx, h)
	}
	return nil
}

// caseOf puts an event's message into a case.
func (d *Desk) caseOf(ctx context.Context, hook core.Hook, h happened) *core.Case {
	c := core.NewCase(hook, h.session, d.around(ctx, h.session, h.event.At))
	if said, ok := h.event.Data.(*core.Posted); ok {
		c.Message = caseMessage(h.session, h.event, said)
	}
	return c
}

// tagAfter lets all scripts tag: what one finds does not contradict another. All tags of a message are one command.
func (d *Desk) tagAfter(ctx context.Context, h happened) error {
	return d.commitAfter(ctx, h.session.ID, func() (*consultation, func(*core.Session, core.Tx) error) {
		var tags []string
		out := d.rules.consult(ctx, d.caseOf(ctx, core.HookTag, h), h.session, "", d.rules.Store, func(core.Answer) string { return "" })
		for i := range out.decision.Opinions {
			o := &out.decision.Opinions[i]
			if o.Mode == core.ModeShadow || o.Error != nil {
				continue
			}
			o.Note = ""
			for _, tag := range o.Answer.Tags {
				clean, err := cleanTag("/tags", tag)
				switch {
				case err != nil:
					o.Note = err.Error()
				case !slices.Contains(tags, clean) && len(tags) < tagsAtOnce:
					tags = append(tags, clean)
				}
			}
		}
		out.decision.Outcome = strings.Join(tags, ", ")
		return out, func(s *core.Session, tx core.Tx) error { return d.addTags(s, tx, tags) }
	})
}

// addTags puts tags on a session as far as it has room.
func (d *Desk) addTags(s *core.Session, tx core.Tx, tags []string) error {
	for _, tag := range tags {
		data, err := s.Tag(tag)
		if err != nil || len(s.Tags) >= maxTags {
			return err
		}
		tx.Emit(core.Desk.Ref(), data...)
	}
	return nil
}

// replyAfter posts the first automatic answer to a customer who waits. An agent who has joined meanwhile speaks for
// himself.
func (d *Desk) replyAfter(ctx context.Context, h happened) error {
	return d.commitAfter(ctx, h.session.ID, func() (*consultation, func(*core.Session, core.Tx) error) {
		out := d.rules.consult(ctx, d.caseOf(ctx, core.HookReply, h), h.session, "", d.rules.Store, func(core.Answer) string { return "" })
		out.decision.Outcome = out.answer.Text
		posted := &core.Posted{ID: core.NewID(core.MessagePrefix), ClientID: "reply-" + out.decision.Case.Message.ID, Author: core.Desk.Ref(), Text: out.answer.Text}
		return out, func(s *core.Session, tx core.Tx) error {
			if out.answer.Text == "" || !s.Open() || s.HasAgent() {
				return nil
			}
			tx.Emit(core.Desk.Ref(), posted)
			return nil
		}
	})
}

// afterEvent lets scripts take note of an event. Only what they keep, and what went wrong, is written.
func (d *Desk) afterEvent(ctx context.Context, h happened) error {
	return d.commitAfter(ctx, h.session.ID, func() (*consultation, func(*core.Session, core.Tx) error) {
		c := d.caseOf(ctx, core.HookOnEvent, h)
		c.Event = caseEvent(h.event)
		out := d.rules.consult(ctx, c, h.session, "", d.rules.Store, func(core.Answer) string { return "" })
		return out, func(*core.Session, core.Tx) error { return nil }
	})
}

// commitAfter asks, and writes what scripts proposed, in one command. When what they keep was changed meanwhile they
// are asked again.
func (d *Desk) commitAfter(ctx context.Context, session string, ask func() (*consultation, func(*core.Session, core.Tx) error)) error {
	for try := 1; ; try++ {
		out, do := ask()
		if !out.matters() {
			return nil
		}
		before, after := core.Session{}, core.Session{}
		_, err := d.store.Change(ctx, core.Desk, session, func(s *core.Session, tx core.Tx) error {
			before = *s
			if err := do(s, tx); err != nil {
				return err
			}
			out.keep(tx, s.ID)
			after = *s
			return nil
		})
		if core.KindOf(err) != core.Conflict || try == rulesTries {
			if err == nil && len(after.Tags) != len(before.Tags) {
				return d.prioritiseAfter(ctx, &after)
			}
			return harmless(err)
		}
	}
}

// matters says whether a consultation afterwards is worth a line in the ledger: something was proposed or kept, or
// went wrong, or a draft was tried.
func (c *consultation) matters() bool {
	return c.answer.Given || len(c.writes) > 0 || slices.ContainsFunc(c.decision.Opinions, func(o core.Opinion) bool {
		return o.Error != nil || o.Mode != core.ModeLive || o.Answer.Given
	})
}

// prioritiseAfter asks how urgent a session is now that it has other tags, while nobody has joined it.
func (d *Desk) prioritiseAfter(ctx context.Context, s *core.Session) error {
	if s.HasAgent() || !s.Open() {
		return nil
	}
	out := d.askPriority(ctx, s)
	if out == nil || !out.answer.Given || out.answer.Priority == s.Priority {
		return nil
	}
	_, err := d.store.Change(ctx, core.Desk, s.ID, func(s *core.Session, tx core.Tx) error {
		if s.HasAgent() {
			return nil
		}
		data, err := s.Prioritise(out.answer.Priority)
		if err != nil {
			return err
		}
		tx.Emit(core.Desk.Ref(), data...)
		out.keep(tx, s.ID)
		return nil
	})
	return harmless(err)
}
