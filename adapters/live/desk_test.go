package live

import (
	"context"
	"fmt"
	"testing"
	"time"

	"baton/core"
	"baton/core/coretest"
	"baton/core/desk"
	"baton/core/hours"
)

func TestOfferReachesTheAgentAndGoes(t *testing.T) {
	h := open(t, options{dispatcher: true})
	agent := h.agent(t, "Max")
	c := h.dial(t, agent)
	c.ok("subscribe", `"feed":"desk"`)
	s := h.Request(t, coretest.Bot("shop"), "c1")
	if f := c.await("offer"); f.text("session") != s.ID || f.text("expires_at") == "" {
		t.Errorf("was told %v", f)
	}
	late := h.dial(t, agent)
	late.ok("subscribe", `"feed":"desk"`)
	if f := late.read(); f.text("type") != "offer" || f.text("session") != s.ID {
		t.Errorf("the first frame of the desk is %v, want the offer that is open", f)
	}
	c.ok("accept", `"session":%q`, s.ID)
	for _, c := range []*client{c, late} {
		if f := c.await("offer_gone"); f.text("session") != s.ID {
			t.Errorf("was told %v", f)
		}
		c.until("the row of the active chat", rowOf(s.ID, "active"))
	}
	agentRow := c.until("his own row", func(f frame) bool { return f.text("type") == "agent" })
	if row := frame(agentRow["agent"].(map[string]any)); row.text("id") == "" {
		t.Errorf("was told %v", agentRow)
	}
	c.await("queue")
}

// rowOf fits the row of a session in a state.
func rowOf(session, status string) func(frame) bool {
	return func(f frame) bool {
		row, _ := f["session"].(map[string]any)
		return f.text("type") == "session" && row["id"] == session && row["status"] == status
	}
}

func TestOfferTakenByAnotherIsGone(t *testing.T) {
	h := open(t, options{dispatcher: true})
	agent := h.agent(t, "Max")
	c := h.dial(t, agent)
	c.ok("subscribe", `"feed":"desk"`)
	s := h.Request(t, coretest.Bot("shop"), "c1")
	c.await("offer")
	if _, err := h.Desk.End(t.Context(), h.boss, s.ID, desk.End{}); err != nil {
		t.Fatal(err)
	}
	c.await("offer_gone")
}

func TestRowsAfterMereTalkAreCoalesced(t *testing.T) {
	h := open(t, options{})
	bot, agent := coretest.Bot("shop"), h.agent(t, "Max")
	s := h.Active(t, bot, "c1", agent)
	c := h.dial(t, agent)
	c.ok("subscribe", `"feed":"desk"`)
	for i := range 100 {
		if _, err := h.Desk.Post(t.Context(), bot, s.ID, desk.Message{ClientID: fmt.Sprint(i), Text: fmt.Sprint(i)}); err != nil {
			t.Fatal(err)
		}
	}
	rows := 0
	c.until("the row with the last message", func(f frame) bool {
		if f.text("type") == "session" {
			rows++
		}
		row, _ := f["session"].(map[string]any)
		last, _ := row["last"].(map[string]any)
		return last["text"] == "99"
	})
	if rows > 20 {
		t.Errorf("100 messages made %d rows", rows)
	}
}

func TestSessionThatLeavesOnesSightIsGone(t *testing.T) {
	h := open(t, options{})
	if _, err := h.store.MakeQueue(t.Context(), h.boss, "billing"); err != nil {
		t.Fatal(err)
	}
	agent, ann := h.agent(t, "Max"), h.visitor(t, "Ann")
	s := h.talk(t, ann, agent)
	c, boss := h.dial(t, agent), h.dial(t, h.boss)
	c.ok("subscribe", `"feed":"desk"`)
	boss.ok("subscribe", `"feed":"desk"`)
	c.ok("transfer", `"session":%q,"queue":"billing"`, s.ID)
	if f := c.await("session_gone"); f.text("session") != s.ID {
		t.Errorf("was told %v", f)
	}
	boss.until("the row in the other queue", rowOf(s.ID, "waiting"))
	c.nothingOf("session", s.ID)
}

func TestDeskIsForTheTeam(t *testing.T) {
	h := open(t, options{})
	h.dial(t, h.visitor(t, "Ann")).refused(core.Forbidden, "subscribe", `"feed":"desk"`)
	h.dial(t, coretest.Bot("shop")).refused(core.Forbidden, "subscribe", `"feed":"desk"`)
	h.dial(t, h.person(t, "Vera", core.Viewer)).ok("subscribe", `"feed":"desk"`)
	h.dial(t, h.boss).refused(core.Invalid, "subscribe", `"feed":"kitchen"`)
	h.dial(t, h.boss).refused(core.Invalid, "subscribe", "")
}

