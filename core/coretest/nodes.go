package coretest

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"baton/core"
	"baton/core/desk"
)

// nodesSuite is what several nodes on one database must do together.
func nodesSuite(t *testing.T, fresh func(t testing.TB) Database) {
	for _, c := range []struct {
		name string
		run  func(*testing.T, Database)
	}{
		{"TwoNodesI2AProposalOnAnOldPictureIsDecidedAgain", staleProposals},
		{"TwoNodesI5BothEndsOfOneTalk", bothEnds},
		{"TwoNodesARefusalIsGivenOnAFreshPictureOnly", staleRefusals},
		{"TwoNodesI3APlaceIsNotLeakedWhenItsSessionProvesStale", noLeakedPlace},
		{"TwoNodesI4OnlyOneOfTwoActsWins", oneOfTwoWins},
		{"TwoNodesNoMessageAfterTheEnd", nothingAfterTheEnd},
		{"TwoNodesI9ShareTheLine", sharedLine},
		{"TwoNodesWatermarksOfBothAreKept", receiptsOfBoth},
		{"TwoNodesAKeyLetsOneActThrough", keysOfBoth},
		{"TwoNodesI3AThirdStartsUnderLoad", startUnderLoad},
		{"TwoNodesCountTogether", countOnBoth},
		{"TwoNodesRoundRobinStaysRoundRobin", turnsOfBoth},
		{"TwoNodesCountEachSessionOnce", countedOnBoth},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, fresh(t)) })
	}
}

// two starts two nodes on one database.
func two(t *testing.T, db Database, o Options) (a, b *Node) {
	t.Helper()
	return Start(t, db(t), o), Start(t, db(t), o)
}

func staleProposals(t *testing.T, db Database) {
	a, b := two(t, db, Options{})
	bot := Bot("shop")
	s := a.Request(t, bot, "c1")
	for i := range 20 {
		for _, n := range []*Node{a, b, b, a} {
			text := fmt.Sprintf("x%d", len(posted(a.Log(t, s.ID))))
			if _, err := n.Desk.Post(t.Context(), bot, s.ID, desk.Message{ClientID: text, Text: text}); err != nil {
				t.Fatalf("round %d: %v", i, err)
			}
		}
	}
	checkAuthors(t, a.Log(t, s.ID), 80)
	a.checkFold(t, s.ID)
	b.checkFold(t, s.ID)
	first, err := b.Desk.Post(t.Context(), bot, s.ID, desk.Message{ClientID: "x0", Text: "x0"})
	if err != nil || first.Seq != 2 {
		t.Errorf("a message of the other node repeated here got %+v (%v)", first, err)
	}
}

func bothEnds(t *testing.T, db Database) {
	a, b := two(t, db, Options{})
	ann, bot := a.Agent(t, "Ann", 9), Bot("shop")
	const chats, each = 3, 60
	var all []*core.Session
	var talk sync.WaitGroup
	for i := range chats {
		s := a.Active(t, bot, fmt.Sprint(i), ann)
		all = append(all, s)
		talk.Go(func() {
			if err := a.posts(t.Context(), bot, s.ID, "c", each); err != nil {
				t.Errorf("the customer's end: %v", err)
			}
		})
		talk.Go(func() {
			if err := b.posts(t.Context(), ann, s.ID, "a", each); err != nil {
				t.Errorf("the agent's end: %v", err)
			}
		})
	}
	talk.Wait()
	for _, s := range all {
		checkAuthors(t, a.Log(t, s.ID), 2*each)
		a.checkFold(t, s.ID)
		b.checkFold(t, s.ID)
	}
}

func staleRefusals(t *testing.T, db Database) {
	a, b := two(t, db, Options{})
	ann, bot, ctx := a.Agent(t, "Ann", 9), Bot("shop"), t.Context()
	s := a.Request(t, bot, "c1")
	must(t, b.posts(ctx, bot, s.ID, "b", 1)) // b knows the chat as waiting
	_, err := a.Desk.TakeOver(ctx, ann, s.ID, false)
	must(t, err)
	if _, err := b.Desk.Post(ctx, ann, s.ID, desk.Message{ClientID: "1", Text: "hi"}); err != nil {
		t.Errorf("the owner was refused on an old picture: %v", err)
	}
	_, err = a.Desk.End(ctx, ann, s.ID, desk.End{})
	must(t, err)
	_, err = b.Desk.Post(ctx, ann, s.ID, desk.Message{ClientID: "2", Text: "still there?"})
	refused(t, err, core.SessionEnded, "a message on the other node after the end")
	full := a.Agent(t, "Full", 1)
	has := a.Request(t, bot, "c2")
	must(t, b.posts(ctx, bot, has.ID, "b", 1))
	_, err = a.Desk.TakeOver(ctx, full, has.ID, false)
	must(t, err)
	if _, err := b.Desk.TakeOver(ctx, full, has.ID, false); err != nil {
		t.Errorf("taking what one has already was refused on an old picture: %v", err)
	}
	a.CheckPlaces(t)
}

