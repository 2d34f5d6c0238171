package access_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"baton/core"
	"baton/core/access"
)

func TestA11KeysAreScopedAndABotHasTwoAtMost(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		key, made, err := h.MakeKey(t.Context(), core.Desk, "shop", []string{"handoffs"})
		bot := made.Bot
		if err != nil || !strings.HasPrefix(key, "hk_") || len(made.Prefix) != 9 || !strings.HasPrefix(key, made.Prefix) {
			t.Fatalf("the key is %q with the prefix %q (%v)", key, made.Prefix, err)
		}
		actor, err := h.Authenticate(t.Context(), key)
		if err != nil || actor.Role != core.BotRole || actor.ID != bot.ID || len(actor.Scopes) != 1 || actor.Scopes[0] != "handoffs" {
			t.Errorf("the key makes %+v (%v), want the bot shop with one scope", actor, err)
		}
		other := h.again(t)
		counts := atOnce(6, func(i int) error {
			_, _, err := []*house{h, other}[i%2].MakeKey(t.Context(), core.Desk, "shop", nil)
			return err
		})
		if counts[""] != 1 || counts[core.Conflict] != 5 {
			t.Errorf("six more keys at once ended as %v, want one", counts)
		}
		keys, err := h.Keys(t.Context(), core.Desk)
		if err != nil || len(keys) != 2 || keys[0].Bot != bot {
			t.Fatalf("the bot has the keys %v (%v), want two", keys, err)
		}
		if err := h.RevokeKey(t.Context(), core.Desk, keys[0].ID); err != nil {
			t.Fatal(err)
		}
		if _, same, err := h.MakeKey(t.Context(), core.Desk, "shop", nil); err != nil || same.Bot != bot {
			t.Errorf("after one was revoked a new key gave %v (%v), want the same bot's", same, err)
		}
		for _, role := range []core.Role{core.Supervisor, core.AgentRole, core.Viewer, core.BotRole, core.CustomerRole} {
			_, _, err := h.MakeKey(t.Context(), core.Actor{Role: role, ID: "x"}, "mine", nil)
			refused(t, err, core.Forbidden, "a key made by "+string(role))
		}
	})
}

func TestLastUseOfAKeyIsKnownToTheMinute(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		secret, made, err := h.MakeKey(t.Context(), core.Desk, "shop", nil)
		if err != nil {
			t.Fatal(err)
		}
		listed := func() access.Key {
			keys, err := h.Keys(t.Context(), core.Desk)
			if err != nil || len(keys) != 1 || keys[0].ID != made.ID || keys[0].Prefix != made.Prefix {
				t.Fatalf("the keys are %+v (%v)", keys, err)
			}
			return keys[0]
		}
		if used := listed().UsedAt; !used.IsZero() {
			t.Errorf("a key that nobody used was used at %v", used)
		}
		first := h.clock.Now().Truncate(time.Millisecond)
		h.known(t, secret, made.Bot.ID, "at first")
		if used := listed().UsedAt; !used.Equal(first) {
			t.Errorf("the key was used at %v, want %v", used, first)
		}
		h.clock.pass(59 * time.Second)
		h.known(t, secret, made.Bot.ID, "within the minute")
		if used := listed().UsedAt; !used.Equal(first) {
			t.Errorf("within the minute the last use moved to %v", used)
		}
		h.clock.pass(time.Hour)
		if _, err := h.Refresh(t.Context(), core.Actor{Credential: made.ID}); err != nil {
			t.Fatal(err)
		}
		if used := listed().UsedAt; !used.Equal(h.clock.Now().Truncate(time.Millisecond)) {
			t.Errorf("an open socket of the key was looked over at %v, and its last use is %v", h.clock.Now(), used)
		}
	})
}

