package api_test

import (
	"encoding/csv"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"baton/core"
	"baton/core/coretest"
	"baton/core/stats"
)

// counting is a house to which ten days were told.
type counting struct {
	*house
	boss caller
}

const tenDays = "?from=2026-10-20&to=2026-10-29"

func tellTenDays(t *testing.T) *counting {
	h, tales := open(t, nil), coretest.TenDays()
	h.rollup.At(func() time.Time { return tales.Now })
	zone := tales.Zone.String()
	if _, err := h.store.ChangeAccount(t.Context(), core.Desk, core.AccountChange{TimeZone: &zone}); err != nil {
		t.Fatal(err)
	}
	tales.Tell(t, h.Node)
	tales.TellTheRest(t, h.Node)
	return &counting{h, h.person(t, "Boss", core.Supervisor)}
}

func (c *counting) get(t *testing.T, path string) answer {
	t.Helper()
	return c.call(t, c.boss, "GET", path, "").want(t, path, 200)
}

// listed counts the sessions that a link leads to.
func (c *counting) listed(t *testing.T, link string) (n int) {
	t.Helper()
	after := ""
	for {
		a := c.get(t, link+"&limit=500"+after)
		n += len(a.JSON["data"].([]any))
		next, more := a.JSON["next"].(string)
		if !more {
			return n
		}
		after = "&after=" + next
	}
}

// linked finds every number of an answer that names a call, and gives both.
func linked(at string, part any, each func(at string, n float64, link string)) {
	switch part := part.(type) {
	case []any:
		for i, one := range part {
			linked(fmt.Sprintf("%s/%d", at, i), one, each)
		}
	case map[string]any:
		if link, is := part["link"].(string); is {
			if n, is := part["n"].(float64); is {
				each(at, n, link)
			} else if n, is := part["sessions"].(float64); is {
				each(at, n, link)
			}
		}
		for name, one := range part {
			linked(at+"/"+name, one, each)
		}
	}
}

func TestEveryFigureOpensTheSessionsBehindIt(t *testing.T) {
	c := tellTenDays(t)
	seen := 0
	check := func(at string, n float64, link string) {
		seen++
		if got := c.listed(t, link); got != int(n) {
			t.Errorf("%s is %v, and %s lists %d", at, n, link, got)
		}
	}
	paths := []string{"summary" + tenDays, "daily" + tenDays, "agents" + tenDays, "queues" + tenDays, "ratings" + tenDays}
	for _, by := range stats.Breakdowns() {
		paths = append(paths, "breakdown"+tenDays+"&by="+by)
	}
	for _, path := range paths {
		linked(path, c.get(t, "/v1/analytics/"+path).JSON, check)
	}
	heat := c.get(t, "/v1/analytics/heatmap"+tenDays).JSON
	for weekday, hours := range heat["hours"].([]any) {
		for hour, n := range hours.([]any) {
			if n.(float64) > 0 {
				check(fmt.Sprint("heatmap ", weekday, hour), n.(float64), fmt.Sprintf("%s&weekday=%d&hour=%d", heat["link"], weekday, hour))
			}
		}
	}
	for _, line := range c.get(t, "/v1/analytics/agents"+tenDays).JSON["data"].([]any) {
		line := line.(map[string]any)
		agent, link := line["agent"].(map[string]any)["id"].(string), line["chats"].(map[string]any)["link"].(string)
		for filter, offers := range map[string]float64{"was_offered": line["offered"].(float64), "passed_by": line["missed"].(float64) + line["declined"].(float64)} {
			// A chat may be offered to somebody more than once.
			listed := c.listed(t, strings.Replace(link, "handled_by="+agent, filter+"="+agent, 1))
			if float64(listed) > offers || listed == 0 && offers > 0 {
				t.Errorf("%s has %v offers by %s, which lists %d chats", agent, offers, filter, listed)
			}
		}
	}
	if seen < 200 {
		t.Errorf("only %d figures were opened", seen)
	}
}

// table reads a CSV by the names of its columns.
func (c *counting) table(t *testing.T, path string) []map[string]string {
	t.Helper()
	a := c.get(t, path)
	if got := a.header.Get("Content-Type"); got != "text/csv; charset=utf-8" {
		t.Errorf("%s has the type %s", path, got)
	}
	lines, err := csv.NewReader(strings.NewReader(a.text)).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	var rows []map[string]string
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, cell := range line {
			row[lines[0][i]] = cell
		}
		rows = append(rows, row)
	}
	return rows
}

