package core

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"
)

// decoded reads what Encode wrote, once as the data itself and once as whatever JSON it is.
func decoded(t *testing.T, data Data) (Data, any) {
	t.Helper()
	encoded, err := Encode(data)
	if err != nil {
		t.Fatalf("encode %#v: %v", data, err)
	}
	back, err := DecodeData(data.Type(), encoded)
	if err != nil {
		t.Fatalf("decode %s: %v", encoded, err)
	}
	var plain any
	if err := json.Unmarshal(encoded, &plain); err != nil {
		t.Fatalf("%s is no JSON: %v", encoded, err)
	}
	return back, plain
}

func FuzzAMessageIsWrittenAsTheJSONPackageWouldWriteIt(f *testing.F) {
	for _, text := range []string{"hello", "", "a\"b\\c/\n\r\t\x00\x1f\x7f", "Zoë 👩🏽‍🚀 \u2028\u2029", "bad \xff\xc3 bytes", "<script>&amp;", "\ufffd", strings.Repeat("long ", 1000)} {
		f.Add(text, "c1", "cus_1", "Zoë", true, false)
		f.Add("x", text, text, text, false, true)
	}
	f.Fuzz(func(t *testing.T, text, client, id, name string, history, whisper bool) {
		m := &Posted{ID: "msg_1", ClientID: client, Author: ActorRef{Role: CustomerRole, ID: id, Name: name}, Text: text, Attachments: []Attachment{}, History: history, Whisper: whisper}
		_, got := decoded(t, m)
		standard, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		var want any
		if err := json.Unmarshal(standard, &want); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("written as %v, want %v", got, want)
		}
	})
}

func TestEveryTypeOfEventIsReadBackAsItWasWritten(t *testing.T) {
	ann, queue, subject, score := Ref{ID: "agt_1", Name: "Ann"}, Ref{ID: "que_1", Name: "general"}, "parcel", 0.5
	for _, data := range []Data{
		&Requested{Customer: Customer{ID: "cus_1", Attributes: map[string]any{"n": 1.5}}, Queue: queue, Channel: "web", Priority: High, Tags: []string{"vip"}, Sentiment: &score, Context: json.RawMessage(`{"a":1}`)},
		&Waiting{Reason: "agent_gone"}, &Offered{Agent: ann, ExpiresAt: Time(time.UnixMilli(1_700_000_000_123).UTC()), From: &ann, Note: "please"},
		&Accepted{Agent: ann}, &Declined{Agent: ann, Reason: "lunch"}, &Expired{Agent: ann, Withdrawn: "away"}, &Assigned{Agent: ann, Forced: true},
		&Transferred{From: &ann, Queue: &queue, Note: "x"}, &PriorityChanged{Priority: Urgent}, &Updated{Subject: &subject, Context: json.RawMessage(`[]`)},
		&Ended{By: AgentRole, Reason: "resolved", ReturnTo: "bot"}, &Rated{Score: 5, Comment: "thanks"},
		&Posted{ID: "msg_1", Author: ActorRef{Role: BotRole}, Text: "hi", Attachments: []Attachment{{ID: "att_1", Name: "a.png", Type: "image/png", Size: 9, Width: 3}}, Original: json.RawMessage(`{"raw":true}`)},
		&NoteAdded{ID: "not_1", Text: "remark"}, &TagAdded{Tag: "vip"}, &TagRemoved{Tag: "vip"},
	} {
		if back, _ := decoded(t, data); !reflect.DeepEqual(back, data) {
			t.Errorf("%s was written as %+v and read as %+v", data.Type(), data, back)
		}
	}
	if _, err := DecodeData("session.sung", []byte("{}")); err == nil {
		t.Error("an event of a type that nobody knows was read")
	}
}

func TestAMessageAlwaysHasAListOfAttachments(t *testing.T) {
	for _, m := range []*Posted{{Text: "plain"}, {Text: "with original", Original: json.RawMessage(`1`)}} {
		if _, plain := decoded(t, m); plain.(map[string]any)["attachments"] == nil {
			t.Errorf("%s has no list of attachments", m.Text)
		}
	}
}

func TestTimesAreWrittenInUTCWithMilliseconds(t *testing.T) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 5_999_999, time.FixedZone("", 3600))
	if got := string(AppendTime(nil, at)); got != "2026-03-01T11:00:00.005Z" {
		t.Errorf("the time is written %s", got)
	}
	if err := new(Time).UnmarshalText([]byte("yesterday")); err == nil {
		t.Error("a word was read as a time")
	}
}