func noLeakedPlace(t *testing.T, db Database) {
	a, b := two(t, db, Options{})
	ann, bob, bot, ctx := a.Agent(t, "Ann", 20), a.Agent(t, "Bob", 20), Bot("shop"), t.Context()
	for i := range 10 {
		s := a.Request(t, bot, fmt.Sprint(i))
		must(t, b.posts(ctx, bot, s.ID, "b", 1))
		if i%2 == 0 {
			_, err := a.Desk.End(ctx, bot, s.ID, desk.End{})
			must(t, err)
			_, err = b.Desk.Assign(ctx, boss(), s.ID, ann.ID, false)
			refused(t, err, core.SessionEnded, "an assignment after the end")
			continue
		}
		_, err := a.Desk.Assign(ctx, boss(), s.ID, bob.ID, false)
		must(t, err)
		_, err = b.TryOffer(ctx, s.ID, ann, soon())
		refused(t, err, core.Conflict, "an offer of what is taken")
	}
	a.CheckPlaces(t)
	if load := a.agent(t, ann).Load; load != 0 {
		t.Errorf("Ann has %d places taken and no chat", load)
	}
}

func oneOfTwoWins(t *testing.T, db Database) {
	a, b := two(t, db, Options{})
	ann, bob, bot, ctx := a.Agent(t, "Ann", 20), a.Agent(t, "Bob", 20), Bot("shop"), t.Context()
	both := func(what string, first, second func() error) {
		t.Helper()
		var race sync.WaitGroup
		var errs [2]error
		race.Go(func() { errs[0] = first() })
		race.Go(func() { errs[1] = second() })
		race.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Errorf("%s: %v and %v, want one winner", what, errs[0], errs[1])
		}
	}
	for i := range 10 {
		s := a.Request(t, bot, fmt.Sprintf("claim%d", i))
		both("two agents take one chat", func() error { _, err := a.Desk.TakeOver(ctx, ann, s.ID, false); return err },
			func() error { _, err := b.Desk.TakeOver(ctx, bob, s.ID, false); return err })
		a.say(t, ann, core.Available) // missed offers set her away
		offered := a.Offer(t, a.Request(t, bot, fmt.Sprintf("offer%d", i)).ID, ann, soon())
		both("an expiry and an accept", func() error { return a.Desk.Expire(ctx, offered.ID, offered.Offer.Seq) },
			func() error { _, err := b.Desk.Accept(ctx, ann, offered.ID); return err })
		given, err := a.Desk.Transfer(ctx, boss(), a.Active(t, bot, fmt.Sprintf("give%d", i), ann).ID, bob.ID, "")
		must(t, err)
		var race sync.WaitGroup
		race.Go(func() { _, _ = b.Desk.Accept(ctx, bob, given.ID) })
		race.Go(func() {
			if _, err := a.Desk.End(ctx, ann, given.ID, desk.End{}); err != nil && core.KindOf(err) != core.Conflict {
				t.Errorf("the giver ends: %v", err)
			}
		})
		race.Wait()
		for _, id := range []string{s.ID, offered.ID, given.ID} {
			a.checkFold(t, id)
			b.checkFold(t, id)
			_, err := b.Desk.End(ctx, boss(), id, desk.End{})
			if core.KindOf(err) != core.SessionEnded {
				must(t, err)
			}
		}
		a.CheckPlaces(t)
	}
}

func nothingAfterTheEnd(t *testing.T, db Database) {
	a, b := two(t, db, Options{})
	ann, bot, ctx := a.Agent(t, "Ann", 20), Bot("shop"), t.Context()
	for i := range 10 {
		s := a.Active(t, bot, fmt.Sprint(i), ann)
		acknowledged := 0
		var race sync.WaitGroup
		race.Go(func() {
			for k := range 50 {
				text := fmt.Sprintf("m%d", k)
				if _, err := b.insist(ctx, ann, s.ID, desk.Message{ClientID: text, Text: text}); err != nil {
					refused(t, err, core.SessionEnded, "a message")
					return
				}
				acknowledged++
			}
		})
		Until(t, "some messages are there", func() bool { return len(a.Log(t, s.ID)) > 4 })
		_, err := a.Desk.End(ctx, boss(), s.ID, desk.End{})
		must(t, err)
		race.Wait()
		log := a.Log(t, s.ID)
		checkAuthors(t, log, acknowledged)
		if last := log[len(log)-1].Type(); last != core.EventEnded {
			t.Errorf("after the end there is %s", last)
		}
	}
}