func TestA11DumpOfTheDatabaseHoldsNoSecretInClear(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		code, err := h.SetUpCode(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		owner, err := h.SetUp(t.Context(), setUp(code))
		if err != nil {
			t.Fatal(err)
		}
		unused, err := h.again(t).SetUpCode(t.Context())
		if err != nil || unused != "" {
			t.Fatal(unused, err)
		}
		key, _, err := h.MakeKey(t.Context(), owner.Actor, "shop", nil)
		if err != nil {
			t.Fatal(err)
		}
		visitor, _, err := h.MakeVisitor(t.Context(), access.VisitorRequest{Name: "Vera"})
		if err != nil {
			t.Fatal(err)
		}
		ticket, _, err := h.MakeTicket(t.Context(), owner.Actor)
		if err != nil {
			t.Fatal(err)
		}
		_, err = h.SignIn(t.Context(), "typed into the wrong field", "wrong password", "192.0.2.1")
		refused(t, err, core.Unauthorized, "a password in the wrong field")
		fresh, err := h.ChangePassword(t.Context(), owner.Actor, password, "another password")
		if err != nil {
			t.Fatal(err)
		}
		invitation, _, err := h.Invite(t.Context(), fresh.Actor, access.InviteRequest{Email: "new@example.org", Role: core.AgentRole})
		if err != nil {
			t.Fatal(err)
		}
		reset, _, err := h.Reset(t.Context(), fresh.Actor, owner.Agent.ID)
		if err != nil {
			t.Fatal(err)
		}
		all := dump(t, h.dsn)
		if !strings.Contains(all, "olga@example.org") || !strings.Contains(all, "Vera") {
			t.Fatal("the dump does not hold what is no secret; the test proves nothing")
		}
		for what, secret := range map[string]string{
			"code": code, "password": password, "new password": "another password", "login": owner.Token, "new login": fresh.Token,
			"key": key, "visitor": visitor, "ticket": ticket, "password in the wrong field": "typed into",
			"invitation": invitation, "reset": reset,
		} {
			if bare := strings.TrimPrefix(secret, secret[:3]); strings.Contains(all, secret) || strings.Contains(all, bare) {
				t.Errorf("the database holds the %s in clear", what)
			}
		}
	})
}

// dump gives all that is kept: the bytes of the files of SQLite, every row of PostgreSQL.
func dump(t *testing.T, dsn string) string {
	t.Helper()
	var all strings.Builder
	if path, ok := strings.CutPrefix(dsn, "sqlite:"); ok {
		files, err := filepath.Glob(path + "*")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(data)
		}
		return all.String()
	}
	db, err := sql.Open("pg", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, table := range column(t, db, "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'") {
		for _, row := range column(t, db, fmt.Sprintf("SELECT r::text FROM %q r", table)) {
			fmt.Fprintln(&all, row)
		}
	}
	return all.String()
}

func column(t *testing.T, db *sql.DB, query string) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var one string
		if err := rows.Scan(&one); err != nil {
			t.Fatal(err)
		}
		all = append(all, one)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestTokenOfTheWrongKindOrShapeIsAStranger(t *testing.T) {
	h := open(t, "sqlite::memory:", &clock{now: time.Now()})
	key, _, err := h.MakeKey(t.Context(), core.Desk, "shop", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, token := range []string{"", "hk_", key[3:], "hs_" + key[3:], "hv_" + key[3:], "ht_" + key[3:], strings.ToUpper(key), key + "0", " " + key, key + "\x00"} {
		h.stranger(t, token, fmt.Sprintf("of the shape %.6q", token))
	}
}

func TestW02TicketWorksOnceAndForThirtySeconds(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ann := h.user(t, "ann@example.org", core.AgentRole)
		login, other := h.signIn(t, "ann@example.org"), h.again(t)
		ticket := func() string {
			text, expires, err := h.MakeTicket(t.Context(), login.Actor)
			if err != nil || !expires.Equal(h.clock.Now().Add(30*time.Second)) || !strings.HasPrefix(text, "ht_") {
				t.Fatalf("the ticket %q ends at %v (%v), want in 30 s", text, expires, err)
			}
			return text
		}
		shared := ticket()
		counts := atOnce(10, func(i int) error {
			actor, err := []*house{h, other}[i%2].RedeemTicket(t.Context(), shared)
			if err == nil && (actor.ID != ann.ID || actor.Credential != login.Actor.Credential) {
				return fmt.Errorf("the ticket made %+v", actor)
			}
			return err
		})
		if counts[""] != 1 || counts[core.Unauthorized] != 9 {
			t.Errorf("a ticket redeemed ten times at once ended as %v, want one socket", counts)
		}
		late := ticket()
		h.clock.pass(30 * time.Second)
		_, err := other.RedeemTicket(t.Context(), late)
		refused(t, err, core.Unauthorized, "a ticket after 30 s")
		revoked := ticket()
		if err := h.SignOut(t.Context(), login.Actor); err != nil {
			t.Fatal(err)
		}
		_, err = other.RedeemTicket(t.Context(), revoked)
		refused(t, err, core.Unauthorized, "a ticket of a login that has ended")
		for _, text := range []string{"", "ht_", login.Token, strings.Repeat("x", 5000)} {
			_, err = h.RedeemTicket(t.Context(), text)
			refused(t, err, core.Unauthorized, "what is no ticket")
		}
	})
}

