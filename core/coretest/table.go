package coretest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"baton/core"
	"baton/core/desk"
)

// everyAct says what becomes of each act, by who asks and where the session stands. A status means that the log
// grew and the session then stands there, = that it is answered and nothing changed, anything else is the kind of
// the refusal.
//
// Ann is offered the chat while it is pending, and has it while it is active or handed (she offers it to Bob). Bob is
// her colleague, Out an agent of another queue. "bot as itself" speaks with the present epoch, "late bot" with an
// older one.
const everyAct = `
act            who       waiting    pending    active     handed     ended
accept         ann       conflict   active     =          =          session_ended
accept         bob       conflict   conflict   conflict   active     session_ended
accept         boss      conflict   conflict   conflict   conflict   session_ended
accept         out       not_found  not_found  not_found  not_found  not_found
decline        ann       conflict   waiting    conflict   conflict   session_ended
decline        bob       conflict   conflict   conflict   active     session_ended
expire         desk      conflict   waiting    conflict   active     session_ended
takeover       ann       active     active     =          =          session_ended
takeover       bob       active     active     conflict   conflict   session_ended
takeover       boss      active     active     active     active     session_ended
takeover       out       not_found  not_found  not_found  not_found  not_found
assign-bob     ann       active     active     conflict   conflict   session_ended
assign-bob     boss      active     active     active     active     session_ended
transfer-bob   ann       conflict   conflict   active     conflict   session_ended
transfer-bob   bob       conflict   conflict   conflict   conflict   session_ended
transfer-bob   boss      conflict   conflict   active     conflict   session_ended
transfer-queue ann       conflict   conflict   waiting    waiting    session_ended
transfer-queue bob       conflict   conflict   conflict   conflict   session_ended
transfer-queue boss      waiting    waiting    waiting    waiting    session_ended
requeue        desk      conflict   conflict   waiting    pending    session_ended
post           ann       not_owner  not_owner  active     active     session_ended
post           bob       not_owner  not_owner  not_owner  not_owner  session_ended
post           boss      not_owner  not_owner  not_owner  not_owner  session_ended
post           bot       waiting    pending    active     active     session_ended
post           customer  waiting    pending    active     active     session_ended
post           out       not_found  not_found  not_found  not_found  not_found
post           other     not_found  not_found  not_found  not_found  not_found
post           stranger  not_found  not_found  not_found  not_found  not_found
bot-as-itself  bot       waiting    pending    not_owner  not_owner  session_ended
late-bot       bot       not_owner  not_owner  not_owner  not_owner  session_ended
whisper        bot       waiting    pending    active     active     session_ended
note           ann       waiting    pending    active     active     ended
note           bob       waiting    pending    active     active     ended
note           out       not_found  not_found  not_found  not_found  not_found
tag            bob       waiting    pending    active     active     ended
untag          bob       =          =          =          =          =
priority       bob       waiting    pending    active     active     session_ended
priority       bot       waiting    pending    active     active     session_ended
read           ann       not_owner  not_owner  =          =          =
read           bob       not_owner  not_owner  not_owner  not_owner  not_owner
read           customer  =          =          =          =          =
read           bot       =          =          =          =          =
read           stranger  not_found  not_found  not_found  not_found  not_found
end            ann       conflict   conflict   ended      ended      session_ended
end            bob       conflict   conflict   conflict   conflict   session_ended
end            boss      ended      ended      ended      ended      session_ended
end            bot       ended      ended      ended      ended      session_ended
end            customer  ended      ended      ended      ended      session_ended
end            other     not_found  not_found  not_found  not_found  not_found
end            stranger  not_found  not_found  not_found  not_found  not_found
rate           customer  waiting    pending    active     active     ended
reopen         ann       conflict   conflict   conflict   conflict   active
reopen         out       not_found  not_found  not_found  not_found  not_found
`

// stage is where the rows of everyAct are played.
type stage struct {
	n      *Node
	people map[string]core.Actor
	queue  string
	played int
}

// everyActInEveryState plays the table. It also shows I1: whatever a session is, is what its log folds to.
func everyActInEveryState(t *testing.T, db Database) {
	n := Start(t, db(t), Options{})
	second, err := n.MakeQueue(t.Context(), core.Desk, "second")
	must(t, err)
	out := n.Agent(t, "Out", 20)
	out.Queues = []string{second.ID}
	st := &stage{n: n, queue: second.ID, people: map[string]core.Actor{
		"ann": n.Agent(t, "Ann", 20), "bob": n.Agent(t, "Bob", 20), "boss": n.Person(t, "Boss", core.Supervisor, 20), "out": out,
		"bot": Bot("shop"), "other": Bot("other"), "stranger": {Role: core.CustomerRole, ID: "cus_stranger"}, "desk": core.Desk,
	}}
	lines := strings.Split(strings.TrimSpace(everyAct), "\n")
	states := strings.Fields(lines[0])[2:]
	for _, line := range lines[1:] {
		cells := strings.Fields(line)
		for i, state := range states {
			if got, want := st.play(t, cells[0], cells[1], state), cells[2+i]; got != want {
				t.Errorf("%s by %s while %s gives %s, want %s", cells[0], cells[1], state, got, want)
			}
		}
	}
	n.CheckPlaces(t)
}

