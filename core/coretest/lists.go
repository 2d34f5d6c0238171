package coretest

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"baton/core"
	"baton/core/desk"
)

// lists: each filter narrows, pages follow each other without a gap, and an agent is given what he may read.
func lists(t *testing.T, db Database) {
	n := Start(t, db(t), Options{})
	ctx := t.Context()
	second, err := n.MakeQueue(ctx, core.Desk, "second")
	must(t, err)
	ann := n.Agent(t, "Ann", 5)
	begun := time.Now()
	ask := func(id string, h core.Handoff) *core.Session {
		h.ConversationID, h.Customer = id, core.Customer{ExternalID: id}
		r, err := n.Desk.Request(ctx, Bot("shop"), h)
		must(t, err)
		return r.Session
	}
	plain := ask("plain", core.Handoff{})
	vip := ask("vip", core.Handoff{Tags: []string{"vip", "50%_off"}, Priority: core.High})
	mail := ask("mail", core.Handoff{Queue: "second", Channel: "email"})
	mine := ask("mine", core.Handoff{Queue: "second"})
	_, err = n.Desk.Assign(ctx, boss(), mine.ID, ann.ID, false)
	must(t, err)
	over := ask("over", core.Handoff{})
	_, err = n.Desk.End(ctx, Bot("shop"), over.ID, desk.End{})
	must(t, err)
	n.Offer(t, plain.ID, ann, soon())
	for _, c := range []struct {
		name   string
		filter core.SessionFilter
		want   []*core.Session
	}{
		{"nothing narrows", core.SessionFilter{}, []*core.Session{plain, vip, mail, mine, over}},
		{"open", core.SessionFilter{Statuses: []core.Status{core.StatusWaiting, core.StatusPending, core.StatusActive}}, []*core.Session{plain, vip, mail, mine}},
		{"ended", core.SessionFilter{Statuses: []core.Status{core.StatusEnded}}, []*core.Session{over}},
		{"queue", core.SessionFilter{Queues: []string{second.ID}}, []*core.Session{mail, mine}},
		{"agent", core.SessionFilter{Agents: []string{ann.ID}}, []*core.Session{mine}},
		{"offered", core.SessionFilter{OfferedTo: ann.ID}, []*core.Session{plain}},
		{"customer", core.SessionFilter{Customers: []string{vip.Customer.ID, mail.Customer.ID}}, []*core.Session{vip, mail}},
		{"tag", core.SessionFilter{Tags: []string{"vip", "other"}}, []*core.Session{vip}},
		{"a tag is no pattern", core.SessionFilter{Tags: []string{"%"}}, nil},
		{"odd tag", core.SessionFilter{Tags: []string{"50%_off"}}, []*core.Session{vip}},
		{"priority", core.SessionFilter{Priorities: []core.Priority{core.High, core.Urgent}}, []*core.Session{vip}},
		{"channel", core.SessionFilter{Channels: []string{"email"}}, []*core.Session{mail}},
		{"bot", core.SessionFilter{Bot: "bot_other"}, nil},
		{"from", core.SessionFilter{From: begun.Add(time.Hour)}, nil},
		{"to", core.SessionFilter{To: begun.Add(time.Hour), Queues: []string{second.ID}}, []*core.Session{mail, mine}},
		{"his queues", core.SessionFilter{Within: &core.Reach{Agent: ann.ID, Queues: []string{second.ID}}}, []*core.Session{plain, mail, mine}},
		{"his own", core.SessionFilter{Within: &core.Reach{Agent: ann.ID}}, []*core.Session{plain, mine}},
		{"a stranger's", core.SessionFilter{Within: &core.Reach{Agent: "agt_x"}}, nil},
	} {
		got, want := n.pages(t, c.filter), make([]string, len(c.want))
		for i, s := range c.want {
			want[i] = s.ID
		}
		slices.Sort(want)
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("%s gives %v, want %v", c.name, got, want)
		}
	}
	_, _, err = n.Sessions(ctx, core.SessionFilter{After: "nonsense"})
	refused(t, err, core.Invalid, "a cursor that nobody gave")
}

// pages reads a list two rows at a time.
func (n *Node) pages(t testing.TB, f core.SessionFilter) []string {
	t.Helper()
	var ids []string
	for f.Limit = 2; ; {
		page, next, err := n.Sessions(t.Context(), f)
		must(t, err)
		for _, s := range page {
			if slices.Contains(ids, s.ID) {
				t.Errorf("%s is on two pages", s.ID)
			}
			ids = append(ids, s.ID)
		}
		if next == "" {
			return ids
		}
		f.After = next
	}
}

