package argon2id

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestA05HashIsArgon2idWithTheAdvisedCost(t *testing.T) {
	h := New(Config{})
	hash, err := h.Hash(t.Context(), "correct horse")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("the hash is %s, want argon2id with 19 MiB, two passes and one lane", hash)
	}
	again, err := h.Hash(t.Context(), "correct horse")
	if err != nil || again == hash {
		t.Errorf("two hashes of one password are the same (%v): there is no salt", err)
	}
	for password, want := range map[string]bool{"correct horse": true, "correct horsf": false, "": false, "correct horse\x00": false} {
		if got, err := h.Verify(t.Context(), hash, password); err != nil || got != want {
			t.Errorf("verifying %q gave %v (%v), want %v", password, got, err, want)
		}
	}
}

func TestKnownHashOfAnotherProgramVerifies(t *testing.T) {
	// Made by the reference implementation: echo -n password | argon2 somesalt -id -t 2 -k 65536 -p 1.
	const hash = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	if ok, err := New(Config{}).Verify(t.Context(), hash, "password"); err != nil || !ok {
		t.Errorf("the reference's hash gave %v (%v), want true", ok, err)
	}
}

func TestA04EmptyHashIsFalseAndTakesAsLong(t *testing.T) {
	h := New(Config{})
	hash, err := h.Hash(t.Context(), "correct horse")
	if err != nil {
		t.Fatal(err)
	}
	quickest := func(hash string) time.Duration {
		best := time.Hour
		for range 5 {
			begun := time.Now()
			if ok, err := h.Verify(t.Context(), hash, "wrong horse"); ok || err != nil {
				t.Fatalf("verifying gave %v (%v), want false", ok, err)
			}
			best = min(best, time.Since(begun))
		}
		return best
	}
	known, unknown := quickest(hash), quickest("")
	if unknown < known/2 || unknown > known*2 {
		t.Errorf("an unknown user takes %v and a known one %v: the time tells them apart", unknown, known)
	}
	if ok, err := h.Verify(t.Context(), "", ""); ok || err != nil {
		t.Errorf("an empty hash and password gave %v (%v), want false", ok, err)
	}
}

func TestA05HashingWaitsForItsTurnAndGivesUpWithItsCaller(t *testing.T) {
	h := New(Config{})
	for range runtime.GOMAXPROCS(0) {
		h.turns <- struct{}{}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.Hash(ctx, "correct horse"); !errors.Is(err, context.Canceled) {
		t.Errorf("with all processors busy hashing gave %v, want it to wait until its caller is gone", err)
	}
}

func TestBrokenHashIsAnErrorAndNeverAPassword(t *testing.T) {
	for _, hash := range []string{
		"x", "$argon2i$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
		"$argon2id$v=19$m=4294967295,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
		"$argon2id$v=19$m=19456,t=2,p=0$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
		"$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$", "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ",
	} {
		if ok, err := New(Config{}).Verify(t.Context(), hash, "password"); ok || err == nil {
			t.Errorf("the hash %q gave %v (%v), want an error", hash, ok, err)
		}
	}
}
