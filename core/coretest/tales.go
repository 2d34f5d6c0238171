package coretest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"baton/core"
	"baton/core/access"
	"baton/core/stats"
)

// Tales are sessions that were told beforehand: what happened in them, when and by whom. Their ids are fixed, so that
// two stores to which they are told are alike.
type Tales struct {
	Zone   *time.Location
	Now    time.Time // when they are looked at
	Agents []core.Ref
	Queues []core.Ref
	Bots   []core.Ref
	List   []*Tale
	States []stats.State
}

// Tale is the log of one session, and what follows when it has been counted once.
type Tale struct {
	ID   string
	Acts []Act
	Late []Act
}

// Act is one event of a tale.
type Act struct {
	At   time.Time
	By   core.ActorRef
	Data core.Data
}

// TenDays are ten days in Berlin, with the one on which clocks are put back in the middle of them; the last is not over.
func TenDays() *Tales {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	t := &Tales{Zone: zone, Now: time.Date(2026, 10, 29, 18, 0, 0, 0, zone)}
	for _, name := range []string{"ann", "bob", "cid"} {
		t.Agents = append(t.Agents, core.Ref{ID: "agt_" + name, Name: name})
	}
	t.Queues = []core.Ref{{ID: "que_sales", Name: "sales"}, {ID: "que_help", Name: "help"}, {ID: "que_late", Name: "late"}}
	t.Bots = []core.Ref{{ID: "bot_shop", Name: "shop"}, {ID: "bot_bank", Name: "bank"}}
	t.edges()
	dice := rand.New(rand.NewPCG(20, 10))
	for day := range 10 {
		for range 8 + dice.IntN(8) {
			at := time.Date(2026, 10, 20+day, 0, 0, 0, 0, zone).Add(time.Duration(dice.IntN(24*3600*1000)) * time.Millisecond)
			t.random(dice, at)
		}
		t.shifts(day)
	}
	return t
}

// shifts is what agents are on a day: Bob forgets to sign off, and is gone.
func (t *Tales) shifts(day int) {
	at := func(hour, minute int) int64 {
		return time.Date(2026, 10, 20+day, hour, minute, 0, 0, t.Zone).UnixMilli()
	}
	t.States = append(t.States,
		stats.State{Agent: "agt_ann", Since: at(8, 0), State: "available"}, stats.State{Agent: "agt_ann", Since: at(12, 15), State: "away"},
		stats.State{Agent: "agt_ann", Since: at(13, 0), State: "busy"}, stats.State{Agent: "agt_ann", Since: at(16, 30), State: "offline"},
		stats.State{Agent: "agt_bob", Since: at(9, 1), State: "available"}, stats.State{Agent: "agt_bob", Since: at(20, 0), State: stats.Gone},
		stats.State{Agent: "agt_cid", Since: at(22, 0), State: "available"}, stats.State{Agent: "agt_cid", Since: at(2, 30), State: "offline"},
	)
}

// tell begins a tale.
func (t *Tales) tell() *narrator {
	tale := &Tale{ID: fmt.Sprintf("ses_tale%012d", len(t.List))}
	t.List = append(t.List, tale)
	return &narrator{tale: tale}
}

// narrator adds acts to a tale, each some time after the one before.
type narrator struct {
	tale *Tale
	at   time.Time
	late bool
}

func (x *narrator) do(after time.Duration, by core.ActorRef, data ...core.Data) *narrator {
	x.at = x.at.Add(after)
	for _, d := range data {
		act := Act{x.at, by, d}
		if x.late {
			x.tale.Late = append(x.tale.Late, act)
		} else {
			x.tale.Acts = append(x.tale.Acts, act)
		}
	}
	return x
}

// asked opens the session.
func (x *narrator) asked(at time.Time, r core.Requested) *narrator {
	x.at = at
	r.Customer = core.Customer{ID: "cus_" + x.tale.ID, Name: "Customer"}
	r.ConversationID = x.tale.ID
	return x.do(0, core.ActorRef{Role: core.BotRole, ID: "bot_shop"}, &r)
}

func (x *narrator) says(after time.Duration, by core.ActorRef) *narrator {
	return x.do(after, by, &core.Posted{ID: core.NewID(core.MessagePrefix), Author: by, Text: "hm", Attachments: []core.Attachment{}})
}

func agentRef(a core.Ref) core.ActorRef {
	return core.ActorRef{Role: core.AgentRole, ID: a.ID, Name: a.Name}
}

// ends closes the session; what follows is told later.
func (x *narrator) ends(after time.Duration, by core.Role, reason string) *narrator {
	x.do(after, core.ActorRef{Role: by}, &core.Ended{By: by, Reason: reason, ReturnTo: "none"})
	x.late = true
	return x
}

var (
	customer = core.ActorRef{Role: core.CustomerRole, ID: "cus_x", Name: "Customer"}
	theDesk  = core.Desk.Ref()
)