// recompute makes the columns of totals from the lines of sessions.
func recompute(sessions []map[string]string) map[string]string {
	out := map[string]string{}
	count := func(is func(map[string]string) bool) string {
		n := 0
		for _, s := range sessions {
			if is(s) {
				n++
			}
		}
		return strconv.Itoa(n)
	}
	marked := func(mark string) func(map[string]string) bool {
		return func(s map[string]string) bool {
			return s["status"] == "ended" && slices.Contains(strings.Split(s["marks"], "|"), mark)
		}
	}
	out["sessions"] = strconv.Itoa(len(sessions))
	out["active"] = count(func(s map[string]string) bool { return s["status"] != "ended" })
	out["ended"] = count(func(s map[string]string) bool { return s["status"] == "ended" })
	for _, mark := range []string{"answered", "abandoned", "after_hours"} {
		out[mark] = count(marked(mark))
	}
	var stars float64
	for n := 1; n <= 5; n++ {
		column := fmt.Sprint("stars_", n)
		out[column] = count(func(s map[string]string) bool { return s["status"] == "ended" && s["rating"] == strconv.Itoa(n) })
		with, _ := strconv.ParseFloat(out[column], 64)
		stars += with * float64(n)
	}
	out["ratings"] = count(marked("rated"))
	if n, _ := strconv.ParseFloat(out["ratings"], 64); n > 0 {
		out["rating_mean"] = text(math.Round(stars/n*1000) / 1000)
	}
	for _, name := range []string{"wait", "first_response", "duration", "handle"} {
		var values []float64
		for _, s := range sessions {
			if value, err := strconv.ParseFloat(s[name], 64); err == nil && s["status"] == "ended" {
				values = append(values, value)
			}
		}
		slices.Sort(values)
		var sum float64
		for _, value := range values {
			sum += value
		}
		out[name+"_n"], out[name+"_sum"] = strconv.Itoa(len(values)), text(math.Round(sum*1000)/1000)
		if n := len(values); n > 0 {
			out[name+"_mean"] = text(math.Round(math.Round(sum*1000)/float64(n)) / 1000)
			out[name+"_p90"] = text(values[int(0.9*float64(n-1))])
		}
	}
	return out
}