// sharedLine: two dispatchers and keepers on one database offer each chat once, within the places.
func sharedLine(t *testing.T, db Database) {
	a, b := two(t, db, Options{Dispatcher: true, Keeper: true})
	people := []core.Actor{a.Agent(t, "Ann", 3), b.Agent(t, "Bob", 3)}
	bot, ctx := Bot("shop"), t.Context()
	var served sync.WaitGroup
	for i := range 24 {
		n := []*Node{a, b}[i%2]
		served.Go(func() {
			s := n.Request(t, bot, fmt.Sprint(i))
			Until(t, "the chat is served", func() bool {
				now := n.Get(t, s.ID)
				if now.Offer == nil {
					return false
				}
				who := people[slices.IndexFunc(people, func(p core.Actor) bool { return p.ID == now.Offer.Agent.ID })]
				_, err := n.Desk.Accept(ctx, who, s.ID)
				return err == nil
			})
			_, err := n.Desk.End(ctx, boss(), s.ID, desk.End{})
			must(t, err)
			n.checkFold(t, s.ID)
		})
	}
	served.Wait()
	a.CheckPlaces(t)
	b.checkNobodyStranded(t)
}

// receiptsOfBoth: the agent reads here, the customer writes and reads there; nobody takes the other's marks back.
func receiptsOfBoth(t *testing.T, db Database) {
	a, b := two(t, db, Options{})
	ann, bot, ctx := a.Agent(t, "Ann", 9), Bot("shop"), t.Context()
	s := a.Active(t, bot, "c1", ann)
	must(t, a.posts(ctx, bot, s.ID, "c", 4)) // events 3 to 6
	must(t, b.Desk.Read(ctx, ann, s.ID, 6))
	must(t, a.posts(ctx, bot, s.ID, "d", 2)) // 7 and 8: a is ahead of b's picture
	must(t, a.Desk.Read(ctx, bot, s.ID, 5))
	want := core.Receipts{Customer: core.Receipt{Delivered: 5, Read: 5}, Agent: core.Receipt{Delivered: 6, Read: 6}}
	c := Start(t, db(t), Options{})
	check := func(when string) {
		t.Helper()
		Until(t, when+" both sides' marks are kept", func() bool {
			got := c.Get(t, s.ID)
			rows, _, err := c.Sessions(ctx, core.SessionFilter{})
			return err == nil && got.Receipts == want && len(got.UnreadSeqs) == 2 && len(rows) == 1 && len(rows[0].UnreadSeqs) == 2
		})
	}
	check("after a while")
	must(t, a.Desk.Tag(ctx, boss(), s.ID, "vip")) // a writes the row whole without having heard of b's mark
	check("after a row was written whole")
}

func keysOfBoth(t *testing.T, db Database) {
	a, b := two(t, db, Options{})
	bot := Bot("shop")
	s := a.Request(t, bot, "c1")
	for i := range 10 {
		once := desk.Once(t.Context(), core.Idempotency{Scope: bot.ID, Key: fmt.Sprint(i)})
		var mu sync.Mutex // guards kept
		kept := 0
		var race sync.WaitGroup
		for k := range 4 {
			n := []*Node{a, b}[k%2]
			race.Go(func() {
				_, _, err := n.Desk.Note(once, bot, s.ID, "once")
				if err != nil && core.KindOf(err) != core.KeyInProgress {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					kept++
				}
			})
		}
		race.Wait()
		if kept != 1 {
			t.Errorf("one key let %d acts through", kept)
		}
	}
	if log := a.Log(t, s.ID); len(log) != 11 {
		t.Errorf("ten keys let %d notes through", len(log)-1)
	}
}

// startUnderLoad: a node that starts while others move places about does not miscount them.
func startUnderLoad(t *testing.T, db Database) {
	a := Start(t, db(t), Options{})
	bot, ctx := Bot("shop"), t.Context()
	people := []core.Actor{a.Agent(t, "Ann", 50), a.Agent(t, "Bob", 50), a.Agent(t, "Cid", 50)}
	var all []*core.Session
	for i := range 12 {
		all = append(all, a.Request(t, bot, fmt.Sprint(i)))
	}
	done := make(chan struct{})
	var load sync.WaitGroup
	for i, s := range all {
		load.Go(func() {
			for k := i; ; k++ {
				select {
				case <-done:
					return
				default:
				}
				if _, err := a.Desk.Assign(ctx, boss(), s.ID, people[k%3].ID, true); err != nil && core.KindOf(err) != core.Busy {
					t.Error(err)
				}
			}
		})
	}
	for range 5 {
		began := time.Now()
		Start(t, db(t), Options{}).Stop(t)
		t.Logf("a node came and went in %v", time.Since(began))
	}
	close(done)
	load.Wait()
	a.CheckPlaces(t)
}
