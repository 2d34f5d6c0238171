package coretest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"baton/core"
	"baton/core/desk"
	"baton/core/hours"
)

// later is a clock that a test may put forward; rules go by it, what is written is dated by the machine's.
type later struct{ by atomic.Int64 }

func (l *later) now() time.Time          { return time.Now().Add(time.Duration(l.by.Load())) }
func (l *later) forward(d time.Duration) { l.by.Add(int64(d)) }

// ruled starts a node without dispatcher and keeper whose queue general has these rules, and a clock for it.
func ruled(t *testing.T, db Database, change func(*core.QueueRules)) (*Node, *core.Queue, *later) {
	t.Helper()
	clock := new(later)
	n := Start(t, db(t), Options{Clock: clock.now})
	return n, n.rule(t, "general", change), clock
}

// rule changes the rules of a queue.
func (n *Node) rule(t *testing.T, queue string, change func(*core.QueueRules)) *core.Queue {
	t.Helper()
	q, err := n.Queue(t.Context(), queue)
	must(t, err)
	q, err = n.ChangeQueue(t.Context(), core.Desk, q.ID, core.QueueChange{Rules: func(r core.QueueRules) (core.QueueRules, error) {
		change(&r)
		return r, r.Check()
	}})
	must(t, err)
	return q
}

// mind does once what the keeper does about rules.
func (n *Node) mind(t *testing.T) {
	t.Helper()
	must(t, n.Keeper.MindQueues(t.Context()))
}

// shut gives a queue a schedule that is closed all week, and open opens it again.
func (n *Node) shut(t *testing.T, queue string) {
	t.Helper()
	closed, err := n.AddSchedule(t.Context(), core.Desk, hours.Schedule{Name: "closed " + core.NewID(""), TimeZone: "UTC"})
	must(t, err)
	_, err = n.ChangeQueue(t.Context(), core.Desk, queue, core.QueueChange{Schedule: &closed.ID})
	must(t, err)
}

func (n *Node) open(t *testing.T, queue string) {
	t.Helper()
	none := ""
	_, err := n.ChangeQueue(t.Context(), core.Desk, queue, core.QueueChange{Schedule: &none})
	must(t, err)
}

func plain(*core.QueueRules) {}

// order names the sessions of a queue in order of service.
func (n *Node) order(t *testing.T, queue string) string {
	t.Helper()
	line, err := n.Waiting(t.Context(), []string{queue}, nil, 100)
	must(t, err)
	names := make([]string, len(line))
	for i, s := range line {
		names[i] = s.ConversationID
		if place, err := n.Position(t.Context(), s); err != nil || place != i+1 {
			t.Errorf("%s is at place %d, %v, and position says %d", s.ConversationID, i+1, err, place)
		}
	}
	return strings.Join(names, " ")
}

func ageing(t *testing.T, db Database) {
	n, q, _ := ruled(t, db, func(r *core.QueueRules) { r.Ageing = 600 })
	ask := func(name string, priority core.Priority, earlier time.Duration) {
		_, err := n.Begin(t.Context(), core.Desk, core.NewID(core.SessionPrefix), func(_ *core.Session, tx core.Tx) error {
			tx.EmitAt(time.Now().Add(-earlier), core.Desk.Ref(), &core.Requested{
				Customer: core.Customer{ID: "cus_" + name}, Queue: q.Ref(), ConversationID: name, Bot: &core.Ref{ID: "bot_shop"}, Channel: "web", Priority: priority, Ageing: q.Rules.Ageing,
			})
			return nil
		})
		must(t, err)
	}
	ask("urgent", core.Urgent, 0)
	ask("high", core.High, 0)
	ask("normal", core.Normal, 0)
	ask("low", core.Low, 4*time.Minute)
	ask("patient-low", core.Low, 35*time.Minute)
	ask("patient-normal", core.Normal, 15*time.Minute)
	if got := n.order(t, q.ID); got != "patient-low urgent patient-normal high normal low" {
		t.Errorf("served in the order %s", got)
	}
	// Another priority is another place; a queue without ageing is strict.
	_, err := n.Desk.Update(t.Context(), core.Desk, n.find(t, "low").ID, desk.Update{Priority: ptr(core.Urgent)})
	must(t, err)
	if got := n.order(t, q.ID); got != "patient-low low urgent patient-normal high normal" {
		t.Errorf("served in the order %s", got)
	}
	q = n.rule(t, "general", func(r *core.QueueRules) { r.Ageing = 0 })
	ask("strict-low", core.Low, 24*time.Hour)
	ask("strict-normal", core.Normal, 0)
	if got := n.order(t, q.ID); strings.Index(got, "strict-normal") > strings.Index(got, "strict-low") {
		t.Errorf("served in the order %s", got)
	}
}

