package api_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"baton/core"
	"baton/core/access"
	"baton/core/desk"
)

// ids gives the ids of a list's rows.
func (a answer) ids() string {
	var ids []string
	rows, _ := a.JSON["data"].([]any)
	for _, row := range rows {
		ids = append(ids, row.(map[string]any)["id"].(string))
	}
	return strings.Join(ids, " ")
}

// relayed is a chat of a bot for a person whom it knows by an id of its own.
func (h *house) relayed(t testing.TB, bot caller, conversation, person, queue, email string) *core.Session {
	t.Helper()
	r, err := h.Desk.Request(t.Context(), bot.Actor, core.Handoff{
		ConversationID: conversation, Queue: queue, Customer: core.Customer{ExternalID: person, Name: "Ann", Email: email},
	})
	if err != nil {
		t.Fatal(err)
	}
	return r.Session
}

func TestEarlierChatsAreThoseOfOnePersonThatTheCallerMayRead(t *testing.T) {
	h := open(t, nil)
	if _, err := h.store.MakeQueue(t.Context(), core.Desk, "far"); err != nil {
		t.Fatal(err)
	}
	bot, agent, boss := h.bot(t, "shop"), h.person(t, "Berta", core.AgentRole), h.person(t, "Boss", core.Supervisor)
	first := h.relayed(t, bot, "c1", "u1", "", "same@example.org")
	if _, err := h.Desk.End(t.Context(), boss.Actor, first.ID, desk.End{}); err != nil {
		t.Fatal(err)
	}
	distant := h.relayed(t, bot, "c2", "u1", "far", "same@example.org")
	second := h.relayed(t, bot, "c3", "u1", "", "same@example.org")
	another := h.relayed(t, bot, "c4", "u2", "", "same@example.org")
	list := func(by caller, customer string) string {
		return h.call(t, by, "GET", "/v1/sessions?customer="+customer, "").want(t, "the list", 200).ids()
	}
	for _, row := range []struct {
		by       caller
		customer string
		want     []string
	}{
		{agent, first.Customer.ID, []string{second.ID, first.ID}},
		{boss, first.Customer.ID, []string{second.ID, distant.ID, first.ID}},
		{boss, another.Customer.ID, []string{another.ID}},
		{agent, "cus_nobody", nil},
	} {
		if got := list(row.by, row.customer); got != strings.Join(row.want, " ") {
			t.Errorf("%s sees of %s the chats %s, want %v", row.by.Name, row.customer, got, row.want)
		}
	}
	onlyFar := h.relayed(t, bot, "c5", "u3", "far", "")
	h.call(t, agent, "GET", "/v1/customers/"+onlyFar.Customer.ID, "").want(t, "a customer of another queue", 404, "not_found")
	h.call(t, boss, "GET", "/v1/customers/"+onlyFar.Customer.ID, "").want(t, "for a supervisor", 200)
	stranger := h.visitor(t)
	h.call(t, boss, "GET", "/v1/customers/"+stranger.ID, "").want(t, "a visitor who never asked for anybody", 404, "not_found")
}

func TestContactThatIsChangedReachesTheOpenChatsOfThatPersonOnly(t *testing.T) {
	h := open(t, nil)
	bot, agent := h.bot(t, "shop"), h.person(t, "Berta", core.AgentRole)
	ended := h.relayed(t, bot, "c1", "u1", "", "old@example.org")
	if _, err := h.Desk.End(t.Context(), bot.Actor, ended.ID, desk.End{}); err != nil {
		t.Fatal(err)
	}
	now := h.relayed(t, bot, "c2", "u1", "", "old@example.org")
	other := h.relayed(t, bot, "c3", "u2", "", "old@example.org")
	path := "/v1/customers/" + now.Customer.ID
	is := h.call(t, agent, "PATCH", path, `{"name":" An\u200bna ","email":"New@Example.org","phone":"+49 30 123"}`).want(t, "a new contact", 200)
	if is.JSON["name"] != "Anna" || is.JSON["email"] != "new@example.org" || is.JSON["phone"] != "+49 30 123" || is.JSON["external_id"] != "u1" || is.JSON["verified"] != false {
		t.Errorf("the customer is %s", is.text)
	}
	for id, want := range map[string]string{now.ID: "Anna new@example.org", ended.ID: "Ann old@example.org", other.ID: "Ann old@example.org"} {
		c := h.call(t, agent, "GET", "/v1/sessions/"+id, "").JSON["customer"].(map[string]any)
		if got := fmt.Sprint(c["name"], " ", c["email"]); got != want {
			t.Errorf("a chat's customer is %s, want %s", got, want)
		}
	}
	events := func(by caller) int {
		return strings.Count(h.call(t, by, "GET", "/v1/sessions/"+now.ID+"/events", "").text, "session.updated")
	}
	h.call(t, agent, "PATCH", path, `{"name":"Anna"}`).want(t, "the same again", 200)
	if staff, public := events(agent), events(bot); staff != 1 || public != 0 {
		t.Errorf("staff see %d changes and the bot %d, want 1 and none", staff, public)
	}
	h.call(t, agent, "PATCH", path, `{"email":""}`).want(t, "no address", 200)
	if again := h.call(t, agent, "GET", path, "").want(t, "read again", 200); again.JSON["email"] != nil || again.JSON["phone"] != "+49 30 123" {
		t.Errorf("without an address the customer is %s", again.text)
	}
	for body, pointer := range map[string]string{
		`{"email":"nobody"}`: "/email", `{"email":"A <a@example.org>"}`: "/email", `{"name":"\u202e"}`: "/name", `{"phone":"` + strings.Repeat("1", 65) + `"}`: "/phone",
	} {
		if got := h.call(t, agent, "PATCH", path, body).want(t, body, 422, "invalid").pointer(); got != pointer {
			t.Errorf("%s is refused at %s", body, got)
		}
	}
}

