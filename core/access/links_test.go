package access_test

import (
	"fmt"
	"testing"
	"time"

	"baton/core"
	"baton/core/access"
)

func (h *house) invite(t *testing.T, by core.Actor, email string, role core.Role) (code string, invite access.Invite) {
	t.Helper()
	code, invite, err := h.Invite(t.Context(), by, access.InviteRequest{Email: email, Role: role})
	if err != nil {
		t.Fatalf("invite %s: %v", email, err)
	}
	return code, invite
}

func accept(code, address string) access.AcceptRequest {
	return access.AcceptRequest{Code: code, Name: "Ann", Password: password, Address: address}
}

func TestA13InviteUsedFiftyTimesAtOnceMakesOneUser(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		code, _ := h.invite(t, core.Desk, "ann@example.org", core.AgentRole)
		other := h.again(t)
		counts := atOnce(50, func(i int) error {
			_, err := []*house{h, other}[i%2].AcceptInvite(t.Context(), accept(code, fmt.Sprintf("192.0.2.%d", i)))
			return err
		})
		if counts[""] != 1 || counts[core.Unauthorized] != 49 {
			t.Errorf("fifty who accept at once ended as %v, want one user", counts)
		}
		users, err := h.store.Agents(t.Context())
		if err != nil || len(users) != 1 || users[0].Email != "ann@example.org" {
			t.Errorf("there are the users %v (%v), want Ann alone", users, err)
		}
	})
}

func TestInviteMakesWhoWasInvitedAndSignsHimIn(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		second, err := h.store.MakeQueue(t.Context(), core.Desk, "second")
		if err != nil {
			t.Fatal(err)
		}
		code, invite, err := h.Invite(t.Context(), core.Desk, access.InviteRequest{
			Email: " Ann@Example.org", Name: "A\u200bnn", Role: core.Supervisor, Queues: []string{second.ID, second.ID},
		})
		if err != nil || invite.Email != "ann@example.org" || invite.Name != "Ann" {
			t.Fatalf("the invitation is %+v (%v)", invite, err)
		}
		link, err := h.Look(t.Context(), code, "192.0.2.1")
		if err != nil || link.Kind != access.InviteLink || link.Email != "ann@example.org" || link.Role != core.Supervisor || !link.ExpiresAt.Equal(invite.ExpiresAt) {
			t.Errorf("the link is good for %+v (%v)", link, err)
		}
		short := accept(code, "192.0.2.1")
		short.Password = "short"
		_, err = h.AcceptInvite(t.Context(), short)
		refused(t, err, core.Invalid, "a short password, which leaves the invitation good")
		nameless := accept(code, "192.0.2.1")
		nameless.Name = ""
		login, err := h.AcceptInvite(t.Context(), nameless)
		if err != nil {
			t.Fatal(err)
		}
		if u := login.Agent; u.Email != "ann@example.org" || u.Name != "Ann" || u.Role != core.Supervisor || len(u.Queues) != 1 || u.Queues[0] != second.ID {
			t.Errorf("who accepted is %+v", u)
		}
		h.known(t, login.Token, login.Agent.ID, "after accepting")
		h.signIn(t, "ann@example.org")
		_, err = h.AcceptInvite(t.Context(), accept(code, "192.0.2.1"))
		refused(t, err, core.Unauthorized, "accepting again")
		_, err = h.Look(t.Context(), code, "192.0.2.1")
		refused(t, err, core.Unauthorized, "looking at what was used")
		_, _, err = h.Invite(t.Context(), core.Desk, access.InviteRequest{Email: "ann@example.org", Role: core.AgentRole})
		refused(t, err, core.Conflict, "inviting a user")
	})
}