func ptr[T any](v T) *T { return &v }

// find gives the session of a conversation.
func (n *Node) find(t *testing.T, conversation string) *core.Session {
	t.Helper()
	all, _, err := n.Sessions(t.Context(), core.SessionFilter{Limit: 500})
	must(t, err)
	i := slices.IndexFunc(all, func(s *core.Session) bool { return s.ConversationID == conversation })
	if i < 0 {
		t.Fatalf("there is no session of %s", conversation)
	}
	return n.Get(t, all[i].ID)
}

func keptUntilTheOpening(t *testing.T, db Database) {
	n, q, _ := ruled(t, db, plain)
	early := n.Request(t, Bot("shop"), "early")
	n.shut(t, q.ID)
	late := n.Request(t, Bot("shop"), "late")
	if late.Status != core.StatusWaiting || !late.Parked || late.InLine() || late.AfterHours == nil || late.AfterHours.Reason != "closed" || late.Ask != core.AskEmail {
		t.Fatalf("while it is closed a chat is %+v", late)
	}
	said := posted(n.Log(t, late.ID))
	if len(said) != 1 || said[0] != late.AfterHours.Text || !strings.Contains(said[0], "closed") {
		t.Errorf("the customer is told %q, the bot %q", said, late.AfterHours.Text)
	}
	v, err := n.Desk.Show(t.Context(), Bot("shop"), late)
	must(t, err)
	if v.Position != nil || v.AfterHours == nil {
		t.Errorf("it is shown at %v with %v", v.Position, v.AfterHours)
	}
	waiting, _, err := n.Sessions(t.Context(), core.SessionFilter{Statuses: []core.Status{core.StatusWaiting}, Limit: 10})
	must(t, err)
	if len(waiting) != 2 {
		t.Errorf("%d sessions are listed as waiting, want both", len(waiting))
	}
	if got := n.order(t, q.ID); got != "early" {
		t.Errorf("in line are %q", got)
	}
	n.opensAgain(t, q, early, late)
	n.takenAtNight(t, q)
}

// opensAgain shows that all stand in line in their old order once the queue is open.
func (n *Node) opensAgain(t *testing.T, q *core.Queue, early, late *core.Session) {
	t.Helper()
	later := n.Request(t, Bot("shop"), "later")
	n.mind(t)
	if !n.Get(t, late.ID).Parked || n.Get(t, early.ID).Parked {
		t.Error("the keeper moved somebody while nothing changed")
	}
	n.open(t, q.ID)
	n.mind(t)
	if got := n.order(t, q.ID); got != "early late later" {
		t.Errorf("after the opening %q are in line", got)
	}
	now := n.Get(t, later.ID)
	if now.Parked || now.AfterHours != nil || now.Ask != "" || !now.WaitingSince.Equal(later.WaitingSince) || !now.InLine() {
		t.Errorf("after the opening it is %+v", now)
	}
	CheckLog(t, n.Log(t, later.ID))
}

// takenAtNight shows that an agent may also take what is kept.
func (n *Node) takenAtNight(t *testing.T, q *core.Queue) {
	t.Helper()
	n.shut(t, q.ID)
	night := n.Request(t, Bot("shop"), "night")
	ann := n.Agent(t, "Ann", 2)
	taken, err := n.Desk.TakeOver(t.Context(), ann, night.ID, false)
	must(t, err)
	if taken.Status != core.StatusActive || taken.Parked || taken.AfterHours != nil {
		t.Errorf("an agent took it, and it is %+v", taken)
	}
	n.CheckPlaces(t)
}