// vouching is a page whose word is taken as it stands.
type vouching struct{}

func (vouching) Verify(token string, _ time.Time) (access.Claims, error) {
	return access.Claims{Issuer: "page", Subject: token, Name: "Vera", Email: token + "@example.org"}, nil
}
func (vouching) Trusts(string) bool { return true }

func TestWhatThePageVouchesForIsNotChangedHere(t *testing.T) {
	h := open(t, nil)
	h.access = access.New(h.store, quickHasher{}, vouching{}, access.Config{})
	_, vera, err := h.access.MakeVisitor(t.Context(), access.VisitorRequest{Identity: "vera"})
	if err != nil {
		t.Fatal(err)
	}
	_, guest, err := h.access.MakeVisitor(t.Context(), access.VisitorRequest{Name: "Vera", Email: "vera@example.org"})
	if err != nil {
		t.Fatal(err)
	}
	bot, agent := h.bot(t, "shop"), h.person(t, "Berta", core.AgentRole)
	chat := h.chat(t, bot, caller{Actor: core.Actor{ID: vera.ID}}, "")
	h.chat(t, bot, caller{Actor: core.Actor{ID: guest.ID}}, "")
	path := "/v1/customers/" + vera.ID
	h.call(t, agent, "PATCH", path, `{"name":"Mallory"}`).want(t, "another name", 409, "conflict")
	h.call(t, agent, "PATCH", path, `{"email":""}`).want(t, "no address", 409, "conflict")
	is := h.call(t, agent, "PATCH", path, `{"name":"Vera","phone":"1"}`).want(t, "a number beside the same name", 200)
	if is.JSON["verified"] != true || is.JSON["phone"] != "1" {
		t.Errorf("the customer is %s", is.text)
	}
	if got := h.call(t, agent, "GET", "/v1/sessions?customer="+vera.ID, "").ids(); got != chat.ID {
		t.Errorf("the verified customer has the chats %s, want her own only: a guest of the same name and address is somebody else", got)
	}
	h.call(t, agent, "PATCH", "/v1/customers/"+guest.ID, `{"name":"Somebody"}`).want(t, "a guest's name", 200)
}

func TestTagsAreCountedInTheQueuesThatTheCallerReads(t *testing.T) {
	h := open(t, nil)
	if _, err := h.store.MakeQueue(t.Context(), core.Desk, "far"); err != nil {
		t.Fatal(err)
	}
	bot, agent, viewer := h.bot(t, "shop"), h.person(t, "Berta", core.AgentRole), h.person(t, "Vic", core.Viewer)
	for i, row := range []struct {
		queue string
		tags  []string
	}{{"", []string{"vip", "refund"}}, {"", []string{"vip"}}, {"", nil}, {"far", []string{"vip", "secret project"}}} {
		s := h.relayed(t, bot, fmt.Sprint(i), fmt.Sprint("u", i), row.queue, "")
		for _, tag := range row.tags {
			if err := h.Desk.Tag(t.Context(), core.Desk, s.ID, tag); err != nil {
				t.Fatal(err)
			}
		}
	}
	for who, want := range map[*caller]string{&agent: "refund=1 vip=2", &viewer: "refund=1 secret project=1 vip=3"} {
		var said []string
		for _, row := range h.call(t, *who, "GET", "/v1/tags", "").want(t, "the tags", 200).JSON["data"].([]any) {
			said = append(said, fmt.Sprint(row.(map[string]any)["tag"], "=", row.(map[string]any)["count"]))
		}
		if got := strings.Join(said, " "); got != want {
			t.Errorf("a %s sees the tags %s, want %s", who.Role, got, want)
		}
	}
}
