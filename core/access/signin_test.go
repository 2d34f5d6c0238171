package access_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"baton/core"
	"baton/core/access"
)

func setUp(code string) access.SetUpRequest {
	return access.SetUpRequest{Code: code, Email: "Olga@Example.org ", Name: "Olga", Password: password, TimeZone: "Europe/Berlin", Address: "192.0.2.1"}
}

func TestA01NobodyGetsInBeforeTheSetUpCodeIsUsedAndItWorksOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		for _, email := range []string{"admin", "admin@localhost", "admin@example.com", "owner@baton", ""} {
			_, err := h.SignIn(t.Context(), email, "admin", "")
			refused(t, err, core.Unauthorized, "a default login "+email)
		}
		earlier, err := h.SetUpCode(t.Context())
		if err != nil || earlier == "" {
			t.Fatalf("without users the code is %q (%v)", earlier, err)
		}
		code, err := h.SetUpCode(t.Context())
		if err != nil || code == earlier {
			t.Fatalf("a second start gave the code %q (%v), want another one than %q", code, err, earlier)
		}
		_, err = h.SetUp(t.Context(), setUp(strings.Repeat("0", len(code))))
		refused(t, err, core.Unauthorized, "a wrong code")
		login, err := h.SetUp(t.Context(), setUp(code))
		if err != nil {
			t.Fatalf("set up: %v", err)
		}
		if login.Agent.Role != core.Owner || login.Agent.Email != "olga@example.org" {
			t.Errorf("set-up made %s with the role %s, want the owner olga@example.org", login.Agent.Email, login.Agent.Role)
		}
		h.known(t, login.Token, login.Agent.ID, "after set-up")
		for _, used := range []string{code, earlier} {
			_, err = h.SetUp(t.Context(), setUp(used))
			refused(t, err, core.Unauthorized, "a code after set-up")
		}
		if again, err := h.SetUpCode(t.Context()); err != nil || again != "" {
			t.Errorf("with a user the next start gave the code %q (%v), want none", again, err)
		}
	})
}

func TestA01CodesUsedAtOnceMakeOneOwner(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		one, err1 := h.SetUpCode(t.Context())
		two, err2 := h.SetUpCode(t.Context())
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		other := h.again(t)
		counts := atOnce(8, func(i int) error {
			r := setUp([]string{one, two}[i%2])
			r.Email, r.Address = fmt.Sprintf("owner%d@example.org", i), fmt.Sprintf("192.0.2.%d", i)
			_, err := []*house{h, other}[i/2%2].SetUp(t.Context(), r)
			return err
		})
		if counts[""] != 1 || counts[core.Unauthorized] != 7 {
			t.Errorf("eight set-ups at once ended as %v, want one owner and seven refusals", counts)
		}
	})
}

func TestA02GuessingIsSlowedButNeverLocked(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.user(t, "ann@example.org", core.AgentRole)
		want := time.Second
		for n := range 13 {
			address := fmt.Sprintf("198.51.100.%d", n)
			_, err := h.SignIn(t.Context(), "ann@example.org", "wrong password", address)
			refused(t, err, core.Unauthorized, fmt.Sprintf("guess %d", n+1))
			_, err = h.SignIn(t.Context(), "ann@example.org", password, "203.0.113.1")
			if wait := retryAfter(err); wait != want {
				t.Errorf("after %d guesses the account waits %v, want %v", n+1, wait, want)
			}
			h.clock.pass(want - time.Millisecond)
			_, err = h.SignIn(t.Context(), "ann@example.org", password, "203.0.113.1")
			refused(t, err, core.TooMany, "a moment before the wait is over")
			h.clock.pass(time.Millisecond)
			want = min(want*2, 15*time.Minute)
		}
		if _, err := h.SignIn(t.Context(), "ann@example.org", password, "203.0.113.1"); err != nil {
			t.Fatalf("after the wait the right password gave %v", err)
		}
		_, err := h.SignIn(t.Context(), "ann@example.org", "wrong password", "203.0.113.2")
		refused(t, err, core.Unauthorized, "a guess after a success")
		_, err = h.SignIn(t.Context(), "ann@example.org", password, "203.0.113.1")
		if wait := retryAfter(err); wait != time.Second {
			t.Errorf("after a success and one guess the account waits %v, want 1s again", wait)
		}
	})
}