// play makes a session that stands in a state, has somebody act on it, and says what became of that.
func (st *stage) play(t *testing.T, act, who, state string) string {
	t.Helper()
	st.played++
	s := st.make(t, state)
	by := st.people[who]
	if who == "customer" {
		by = Customer(s)
	}
	ctx := t.Context()
	result, err := st.act(ctx, act, by, s)
	now := st.n.Get(t, s.ID)
	outcome := string(now.Status)
	switch {
	case err != nil && now.Seq != s.Seq:
		outcome = "a refusal that changed the log"
	case err != nil:
		outcome = string(core.KindOf(err))
	case result != nil && result.ID != s.ID:
		outcome, now = string(result.Status), result
	case now.Seq == s.Seq:
		outcome = "="
	}
	st.n.checkFold(t, s.ID)
	if now.Open() {
		_, err = st.n.Desk.End(ctx, st.people["boss"], now.ID, desk.End{})
		must(t, err)
	}
	return outcome
}

// make gives a session that stands in a state.
func (st *stage) make(t *testing.T, state string) *core.Session {
	t.Helper()
	ctx, n, ann, bob := t.Context(), st.n, st.people["ann"], st.people["bob"]
	s := n.Request(t, st.people["bot"], fmt.Sprintf("c%d", st.played))
	var err error
	switch state {
	case "pending":
		s = n.Offer(t, s.ID, ann, soon())
	case "active", "handed", "ended":
		s, err = n.Desk.TakeOver(ctx, ann, s.ID, false)
	}
	must(t, err)
	switch state {
	case "handed":
		s, err = n.Desk.Transfer(ctx, ann, s.ID, bob.ID, "please")
	case "ended":
		s, err = n.Desk.End(ctx, ann, s.ID, desk.End{})
	}
	must(t, err)
	return s
}

// act has somebody ask for one thing.
func (st *stage) act(ctx context.Context, act string, by core.Actor, s *core.Session) (*core.Session, error) {
	d, ann, bob := st.n.Desk, st.people["ann"], st.people["bob"]
	switch act {
	case "accept":
		return d.Accept(ctx, by, s.ID)
	case "decline":
		return d.Decline(ctx, by, s.ID, "lunch")
	case "takeover":
		return d.TakeOver(ctx, by, s.ID, false)
	case "assign-bob":
		return d.Assign(ctx, by, s.ID, bob.ID, false)
	case "transfer-bob":
		return d.Transfer(ctx, by, s.ID, bob.ID, "")
	case "transfer-queue":
		return d.TransferToQueue(ctx, by, s.ID, st.queue, "")
	case "priority":
		urgent := core.Urgent
		return d.Update(ctx, by, s.ID, desk.Update{Priority: &urgent})
	case "end":
		return d.End(ctx, by, s.ID, desk.End{})
	case "rate":
		return d.Rate(ctx, by, s.ID, 5, "")
	case "reopen":
		return d.Reopen(ctx, by, s.ID)
	case "requeue":
		return nil, d.Requeue(ctx, s.ID, core.Ref{ID: ann.ID, Name: ann.Name})
	case "expire":
		seq := int64(-1)
		if s.Offer != nil {
			seq = s.Offer.Seq
		}
		return nil, d.Expire(ctx, s.ID, seq)
	}
	return nil, st.talk(ctx, act, by, s)
}

// talk is the part of act that says something.
func (st *stage) talk(ctx context.Context, act string, by core.Actor, s *core.Session) error {
	d := st.n.Desk
	var err error
	switch act {
	case "post":
		_, err = d.Post(ctx, by, s.ID, desk.Message{ClientID: "1", Text: "hello"})
	case "bot-as-itself":
		_, err = d.Post(ctx, by, s.ID, desk.Message{ClientID: "1", Text: "hello", As: desk.AsBot, Epoch: s.Epoch})
	case "late-bot":
		_, err = d.Post(ctx, by, s.ID, desk.Message{ClientID: "1", Text: "hello", As: desk.AsBot, Epoch: s.Epoch - 1})
	case "whisper":
		_, err = d.Post(ctx, by, s.ID, desk.Message{ClientID: "1", Text: "psst", As: desk.AsWhisper, Epoch: s.Epoch})
	case "note":
		_, _, err = d.Note(ctx, by, s.ID, "remark")
	case "tag":
		err = d.Tag(ctx, by, s.ID, "vip")
	case "untag":
		err = d.Untag(ctx, by, s.ID, "vip")
	case "read":
		err = d.Read(ctx, by, s.ID, s.Seq)
	default:
		err = fmt.Errorf("the table names an act that nobody plays: %s", act)
	}
	return err
}
