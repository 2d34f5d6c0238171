package access_test

import (
	"context"
	"testing"
	"time"

	"baton/core"
	"baton/core/access"
)

// twoNodes gives two nodes on one database; the second runs and tells ear of revocations.
func twoNodes(t *testing.T, h *house) (first, second *house, told ear) {
	t.Helper()
	second, told = h.again(t), make(ear, 1000)
	second.store.Follow(told)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- second.store.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("run the second node: %v", err)
		}
	})
	<-second.store.Ready()
	return h, second, told
}

func TestA07WhateverEndsACredentialEndsItOnAllNodesWithinASecond(t *testing.T) {
	yes, supervisor := true, core.Supervisor
	ends := map[string]func(t *testing.T, h *house, who core.Actor) error{
		"logout": func(t *testing.T, h *house, who core.Actor) error { return h.SignOut(t.Context(), who) },
		"disabling": func(t *testing.T, h *house, who core.Actor) error {
			_, err := h.ChangeUser(t.Context(), core.Desk, who.ID, access.UserChange{Disabled: &yes})
			return err
		},
		"role change": func(t *testing.T, h *house, who core.Actor) error {
			_, err := h.ChangeUser(t.Context(), core.Desk, who.ID, access.UserChange{Role: &supervisor})
			return err
		},
		"password change": func(t *testing.T, h *house, who core.Actor) error {
			_, err := h.ChangePassword(t.Context(), who, password, "another password")
			return err
		},
	}
	onBoth(t, func(t *testing.T, h *house) {
		first, second, told := twoNodes(t, h)
		for what, end := range ends {
			email := what[:4] + "@example.org"
			user := first.user(t, email, core.AgentRole)
			login := first.signIn(t, email)
			first.known(t, login.Token, user.ID, "before "+what)
			second.known(t, login.Token, user.ID, "before "+what+" on the other node")
			if err := end(t, first, login.Actor); err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			first.stranger(t, login.Token, "right after "+what)
			refused(t, first.Check(t.Context(), login.Actor), core.Unauthorized, "an open socket right after "+what)
			subject := user.ID
			if what == "logout" {
				subject = login.Actor.Credential
			}
			told.hears(t, subject)
			second.stranger(t, login.Token, "after "+what+" on the other node")
			refused(t, second.Check(t.Context(), login.Actor), core.Unauthorized, "an open socket on the other node after "+what)
			_, err := second.Refresh(t.Context(), login.Actor)
			refused(t, err, core.Unauthorized, "looking the actor up again after "+what)
		}
	})
}

func TestA07SecondRoleChangeEndsTheLoginsMadeAfterTheFirst(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		first, second, told := twoNodes(t, h)
		ann := first.user(t, "ann@example.org", core.AgentRole)
		for _, role := range []core.Role{core.Supervisor, core.AgentRole, core.Viewer} {
			login := first.signIn(t, "ann@example.org")
			first.known(t, login.Token, ann.ID, "before he became "+string(role))
			second.known(t, login.Token, ann.ID, "before he became "+string(role))
			if _, err := first.ChangeUser(t.Context(), core.Desk, ann.ID, access.UserChange{Role: &role}); err != nil {
				t.Fatal(err)
			}
			refused(t, first.Check(t.Context(), login.Actor), core.Unauthorized, "an open socket after he became "+string(role))
			told.hears(t, ann.ID)
			refused(t, second.Check(t.Context(), login.Actor), core.Unauthorized, "a socket on the other node after he became "+string(role))
		}
	})
}

func TestA07RevokedKeyIsDeadOnAllNodesWithinASecond(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		first, second, told := twoNodes(t, h)
		key, made, err := first.MakeKey(t.Context(), core.Desk, "shop", nil)
		if err != nil {
			t.Fatal(err)
		}
		bot, id := made.Bot, made.ID
		first.known(t, key, bot.ID, "before")
		second.known(t, key, bot.ID, "before")
		if err := first.RevokeKey(t.Context(), core.Desk, id); err != nil {
			t.Fatal(err)
		}
		first.stranger(t, key, "right after its revocation")
		told.hears(t, id)
		second.stranger(t, key, "on the other node")
		refused(t, first.RevokeKey(t.Context(), core.Desk, id), core.NotFound, "revoking it again")
	})
}

func TestA07PasswordChangeKeepsTheOneWhoMadeItSignedIn(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ann := h.user(t, "ann@example.org", core.AgentRole)
		other, mine := h.signIn(t, "ann@example.org"), h.signIn(t, "ann@example.org")
		_, err := h.ChangePassword(t.Context(), mine.Actor, "wrong password", "another password")
		refused(t, err, core.Invalid, "a wrong old password")
		_, err = h.ChangePassword(t.Context(), mine.Actor, password, "another password")
		refused(t, err, core.TooMany, "right after a wrong old password")
		h.clock.pass(time.Second)
		fresh, err := h.ChangePassword(t.Context(), mine.Actor, password, "another password")
		if err != nil {
			t.Fatalf("change the password: %v", err)
		}
		h.stranger(t, other.Token, "another login")
		h.stranger(t, mine.Token, "the login from before")
		h.known(t, fresh.Token, ann.ID, "the new login")
		if err := h.Check(t.Context(), fresh.Actor); err != nil {
			t.Errorf("a socket of the new login is refused: %v", err)
		}
		_, err = h.SignIn(t.Context(), "ann@example.org", password, "")
		refused(t, err, core.Unauthorized, "the old password")
		_, err = h.ChangePassword(t.Context(), mine.Actor, "another password", "a third password")
		refused(t, err, core.Unauthorized, "a change by the login from before")
	})
}

func TestNewQueueReachesAnOpenSocketWithoutASignIn(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ann := h.user(t, "ann@example.org", core.AgentRole)
		login := h.signIn(t, "ann@example.org")
		billing, err := h.store.MakeQueue(t.Context(), core.Desk, "billing")
		if err != nil {
			t.Fatal(err)
		}
		queues := []string{billing.ID}
		if _, err := h.ChangeUser(t.Context(), core.Desk, ann.ID, access.UserChange{Queues: &queues}); err != nil {
			t.Fatal(err)
		}
		actor, err := h.Refresh(t.Context(), login.Actor)
		if err != nil || len(actor.Queues) != 1 || !actor.In(billing.ID) {
			t.Errorf("after the change the actor is in %v (%v), want billing alone", actor.Queues, err)
		}
		queues = []string{"que_nowhere"}
		_, err = h.ChangeUser(t.Context(), core.Desk, ann.ID, access.UserChange{Queues: &queues})
		refused(t, err, core.Invalid, "a queue that is not there")
	})
}
