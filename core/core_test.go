package core

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestIDsSortByTimeAndNeverMeet(t *testing.T) {
	const many = 2000
	lists := make([][]string, 8)
	var race sync.WaitGroup
	for i := range lists {
		race.Go(func() {
			for range many {
				lists[i] = append(lists[i], NewID(SessionPrefix))
			}
		})
	}
	race.Wait()
	seen := map[string]bool{}
	for _, list := range lists {
		if !slices.IsSorted(list) {
			t.Error("an id sorts before an older one")
		}
		for _, id := range list {
			if seen[id] || !strings.HasPrefix(id, SessionPrefix) || len(id) != len(SessionPrefix)+16 {
				t.Fatalf("the id %s was given twice or is odd", id)
			}
			seen[id] = true
		}
	}
	if a, b := NewSecret("hk_"), NewSecret("hk_"); a == b || len(a) != 3+52 {
		t.Errorf("secrets are %s and %s", a, b)
	}
}

func TestWhatIsSaidOfACustomerLiesOverWhatWasKnown(t *testing.T) {
	known := Customer{ID: "cus_1", ExternalID: "u1", Name: "Ann", Email: "a@x.org", Attributes: map[string]any{"plan": "free", "age": 3.0}}
	now := known.With(Customer{ID: "cus_9", ExternalID: "u9", Name: "Anna", Phone: "1", Attributes: map[string]any{"plan": "gold"}})
	if now.ID != "cus_1" || now.ExternalID != "u1" || now.Name != "Anna" || now.Email != "a@x.org" || now.Phone != "1" {
		t.Errorf("the customer became %+v", now)
	}
	if now.Attributes["plan"] != "gold" || now.Attributes["age"] != 3.0 || known.Attributes["plan"] != "free" {
		t.Errorf("the attributes became %v, and were %v", now.Attributes, known.Attributes)
	}
	known.Verified = true
	if now := known.With(Customer{Name: "Mallory"}); now.Name != "Ann" {
		t.Errorf("a verified customer was renamed %s", now.Name)
	}
}

func TestErrorsHaveAKindAndKeepTheirCauseToThemselves(t *testing.T) {
	refusal := Refuse(Conflict, "%s was faster", "Bob")
	for err, want := range map[error]Kind{nil: "", io.EOF: Internal, refusal: Conflict, fmt.Errorf("accept: %w", refusal): Conflict} {
		if got := KindOf(err); got != want {
			t.Errorf("%v is %q, want %q", err, got, want)
		}
	}
	with := refusal.Because(io.EOF)
	if !errors.Is(with, io.EOF) || errors.Is(refusal, io.EOF) || with.Detail != "Bob was faster" {
		t.Errorf("with its cause the refusal is %v, without %v", with, refusal)
	}
}

// told is a session of these events.
func told(data ...Data) *Session {
	s := new(Session)
	for i, d := range data {
		s.Apply(&Event{Session: "ses_1", Seq: int64(i + 1), PublicPrev: StaffOnly, At: time.UnixMilli(int64(1000 * (i + 1))), Data: d})
	}
	return s
}