func text(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

func compareRow(t *testing.T, what string, row, want map[string]string, without ...string) {
	t.Helper()
	for column, value := range want {
		if slices.ContainsFunc(without, func(part string) bool { return strings.Contains(column, part) }) {
			continue
		}
		if got, there := row[column]; got != value || !there {
			t.Errorf("%s: %s is %q, of the sessions it is %q", what, column, got, value)
		}
	}
}

func where(rows []map[string]string, is func(map[string]string) bool) []map[string]string {
	return slices.DeleteFunc(slices.Clone(rows), func(r map[string]string) bool { return !is(r) })
}

func TestTablesComputeAgainToTheFigures(t *testing.T) {
	c := tellTenDays(t)
	sessions := c.table(t, "/v1/analytics/sessions.csv"+tenDays)
	summary := c.table(t, "/v1/analytics/summary.csv"+tenDays)
	if len(sessions) < 100 || len(summary) != 1 {
		t.Fatalf("there are %d sessions and %d summaries", len(sessions), len(summary))
	}
	compareRow(t, "the summary", summary[0], recompute(sessions))
	for _, row := range c.table(t, "/v1/analytics/daily.csv"+tenDays) {
		compareRow(t, row["day"], row, recompute(where(sessions, func(s map[string]string) bool { return s["day"] == row["day"] })))
	}
	for _, row := range c.table(t, "/v1/analytics/queues.csv"+tenDays) {
		compareRow(t, row["queue_id"], row, recompute(where(sessions, func(s map[string]string) bool { return s["queue_id"] == row["queue_id"] })))
	}
	for _, row := range c.table(t, "/v1/analytics/heatmap.csv"+tenDays) {
		here := where(sessions, func(s map[string]string) bool { return s["weekday"] == row["weekday"] && s["hour"] == row["hour"] })
		compareRow(t, row["weekday"]+" "+row["hour"], row, map[string]string{"sessions": strconv.Itoa(len(here))})
	}
	for by, column := range map[string]string{"priority": "priority", "channel": "channel", "tag": "tags", "bot": "bot_id", "reason": "reason", "outcome": "outcome", "queue": "queue_id"} {
		for _, row := range c.table(t, "/v1/analytics/breakdown.csv"+tenDays+"&by="+by) {
			key := strings.ReplaceAll(row[by], stats.None, "")
			here := where(sessions, func(s map[string]string) bool {
				return slices.Contains(strings.Split(s[column], "|"), key) && (by != "outcome" || s["status"] == "ended")
			})
			compareRow(t, by+" "+row[by], row, recompute(here), "p90")
		}
	}
	for _, row := range c.table(t, "/v1/analytics/agents.csv"+tenDays) {
		his := where(sessions, func(s map[string]string) bool {
			return s["status"] == "ended" && slices.ContainsFunc(strings.Split(s["agents"], "|"), func(a string) bool {
				return strings.HasPrefix(a, row["agent_id"]+" 2026")
			})
		})
		compareRow(t, row["agent_id"], row, map[string]string{"chats": strconv.Itoa(len(his))})
	}
}

func TestQuestionsThatCannotBeAnsweredAreRefusedWhereTheyAreWrong(t *testing.T) {
	c := tellTenDays(t)
	for query, pointer := range map[string]string{
		"?from=20.10.2026": "from", "?to=2026-02-30": "to", "?from=2026-10-25&to=2026-10-24": "from", "?from=2025-01-01&to=2026-10-29": "from",
		"?from=2027-01-01&to=2027-01-02": "from", "?queue=nowhere": "queue", "?agent=x": "agent",
	} {
		for _, name := range []string{"summary", "daily", "agents", "queues", "ratings", "heatmap"} {
			for _, ending := range []string{"", ".csv"} {
				a := c.call(t, c.boss, "GET", "/v1/analytics/"+name+ending+query, "").want(t, name+ending+query, 422, "invalid")
				if a.pointer() != pointer {
					t.Errorf("%s%s%s points at %s, want %s", name, ending, query, a.pointer(), pointer)
				}
			}
		}
		c.call(t, c.boss, "GET", "/v1/analytics/sessions.csv"+query, "").want(t, "sessions.csv"+query, 422, "invalid")
	}
	for _, query := range []string{"", "?by=weather"} {
		c.call(t, c.boss, "GET", "/v1/analytics/breakdown"+query, "").want(t, query, 422, "invalid")
		c.call(t, c.boss, "GET", "/v1/analytics/breakdown.csv"+query, "").want(t, query, 422, "invalid")
	}
	c.call(t, c.boss, "GET", "/v1/sessions?weekday=1", "").want(t, "a weekday of all times", 422, "invalid")
	c.call(t, c.boss, "GET", "/v1/sessions?is=odd", "").want(t, "an odd mark", 422, "invalid")
}

func TestNamesInTablesAreNoFormulas(t *testing.T) {
	h := open(t, nil)
	boss, bot, visitor := h.person(t, "Boss", core.Supervisor), h.bot(t, "shop"), h.visitor(t)
	s := h.held(t, bot, visitor, boss)
	for _, tag := range []string{"=1+1", "@x", "-x", "+x"} {
		if err := h.Desk.Tag(t.Context(), boss.Actor, s.ID, tag); err != nil {
			t.Fatal(err)
		}
	}
	h.call(t, boss, "POST", "/v1/sessions/"+s.ID+"/end", `{}`).want(t, "end", 200)
	for _, path := range []string{"breakdown.csv?by=tag", "sessions.csv"} {
		a := h.call(t, boss, "GET", "/v1/analytics/"+path, "").want(t, path, 200)
		lines, err := csv.NewReader(strings.NewReader(a.text)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, cell := range slices.Concat(lines...) {
			if cell != "" && strings.ContainsRune("=+-@", rune(cell[0])) {
				t.Errorf("%s has the cell %q", path, cell)
			}
		}
		if !strings.Contains(a.text, "=1+1") {
			t.Errorf("%s lacks the tag: %s", path, a.text)
		}
		if got := a.header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment; filename=") {
			t.Errorf("%s is not to be saved: %q", path, got)
		}
	}
}

func TestChatsAreCountedAsTheyHappen(t *testing.T) {
	h := open(t, nil)
	boss, bot, visitor := h.person(t, "Boss", core.Supervisor), h.bot(t, "shop"), h.visitor(t)
	figure := func(path string) float64 {
		t.Helper()
		part := any(h.call(t, boss, "GET", "/v1/analytics/summary", "").want(t, "summary", 200).JSON)
		for name := range strings.SplitSeq(path, ".") {
			part = part.(map[string]any)[name]
		}
		return part.(float64)
	}
	expect := func(when string, want map[string]float64) {
		t.Helper()
		for path, n := range want {
			if got := figure(path); got != n {
				t.Errorf("%s %s is %v, want %v", when, path, got, n)
			}
		}
	}
	s := h.held(t, bot, visitor, boss)
	h.call(t, boss, "POST", "/v1/sessions/"+s.ID+"/messages", `{"client_id":"1","text":"hi"}`).want(t, "say", 201)
	expect("while it is open", map[string]float64{"sessions.n": 1, "active.n": 1, "ended.n": 0, "messages.agent": 1, "chat_messages.agent": 0})
	h.call(t, boss, "POST", "/v1/sessions/"+s.ID+"/end", `{}`).want(t, "end", 200)
	expect("when it has ended", map[string]float64{"sessions.n": 1, "active.n": 0, "ended.n": 1, "answered.n": 1, "messages.agent": 1, "chat_messages.agent": 1, "rating.n": 0})
	h.call(t, visitor, "POST", "/v1/sessions/"+s.ID+"/rating", `{"score":4,"comment":"thanks"}`).want(t, "rate", 200)
	expect("when it is rated", map[string]float64{"ended.n": 1, "rating.n": 1, "rating.mean": 4})
	comments := h.call(t, boss, "GET", "/v1/analytics/ratings", "").want(t, "ratings", 200).JSON["comments"].([]any)
	if len(comments) != 1 || comments[0].(map[string]any)["comment"] != "thanks" || comments[0].(map[string]any)["session"] != s.ID {
		t.Errorf("the comments are %v", comments)
	}
}

func TestDefinitionsAreServedAsTheyAreMeant(t *testing.T) {
	h := open(t, nil)
	list := h.call(t, h.person(t, "Boss", core.Supervisor), "GET", "/v1/analytics/definitions", "").want(t, "definitions", 200).JSON["data"].([]any)
	if len(list) != len(stats.Definitions()) {
		t.Errorf("%d of %d definitions are served", len(list), len(stats.Definitions()))
	}
}
