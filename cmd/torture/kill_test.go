package torture

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"baton/cmd/client"
)

// D01: what was acknowledged is there once, in order and without a hole, however often the server is killed.
func TestKilledServerKeepsEveryAcknowledgedMessage(t *testing.T) {
	kills := 20
	if proof() {
		kills = 100
	}
	onEachStore(t, func(t *testing.T, h *house) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(kills)*6*time.Second)
		defer cancel()
		s := h.serve()
		l := begin(ctx, t, h.found(ctx, s, 3), 6, 6)
		for range kills {
			l.progress(20)
			blow(ctx, 150*time.Millisecond)
			s.kill()
			s = h.again()
			l.anyone.Move(s.url)
		}
		l.agentsProgress(20)
		l.finish()
		l.check()
		s.end()
	})
}

// blow waits for a random moment of at most so long, so that a kill hits anything.
func blow(ctx context.Context, most time.Duration) {
	select {
	case <-time.After(rand.N(most)):
	case <-ctx.Done():
	}
}

// A server that is asked to end says so to its sockets, keeps all that it took, and its clients come back by
// themselves to the next one.
func TestRestartUnderLoadLosesNothing(t *testing.T) {
	onEachStore(t, func(t *testing.T, h *house) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		s := h.serve()
		l := begin(ctx, t, h.found(ctx, s, 3), 6, 6)
		for range 4 {
			l.progress(30)
			blow(ctx, 100*time.Millisecond)
			s.end()
			for i, socket := range l.sockets {
				if code := socket.Counters().LastClose; code != 1012 {
					t.Errorf("socket %d was closed with %d, not told that the server restarts (1012)", i, code)
				}
			}
			s = h.again()
			l.anyone.Move(s.url)
		}
		l.agentsProgress(20)
		l.finish()
		l.check()
		s.end()
	})
}

// An Idempotency-Key is worth as much after a restart as before.
func TestIdempotencyKeySurvivesAKill(t *testing.T) {
	onEachStore(t, func(t *testing.T, h *house) {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		s := h.serve()
		team := h.found(ctx, s, 0)
		ask := client.Handoff{ConversationID: "c1", Subject: "a parcel"}
		first, status, err := team.bot.Handoff(ctx, ask, "key-1")
		if err != nil || status != 201 {
			t.Fatalf("the first request answered %d: %v", status, err)
		}
		message, saidID := map[string]string{"client_id": "m1", "text": "hello"}, client.Sent{}
		path := "/v1/sessions/" + first.ID + "/messages"
		if _, err := team.bot.Do(ctx, "POST", path, message, &saidID, "Idempotency-Key", "key-2"); err != nil {
			t.Fatal(err)
		}
		s.kill()
		team.anyone.Move(h.again().url)
		again, status, err := team.bot.Handoff(ctx, ask, "key-1")
		if err != nil || status != 201 || again.ID != first.ID {
			t.Errorf("the repeat answered %d with %s: %v; the first was 201 with %s", status, again.ID, err, first.ID)
		}
		var saidAgain client.Sent
		if status, err := team.bot.Do(ctx, "POST", path, message, &saidAgain, "Idempotency-Key", "key-2"); err != nil || status != 201 || saidAgain != saidID {
			t.Errorf("the repeated message answered %d with %+v: %v; the first was %+v", status, saidAgain, err, saidID)
		}
		ask.Subject = "another parcel"
		_, _, err = team.bot.Handoff(ctx, ask, "key-1")
		var refused *client.Problem
		if !errors.As(err, &refused) || refused.Status != 422 || refused.Code != "idempotency_key_reused" {
			t.Errorf("the key with another body got %v", err)
		}
	})
}