func notKept(t *testing.T, db Database) {
	n, q, _ := ruled(t, db, func(r *core.QueueRules) {
		r.AfterHours.Keep, r.AfterHours.Reply = false, false
		r.AfterHours.Texts = map[string]string{"en": "Closed. Write to us.", "de": "Geschlossen."}
	})
	n.shut(t, q.ID)
	s := n.Request(t, Bot("shop"), "c1")
	if s.Status != core.StatusEnded || s.End.Reason != "after_hours" || s.End.ReturnTo != "bot" || s.Parked || s.AfterHours == nil || s.AfterHours.Text != "Closed. Write to us." {
		t.Errorf("it is %+v", s)
	}
	if said := posted(n.Log(t, s.ID)); len(said) != 0 {
		t.Errorf("the desk said %q though it is not to", said)
	}
	// Who was not kept may still leave a message, once.
	if _, err := n.Desk.LeaveMessage(t.Context(), Customer(s), s.ID, "ann@example.org", "Call me"); err != nil || s.Ask != core.AskEmail {
		t.Errorf("a message after the end, where %q was asked for: %v", s.Ask, err)
	}
	if _, err := n.Desk.LeaveMessage(t.Context(), Customer(s), s.ID, "ann@example.org", "again"); core.KindOf(err) != core.SessionEnded {
		t.Errorf("a second message after the end: %v", err)
	}
	// Nobody at the desk counts as closed where the queue says so.
	n.open(t, q.ID)
	n.rule(t, "general", func(r *core.QueueRules) { r.AfterHours.NoAgents, r.AfterHours.Keep = true, true })
	alone := n.Request(t, Bot("shop"), "c2")
	if !alone.Parked || alone.AfterHours.Reason != core.ClosedNoAgents {
		t.Errorf("with nobody at the desk it is %+v", alone)
	}
	ann := n.Agent(t, "Ann", 2)
	must(t, n.Seen(t.Context(), []string{ann.ID}, time.Now()))
	n.mind(t)
	if now := n.Get(t, alone.ID); !now.InLine() {
		t.Errorf("somebody came, and it is %+v", now)
	}
}

func leftMessage(t *testing.T, db Database) {
	n, q, _ := ruled(t, db, plain)
	open := n.Request(t, Bot("shop"), "open")
	if _, err := n.Desk.LeaveMessage(t.Context(), Customer(open), open.ID, "ann@example.org", "Call me"); core.KindOf(err) != core.Conflict {
		t.Errorf("a message while the queue is open: %v", err)
	}
	n.shut(t, q.ID)
	s := n.Request(t, Bot("shop"), "c1")
	if _, err := n.Desk.LeaveMessage(t.Context(), Customer(s), s.ID, "no address", "Call me"); core.KindOf(err) != core.Invalid {
		t.Errorf("no address: %v", err)
	}
	id, err := n.Desk.LeaveMessage(t.Context(), Customer(s), s.ID, "Ann@Example.org ", "Call me")
	must(t, err)
	now := n.Get(t, s.ID)
	if now.Status != core.StatusEnded || now.End.Reason != "after_hours" || now.Parked {
		t.Errorf("after the message it is %+v", now)
	}
	records, err := n.Desk.Records(t.Context(), n.Person(t, "Boss", core.Supervisor, 1), s.Customer.ID)
	must(t, err)
	if len(records) != 1 || records[0].ID != id || records[0].Email != "ann@example.org" || records[0].Text != "Call me" || records[0].Session != s.ID || records[0].Kind != core.RecordTicket {
		t.Errorf("the records of the customer are %+v", records)
	}
	if _, err := n.Desk.LeaveMessage(t.Context(), Customer(s), s.ID, "ann@example.org", "again"); core.KindOf(err) != core.SessionEnded {
		t.Errorf("a second message: %v", err)
	}
	CheckLog(t, n.Log(t, s.ID))
}

func closingTime(t *testing.T, db Database) {
	n, q, _ := ruled(t, db, plain)
	s := n.Request(t, Bot("shop"), "stays")
	known, err := n.Desk.Request(t.Context(), Bot("shop"), core.Handoff{ConversationID: "known", Summary: "Where is order 7?", Customer: core.Customer{ExternalID: "k", Email: "kim@example.org"}})
	must(t, err)
	n.shut(t, q.ID)
	n.mind(t)
	if !n.Get(t, s.ID).InLine() {
		t.Error("who may stay in line was taken out of it")
	}
	n.rule(t, "general", func(r *core.QueueRules) { r.Closing = core.ClosingTicket })
	n.mind(t)
	if now := n.Get(t, s.ID); !now.Parked || now.Ask != core.AskEmail || len(posted(n.Log(t, s.ID))) != 1 {
		t.Errorf("whose address nobody knows is %+v", now)
	}
	if now := n.Get(t, known.Session.ID); now.Status != core.StatusEnded || now.End.Reason != "after_hours" {
		t.Errorf("whose address is known is %+v", now)
	}
	records, err := n.Records(t.Context(), known.Session.Customer.ID, 10)
	must(t, err)
	if len(records) != 1 || records[0].Email != "kim@example.org" || records[0].Text != "Where is order 7?" {
		t.Errorf("the ticket is %+v", records)
	}
	n.open(t, q.ID)
	n.mind(t)
	n.rule(t, "general", func(r *core.QueueRules) { r.Closing = core.ClosingTell })
	n.shut(t, q.ID)
	n.mind(t)
	n.mind(t)
	if now := n.Get(t, s.ID); !now.Parked || len(posted(n.Log(t, s.ID))) != 2 {
		t.Errorf("who is told once more is %+v and heard %q", now, posted(n.Log(t, s.ID)))
	}
}