func TestAnonymousVisitorIsANewCustomerEachTime(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		token, one, err := h.MakeVisitor(t.Context(), access.VisitorRequest{Name: "Vera", Email: "Vera@Example.org", Locale: "en-GB"})
		if err != nil || one.Verified || one.Email != "vera@example.org" || one.Locale != "en-GB" {
			t.Fatalf("the visitor is %+v (%v)", one, err)
		}
		_, two, err := h.MakeVisitor(t.Context(), access.VisitorRequest{Name: "Vera", Email: "vera@example.org"})
		if err != nil || two.ID == one.ID {
			t.Errorf("the same words of another visitor gave %s (%v), want another customer than %s", two.ID, err, one.ID)
		}
		h.known(t, token, one.ID, "the visitor's")
		h.clock.pass(7*24*time.Hour - time.Hour)
		h.known(t, token, one.ID, "within seven days")
		h.clock.pass(7 * 24 * time.Hour)
		h.stranger(t, token, "after seven idle days")
		for _, r := range []access.VisitorRequest{{Email: "x"}, {Name: strings.Repeat("n", 201)}, {Locale: "../../etc"}, {Name: "\xff"}} {
			_, _, err := h.MakeVisitor(t.Context(), r)
			refused(t, err, core.Invalid, fmt.Sprintf("the visitor %+v", r))
		}
	})
}

func TestVerifiedVisitorIsOneCustomerWhereverHeComesFrom(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		identity := vouch(t, "page", h.clock.Now(), "u1", "Ann")
		other := h.again(t)
		ids := make([]string, 8)
		counts := atOnce(len(ids), func(i int) error {
			_, c, err := []*house{h, other}[i%2].MakeVisitor(t.Context(), access.VisitorRequest{Name: "Mallory", Identity: identity})
			ids[i] = c.ID
			if err == nil && (!c.Verified || c.Name != "Ann" || c.Email != "u1@shop.example") {
				return fmt.Errorf("the customer is %+v", c)
			}
			return err
		})
		for _, id := range ids {
			if id != ids[0] {
				t.Errorf("one subject came in as %v (%v), want one customer", ids, counts)
				break
			}
		}
		token, named, err := h.MakeVisitor(t.Context(), access.VisitorRequest{Identity: vouch(t, "page", h.clock.Now(), "u1", "Ann Smith")})
		if err != nil || named.ID != ids[0] || named.Name != "Ann Smith" {
			t.Errorf("with a new name he is %+v (%v), want the same customer with that name", named, err)
		}
		_, someone, err := h.MakeVisitor(t.Context(), access.VisitorRequest{Identity: vouch(t, "page", h.clock.Now(), "u2", "Bob")})
		if err != nil || someone.ID == ids[0] {
			t.Errorf("another subject is %s (%v), want another customer", someone.ID, err)
		}
		_, _, err = h.MakeVisitor(t.Context(), access.VisitorRequest{Identity: vouch(t, "stranger", h.clock.Now(), "u1", "Ann")})
		refused(t, err, core.Unauthorized, "a page that we do not know")
		h.known(t, token, ids[0], "while its page is trusted")
		without := newAccess(h.store, h.clock)
		_, err = without.Authenticate(t.Context(), token)
		refused(t, err, core.Unauthorized, "after the page's key was taken out")
	})
}

func TestSweepTakesWhatHasExpiredAndNothingElse(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ann := h.user(t, "ann@example.org", core.AgentRole)
		old := h.signIn(t, "ann@example.org")
		if _, _, err := h.MakeTicket(t.Context(), old.Actor); err != nil {
			t.Fatal(err)
		}
		h.clock.pass(13 * time.Hour)
		fresh := h.signIn(t, "ann@example.org")
		if err := h.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if all := dump(t, h.dsn); strings.HasPrefix(h.dsn, "postgres") && strings.Contains(all, "("+old.Actor.Credential+",") {
			t.Error("the login that has expired is still there")
		}
		h.known(t, fresh.Token, ann.ID, "after a sweep")
	})
}

func TestAVerifiedCustomerOutlivesTheKeyThatSignedForHim(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		rotating := newAccess(h.store, h.clock, "page", "next")
		_, before, err := rotating.MakeVisitor(t.Context(), access.VisitorRequest{Identity: vouch(t, "page", h.clock.Now(), "u7", "Ann")})
		if err != nil {
			t.Fatal(err)
		}
		token, after, err := rotating.MakeVisitor(t.Context(), access.VisitorRequest{Identity: vouch(t, "next", h.clock.Now(), "u7", "Ann")})
		if err != nil {
			t.Fatal(err)
		}
		if after.ID != before.ID {
			t.Errorf("the same person is %s by one key and %s by the next", before.ID, after.ID)
		}
		if by, err := newAccess(h.store, h.clock, "next").Authenticate(t.Context(), token); err != nil || by.ID != before.ID {
			t.Errorf("when the first key has gone the token of the second gives %+v, %v", by, err)
		}
	})
}