func TestInvariantI1EveryOpenStateHasAnOwnerAndADeadline(t *testing.T) {
	ann, bob, at := Ref{ID: "ann"}, Ref{ID: "bob"}, time.UnixMilli(500_000).UTC()
	asked := &Requested{Queue: Ref{ID: "que"}, Priority: Normal}
	offer := func(to Ref, from *Ref) *Offered { return &Offered{Agent: to, ExpiresAt: Time(at), From: from} }
	for _, c := range []struct {
		name            string
		s               *Session
		status          Status
		owner, offered  string
		epoch           int64
		deadline        time.Time
		decided, passed bool
	}{
		{"asked", told(asked), StatusWaiting, "", "", 1, time.UnixMilli(1000), false, false},
		{"nobody is free", told(asked, &Waiting{}), StatusWaiting, "", "", 1, time.UnixMilli(2000).Add(LookAgainAfter), true, false},
		{"offered", told(asked, offer(ann, nil)), StatusPending, "", "ann", 1, at, true, false},
		{"declined", told(asked, offer(ann, nil), &Declined{Agent: ann}), StatusWaiting, "", "", 1, time.UnixMilli(3000), false, true},
		{"missed", told(asked, offer(ann, nil), &Expired{Agent: ann}), StatusWaiting, "", "", 1, time.UnixMilli(3000), false, true},
		{"withdrawn", told(asked, offer(ann, nil), &Expired{Agent: ann, Withdrawn: "away"}), StatusWaiting, "", "", 1, time.UnixMilli(3000), false, false},
		{"accepted", told(asked, offer(ann, nil), &Accepted{Agent: ann}), StatusActive, "ann", "", 2, time.UnixMilli(3000).Add(IdleLookAfter), true, false},
		{"handed", told(asked, &Assigned{Agent: ann}, offer(bob, &ann)), StatusActive, "ann", "bob", 2, at, false, false},
		{"handed over", told(asked, &Assigned{Agent: ann}, offer(bob, &ann), &Transferred{From: &ann, To: &bob}, &Accepted{Agent: bob}), StatusActive, "bob", "", 3, time.UnixMilli(5000).Add(IdleLookAfter), false, false},
		{"gone", told(asked, &Assigned{Agent: ann}, &Waiting{Reason: "agent_gone"}), StatusWaiting, "", "", 3, time.UnixMilli(3000).Add(LookAgainAfter), true, false},
		{"moved", told(asked, offer(ann, nil), &Declined{Agent: ann}, &Transferred{Queue: &Ref{ID: "two"}}), StatusWaiting, "", "", 1, time.UnixMilli(4000), false, false},
		{"ended", told(asked, &Assigned{Agent: ann}, offer(bob, &ann), &Ended{}), StatusEnded, "", "", 2, time.Time{}, false, false},
	} {
		owner, offered := c.s.Holders()
		if c.s.Status != c.status || owner != c.owner || offered != c.offered || c.s.Epoch != c.epoch || c.s.Decided != c.decided || (len(c.s.Passes) > 0) != c.passed {
			t.Errorf("%s: it is %s of %q, offered to %q, epoch %d, decided %v, passed %v", c.name, c.s.Status, owner, offered, c.s.Epoch, c.s.Decided, c.s.Passes)
		}
		if !c.s.Deadline.Equal(c.deadline) {
			t.Errorf("%s: the deadline is %v, want %v", c.name, c.s.Deadline, c.deadline)
		}
	}
}

func TestLongTextsAreCutBetweenCharacters(t *testing.T) {
	s := told(&Requested{}, &Posted{Author: ActorRef{Role: CustomerRole}, Text: strings.Repeat("ë", 300)})
	if s.Last.Text != strings.Repeat("ë", lastTextBytes/2) {
		t.Errorf("the last text has %d bytes: %q", len(s.Last.Text), s.Last.Text)
	}
}

func TestWatermarksMoveForwardOnly(t *testing.T) {
	post := &Posted{Author: ActorRef{Role: CustomerRole}, Text: "x"}
	s := told(&Requested{}, post, post, post)
	for _, step := range []struct {
		delivered, read int64
		moved           bool
		want            Receipt
		unread          int
	}{{3, 0, true, Receipt{3, 0}, 3}, {0, 2, true, Receipt{3, 2}, 2}, {1, 1, false, Receipt{3, 2}, 2}, {99, 99, true, Receipt{4, 4}, 0}} {
		if moved := s.Receive(AgentSide, step.delivered, step.read); moved != step.moved || s.Receipts.Agent != step.want || len(s.UnreadSeqs) != step.unread {
			t.Errorf("after %+v it moved: %v, to %+v with %d unread", step, moved, s.Receipts.Agent, len(s.UnreadSeqs))
		}
	}
}