// openSessionOf: a customer's newest open session is his, whoever asked for it.
func openSessionOf(t *testing.T, db Database) {
	n := Start(t, db(t), Options{})
	s := n.Request(t, Bot("shop"), "c1")
	for _, want := range []string{s.ID, ""} {
		if got, err := n.OpenSessionOf(t.Context(), s.Customer.ID); err != nil || got != want {
			t.Errorf("the open session is %q (%v), want %q", got, err, want)
		}
		if want != "" {
			_, err := n.Desk.End(t.Context(), Bot("shop"), s.ID, desk.End{})
			must(t, err)
		}
	}
}

// views: nobody sees more of a session than is his (I6).
func views(t *testing.T, db Database) {
	n := Start(t, db(t), Options{})
	ann, bot, ctx := n.Agent(t, "Ann", 1), Bot("shop"), t.Context()
	s := n.Request(t, bot, "c1")
	n.Offer(t, s.ID, ann, soon())
	_, err := n.Desk.Accept(ctx, ann, s.ID)
	must(t, err)
	_, _, err = n.Desk.Note(ctx, ann, s.ID, "difficult")
	must(t, err)
	_, err = n.Desk.Post(ctx, bot, s.ID, desk.Message{ClientID: "w", Text: "psst", As: desk.AsWhisper})
	must(t, err)
	must(t, n.posts(ctx, ann, s.ID, "m", 2))
	_, err = n.Desk.End(ctx, ann, s.ID, desk.End{Disposition: "angry", Summary: "done"})
	must(t, err)
	s = n.Get(t, s.ID)
	for _, who := range []core.Actor{Customer(s), bot} {
		events, err := n.Desk.Events(ctx, who, s.ID, 0, 100)
		must(t, err)
		if want := []core.EventType{core.EventRequested, core.EventAccepted, core.EventPosted, core.EventPosted, core.EventEnded}; !slices.Equal(Types(events), want) {
			t.Errorf("a %s is told %v, want %v", who.Role, Types(events), want)
		}
		var prev int64
		for _, e := range events {
			if got := desk.AudienceOf(who).Prev(e); got != prev {
				t.Errorf("before event %d a %s saw %d, it says %d", e.Seq, who.Role, prev, got)
			}
			prev = e.Seq
		}
		shown, err := json.Marshal(desk.View(who, s))
		must(t, err)
		for _, key := range []string{"disposition", "offer", "waiting_since", "unread"} {
			if hasKey(shown, key) {
				t.Errorf("a %s is shown %s: %s", who.Role, key, shown)
			}
		}
	}
	for _, who := range []core.Actor{Bot("other"), {Role: core.CustomerRole, ID: "cus_x"}, {Role: core.AgentRole, ID: "agt_x"}, {}} {
		_, err := n.Desk.Session(ctx, who, s.ID)
		refused(t, err, core.NotFound, fmt.Sprintf("a stranger (%s)", who.Role))
	}
}

// teller keeps what followers are told, and checks that it was durable then.
type teller struct {
	t  *testing.T
	mu sync.Mutex // guards seqs
	// seqs is the last event told of each session.
	seqs map[string]int64
}

// Follow checks that each event is told once, in order.
func (f *teller) Follow(changes []core.Change) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range changes {
		for _, e := range c.Events {
			if e.Seq != f.seqs[e.Session]+1 {
				f.t.Errorf("after event %d of %s event %d was told", f.seqs[e.Session], e.Session, e.Seq)
			}
			f.seqs[e.Session] = e.Seq
		}
	}
}

// toldInOrder: followers are told of each event once, in order, and of nothing that is not kept (I5).
func toldInOrder(t *testing.T, db Database) {
	b := db(t)
	f := &teller{t: t, seqs: map[string]int64{}}
	b.Follow(f)
	n := Start(t, b, Options{})
	bot := Bot("shop")
	var all []*core.Session
	for i := range 4 {
		all = append(all, n.Request(t, bot, fmt.Sprint(i)))
	}
	var talk sync.WaitGroup
	for _, s := range all {
		for _, who := range []string{"a", "b", "c"} {
			talk.Go(func() {
				if err := n.posts(t.Context(), bot, s.ID, who, 20); err != nil {
					t.Error(err)
				}
			})
		}
	}
	talk.Wait()
	for _, s := range all {
		log := n.Log(t, s.ID)
		CheckLog(t, log)
		Until(t, "all of the log has been told", func() bool {
			f.mu.Lock()
			defer f.mu.Unlock()
			return f.seqs[s.ID] == log[len(log)-1].Seq
		})
		checkAuthors(t, log, 60)
	}
}