func TestSocketIsASignOfLife(t *testing.T) {
	h := open(t, options{})
	agent := h.agent(t, "Max")
	before, err := h.store.Agent(t.Context(), agent.ID)
	if err != nil {
		t.Fatal(err)
	}
	c := h.dial(t, agent)
	seenAgain := func(since time.Time) func() bool {
		return func() bool {
			a, err := h.store.Agent(t.Context(), agent.ID)
			return err == nil && a.SeenAt.After(since)
		}
	}
	coretest.Until(t, "the sign of life of a new socket", seenAgain(before.SeenAt))
	seen, err := h.store.Agent(t.Context(), agent.ID)
	if err != nil {
		t.Fatal(err)
	}
	coretest.Until(t, "a later millisecond", func() bool { return time.Now().UnixMilli() > seen.SeenAt.UnixMilli() })
	if err := c.ws.Close(); err != nil {
		t.Fatal(err)
	}
	coretest.Until(t, "the sign of life of the last socket", seenAgain(seen.SeenAt))
	coretest.Until(t, "nobody connected", func() bool { return h.hub.Connections() == 0 })
}

func TestStatusChangesBySocket(t *testing.T) {
	h := open(t, options{})
	agent := h.agent(t, "Max")
	c, boss := h.dial(t, agent), h.dial(t, h.boss)
	boss.ok("subscribe", `"feed":"desk"`)
	c.ok("status", `"status":"away"`)
	boss.until("the agent's row", func(f frame) bool {
		row, _ := f["agent"].(map[string]any)
		return row["id"] == agent.ID && row["status"] == "away"
	})
	c.refused(core.Invalid, "status", `"status":"asleep"`)
	c.refused(core.Invalid, "status", "")
}

func TestAgentsWorkByFrames(t *testing.T) {
	h := open(t, options{dispatcher: true})
	agent, eve, ann := h.agent(t, "Max"), h.agent(t, "Eve"), h.visitor(t, "Ann")
	c, boss, customer := h.dial(t, agent), h.dial(t, h.boss), h.dial(t, ann)
	r, err := h.Desk.Request(t.Context(), ann, core.Handoff{})
	if err != nil {
		t.Fatal(err)
	}
	id := r.Session.ID
	boss.ok("assign", `"session":%q,"agent_id":%q`, id, agent.ID)
	c.ok("note", `"session":%q,"text":"hm"`, id)
	c.ok("tag", `"session":%q,"tag":"vip"`, id)
	c.ok("untag", `"session":%q,"tag":"vip"`, id)
	c.ok("update", `"session":%q,"subject":"Parcel"`, id)
	c.refused(core.Invalid, "transfer", `"session":%q`, id)
	c.ok("transfer", `"session":%q,"agent_id":%q,"note":"yours"`, id, eve.ID)
	h.dial(t, eve).ok("decline", `"session":%q,"reason":"busy"`, id)
	boss.ok("takeover", `"session":%q`, id)
	boss.ok("end", `"session":%q,"reason":"resolved","return_to":"none"`, id)
	customer.ok("rate", `"session":%q,"score":4`, id)
	if f := boss.ok("reopen", `"session":%q`, id); f.text("session") == id || f.text("session") == "" {
		t.Errorf("the new session is said to be %v", f)
	}
	c.refused(core.Forbidden, "rate", `"session":%q,"score":4`, id)
	customer.refused(core.Forbidden, "note", `"session":%q,"text":"x"`, id)
}

func TestClosingAnswersWhatIsUnderWay(t *testing.T) {
	h := open(t, options{})
	bot := coretest.Bot("shop")
	s := h.Request(t, bot, "c1")
	c := h.dial(t, bot)
	for i := range 50 {
		c.say(`{"type":"message","id":"%d","session":%q,"client_id":"%d","text":"x"}`, i, s.ID, i)
	}
	c.await("ok")
	closed := make(chan struct{})
	go func() {
		h.hub.Close(closeRestart)
		close(closed)
	}()
	c.closedWith(closeRestart)
	<-closed
	answered := 1
	for _, f := range c.past {
		if f.text("type") == "ok" {
			answered++
		}
	}
	if kept := len(h.Log(t, s.ID)) - 1; kept != answered {
		t.Errorf("%d messages are kept and %d were acknowledged", kept, answered)
	}
	if h.hub.Room() {
		t.Error("a hub that is closing has room")
	}
	if late := h.late(t, bot); late != closeRestart {
		t.Errorf("a connection after the close was closed with %d", late)
	}
}

// late connects to a hub that is closing and gives the code that it is closed with.
func (h *house) late(t *testing.T, a core.Actor) int {
	t.Helper()
	c := h.dialRaw(t, h.addr, a)
	return c.closed().Code
}

func TestFullHubHasNoRoom(t *testing.T) {
	h := open(t, options{live: Config{Connections: 1}})
	if !h.hub.Room() {
		t.Fatal("an empty hub has no room")
	}
	h.dial(t, h.boss)
	if h.hub.Room() {
		t.Error("a full hub has room")
	}
}

