package desk

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"baton/core"
)

// routingWait is how long a request waits for its first routing decision before it is answered.
const routingWait = 500 * time.Millisecond

// Requested is the answer to a handoff. Repeated says that the session was open before.
type Requested struct {
	Session  *core.Session
	Repeated bool
}

// Request asks for a person. It commits first and answers after the first routing decision, at most half a
// second later. A bot's conversation, and a customer without a bot, has one open session: a second request is
// answered with it.
func (d *Desk) Request(ctx context.Context, by core.Actor, h core.Handoff) (Requested, error) {
	if by.Role == core.CustomerRole {
		if open, err := d.openSession(ctx, by.ID); err != nil || open != nil {
			return Requested{Session: open, Repeated: true}, err
		}
	}
	queue, opening, err := d.opening(ctx, by, &h)
	if err != nil {
		return Requested{}, err
	}
	committed, err := d.begin(ctx, by, &h, queue, opening)
	var open *core.AlreadyOpen
	if errors.As(err, &open) {
		return d.repeated(ctx, by, open.Session)
	}
	if err != nil {
		return Requested{}, err
	}
	return Requested{Session: d.firstDecision(ctx, committed.Session)}, nil
}

// rulesTries is how often scripts are asked again because what they keep was changed by others meanwhile; after that
// nobody waits for them.
const rulesTries = 3

// begin makes the session of a request. How urgent it is, scripts may say, and what becomes of it while nobody is there.
func (d *Desk) begin(ctx context.Context, by core.Actor, h *core.Handoff, queue *core.Queue, opening *core.Requested) (*core.Committed, error) {
	id, asked := core.NewID(core.SessionPrefix), opening.Priority
	for try := 1; ; try++ {
		var priority *consultation
		opening.Priority = asked
		if try <= rulesTries {
			if priority = d.askPriority(ctx, opened(id, d.now(), opening)); priority != nil && priority.answer.Given {
				opening.Priority = priority.answer.Priority
			}
		}
		arrives, err := d.arrive(ctx, queue, opened(id, d.now(), opening))
		if err != nil {
			return nil, err
		}
		committed, err := d.store.Begin(ctx, by, id, func(s *core.Session, tx core.Tx) error {
			emitTranscript(tx, h.Transcript, opening)
			tx.Emit(by.Ref(), opening)
			if h.NoteToAgent != "" {
				tx.Emit(by.Ref(), &core.NoteAdded{ID: core.NewID(core.NotePrefix), Text: h.NoteToAgent})
			}
			priority.keep(tx, s.ID)
			keep(ctx, tx, s.ID, "")
			return arrives.apply(s, tx)
		})
		if core.KindOf(err) != core.Conflict || priority == nil && !arrives.asked() || try > rulesTries {
			return committed, err
		}
	}
}

// opened is the session that a request would make.
func opened(id string, at time.Time, opening *core.Requested) *core.Session {
	s := new(core.Session)
	s.Apply(&core.Event{Session: id, Seq: 1, At: at, Data: opening})
	return s
}

// repeated answers a request with the session that is open already. Its idempotency key is kept with that one, so
// that a repeat finds it even after its end.
func (d *Desk) repeated(ctx context.Context, by core.Actor, session string) (Requested, error) {
	if key, ok := ctx.Value(onceKey{}).(core.Idempotency); ok {
		key.Status = 200 // nothing was made
		if _, err := d.store.Change(ctx, by, session, func(s *core.Session, tx core.Tx) error {
			keep(Once(ctx, key), tx, s.ID, "")
			return nil
		}); err != nil {
			return Requested{}, err
		}
	}
	s, err := d.reader.Session(ctx, session)
	return Requested{Session: s, Repeated: true}, err
}

// firstDecision waits for the routing of a new session and gives the newest picture there is.
func (d *Desk) firstDecision(ctx context.Context, s *core.Session) *core.Session {
	if !s.InLine() {
		return s
	}
	waiting, cancel := context.WithTimeout(ctx, routingWait)
	defer cancel()
	d.decide(waiting, s.ID)
	if now, err := d.reader.Session(ctx, s.ID); err == nil {
		return now
	}
	return s
}