// edges are the cases that go wrong most easily.
func (t *Tales) edges() {
	ann, bob := t.Agents[0], t.Agents[1]
	sales, help := t.Queues[0], t.Queues[1]
	local := func(day, hour, minute int) time.Time { return time.Date(2026, 10, day, hour, minute, 0, 0, t.Zone) }
	plain := core.Requested{Queue: sales, Bot: &t.Bots[0], Channel: "web", Priority: core.Normal, Reason: &core.Reason{Code: "policy"}}
	// Half past two happens twice on the 25th.
	first := local(25, 1, 30).Add(time.Hour)
	for _, at := range []time.Time{first, first.Add(time.Hour)} {
		t.tell().asked(at, plain).do(time.Minute, agentRef(ann), &core.Accepted{Agent: ann}).says(time.Second, agentRef(ann)).ends(time.Hour, core.AgentRole, "resolved")
	}
	// Over midnight, and over the long day.
	t.tell().asked(local(24, 23, 59), plain).do(2*time.Minute, agentRef(bob), &core.Accepted{Agent: bob}).ends(30*time.Hour, core.AgentRole, "unsolved")
	// Exactly at midnight; nobody ever came.
	t.tell().asked(local(27, 0, 0), plain).ends(90*time.Second, core.CustomerRole, "abandoned")
	// It waited too long, twice, and the customer rated what became of it.
	t.tell().asked(local(22, 10, 0), plain).do(time.Minute, theDesk, &core.Waiting{}).do(time.Hour, theDesk, &core.Transferred{Queue: &help}).
		do(time.Hour, theDesk, &core.Transferred{Queue: &t.Queues[2]}).do(time.Minute, agentRef(ann), &core.Assigned{Agent: ann}).
		says(5*time.Second, agentRef(ann)).ends(time.Minute, core.AgentRole, "resolved").do(26*time.Hour, customer, &core.Rated{Score: 2, Comment: "late"})
	// The agent was gone; a colleague took over, asked a third one, and tags came after the end.
	t.tell().asked(local(23, 9, 0), plain).do(time.Second, theDesk, &core.Offered{Agent: ann, ExpiresAt: core.Time(local(23, 9, 1))}).
		do(time.Second, agentRef(ann), &core.Accepted{Agent: ann}).do(10*time.Minute, theDesk, &core.Waiting{Reason: "agent_gone"}).
		do(time.Minute, theDesk, &core.Offered{Agent: bob, ExpiresAt: core.Time(local(23, 9, 30))}).do(time.Minute, theDesk, &core.Expired{Agent: bob}).
		do(time.Minute, agentRef(bob), &core.Assigned{Agent: bob}).says(time.Minute, agentRef(bob)).says(time.Minute, customer).
		do(0, agentRef(bob), &core.Transferred{From: &bob, To: &t.Agents[2]}, &core.Accepted{Agent: t.Agents[2]}).says(9*time.Second, agentRef(t.Agents[2])).
		ends(time.Minute, core.BotRole, "bot").do(time.Hour, agentRef(bob), &core.TagAdded{Tag: "late"})
	// Closed: nobody was there.
	t.tell().asked(local(24, 3, 0), plain).do(0, theDesk, &core.Waiting{Reason: "after_hours"}).ends(time.Hour, core.CustomerRole, "customer_left")
	t.tell().asked(local(26, 3, 0), plain).ends(0, core.System, "after_hours")
	// Kept over night and taken up in the morning; told a wait that held, one that did not, and one that nobody waited for.
	ask := core.AskEmail
	kept := &core.AfterHours{Reason: "closed", Ask: &ask}
	t.tell().asked(local(26, 22, 0), plain).do(0, theDesk, &core.Waiting{Reason: core.WaitAfterHours, AfterHours: kept}).
		do(11*time.Hour, theDesk, &core.Waiting{Reason: core.WaitOpened}).do(time.Second, theDesk, &core.Waiting{Wait: &core.Range{Low: 30, High: 120}}).
		do(time.Minute, agentRef(ann), &core.Assigned{Agent: ann}).says(time.Minute, agentRef(ann)).ends(time.Hour, core.AgentRole, "resolved")
	t.tell().asked(local(27, 9, 0), plain).do(0, theDesk, &core.Waiting{Wait: &core.Range{Low: 30, High: 60}}).
		do(5*time.Minute, agentRef(ann), &core.Assigned{Agent: ann}).ends(time.Hour, core.AgentRole, "resolved")
	t.tell().asked(local(27, 10, 0), plain).do(0, theDesk, &core.Waiting{Wait: &core.Range{Low: 30, High: 60}}).ends(2*time.Minute, core.CustomerRole, "abandoned")
	t.tell().asked(local(27, 11, 0), plain).do(0, theDesk, &core.Waiting{Wait: &core.Range{Low: 30, High: 600}}).ends(2*time.Minute, core.CustomerRole, "abandoned")
	// It continues an earlier one: a new session with a new clock.
	again := plain
	again.Continues = "ses_tale000000000000"
	t.tell().asked(local(28, 8, 0), again).do(0, agentRef(ann), &core.Assigned{Agent: ann}).ends(time.Hour, core.AgentRole, "resolved")
	// Before and after the ten days.
	t.tell().asked(local(19, 23, 59), plain).do(time.Hour, agentRef(ann), &core.Accepted{Agent: ann}).ends(time.Hour, core.AgentRole, "resolved")
	t.tell().asked(local(30, 0, 0), plain).do(time.Minute, agentRef(ann), &core.Accepted{Agent: ann}).ends(time.Hour, core.AgentRole, "resolved")
	// Open, with an agent and without.
	t.tell().asked(local(25, 2, 10), plain).do(time.Hour, agentRef(ann), &core.Accepted{Agent: ann}).says(time.Second, customer)
	open := plain
	open.Queue, open.Bot, open.Reason, open.Tags, open.Priority = help, nil, nil, []string{"vip", "late"}, core.Urgent
	t.tell().asked(local(29, 17, 0), open).do(time.Second, theDesk, &core.Waiting{})
}