func retryAfter(err error) time.Duration {
	if refusal := (*core.Error)(nil); errors.As(err, &refusal) && refusal.Kind == core.TooMany {
		return refusal.RetryAfter.Round(time.Second)
	}
	return 0
}

func TestA02OnlyFailedAttemptsCount(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.user(t, "ann@example.org", core.AgentRole)
		counts := atOnce(8, func(int) error {
			_, err := h.SignIn(t.Context(), "ann@example.org", password, "192.0.2.1")
			return err
		})
		if counts[""] != 8 {
			t.Errorf("eight good sign-ins at once ended as %v, want all of them in", counts)
		}
	})
}

func TestA02GuessesAtOnceCountLikeGuessesInARow(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.user(t, "ann@example.org", core.AgentRole)
		counts := atOnce(30, func(i int) error {
			_, err := h.SignIn(t.Context(), "ann@example.org", "wrong password", fmt.Sprintf("198.51.100.%d", i))
			return err
		})
		if counts[core.Unauthorized] != 1 || counts[core.TooMany] != 29 {
			t.Errorf("thirty guesses at once ended as %v, want one that was looked at", counts)
		}
		counts = atOnce(30, func(i int) error {
			_, err := h.SignIn(t.Context(), fmt.Sprintf("nobody%d@example.org", i), "wrong password", "192.0.2.1")
			return err
		})
		if counts[core.Unauthorized] != 5 || counts[core.TooMany] != 25 {
			t.Errorf("thirty accounts tried at once from one address ended as %v, want five that were looked at", counts)
		}
	})
}

func TestA02AddressHasFiveFailuresInFiveMinutes(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.user(t, "ann@example.org", core.AgentRole)
		for n := range 5 {
			_, err := h.SignIn(t.Context(), fmt.Sprintf("nobody%d@example.org", n), "wrong password", "192.0.2.1")
			refused(t, err, core.Unauthorized, fmt.Sprintf("failure %d", n+1))
			h.clock.pass(time.Second)
		}
		_, err := h.SignIn(t.Context(), "ann@example.org", password, "192.0.2.1")
		if wait := retryAfter(err); wait != 5*time.Minute-5*time.Second {
			t.Errorf("after five failures the address waits %v, want until five minutes after the first", wait)
		}
		_, err = h.again(t).SignIn(t.Context(), "ann@example.org", password, "192.0.2.1")
		refused(t, err, core.TooMany, "on another node, or after a restart")
		if _, err := h.SignIn(t.Context(), "ann@example.org", password, "192.0.2.2"); err != nil {
			t.Errorf("another address is refused too: %v", err)
		}
		h.clock.pass(5 * time.Minute)
		if _, err := h.SignIn(t.Context(), "ann@example.org", password, "192.0.2.1"); err != nil {
			t.Errorf("after five minutes the address is still refused: %v", err)
		}
	})
}

func TestA03SpellingAndNeighbourAddressesDoNotGetRoundALimit(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.user(t, "ann@example.org", core.AgentRole)
		_, err := h.SignIn(t.Context(), "ann@example.org", "wrong password", "")
		refused(t, err, core.Unauthorized, "a guess")
		for _, spelling := range []string{"ANN@example.org", " ann@example.org\t", "Ann@Example.Org"} {
			_, err := h.SignIn(t.Context(), spelling, password, "")
			refused(t, err, core.TooMany, "the account spelt "+spelling)
		}
		for n := range 5 {
			_, err := h.SignIn(t.Context(), fmt.Sprintf("six%d@example.org", n), "wrong password", fmt.Sprintf("2001:db8:1:2:%d::1", n))
			refused(t, err, core.Unauthorized, "an IPv6 address")
			_, err = h.SignIn(t.Context(), fmt.Sprintf("four%d@example.org", n), "wrong password", []string{"192.0.2.1", "::ffff:192.0.2.1"}[n%2])
			refused(t, err, core.Unauthorized, "an IPv4 address, at times as IPv6")
		}
		for _, address := range []string{"2001:db8:1:2:ffff::9", "2001:db8:1:2::%eth0", "192.0.2.1", "::ffff:192.0.2.1"} {
			_, err := h.SignIn(t.Context(), "new@example.org", "wrong password", address)
			refused(t, err, core.TooMany, "a neighbour at "+address)
		}
		_, err = h.SignIn(t.Context(), "new@example.org", "wrong password", "2001:db8:1:3::1")
		refused(t, err, core.Unauthorized, "another customer's network")
	})
}

