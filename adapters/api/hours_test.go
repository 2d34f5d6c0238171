package api_test

import (
	"strings"
	"testing"
	"time"

	"baton/core"
)

func TestClosedDeskKeepsAChatAndTakesAMessage(t *testing.T) {
	h := open(t, nil)
	admin, bot := h.person(t, "Ada", core.Admin), h.bot(t, "shop")
	closed := h.call(t, admin, "POST", "/v1/schedules", `{"name":"Never","time_zone":"Europe/Berlin"}`).want(t, "make a schedule", 201).JSON["id"].(string)
	queue := h.general(t)
	rules := h.call(t, admin, "PATCH", "/v1/queues/"+queue, `{"schedule":"`+closed+`","show":"wait","max_wait":600,"when_too_long":{"do":"message","queue":null},
		"after_hours":{"keep":true,"reply":true,"ask":true,"drain":false,"no_agents":false,"texts":{"de":"Geschlossen."}}}`).want(t, "rules", 200).JSON
	if rules["max_wait"] != 600.0 || rules["show"] != "wait" || rules["ageing"] != 900.0 || rules["when_too_long"].(map[string]any)["do"] != "message" {
		t.Errorf("the rules are %v", rules)
	}
	asked := h.call(t, bot, "POST", "/v1/handoffs", `{"conversation_id":"c1","customer":{"external_id":"u1","locale":"de-DE","time_zone":"Asia/Tokyo"}}`).want(t, "handoff", 201).JSON
	after := asked["after_hours"].(map[string]any)
	if asked["status"] != "waiting" || asked["position"] != nil || after["text"] != "Geschlossen." || after["reason"] != "closed" || after["ask"] != "email" || asked["ask"] != "email" {
		t.Errorf("the bot is told %v", asked)
	}
	session := "/v1/sessions/" + asked["id"].(string)
	h.call(t, bot, "POST", session+"/ticket", `{"email":"nobody","text":"x"}`).want(t, "no address", 422)
	h.call(t, bot, "POST", session+"/ticket", `{"email":"hana@example.org","text":"Wo ist mein Paket?"}`).want(t, "ticket", 201)
	h.call(t, bot, "POST", session+"/ticket", `{"email":"hana@example.org","text":"again"}`).want(t, "second ticket", 409, "session_ended")
	ended := h.call(t, admin, "GET", session, "").want(t, "read", 200).JSON
	customer := ended["customer"].(map[string]any)["id"].(string)
	records := h.call(t, admin, "GET", "/v1/customers/"+customer+"/records", "").want(t, "records", 200).JSON["data"].([]any)
	if len(records) != 1 || records[0].(map[string]any)["email"] != "hana@example.org" || records[0].(map[string]any)["session"] != ended["id"] {
		t.Errorf("the records are %v", records)
	}
}

func TestQueueRulesThatMakeNoSenseAreRefusedWhereTheyAreWrong(t *testing.T) {
	h := open(t, nil)
	admin := h.person(t, "Ada", core.Admin)
	queue := h.general(t)
	for body, pointer := range map[string]string{
		`{"max_wait":-1}`: "/max_wait", `{"idle_close":60}`: "/idle_close", `{"when_too_long":{"do":"overflow","queue":null}}`: "/when_too_long/queue",
		`{"when_too_many":{"do":"overflow","queue":"nowhere"}}`:                                                   "/when_too_many/queue",
		`{"when_too_many":{"do":"overflow","queue":"` + queue + `"}}`:                                             "/when_too_many/queue",
		`{"after_hours":{"keep":true,"reply":true,"ask":true,"drain":false,"no_agents":false,"texts":{"en":""}}}`: "/after_hours/texts/en",
	} {
		refused := h.call(t, admin, "PATCH", "/v1/queues/"+queue, body).want(t, body, 422).JSON
		if got := refused["errors"].([]any)[0].(map[string]any)["pointer"]; got != pointer {
			t.Errorf("%s is refused at %v, want %s", body, got, pointer)
		}
	}
	h.call(t, h.person(t, "Ann", core.AgentRole), "PATCH", "/v1/queues/"+queue, `{"max_wait":60}`).want(t, "by an agent", 403)
}

func TestTextThatFallsBackToEnglishTellsTheOpeningInEnglish(t *testing.T) {
	h := open(t, nil)
	admin := h.person(t, "Ada", core.Admin)
	opens := time.Now().UTC().AddDate(0, 0, 3)
	week := `[{"day":"` + strings.ToLower(opens.Format("Mon")) + `","spans":[{"from":"09:00","to":"10:00"}]}]`
	rare := h.makeSchedule(t, admin, `{"name":"Rare","time_zone":"UTC","week":`+week+`}`)
	h.call(t, admin, "PATCH", "/v1/queues/"+h.general(t), `{"schedule":"`+strings.TrimPrefix(rare, "/v1/schedules/")+`","after_hours":{"keep":true,"reply":true,"ask":false,"drain":false,"no_agents":false,
		"texts":{"en":"Back {next_opening}."}}}`).want(t, "rules", 200)
	asked := h.call(t, h.bot(t, "shop"), "POST", "/v1/handoffs", `{"conversation_id":"c1","customer":{"external_id":"u1","locale":"de-DE","time_zone":"UTC"}}`).want(t, "handoff", 201).JSON
	after := asked["after_hours"].(map[string]any)
	if want := "Back " + opens.Format("on Monday 2 January at ") + "09:00."; after["text"] != want || after["ask"] != nil {
		t.Errorf("a German is told %q, want %q", after["text"], want)
	}
}