func TestInviteEndsWhenItIsReplacedRevokedOrOld(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		older, _ := h.invite(t, core.Desk, "ann@example.org", core.AgentRole)
		newer, _ := h.invite(t, core.Desk, "ann@example.org", core.Admin)
		revoked, taken := h.invite(t, core.Desk, "bob@example.org", core.AgentRole)
		boss := core.Actor{Role: core.Admin, ID: "agt_boss"}
		if err := h.RevokeInvite(t.Context(), boss, taken.ID); err != nil {
			t.Fatal(err)
		}
		refused(t, h.RevokeInvite(t.Context(), boss, taken.ID), core.NotFound, "taking back again")
		for what, code := range map[string]string{"a replaced one": older, "a revoked one": revoked, "none at all": "x"} {
			_, err := h.AcceptInvite(t.Context(), accept(code, ""))
			refused(t, err, core.Unauthorized, what)
		}
		open, err := h.Invites(t.Context(), boss)
		if err != nil || len(open) != 1 || open[0].Role != core.Admin {
			t.Errorf("open are %+v (%v), want Ann's newer one", open, err)
		}
		h.clock.pass(7*24*time.Hour - time.Second)
		if _, err := h.Look(t.Context(), newer, ""); err != nil {
			t.Errorf("shortly before seven days the invitation is refused: %v", err)
		}
		h.clock.pass(time.Second)
		_, err = h.AcceptInvite(t.Context(), accept(newer, ""))
		refused(t, err, core.Unauthorized, "after seven days")
		if open, err := h.Invites(t.Context(), boss); err != nil || len(open) != 0 {
			t.Errorf("after seven days %+v are open (%v)", open, err)
		}
		if err := h.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}

func TestNobodyInvitesAnybodyMorePowerfulThanHimself(t *testing.T) {
	h := open(t, "sqlite::memory:", &clock{now: time.Now()})
	for byRank, by := range core.StaffRoles {
		actor := core.Actor{Role: by, ID: "agt_by"}
		for wantRank, want := range core.StaffRoles {
			_, invite, err := h.Invite(t.Context(), actor, access.InviteRequest{Email: fmt.Sprintf("%s.%s@example.org", by, want), Role: want})
			may := byRank <= 1 && wantRank >= byRank || by == core.Supervisor && want == core.AgentRole
			if may != (err == nil) {
				t.Errorf("%s inviting an %s gave %v", by, want, err)
			}
			_, other := h.invite(t, core.Desk, fmt.Sprintf("x.%s.%s@example.org", by, want), want)
			if err := h.RevokeInvite(t.Context(), actor, other.ID); may != (err == nil) {
				t.Errorf("%s taking back the invitation of an %s gave %v", by, want, err)
			}
			if may {
				refused(t, h.RevokeInvite(t.Context(), core.Actor{Role: core.AgentRole}, invite.ID), core.Forbidden, "an agent who takes it back")
			}
		}
	}
	_, _, err := h.Invite(t.Context(), core.Desk, access.InviteRequest{Email: "x@example.org", Role: core.BotRole})
	refused(t, err, core.Invalid, "inviting a bot")
}

func TestLinksEndWithTheRoleOfWhoeverMadeThem(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.user(t, "owner@example.org", core.Owner)
		admin, ann := h.user(t, "admin@example.org", core.Admin), h.user(t, "ann@example.org", core.AgentRole)
		by := access.ActorOf(admin, "log_x")
		mine, _ := h.invite(t, by, "me.again@example.org", core.Admin)
		reset, _, err := h.Reset(t.Context(), by, ann.ID)
		if err != nil {
			t.Fatal(err)
		}
		yes := true
		if _, err := h.ChangeUser(t.Context(), core.Desk, admin.ID, access.UserChange{Disabled: &yes}); err != nil {
			t.Fatal(err)
		}
		_, err = h.AcceptInvite(t.Context(), accept(mine, ""))
		refused(t, err, core.Unauthorized, "an invitation by somebody who was thrown out")
		_, err = h.UseReset(t.Context(), reset, password, "")
		refused(t, err, core.Unauthorized, "a reset by somebody who was thrown out")
	})
}

