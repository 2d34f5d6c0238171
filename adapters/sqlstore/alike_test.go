package sqlstore

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"baton/adapters/sqlstore/sqltest"
	"baton/core"
	"baton/core/coretest"
	"baton/core/desk"
)

// unlike are the parts of a story that differ from run to run: ids and times.
var unlike = regexp.MustCompile(`[a-z]{3}_[0-9a-hjkmnp-tv-z]{16}|\d{4}-\d\d-\d\dT[0-9:.]+Z`)

// story lets the same things happen on a store and tells all answers, refusals and the log, without ids and times.
func story(t *testing.T, dsn string) string {
	t.Helper()
	n := coretest.Start(t, database(dsn)(t), coretest.Options{})
	ann, bob, bot, ctx := n.Agent(t, "Ann", 1), n.Agent(t, "Bob", 1), coretest.Bot("shop"), t.Context()
	odd := "Zoë \\ \"q\" ' {a,b} \u2028 \U0001F469 %_ $1 ? \t\n"
	var told strings.Builder
	answer := func(what string, err error) {
		fmt.Fprintf(&told, "%s: %q %v\n", what, core.KindOf(err), err)
	}
	r, err := n.Desk.Request(ctx, bot, core.Handoff{ConversationID: odd, Subject: odd, Tags: []string{odd[:4]}, Context: []byte(`{"odd":"\u0000"}`),
		Customer: core.Customer{ExternalID: odd, Name: odd, Attributes: map[string]any{odd: odd}}, Transcript: []core.Line{{Role: core.BotRole, Text: odd, ClientID: odd[:8]}}})
	answer("request", err)
	s := r.Session
	n.Offer(t, s.ID, ann, time.Now().Add(time.Hour))
	other := n.Request(t, bot, "other")
	for _, act := range []struct {
		name string
		do   func() error
	}{
		{"accept by Bob", func() error { _, err := n.Desk.Accept(ctx, bob, s.ID); return err }},
		{"accept", func() error { _, err := n.Desk.Accept(ctx, ann, s.ID); return err }},
		{"message", func() error {
			_, err := n.Desk.Post(ctx, ann, s.ID, desk.Message{ClientID: odd[:8], Text: odd})
			return err
		}},
		{"NUL", func() error {
			_, err := n.Desk.Post(ctx, ann, s.ID, desk.Message{ClientID: "n", Text: "a\x00b"})
			return err
		}},
		{"bad UTF-8", func() error {
			_, err := n.Desk.Post(ctx, ann, s.ID, desk.Message{ClientID: "u", Text: "a\xffb"})
			return err
		}},
		{"a second chat", func() error { _, err := n.Desk.TakeOver(ctx, ann, other.ID, false); return err }},
		{"transfer", func() error { _, err := n.Desk.Transfer(ctx, ann, s.ID, bob.ID, odd); return err }},
		{"tag", func() error { return n.Desk.Tag(ctx, bob, s.ID, odd[:4]+"%_") }},
		{"read", func() error { return n.Desk.Read(ctx, ann, s.ID, 5) }},
		{"end", func() error { _, err := n.Desk.End(ctx, ann, s.ID, desk.End{Summary: odd}); return err }},
		{"no such session", func() error { _, err := n.Desk.Accept(ctx, ann, "ses_x' OR '1'='1"); return err }},
	} {
		answer(act.name, act.do())
	}
	for _, e := range n.Log(t, s.ID) {
		fmt.Fprintf(&told, "%d %d %s %s %s\n", e.Seq, e.PublicPrev, e.Type(), e.Actor.Role, e.JSON)
	}
	page, _, err := n.Sessions(ctx, core.SessionFilter{Tags: []string{odd[:4] + "%_"}})
	answer(fmt.Sprintf("%d found by tag", len(page)), err)
	return unlike.ReplaceAllString(told.String(), "*")
}

func TestInvariantI10SQLiteAndPostgreSQLAnswerAlike(t *testing.T) {
	lite, pg := story(t, fileDSN(t)), story(t, sqltest.DSN(t))
	a, b := strings.Split(lite, "\n"), strings.Split(pg, "\n")
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || a[i] != b[i] {
			t.Fatalf("line %d differs.\nSQLite:\n%s\nPostgreSQL:\n%s", i, lite, pg)
		}
	}
	if len(a) < 20 {
		t.Errorf("the story is short: %s", lite)
	}
}