func (d *Desk) openSession(ctx context.Context, customer string) (*core.Session, error) {
	id, err := d.reader.OpenSessionOf(ctx, customer)
	if err != nil || id == "" {
		return nil, err
	}
	return d.reader.Session(ctx, id)
}

// opening checks a handoff, and gives its queue and the first entry of its log.
func (d *Desk) opening(ctx context.Context, by core.Actor, h *core.Handoff) (*core.Queue, *core.Requested, error) {
	if err := d.checkHandoff(by, h); err != nil {
		return nil, nil, err
	}
	cleanHandoff(h)
	queue, err := d.queue(ctx, "/routing/queue", h.Queue)
	if err != nil {
		return nil, nil, err
	}
	customer, err := d.customerOf(ctx, by, h.Customer)
	if err != nil {
		return nil, nil, err
	}
	r := &core.Requested{
		Customer: customer, Queue: queue.Ref(), ConversationID: h.ConversationID, Channel: h.Channel, Subject: h.Subject,
		Language: h.Language, Priority: h.Priority, Tags: h.Tags, Reason: h.Reason, Summary: h.Summary, Tried: h.Tried,
		Intent: h.Intent, Sentiment: h.Sentiment, Context: h.Context, Skills: h.Skills, PreferredAgent: h.PreferredAgent,
		Ageing: queue.Rules.Ageing,
	}
	if by.Role == core.BotRole {
		r.Bot = &core.Ref{ID: by.ID, Name: by.Name}
	}
	if r.Channel == "" {
		r.Channel = "web"
		if by.Role == core.BotRole {
			r.Channel = "api"
		}
	}
	if r.Priority == "" {
		r.Priority = core.Normal
	}
	if r.Language == "" {
		r.Language, _, _ = strings.Cut(customer.Locale, "-")
	}
	return queue, r, nil
}

// customerOf finds whose conversation it is: a visitor speaks for himself; a bot names a visitor of the page,
// or a person by an id of its own.
func (d *Desk) customerOf(ctx context.Context, by core.Actor, said core.Customer) (core.Customer, error) {
	if by.Role == core.CustomerRole {
		return d.people.Customer(ctx, by.ID)
	}
	if said.ID == "" {
		return d.people.CustomerOfBot(ctx, by.ID, said)
	}
	known, err := d.people.Customer(ctx, said.ID)
	if core.KindOf(err) == core.NotFound {
		return known, core.RefuseField("/customer/id", "there is no customer %q; use the id that Baton.visitor() gives, or external_id", said.ID)
	}
	if err != nil {
		return known, err
	}
	return known.With(said), nil
}

// emitTranscript writes what was said before as history, with its own times.
func emitTranscript(tx core.Tx, lines []core.Line, opening *core.Requested) {
	for _, line := range lines {
		author := core.ActorRef{Role: line.Role, Name: line.Name}
		switch line.Role {
		case core.CustomerRole:
			author.ID = opening.Customer.ID
			if author.Name == "" {
				author.Name = opening.Customer.Name
			}
		case core.BotRole:
			if opening.Bot != nil {
				author.ID = opening.Bot.ID
			}
			if author.Name == "" && opening.Bot != nil {
				author.Name = opening.Bot.Name
			}
		}
		at := line.At
		if at.IsZero() || at.After(tx.At()) {
			at = tx.At()
		}
		tx.EmitAt(at, author, &core.Posted{ID: core.NewID(core.MessagePrefix), ClientID: line.ClientID, Author: author, Text: line.Text, History: true, Original: line.Original})
	}
}

