package api_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"baton/core"
	"baton/core/coretest"
	"baton/core/desk"
)

func TestManySessionsAreReadInPagesWhileTheyMove(t *testing.T) {
	h := open(t, nil)
	agent, bot := h.person(t, "Berta", core.AgentRole), h.bot(t, "shop")
	const many = 1030
	sessions := make([]*core.Session, many)
	var all sync.WaitGroup
	for worker := range 10 {
		all.Go(func() {
			for i := worker; i < many; i += 10 {
				sessions[i] = h.relayed(t, bot, fmt.Sprint("c", i), fmt.Sprint("u", i), "", "")
			}
		})
	}
	all.Wait()
	seen, moved, after := map[string]bool{}, "", ""
	for page := 1; ; page++ {
		a := h.call(t, agent, "GET", "/v1/sessions?status=pending,waiting,active&limit=10000"+after, "").want(t, "a page", 200)
		ids := strings.Fields(a.ids())
		for _, id := range ids {
			if seen[id] {
				t.Errorf("%s is on two pages", id)
			}
			seen[id] = true
		}
		next, more := a.JSON["next"].(string)
		if !more {
			if page != 3 || len(ids) != many-1000-1 {
				t.Errorf("the list ends with page %d of %d rows", page, len(ids))
			}
			break
		}
		if page == 1 {
			// Somebody speaks in a chat that is still to come: it moves before the page that was read.
			moved = sessions[0].ID
			if _, err := h.Desk.Post(t.Context(), bot.Actor, moved, desk.Message{ClientID: "1", Text: "hello?"}); err != nil {
				t.Fatal(err)
			}
			coretest.Until(t, "its row is the newest", func() bool {
				return h.call(t, agent, "GET", "/v1/sessions?limit=1", "").ids() == moved
			})
		}
		after = "&after=" + next
	}
	for _, s := range sessions {
		if !seen[s.ID] && s.ID != moved {
			t.Errorf("%s is on no page", s.ID)
		}
	}
}

func TestAgentMeIsTheCaller(t *testing.T) {
	h := open(t, nil)
	bot, visitor := h.bot(t, "shop"), h.visitor(t)
	ann, bob := h.person(t, "Ann", core.AgentRole), h.person(t, "Bob", core.AgentRole)
	anns, bobs := h.held(t, bot, visitor, ann), h.held(t, bot, visitor, bob)
	ended := h.held(t, bot, visitor, ann)
	if _, err := h.Desk.End(t.Context(), ann.Actor, ended.ID, desk.End{Reason: "spam"}); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string][]string{
		"status=active&agent=me":                   {anns.ID},
		"status=active&agent=me," + bob.ID:         {anns.ID, bobs.ID},
		"status=active,ended&agent=me":             {anns.ID, ended.ID},
		"status=ended&agent=me&customer=cus_other": nil,
	} {
		got := strings.Fields(h.call(t, ann, "GET", "/v1/sessions?"+query, "").want(t, query, 200).ids())
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("%s gives %v, want %v", query, got, want)
		}
	}
}

func TestOutcomesOfTheEndDialogAreKept(t *testing.T) {
	h := open(t, nil)
	bot, visitor, ann := h.bot(t, "shop"), h.visitor(t), h.person(t, "Ann", core.AgentRole)
	for _, reason := range []string{"resolved", "unsolved", "spam"} {
		s := h.held(t, bot, visitor, ann)
		body := fmt.Sprintf(`{"reason":%q,"disposition":"refund","summary":"sent it again"}`, reason)
		end := h.call(t, ann, "POST", "/v1/sessions/"+s.ID+"/end", body).want(t, reason, 200).JSON["end"].(map[string]any)
		if end["reason"] != reason || end["disposition"] != "refund" || end["summary"] != "sent it again" || end["by"] != "agent" {
			t.Errorf("ended as %s the end is %v", reason, end)
		}
		seen := h.call(t, bot, "GET", "/v1/sessions/"+s.ID, "").want(t, "for the bot", 200)
		if strings.Contains(seen.text, "refund") || !strings.Contains(seen.text, "sent it again") {
			t.Errorf("the bot sees the end as %v", seen.JSON["end"])
		}
	}
}
