package live

import (
	"testing"
	"time"

	"baton/core"
	"baton/core/access"
	"baton/core/coretest"
	"baton/core/desk"
)

// promised is how soon a demotion reaches an open socket. A busy machine gets five times as long in a test.
const promised = time.Second

// onEitherNode tells a story of somebody connected to the node where the change is made, and to another one that
// only learns of it from the store.
func onEitherNode(t *testing.T, story func(t *testing.T, h *house, addr string)) {
	t.Run("the same node", func(t *testing.T) {
		h := open(t, options{})
		story(t, h, h.addr)
	})
	t.Run("another node", func(t *testing.T) {
		h := open(t, options{})
		_, addr := h.serve(t, options{}, others{h})
		story(t, h, addr)
	})
}

// soonEnough fails the test when something took longer than five times what is promised.
func soonEnough(t *testing.T, what string, since time.Time) {
	t.Helper()
	if took := time.Since(since); took > 5*promised {
		t.Errorf("%s took %v, promised is %v", what, took, promised)
	}
}

func TestZ09WhoGetsAnotherRoleIsClosed(t *testing.T) {
	onEitherNode(t, func(t *testing.T, h *house, addr string) {
		admin := h.person(t, "Root", core.Admin)
		for name, role := range map[string]core.Role{"Max": core.AgentRole, "Eve": core.Supervisor, "Kim": core.Admin} {
			who := h.person(t, name, role)
			c := h.dialAt(t, addr, who)
			began, viewer := time.Now(), core.Viewer
			if _, err := h.access.ChangeUser(t.Context(), admin, who.ID, access.UserChange{Role: &viewer}); err != nil {
				t.Fatal(err)
			}
			c.closedWith(closeNotSigned)
			soonEnough(t, "closing the socket of a "+string(role), began)
		}
	})
}

func TestZ09WhoIsDisabledIsClosed(t *testing.T) {
	onEitherNode(t, func(t *testing.T, h *house, addr string) {
		admin, agent := h.person(t, "Root", core.Admin), h.agent(t, "Max")
		c := h.dialAt(t, addr, agent)
		began, yes := time.Now(), true
		if _, err := h.access.ChangeUser(t.Context(), admin, agent.ID, access.UserChange{Disabled: &yes}); err != nil {
			t.Fatal(err)
		}
		c.closedWith(closeNotSigned)
		soonEnough(t, "closing the socket", began)
	})
}

func TestZ09WhoIsTakenOutOfAQueueIsToldNoMoreOfIt(t *testing.T) {
	onEitherNode(t, func(t *testing.T, h *house, addr string) {
		bot, agent, reader := coretest.Bot("shop"), h.agent(t, "Max"), h.agent(t, "Eve")
		c := h.dialAt(t, addr, reader)
		c.ok("subscribe", `"feed":"desk"`)
		s := h.Active(t, bot, "c1", agent)
		c.until("the row of the chat", rowOf(s.ID, "active"))
		c.ok("subscribe", `"session":%q`, s.ID)
		c.awaitEvent(core.EventAssigned)
		began, none := time.Now(), []string{}
		if _, err := h.access.ChangeUser(t.Context(), h.boss, reader.ID, access.UserChange{Queues: &none}); err != nil {
			t.Fatal(err)
		}
		// Nothing happens in the chat: it is taken from her by itself.
		c.until("the end of the stream", func(f frame) bool { return f.text("code") == "not_found" && f.text("session") == s.ID })
		c.until("the end of the row", func(f frame) bool { return f.text("type") == "session_gone" && f.text("session") == s.ID })
		soonEnough(t, "taking the chat away", began)
		c.refused(core.NotFound, "subscribe", `"session":%q`, s.ID)
		if _, err := h.Desk.Post(t.Context(), bot, s.ID, desk.Message{ClientID: "1", Text: "not for her"}); err != nil {
			t.Fatal(err)
		}
		c.past = nil // what came before was hers
		c.nothingOf("event", s.ID)
	})
}

func TestZ09WhoComesIntoAQueueReadsItWithoutASignIn(t *testing.T) {
	onEitherNode(t, func(t *testing.T, h *house, addr string) {
		bot, agent, reader := coretest.Bot("shop"), h.agent(t, "Max"), h.agent(t, "Eve")
		s := h.Active(t, bot, "c1", agent)
		none, all := []string{}, reader.Queues
		if _, err := h.access.ChangeUser(t.Context(), h.boss, reader.ID, access.UserChange{Queues: &none}); err != nil {
			t.Fatal(err)
		}
		reader.Queues = nil
		c := h.dialAt(t, addr, reader)
		c.refused(core.NotFound, "subscribe", `"session":%q`, s.ID)
		began := time.Now()
		if _, err := h.access.ChangeUser(t.Context(), h.boss, reader.ID, access.UserChange{Queues: &all}); err != nil {
			t.Fatal(err)
		}
		coretest.Until(t, "she may read the chat", func() bool { return c.ask("subscribe", `"session":%q`, s.ID).text("type") == "ok" })
		soonEnough(t, "letting her read", began)
	})
}
