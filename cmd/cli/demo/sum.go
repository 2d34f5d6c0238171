package demo

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// sum closes the demo with what the server knows now.
func (s *stage) sum(ctx context.Context) error {
	sessions, err := s.owner.Sessions(ctx, url.Values{})
	if err != nil {
		return err
	}
	messages, waits, scores := 0, []time.Duration(nil), 0
	rated := 0
	for i := range sessions {
		n, err := s.messages(ctx, sessions[i].ID)
		if err != nil {
			return err
		}
		messages += n
		if at := sessions[i].AcceptedAt; at != nil {
			waits = append(waits, at.Sub(sessions[i].CreatedAt))
		}
		if r := sessions[i].Rating; r != nil {
			rated++
			scores += r.Score
		}
	}
	stranded, err := s.stranded(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.Out, "\n%d conversations, of which the bot finished %d alone and people took %d\n", len(s.story.numbers), len(s.story.numbers)-len(sessions), len(sessions))
	fmt.Fprintf(s.Out, "%d messages in the chats with people\n", messages)
	if len(waits) > 0 {
		slices.Sort(waits)
		fmt.Fprintf(s.Out, "median wait for a person %.1f s, the longest %.1f s\n", waits[len(waits)/2].Seconds(), waits[len(waits)-1].Seconds())
	}
	if rated > 0 {
		fmt.Fprintf(s.Out, "%d ratings, %.1f of 5 on average\n", rated, float64(scores)/float64(rated))
	}
	fmt.Fprintf(s.Out, "%s stranded\n", stranded)
	if s.Keep != "" {
		fmt.Fprintf(s.Out, "the data stays in %s\n", s.Keep)
	}
	return nil
}

// messages counts what was said in a session, without what was said before it.
func (s *stage) messages(ctx context.Context, session string) (n int, err error) {
	entries, err := s.owner.Events(ctx, session, 0)
	for i := range entries {
		data, err := entries[i].Event.Read()
		if err != nil {
			return 0, err
		}
		if entries[i].Event.Type == "message.posted" && !data.History {
			n++
		}
	}
	return n, err
}

var strandedGauge = regexp.MustCompile(`(?m)^baton_sessions_stranded (\d+)`)

// stranded is what the server's own sweep counts: open chats that nobody has and nothing will ever look at.
func (s *stage) stranded(ctx context.Context) (string, error) {
	var page []byte
	if _, err := s.owner.Insist(ctx, "GET", "/metrics", nil, &page); err != nil {
		return "", err
	}
	found := strandedGauge.FindSubmatch(page)
	if found == nil {
		return "", fmt.Errorf("the server's metrics do not count stranded chats")
	}
	return strings.TrimSpace(string(found[1])), nil
}