func TestSilentConnectionIsPingedAndThenDropped(t *testing.T) {
	h := open(t, options{live: Config{PingAfter: time.Millisecond, DeadAfter: 1500 * time.Millisecond}})
	alive := h.dial(t, h.boss)
	pinged := make(chan struct{}, 100)
	answer := alive.ws.PingHandler()
	alive.ws.SetPingHandler(func(s string) error {
		pinged <- struct{}{}
		return answer(s)
	})
	dead := h.dial(t, h.agent(t, "Max"))
	go func() {
		for {
			if _, err := alive.tryRead(); err != nil {
				return
			}
		}
	}()
	<-pinged
	coretest.Until(t, "the end of the silent connection", func() bool { return h.hub.Connections() == 1 })
	<-pinged
	if _, err := dead.tryRead(); err == nil {
		t.Error("the silent connection still lives")
	}
}

// others is what another node wrote, as a poll of the store finds it.
type others struct{ *house }

func (o others) ChangedSince(ctx context.Context, _ int64) ([]*core.Session, int64, error) {
	list, _, err := o.store.Sessions(ctx, core.SessionFilter{Limit: 100})
	return list, 1, err
}

func (o others) QueueRevs(ctx context.Context) (map[string]int64, error) {
	return o.store.QueueRevs(ctx)
}

func (o others) AgentRevs(ctx context.Context) (map[string]int64, error) {
	return o.store.AgentRevs(ctx)
}

func (o others) Nodes(context.Context) (live []string, own string, err error) {
	return []string{"one", "two"}, "one", nil
}

func (o others) LastSeqs(ctx context.Context, sessions []string) (map[string]int64, error) {
	last := map[string]int64{}
	for _, id := range sessions {
		s, err := o.store.Session(ctx, id)
		if err != nil {
			return nil, err
		}
		last[id] = s.Seq
	}
	return last, nil
}

func TestWhatAnotherNodeWroteIsToldOnceAndInOrder(t *testing.T) {
	h := open(t, options{})
	hub, addr := h.serve(t, options{}, others{h})
	bot, agent := coretest.Bot("shop"), h.agent(t, "Max")
	s := h.Active(t, bot, "c0", agent)
	staff := h.dialAt(t, addr, agent)
	staff.ok("subscribe", `"session":%q`, s.ID)
	staff.ok("subscribe", `"feed":"desk"`)
	ch := &chain{t: t, name: "the reader at the other node"}
	ch.follow(staff, s.Seq)
	sender := h.dial(t, bot)
	for i := range 30 {
		sender.ok("message", `"session":%q,"client_id":"%d","text":"x"`, s.ID, i)
	}
	ch.follow(staff, s.Seq+30)
	// From now on both happen: what this node commits comes by Follow, and the poll finds it too.
	h.store.Follow(hub)
	for i := range 30 {
		sender.ok("message", `"session":%q,"client_id":"b%d","text":"x"`, s.ID, i)
	}
	ch.follow(staff, s.Seq+60)
	for i := 1; i < len(ch.seen); i++ {
		if seq := ch.seen[i].number("seq"); seq != int64(i+1) {
			t.Fatalf("event %d is the one with seq %d", i+1, seq)
		}
	}
	waiting := h.Request(t, bot, "c1")
	staff.until("the row of a new session", rowOf(waiting.ID, "waiting"))
}

func TestQueueThatAnotherNodeSwitchedIsToldToThoseWhoMaySeeIt(t *testing.T) {
	h := open(t, options{})
	_, addr := h.serve(t, options{}, others{h})
	agent := h.agent(t, "Max")
	far, err := h.store.MakeQueue(t.Context(), core.Desk, "far")
	if err != nil {
		t.Fatal(err)
	}
	staff := h.dialAt(t, addr, agent)
	staff.ok("subscribe", `"feed":"desk"`)
	general, err := h.store.Queue(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	closed, err := h.store.AddSchedule(t.Context(), core.Desk, hours.Schedule{Name: "Closed", TimeZone: "UTC"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.store.ChangeQueue(t.Context(), core.Desk, general.ID, core.QueueChange{Schedule: &closed.ID}); err != nil {
		t.Fatal(err)
	}
	if err := h.store.Switched(t.Context(), []string{general.ID, far.ID}); err != nil {
		t.Fatal(err)
	}
	// It is told once more, for the case that this node's clock was behind.
	for told := 0; told < 2; {
		row, _ := staff.await("queue")["queue"].(map[string]any)
		if row["id"] != general.ID {
			t.Fatalf("an agent of general was told of %v", row)
		}
		if row["rev"] == float64(general.Rev+2) {
			if told++; row["open"] != false {
				t.Errorf("the queue is told as %v, want closed", row)
			}
		}
	}
}