// random tells of a session as they happen.
func (t *Tales) random(dice *rand.Rand, at time.Time) {
	x := t.tell()
	some := func(seconds int) time.Duration { return time.Duration(dice.IntN(seconds*1000)) * time.Millisecond }
	if dice.IntN(3) == 0 {
		began := at.Add(-some(900))
		for _, by := range []core.ActorRef{customer, {Role: core.BotRole, ID: "bot_shop"}} {
			x.at = began
			x.do(some(5), by, &core.Posted{ID: core.NewID(core.MessagePrefix), Author: by, Text: "before", History: true, Attachments: []core.Attachment{}})
		}
	}
	x.asked(at, core.Requested{
		Queue: t.Queues[dice.IntN(2)], Bot: &t.Bots[dice.IntN(2)], Channel: []string{"web", "whatsapp", "api"}[dice.IntN(3)],
		Priority: core.Priorities[dice.IntN(4)], Tags: slices.Clone([]string{"vip", "refund", "late"}[dice.IntN(3):]),
		Reason: &core.Reason{Code: []string{"customer_request", "policy", ""}[dice.IntN(3)]},
	})
	if dice.IntN(5) == 0 {
		x.ends(some(600), core.CustomerRole, "abandoned")
		return
	}
	for range 1 + dice.IntN(2) {
		a := t.Agents[dice.IntN(3)]
		x.do(some(60), theDesk, &core.Offered{Agent: a, ExpiresAt: core.Time(x.at.Add(time.Minute))})
		if dice.IntN(3) == 0 {
			x.do(some(10), agentRef(a), &core.Declined{Agent: a})
			x.do(some(60), agentRef(a), &core.Assigned{Agent: a})
		} else {
			x.do(some(30), agentRef(a), &core.Accepted{Agent: a})
		}
		for range dice.IntN(4) {
			x.says(some(120), customer).says(some(120), agentRef(a))
		}
		if dice.IntN(4) == 0 {
			x.do(some(60), agentRef(a), &core.Transferred{From: &a, Queue: &t.Queues[dice.IntN(3)]})
		}
	}
	x.ends(some(7200), core.AgentRole, []string{"resolved", "unsolved"}[dice.IntN(2)])
	if dice.IntN(2) == 0 {
		x.do(some(3600), customer, &core.Rated{Score: 1 + dice.IntN(5)})
	}
}

// Tell tells the tales to a store, without what follows late.
func (t *Tales) Tell(tb testing.TB, n *Node) {
	tb.Helper()
	for _, a := range t.Agents {
		_, err := n.AddUser(tb.Context(), core.Desk, access.NewUser{ID: a.ID, At: time.Now(), Email: a.Name + "@example.org", Name: a.Name, Role: core.AgentRole, PasswordHash: "x"})
		must(tb, err)
	}
	must(tb, n.PutStates(tb.Context(), t.States))
	for _, tale := range t.List {
		_, err := n.Begin(tb.Context(), core.Desk, tale.ID, func(_ *core.Session, tx core.Tx) error {
			perform(tx, tale.Acts)
			return nil
		})
		must(tb, err)
	}
}

// TellTheRest tells what followed.
func (t *Tales) TellTheRest(tb testing.TB, n *Node) {
	tb.Helper()
	for _, tale := range t.List {
		if len(tale.Late) == 0 {
			continue
		}
		_, err := n.Change(tb.Context(), core.Desk, tale.ID, func(_ *core.Session, tx core.Tx) error {
			perform(tx, tale.Late)
			return nil
		})
		must(tb, err)
	}
}

func perform(tx core.Tx, acts []Act) {
	for _, act := range acts {
		tx.EmitAt(act.At, act.By, act.Data)
	}
}