func TestA08ResetLinkWorksOnceForThirtyMinutesAndEndsAllLogins(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ann := h.user(t, "ann@example.org", core.AgentRole)
		other := h.again(t)
		one, two := h.signIn(t, "ann@example.org"), h.signIn(t, "ann@example.org")
		older, _, err := h.Reset(t.Context(), core.Desk, ann.ID)
		if err != nil {
			t.Fatal(err)
		}
		code, expires, err := h.Reset(t.Context(), core.Desk, ann.ID)
		if err != nil || !expires.Equal(h.clock.Now().Add(30*time.Minute)) {
			t.Fatalf("a link until %v (%v), want thirty minutes", expires, err)
		}
		_, err = h.UseReset(t.Context(), older, "a new password", "")
		refused(t, err, core.Unauthorized, "the older of two links")
		_, err = h.UseReset(t.Context(), code, "short", "")
		refused(t, err, core.Invalid, "a short password, which leaves the link good")
		if link, err := h.Look(t.Context(), code, ""); err != nil || link.Kind != access.ResetLink || link.Email != "ann@example.org" {
			t.Errorf("the link is good for %+v (%v)", link, err)
		}
		h.known(t, one.Token, ann.ID, "before the link is used")
		var made access.Login
		counts := atOnce(50, func(i int) error {
			login, err := []*house{h, other}[i%2].UseReset(t.Context(), code, "a new password", fmt.Sprintf("192.0.2.%d", i))
			if err == nil {
				made = login
			}
			return err
		})
		if counts[""] != 1 || counts[core.Unauthorized] != 49 {
			t.Fatalf("fifty uses at once ended as %v, want one", counts)
		}
		h.known(t, made.Token, ann.ID, "after the link was used")
		h.clock.pass(time.Second) // the node that did not use the link may still have an answer
		h.stranger(t, one.Token, "after the link was used")
		h.stranger(t, two.Token, "after the link was used")
		_, err = h.SignIn(t.Context(), "ann@example.org", password, "")
		refused(t, err, core.Unauthorized, "the old password")
		h.clock.pass(time.Second)
		if _, err := h.SignIn(t.Context(), "ann@example.org", "a new password", ""); err != nil {
			t.Errorf("the new password is refused: %v", err)
		}

		late, _, err := h.Reset(t.Context(), core.Desk, ann.ID)
		if err != nil {
			t.Fatal(err)
		}
		h.clock.pass(30 * time.Minute)
		_, err = h.UseReset(t.Context(), late, "a third password", "")
		refused(t, err, core.Unauthorized, "after thirty minutes")
	})
}

func TestA08ResetLinkEndsWithWhatItsUserWas(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.user(t, "owner@example.org", core.Owner)
		ann, bob := h.user(t, "ann@example.org", core.AgentRole), h.user(t, "bob@example.org", core.AgentRole)
		admin := access.ActorOf(h.user(t, "admin@example.org", core.Admin), "log_x")
		links := map[string]string{}
		for _, u := range []*core.Agent{ann, bob} {
			code, _, err := h.Reset(t.Context(), admin, u.ID)
			if err != nil {
				t.Fatal(err)
			}
			links[u.ID] = code
		}
		login := h.signIn(t, "ann@example.org")
		if _, err := h.ChangePassword(t.Context(), login.Actor, password, "found it again"); err != nil {
			t.Fatal(err)
		}
		owner := core.Owner
		if _, err := h.ChangeUser(t.Context(), core.Desk, bob.ID, access.UserChange{Role: &owner}); err != nil {
			t.Fatal(err)
		}
		for id, code := range links {
			_, err := h.UseReset(t.Context(), code, "a new password", "")
			refused(t, err, core.Unauthorized, "the link of "+id+", who changed since")
		}
		_, _, err := h.Reset(t.Context(), admin, bob.ID)
		refused(t, err, core.Forbidden, "an admin's link for an owner")
		_, _, err = h.Reset(t.Context(), core.Actor{Role: core.Supervisor, ID: "x"}, ann.ID)
		refused(t, err, core.Forbidden, "a supervisor's link")
		yes := true
		if _, err := h.ChangeUser(t.Context(), core.Desk, ann.ID, access.UserChange{Disabled: &yes}); err != nil {
			t.Fatal(err)
		}
		_, _, err = h.Reset(t.Context(), admin, ann.ID)
		refused(t, err, core.Conflict, "a link for somebody who is disabled")
		_, _, err = h.Reset(t.Context(), admin, "agt_nobody")
		refused(t, err, core.NotFound, "a link for nobody")
	})
}

func TestA02WrongCodesCountLikeWrongPasswords(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		code, _ := h.invite(t, core.Desk, "ann@example.org", core.AgentRole)
		for n, guess := range []func() error{
			func() error { _, err := h.Look(t.Context(), "x", "192.0.2.1"); return err },
			func() error { _, err := h.UseReset(t.Context(), "x", password, "192.0.2.1"); return err },
			func() error { _, err := h.AcceptInvite(t.Context(), accept("x", "192.0.2.1")); return err },
			func() error { _, err := h.SignIn(t.Context(), "a@example.org", "x", "192.0.2.1"); return err },
			func() error { _, err := h.Look(t.Context(), "x", "192.0.2.1"); return err },
		} {
			refused(t, guess(), core.Unauthorized, fmt.Sprintf("guess %d", n+1))
		}
		_, err := h.AcceptInvite(t.Context(), accept(code, "192.0.2.1"))
		refused(t, err, core.TooMany, "the right code from that address")
		if _, err := h.AcceptInvite(t.Context(), accept(code, "192.0.2.2")); err != nil {
			t.Errorf("the right code from another address gave %v", err)
		}
	})
}
