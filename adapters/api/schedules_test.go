package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"baton/core"
)

const office = `{"name":"Office","time_zone":"Europe/Berlin","week":[{"day":"mon","spans":[{"from":"09:00","to":"12:00"},{"from":"13:00","to":"18:00"}]},
	{"day":"thu","spans":[{"from":"09:00","to":"18:00"}]}],"days":[{"date":"12-24","name":"Christmas Eve","spans":[{"from":"09:00","to":"13:00"}]},{"date":"12-25","name":"Christmas Day","closed":true}]}`

// makeSchedule makes a schedule and gives its path.
func (h *house) makeSchedule(t *testing.T, by caller, body string) string {
	t.Helper()
	return "/v1/schedules/" + h.call(t, by, "POST", "/v1/schedules", body).want(t, "make a schedule", 201).JSON["id"].(string)
}

// idIn gives the id at the end of a path.
func idIn(path string) string { return path[strings.LastIndex(path, "/")+1:] }

func TestSchedulesAreMadeChangedAndRemoved(t *testing.T) {
	h := open(t, nil)
	admin := h.person(t, "admin", core.Admin)
	path := h.makeSchedule(t, admin, office)
	read := h.call(t, admin, "GET", path, "").want(t, "read it", 200).JSON
	if read["name"] != "Office" || read["rev"] != 1.0 || len(read["days"].([]any)) != 2 || read["default"] != false || read["next_change"] == nil {
		t.Errorf("it reads %v", read)
	}
	changed := h.call(t, admin, "PATCH", path, `{"time_zone":"Asia/Tokyo","rev":1}`).want(t, "change it", 200).JSON
	if changed["time_zone"] != "Asia/Tokyo" || changed["rev"] != 2.0 || len(changed["week"].([]any)) != 2 {
		t.Errorf("after the change it reads %v", changed)
	}
	h.call(t, admin, "PATCH", path, `{"name":"Late","rev":1}`).want(t, "a change on an old picture", 409, "conflict")
	h.call(t, admin, "POST", "/v1/schedules", office).want(t, "a taken name", 409, "conflict")
	if list := h.call(t, admin, "GET", "/v1/schedules", "").want(t, "list them", 200).JSON["data"].([]any); len(list) != 2 {
		t.Errorf("there are %d schedules, want Always open and Office", len(list))
	}
	h.call(t, admin, "DELETE", path, "").want(t, "remove it", 204)
	h.call(t, admin, "GET", path, "").want(t, "read what is removed", 404)
}

func TestScheduleWithoutAZoneIsInTheAccounts(t *testing.T) {
	h := open(t, nil)
	admin := h.person(t, "admin", core.Admin)
	h.call(t, admin, "PUT", "/v1/settings", `{"time_zone":"Asia/Tokyo"}`).want(t, "settings", 200)
	if made := h.call(t, admin, "POST", "/v1/schedules", `{"name":"x"}`).want(t, "make it", 201).JSON; made["time_zone"] != "Asia/Tokyo" || made["open"] != false {
		t.Errorf("it is %v", made)
	}
}

