package desk

import (
	"context"
	"fmt"
	"strings"
	"time"

	"baton/core"
	"baton/core/hours"
)

// closure is why nobody would come to a chat now, and when that ends, if that is known.
type closure struct {
	reason string
	opens  time.Time
	zone   *time.Location
}

// closureOf says why nobody would come to a chat of a queue at a time, or nil when somebody would.
func (d *Desk) closureOf(ctx context.Context, q *core.Queue, at time.Time) (*closure, error) {
	calendar, err := d.hours.Calendar(ctx, q)
	if err != nil {
		return nil, err
	}
	if state := calendar.At(at); !state.Open {
		return &closure{string(state.Reason), state.Until, calendar.Zone()}, nil
	}
	if !q.Rules.AfterHours.NoAgents {
		return nil, nil
	}
	state, err := d.stateOf(ctx, q.ID)
	if err != nil || state.Agents > 0 {
		return nil, err
	}
	return &closure{reason: core.ClosedNoAgents, zone: calendar.Zone()}, nil
}

// drained says whether a chat that came now would wait longer than its queue stays open, nine times out of ten.
func (d *Desk) drained(ctx context.Context, q *core.Queue, at time.Time) (*closure, error) {
	if !q.Rules.AfterHours.Drain {
		return nil, nil
	}
	calendar, err := d.hours.Calendar(ctx, q)
	if err != nil {
		return nil, err
	}
	state := calendar.At(at)
	if !state.Open || state.Until.IsZero() {
		return nil, nil
	}
	line, err := d.stateOf(ctx, q.ID)
	if err != nil {
		return nil, err
	}
	wait := d.waits.at(ctx, q.ID, line.Waiting+1)
	if wait == nil || !at.Add(time.Duration(wait.High)*time.Second).After(state.Until) {
		return nil, nil
	}
	opens, _ := calendar.NextOpening(state.Until)
	return &closure{core.ClosedSoon, opens, calendar.Zone()}, nil
}

// stateOf gives a queue with what goes on in it.
func (d *Desk) stateOf(ctx context.Context, queue string) (*core.QueueState, error) {
	states, err := d.dir.Queues(ctx, d.seenAfter(d.now()))
	if err != nil {
		return nil, err
	}
	for _, state := range states {
		if state.ID == queue {
			return state, nil
		}
	}
	return nil, core.Missing()
}

// seenAfter is when somebody must have given a sign of life to be there at a time.
func (d *Desk) seenAfter(at time.Time) time.Time { return at.Add(-d.cfg.GoneAfter) }

// treatment is what becomes of a chat to which nobody comes.
type treatment struct {
	*consultation // nil when no script was asked
	told          core.AfterHours
	say           bool
	end           bool
	ticket        bool
}

// treat decides what a customer is told and what becomes of his chat. Scripts have the first word; the queue's own
// rules and text are what they are given, and what counts where they say nothing.
func (d *Desk) treat(ctx context.Context, q *core.Queue, s *core.Session, why *closure) *treatment {
	rules, now := q.Rules.AfterHours, d.now()
	language := languageOf(s)
	t := &treatment{say: rules.Reply, end: !rules.Keep}
	t.told = core.AfterHours{Reason: why.reason}
	ask := ""
	if rules.Ask {
		ask = core.AskEmail
	}
	schedule := core.CaseSchedule{Reason: why.reason, Timezone: why.zone.String(), Ask: ask}
	text, in := rules.Text(language)
	said, saidIn := "", ""
	if !why.opens.IsZero() {
		opens := core.Time(why.opens)
		t.told.NextOpening = &opens
		zone, own := zoneOf(s, why.zone)
		said, saidIn = hours.InWords(why.opens, now, zone, language, !own), hours.InWords(why.opens, now, zone, in, !own)
		schedule.NextOpen = &core.CaseOpen{Unix: why.opens.Unix(), Text: said}
	}
	schedule.Text = strings.ReplaceAll(text, "{next_opening}", saidIn)
	t.told.Text = schedule.Text
	t.consultation = d.askAfterHours(ctx, s, schedule)
	if t.consultation != nil && t.answer.Given {
		t.told.Text, t.ticket = t.answer.Text, t.answer.Ticket
		ask = t.answer.Ask
		t.end = t.end || t.answer.Close
	}
	if t.told.Text == "" {
		t.told.Text = builtInText(why.reason, said, language)
	}
	t.told.Ask = textOf(ask)
	return t
}