func TestA04UnknownUserAndWrongPasswordAreAnsweredAlike(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.Access = newAccessAt(h.store, h.clock, 0)
		h.user(t, "owner@example.org", core.Owner)
		h.user(t, "ann@example.org", core.AgentRole)
		gone := h.user(t, "gone@example.org", core.AgentRole)
		yes := true
		if _, err := h.ChangeUser(t.Context(), core.Desk, gone.ID, access.UserChange{Disabled: &yes}); err != nil {
			t.Fatal(err)
		}
		cases := map[string][2]string{
			"wrong password": {"ann@example.org", "wrong password"}, "unknown user": {"nobody@example.org", "wrong password"},
			"disabled user": {"gone@example.org", password}, "endless password": {"ann@example.org", strings.Repeat("x", 5000)},
		}
		best, texts := map[string]time.Duration{}, map[string]bool{}
		for range 5 {
			for name, c := range cases {
				h.clock.pass(24 * time.Hour)
				begun := time.Now()
				_, err := h.SignIn(t.Context(), c[0], c[1], "192.0.2.1")
				took := time.Since(begun)
				refused(t, err, core.Unauthorized, name)
				texts[fmt.Sprint(err)] = true
				if best[name] == 0 || took < best[name] {
					best[name] = took
				}
			}
		}
		if len(texts) != 1 {
			t.Errorf("the answers differ: %v", texts)
		}
		for name, took := range best {
			if usual := best["wrong password"]; took < usual/2 || took > usual*2 {
				t.Errorf("%s is answered after %v, a wrong password after %v: the time tells them apart", name, took, usual)
			}
		}
	})
}

func TestA05PasswordsHaveTenTo1024Bytes(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		for length, ok := range map[int]bool{0: false, 9: false, 10: true, 1024: true, 1025: false} {
			secret, email := strings.Repeat("p", length), fmt.Sprintf("user%d@example.org", length)
			_, err := h.AddUser(t.Context(), core.Desk, access.UserRequest{Email: email, Name: "Ann", Role: core.AgentRole, Password: secret})
			if ok != (err == nil) {
				t.Errorf("a password of %d bytes gave %v", length, err)
			}
			if !ok {
				refused(t, err, core.Invalid, "a password of the wrong length")
				continue
			}
			if _, err := h.SignIn(t.Context(), email, secret, ""); err != nil {
				t.Errorf("signing in with %d bytes gave %v", length, err)
			}
			_, err = h.SignIn(t.Context(), email, secret+"p", "")
			refused(t, err, core.Unauthorized, "one byte more")
		}
	})
}

func TestA06EachSignInHasATokenOfItsOwn(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ann := h.user(t, "ann@example.org", core.AgentRole)
		one, two := h.signIn(t, "ann@example.org"), h.signIn(t, "ann@example.org")
		if one.Token == two.Token || one.Actor.Credential == two.Actor.Credential {
			t.Error("two sign-ins have one token or one id")
		}
		if !strings.HasPrefix(one.Token, "hs_") || len(one.Token) < 3+52 {
			t.Errorf("the token %q has not 256 bits", one.Token)
		}
		if err := h.SignOut(t.Context(), one.Actor); err != nil {
			t.Fatal(err)
		}
		h.stranger(t, one.Token, "after its logout")
		h.known(t, two.Token, ann.ID, "after the logout of the other")
	})
}

func TestA12LoginEndsAfterTwelveIdleHoursAndSevenDays(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ann := h.user(t, "ann@example.org", core.AgentRole)
		idle := h.signIn(t, "ann@example.org")
		if !idle.ExpiresAt.Equal(h.clock.Now().Add(7 * 24 * time.Hour)) {
			t.Errorf("the login says that it ends at %v, want in seven days", idle.ExpiresAt)
		}
		h.clock.pass(12*time.Hour - time.Minute)
		h.known(t, idle.Token, ann.ID, "shortly before twelve hours")
		h.clock.pass(12 * time.Hour)
		h.stranger(t, idle.Token, "after twelve idle hours")
		busy := h.signIn(t, "ann@example.org")
		for range 7 * 24 / 11 {
			h.clock.pass(11 * time.Hour)
			h.known(t, busy.Token, ann.ID, "in use")
		}
		h.clock.pass(3 * time.Hour)
		h.stranger(t, busy.Token, "seven days after it began, in use or not")
	})
}