func TestC07BadScheduleIs422AndNothingHasChanged(t *testing.T) {
	h := open(t, nil)
	admin := h.person(t, "admin", core.Admin)
	path := h.makeSchedule(t, admin, office)
	for story, row := range map[string]struct{ method, path, body, pointer string }{
		"an unknown zone":        {"POST", "/v1/schedules", `{"name":"x","time_zone":"Mars/Olympus"}`, "/time_zone"},
		"spans that overlap":     {"PATCH", path, `{"week":[{"day":"mon","spans":[{"from":"09:00","to":"12:00"},{"from":"11:00","to":"13:00"}]}]}`, "/week/0/spans/1"},
		"no time":                {"PATCH", path, `{"week":[{"day":"mon","spans":[{"from":"9","to":"12:00"}]}]}`, "/week/0/spans/0/from"},
		"a date twice":           {"PATCH", path, `{"days":[{"date":"12-25","closed":true},{"date":"12-25","closed":true}]}`, "/days/1/date"},
		"an unknown field":       {"PATCH", path, `{"cron":"* * * * *"}`, "/cron"},
		"a broken file":          {"POST", path + "/import", `{"ics":"2026-12-31 x"}`, "/ics"},
		"a schedule of a queue":  {"PATCH", "/v1/queues/" + h.general(t), `{"schedule":"sch_nothing"}`, "/schedule"},
		"that of the account":    {"PUT", "/v1/settings", `{"schedule":"sch_nothing"}`, "/schedule"},
		"a time of no kind":      {"GET", path + "/probe?at=tomorrow", "", "at"},
		"a queue that is not":    {"GET", path + "/probe?queue=nowhere", "", "queue"},
		"a priority of no kind":  {"GET", path + "/probe?queue=general&priority=huge", "", "/priority"},
		"a language of no kind":  {"GET", path + "/probe?queue=general&language=%3F", "", "/language"},
		"a parameter of no kind": {"GET", path + "/probe?when=now", "", "when"},
	} {
		got := h.call(t, admin, row.method, row.path, row.body)
		if got.status != http.StatusUnprocessableEntity || got.pointer() != row.pointer {
			t.Errorf("%s: got %s, want 422 at %s", story, clip(got.String()), row.pointer)
		}
	}
	if read := h.call(t, admin, "GET", path, "").want(t, "read it", 200).JSON; read["rev"] != 1.0 {
		t.Errorf("after all that it reads %v", read)
	}
}