// builtInText is what a customer is told when no script and no queue says anything.
func builtInText(reason, opens, language string) string {
	p := phrasesIn(language)
	text := p.closed
	if reason == core.ClosedNoAgents {
		text = p.noAgents
	}
	if opens != "" {
		text += fmt.Sprintf(p.back, opens)
	}
	return text
}

// apply keeps the chat or ends it, and tells its customer. Who left his address before gets a ticket where his chat ends.
func (t *treatment) apply(s *core.Session, tx core.Tx) error {
	told := t.told
	data, err := s.Park(&told)
	if err != nil {
		return err
	}
	t.keep(tx, s.ID)
	tx.Emit(core.Desk.Ref(), data...)
	if t.say && told.Text != "" {
		tx.Emit(core.Desk.Ref(), deskSays(told.Text))
	}
	if !t.end {
		return nil
	}
	if t.ticket && s.Customer.Email != "" {
		tx.Emit(core.Desk.Ref(), &core.TicketMade{ID: core.NewID(core.RecordPrefix), Email: s.Customer.Email, Text: gist(s)})
	}
	tx.Emit(core.Desk.Ref(), s.EndBy(core.WaitAfterHours))
	return nil
}

// deskSays makes a message of the desk itself.
func deskSays(text string) *core.Posted {
	return &core.Posted{ID: core.NewID(core.MessagePrefix), Author: core.Desk.Ref(), Text: text}
}

// gist is what a chat is about, in a few words.
func gist(s *core.Session) string {
	for _, text := range []string{s.Summary, s.Subject} {
		if text != "" {
			return text
		}
	}
	if s.Last != nil && s.Last.Role == core.CustomerRole {
		return s.Last.Text
	}
	return s.ID
}

// languageOf is the language in which a customer is spoken to.
func languageOf(s *core.Session) string {
	if s.Language != "" {
		return s.Language
	}
	return s.Customer.Locale
}

// zoneOf is the customer's time zone, or the queue's while his is not known.
func zoneOf(s *core.Session, otherwise *time.Location) (zone *time.Location, own bool) {
	if s.Customer.TimeZone != "" {
		if zone, err := time.LoadLocation(s.Customer.TimeZone); err == nil {
			return zone, true
		}
	}
	return otherwise, false
}

// LeaveMessage makes a ticket of what a customer leaves instead of waiting, and ends his chat: the answer comes by mail.
func (d *Desk) LeaveMessage(ctx context.Context, by core.Actor, session, email, text string) (id string, err error) {
	email = core.CleanEmail(email)
	if err := core.CheckEmail("/email", email); err != nil {
		return "", err
	}
	if err := d.checkText("/text", text, false); err != nil {
		return "", err
	}
	id = core.NewID(core.RecordPrefix)
	_, err = d.change(ctx, by, session, func(s *core.Session, _ core.Tx) ([]core.Data, error) {
		return s.LeaveMessage(id, email, text)
	})
	return id, err
}

// Records gives what is known of a customer beside his chats.
func (d *Desk) Records(ctx context.Context, by core.Actor, customer string) ([]core.Record, error) {
	if _, err := d.Customer(ctx, by, customer); err != nil {
		return nil, err
	}
	return d.dir.Records(ctx, customer, mostRecords)
}

// mostRecords is how many records of a customer are shown.
const mostRecords = 100