func toldByRule(t *testing.T, db Database) {
	n, q, clock := ruled(t, db, plain)
	ann := n.Agent(t, "Ann", 1)
	must(t, n.Seen(t.Context(), []string{ann.ID}, time.Now()))
	n.Active(t, Bot("shop"), "busy", ann)
	n.Request(t, Bot("shop"), "first")
	s := n.Request(t, Bot("shop"), "second")
	for _, c := range []struct {
		show               core.Shown
		place, wait, words bool
	}{
		{core.ShowBoth, true, true, false}, {core.ShowPlace, true, false, false}, {core.ShowWait, false, true, false},
		{core.ShowWords, false, false, true}, {core.ShowNothing, false, false, false},
	} {
		n.rule(t, q.ID, func(r *core.QueueRules) { r.Show = c.show })
		clock.forward(time.Second * 3)
		must(t, n.Seen(t.Context(), []string{ann.ID}, clock.now()))
		v, err := n.Desk.Show(t.Context(), Customer(s), s)
		must(t, err)
		if (v.Position != nil) != c.place || (v.Wait != nil) != c.wait || (v.WaitWords != nil) != c.words {
			t.Errorf("with %s a customer is told %v, %v, %v", c.show, v.Position, v.Wait, v.WaitWords)
		}
		staff, err := n.Desk.Show(t.Context(), ann, s)
		must(t, err)
		if staff.Position == nil || *staff.Position != 2 || staff.Wait == nil || staff.Wait.High < staff.Wait.Low || staff.Wait.High == 0 {
			t.Errorf("with %s staff are told %v, %v", c.show, staff.Position, staff.Wait)
		}
	}
}

func badRules(t *testing.T, db Database) {
	n, q, _ := ruled(t, db, plain)
	for _, c := range []struct {
		pointer string
		spoil   func(*core.QueueRules)
	}{
		{"/max_wait", func(r *core.QueueRules) { r.MaxWait = -1 }},
		{"/ageing", func(r *core.QueueRules) { r.Ageing = 1 << 40 }},
		{"/max_length", func(r *core.QueueRules) { r.MaxLength = -2 }},
		{"/show", func(r *core.QueueRules) { r.Show = "all" }},
		{"/closing", func(r *core.QueueRules) { r.Closing = "" }},
		{"/idle_close", func(r *core.QueueRules) { r.IdleClose = 5 }},
		{"/when_too_long/do", func(r *core.QueueRules) { r.WhenTooLong.Do = "panic" }},
		{"/when_too_many/queue", func(r *core.QueueRules) { r.WhenTooMany.Do = core.RemedyOverflow }},
		{"/after_hours/texts/x", func(r *core.QueueRules) { r.AfterHours.Texts = map[string]string{"x": "hi"} }},
		{"/after_hours/texts/en", func(r *core.QueueRules) { r.AfterHours.Texts = map[string]string{"en": " "} }},
	} {
		_, err := n.ChangeQueue(t.Context(), core.Desk, q.ID, core.QueueChange{Rules: func(r core.QueueRules) (core.QueueRules, error) {
			c.spoil(&r)
			return r, r.Check()
		}})
		if core.KindOf(err) != core.Invalid || !strings.Contains(fmt.Sprintf("%+v", fieldsOf(err)), c.pointer) {
			t.Errorf("%s: %v", c.pointer, err)
		}
	}
	now, err := n.Queue(t.Context(), q.ID)
	must(t, err)
	if fmt.Sprint(now.Rules) != fmt.Sprint(core.DefaultRules()) {
		t.Errorf("the rules are %+v after what was refused", now.Rules)
	}
}

// fieldsOf gives the parts that a refusal points at.
func fieldsOf(err error) []core.FieldError {
	var refusal *core.Error
	if !errors.As(err, &refusal) {
		return nil
	}
	return refusal.Fields
}