// general is the id of the queue general.
func (h *house) general(t *testing.T) string {
	t.Helper()
	q, err := h.store.Queue(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	return q.ID
}

func TestImportAddsWhatIsNewAndSaysWhatItDid(t *testing.T) {
	h := open(t, nil)
	admin := h.person(t, "admin", core.Admin)
	path := h.makeSchedule(t, admin, office)
	got := h.call(t, admin, "POST", path+"/import", `{"ics":"2026-12-31 12-25 2027-01-01"}`).want(t, "import", 200).JSON
	added, skipped := got["added"].([]any), got["skipped"].([]any)
	if len(added) != 2 || len(skipped) != 1 || len(got["schedule"].(map[string]any)["days"].([]any)) != 4 {
		t.Fatalf("it did %v", got)
	}
	if s := skipped[0].(map[string]any); s["line"] != 2.0 || s["why"] != "12-25 is there already as Christmas Day" {
		t.Errorf("it skipped %v", s)
	}
	again := h.call(t, admin, "POST", path+"/import", `{"ics":"2026-12-31 12-25 2027-01-01"}`).want(t, "import again", 200).JSON
	if len(again["added"].([]any)) != 0 || len(again["skipped"].([]any)) != 3 {
		t.Errorf("the same again did %v", again)
	}
}

func TestProbeSaysWhatWouldBecomeOfAChat(t *testing.T) {
	h := open(t, nil)
	admin, viewer := h.person(t, "admin", core.Admin), h.person(t, "viewer", core.Viewer)
	path := h.makeSchedule(t, admin, office)
	for _, row := range []struct {
		story, query string
		want         map[string]any
	}{
		{"an urgent German chat on 24 December 17:55", "?at=2026-12-24T17:55:00%2B01:00&queue=general&priority=urgent&language=de", map[string]any{
			"open": false, "reason": "holiday", "holiday": "Christmas Eve", "goes": "after_hours", "next_opening": "2026-12-28T08:00:00.000Z", "at": "2026-12-24T16:55:00.000Z",
			"text": "On Thu 24 Dec 2026 17:55 Europe/Berlin, general (Office) is closed, Christmas Eve, until Mon 28 Dec 2026 09:00. " +
				"An urgent chat in de would come after hours and be kept until the opening; the next opening is Mon 28 Dec 2026 09:00.",
		}},
		{"the morning of that day", "?at=2026-12-24T10:00:00Z&queue=general", map[string]any{
			"open": true, "reason": nil, "holiday": "Christmas Eve", "goes": "line", "next_opening": nil, "next_change": "2026-12-24T12:00:00.000Z",
		}},
		{"without a queue", "?at=2026-12-22T10:00:00Z", map[string]any{"open": false, "reason": "closed", "holiday": nil, "goes": nil, "queue": nil}},
	} {
		got := h.call(t, viewer, "GET", path+"/probe"+row.query, "").want(t, row.story, 200).JSON
		for name, want := range row.want {
			if got[name] != want {
				t.Errorf("%s: %s is %v, want %v", row.story, name, got[name], want)
			}
		}
	}
}

func TestEverybodyIsToldWhetherAQueueIsOpen(t *testing.T) {
	h := open(t, nil)
	admin, visitor, bot := h.person(t, "admin", core.Admin), h.visitor(t), h.bot(t, "shop")
	soon := time.Now().UTC().AddDate(0, 0, 2).Format(time.DateOnly)
	closed := h.makeSchedule(t, admin, fmt.Sprintf(`{"name":"Closed","time_zone":"UTC","days":[{"date":%q,"spans":[{"from":"09:00","to":"10:00"}]}]}`, soon))
	opens := soon + "T09:00:00.000Z"
	queue := "/v1/queues/" + h.general(t)
	before := h.call(t, admin, "PATCH", queue, `{"hold_limit":60}`).want(t, "change something else", 200).JSON
	if before["open"] != true || before["schedule"] != nil || before["next_change"] != nil {
		t.Errorf("before, the queue is %v", before)
	}
	set := h.call(t, admin, "PATCH", queue, fmt.Sprintf(`{"schedule":%q}`, idIn(closed))).want(t, "give it to the queue", 200).JSON
	if set["open"] != false || set["next_change"] != opens || set["schedule"].(map[string]any)["name"] != "Closed" {
		t.Errorf("the queue is %v", set)
	}
	for _, row := range []struct {
		by           caller
		method, path string
		status       int
		opening      any
	}{
		{caller{}, "GET", "/v1/widget", 200, opens},
		{bot, "GET", "/v1/availability", 200, opens},
		{visitor, "GET", "/v1/me", 200, nil},
		{caller{}, "POST", "/v1/visitors", 201, nil},
	} {
		body := ""
		if row.method == "POST" {
			body = "{}"
		}
		got := h.call(t, row.by, row.method, row.path, body).want(t, row.path, row.status).JSON
		if got["open"] != false || got["next_opening"] != row.opening {
			t.Errorf("%s says %v, want closed until %v", row.path, got, row.opening)
		}
	}
	h.call(t, admin, "DELETE", closed, "").want(t, "remove what is in use", 409, "conflict")
	if why := h.call(t, admin, "DELETE", closed, "").JSON["detail"]; why != "Closed is in use by general; give them another schedule first" {
		t.Errorf("it is not removed because: %v", why)
	}
	h.call(t, admin, "PATCH", closed, `{"week":[{"day":"mon","spans":[{"from":"00:00","to":"00:00"}]},{"day":"tue","spans":[{"from":"00:00","to":"00:00"}]},
		{"day":"wed","spans":[{"from":"00:00","to":"00:00"}]},{"day":"thu","spans":[{"from":"00:00","to":"00:00"}]},{"day":"fri","spans":[{"from":"00:00","to":"00:00"}]},
		{"day":"sat","spans":[{"from":"00:00","to":"00:00"}]},{"day":"sun","spans":[{"from":"00:00","to":"00:00"}]}],"days":[]}`).want(t, "open it", 200)
	if got := h.call(t, caller{}, "GET", "/v1/widget", "").JSON; got["open"] != true || got["next_opening"] != nil {
		t.Errorf("after the change the widget says %v, want open", got)
	}
	h.call(t, admin, "PATCH", queue, `{"schedule":""}`).want(t, "let it go by the account's", 200)
	settings := h.call(t, admin, "PUT", "/v1/settings", fmt.Sprintf(`{"schedule":%q}`, idIn(closed))).want(t, "make it the account's", 200).JSON
	if settings["schedule"].(map[string]any)["name"] != "Closed" {
		t.Errorf("the settings are %v", settings)
	}
}