func (d *Desk) checkHandoff(by core.Actor, h *core.Handoff) error {
	if by.Role == core.BotRole && h.ConversationID == "" {
		return core.RefuseField("/conversation_id", "a bot names its conversation, so that a repeat finds the same session")
	}
	if by.Role == core.CustomerRole {
		h.ConversationID = ""
	}
	if h.Priority != "" && h.Priority.Rank() < 0 {
		return core.RefuseField("/routing/priority", "priority is low, normal, high or urgent, not %q", h.Priority)
	}
	if err := core.CheckTimeZone("/customer/time_zone", h.Customer.TimeZone); h.Customer.TimeZone != "" && err != nil {
		return err
	}
	if len(h.Transcript) > d.cfg.TranscriptLines {
		return core.RefuseField("/transcript", "a transcript has at most %d lines; send the newest", d.cfg.TranscriptLines)
	}
	var err error
	if h.Tags, err = cleanTags(h.Tags); err != nil {
		return err
	}
	if err := d.checkHandoffTexts(h); err != nil {
		return err
	}
	if err := d.checkTranscript(h.Transcript); err != nil {
		return err
	}
	return d.checkContext(h.Context)
}

// cleanTags gives tags as they are kept.
func cleanTags(tags []string) ([]string, error) {
	if len(tags) > maxTags {
		return nil, core.RefuseField("/tags", "a chat has at most %d tags", maxTags)
	}
	clean := make([]string, len(tags))
	for i, tag := range tags {
		var err error
		if clean[i], err = cleanTag(fmt.Sprintf("/tags/%d", i), tag); err != nil {
			return nil, err
		}
	}
	return clean, nil
}

// cleanHandoff takes out of the names of a handoff what is not seen but changes what is. Its texts stay as they are.
func cleanHandoff(h *core.Handoff) {
	for _, name := range []*string{&h.Subject, &h.Channel, &h.Customer.Name, &h.Customer.Email, &h.Customer.Phone} {
		*name = core.CleanName(*name)
	}
	for i := range h.Transcript {
		h.Transcript[i].Name = core.CleanName(h.Transcript[i].Name)
	}
}

// maxNameBytes bounds the short texts of a handoff.
const maxNameBytes = 512

func (d *Desk) checkHandoffTexts(h *core.Handoff) error {
	short := map[string]string{
		"/conversation_id": h.ConversationID, "/channel": h.Channel, "/subject": h.Subject, "/customer/name": h.Customer.Name,
		"/customer/external_id": h.Customer.ExternalID, "/customer/email": h.Customer.Email, "/customer/phone": h.Customer.Phone,
		"/customer/locale": h.Customer.Locale, "/routing/language": h.Language, "/routing/queue": h.Queue, "/routing/preferred_agent": h.PreferredAgent,
	}
	for pointer, text := range short {
		if len(text) > maxNameBytes {
			return core.RefuseField(pointer, "the text has %d bytes, at most %d are accepted", len(text), maxNameBytes)
		}
		if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
			return core.RefuseField(pointer, "the text must be UTF-8 without NUL")
		}
	}
	long := map[string]string{"/summary": h.Summary, "/note_to_agent": h.NoteToAgent}
	if h.Reason != nil {
		long["/reason/text"] = h.Reason.Text
	}
	for i, tried := range h.Tried {
		long[fmt.Sprintf("/tried/%d", i)] = tried
	}
	for pointer, text := range long {
		if err := d.checkText(pointer, text, true); err != nil {
			return err
		}
	}
	return nil
}

func (d *Desk) checkTranscript(lines []core.Line) error {
	seen := make(map[string]bool, len(lines))
	for i, line := range lines {
		at := fmt.Sprintf("/transcript/%d", i)
		switch line.Role {
		case core.CustomerRole, core.BotRole, core.AgentRole, core.System:
		default:
			return core.RefuseField(at+"/author/role", "a line's author is customer, bot, agent or system, not %q", line.Role)
		}
		if err := d.checkText(at+"/text", line.Text, false); err != nil {
			return err
		}
		if len(line.ClientID) > maxClientID {
			return core.RefuseField(at+"/client_id", "client_id has at most %d characters", maxClientID)
		}
		key := string(line.Role) + "\x00" + line.ClientID
		if line.ClientID != "" && seen[key] {
			return core.RefuseField(at+"/client_id", "two lines of this author have the client_id %q", line.ClientID)
		}
		seen[key] = true
	}
	return nil
}
