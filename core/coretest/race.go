package coretest

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"baton/core"
	"baton/core/desk"
)

// checkAuthors fails the test unless the log has this many messages, each once, and each author's in the order of
// their numbers: a0 a1 a2.
func checkAuthors(t testing.TB, log []*core.Event, count int) {
	t.Helper()
	next := map[string]int{}
	texts := posted(log)
	for _, text := range texts {
		author := strings.TrimRight(text, "0123456789")
		if want := fmt.Sprintf("%s%d", author, next[author]); text != want {
			t.Errorf("in %s the message %s stands where %s was to be", log[0].Session, text, want)
		}
		next[author]++
	}
	if len(texts) != count {
		t.Errorf("%s has %d messages, %d were acknowledged", log[0].Session, len(texts), count)
	}
}

// claims: 16 goroutines, one for each agent, claim 200 sessions: each has one winner (I4), and nobody gets above his
// places (I3).
func claims(t *testing.T, db Database) {
	const agents, sessions, places = 16, 200, 10
	n := Start(t, db(t), Options{})
	all := make([]*core.Session, sessions)
	for i := range all {
		all[i] = n.Request(t, Bot("shop"), fmt.Sprint(i))
	}
	people := make([]core.Actor, agents)
	for i := range people {
		people[i] = n.Agent(t, fmt.Sprintf("a%d", i), places)
	}
	won := make([]map[string]bool, agents)
	var race sync.WaitGroup
	for i, who := range people {
		won[i] = map[string]bool{}
		race.Go(func() {
			for k := range all {
				s := all[(k*7+i*13)%sessions]
				_, err := n.Desk.TakeOver(t.Context(), who, s.ID, false)
				switch core.KindOf(err) {
				case "":
					won[i][s.ID] = true
				case core.Conflict:
				default:
					t.Errorf("%s claims %s: %v", who.Name, s.ID, err)
				}
			}
		})
	}
	race.Wait()
	winners := map[string]int{}
	for i, who := range people {
		if len(won[i]) > places {
			t.Errorf("%s won %d chats for %d places", who.Name, len(won[i]), places)
		}
		for id := range won[i] {
			winners[id]++
			if s := n.Get(t, id); !s.OwnedBy(who.ID) {
				t.Errorf("%s won %s, which %v has", who.Name, id, s.Agent)
			}
		}
	}
	for id, count := range winners {
		if count != 1 {
			t.Errorf("%s has %d winners", id, count)
		}
	}
	if len(winners) != agents*places {
		t.Errorf("%d chats were won, there is room for %d", len(winners), agents*places)
	}
	n.CheckPlaces(t)
}

// sameMessageAtOnce: the same client id many times at once, so twice in one batch too, is one message.
func sameMessageAtOnce(t *testing.T, db Database) {
	n := Start(t, db(t), Options{})
	bot := Bot("shop")
	s := n.Request(t, bot, "c1")
	answers := make(chan desk.Sent, 64)
	for range cap(answers) / 2 {
		for _, id := range []string{"a", "b"} {
			err := n.Desk.PostAsync(t.Context(), bot, s.ID, desk.Message{ClientID: id, Text: id}, func(sent desk.Sent, err error) {
				if err != nil {
					t.Errorf("a repeat was refused: %v", err)
				}
				answers <- sent
			})
			must(t, err)
		}
	}
	seen := map[desk.Sent]int{}
	for range cap(answers) {
		seen[<-answers]++
	}
	log := n.Log(t, s.ID)
	if texts := posted(log); len(seen) != 2 || len(texts) != 2 {
		t.Errorf("the answers are %v, the log holds %q", seen, texts)
	}
	CheckLog(t, log)
}

// sameRequestAtOnce: many requests of one conversation at once open one session.
func sameRequestAtOnce(t *testing.T, db Database) {
	n := Start(t, db(t), Options{})
	var mu sync.Mutex // guards ids
	ids := map[string]bool{}
	var crowd sync.WaitGroup
	for range 16 {
		crowd.Go(func() {
			r, err := n.Desk.Request(t.Context(), Bot("shop"), core.Handoff{ConversationID: "c1", Customer: core.Customer{ExternalID: "u"}})
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			ids[r.Session.ID] = true
		})
	}
	crowd.Wait()
	if len(ids) != 1 {
		t.Errorf("one conversation got %d sessions", len(ids))
	}
}

// keys: an idempotency key is kept with its act or not at all, is one bot's own, and lets one act through however
// many come at once.
func keys(t *testing.T, db Database) {
	n := Start(t, db(t), Options{})
	bot, ctx := Bot("shop"), t.Context()
	s := n.Request(t, bot, "c1")
	keep := func(scope, key string) error {
		_, _, err := n.Desk.Note(desk.Once(ctx, core.Idempotency{Scope: scope, Key: key, BodyHash: "h", Status: 201}), bot, s.ID, "once")
		return err
	}
	must(t, keep(bot.ID, "k1"))
	kept, err := n.Idempotency(ctx, bot.ID, "k1")
	if err != nil || kept == nil || kept.Session != s.ID || kept.Status != 201 || kept.BodyHash != "h" || kept.Seq != 2 || kept.Result == "" {
		t.Fatalf("the key was kept as %+v (%v)", kept, err)
	}
	refused(t, keep(bot.ID, "k1"), core.KeyInProgress, "a key that is taken")
	must(t, keep("bot_other", "k1"))
	var crowd sync.WaitGroup
	for i := range 32 { // one taken key and one new key of the same name, side by side
		scope := []string{bot.ID, "bot_third"}[i%2]
		crowd.Go(func() {
			if err := keep(scope, "k1"); err != nil && core.KindOf(err) != core.KeyInProgress {
				t.Error(err)
			}
		})
	}
	crowd.Wait()
	if log := n.Log(t, s.ID); len(log) != 4 {
		t.Errorf("three keys let %d notes through", len(log)-1)
	}
	_, err = n.Desk.Accept(desk.Once(ctx, core.Idempotency{Scope: bot.ID, Key: "k2"}), core.Actor{Role: core.Supervisor, ID: "x"}, s.ID)
	refused(t, err, core.Conflict, "accepting what is not offered")
	if kept, err := n.Idempotency(ctx, bot.ID, "k2"); err != nil || kept != nil {
		t.Errorf("a refusal kept its key: %+v (%v)", kept, err)
	}
}
