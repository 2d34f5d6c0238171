package live

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	jsonv2 "github.com/go-json-experiment/json"

	"baton/core"
	"baton/core/desk"
)

// testdata/frames/server has one file for each frame that the server sends, and testdata/frames/client one for each
// frame that it takes. The browser's tests hold their types against the same files. BATON_WRITE_FRAMES=1 writes those
// of the server anew.

func TestFramesTheServerSendsAreThoseInTheFiles(t *testing.T) {
	frames := serverFrames(t, open(t, options{}))
	folder := filepath.Join("testdata", "frames", "server")
	for name, payload := range frames {
		file := filepath.Join(folder, name+".json")
		want := indented(t, payload)
		if os.Getenv("BATON_WRITE_FRAMES") != "" {
			if err := os.WriteFile(file, want, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(file); err != nil || !bytes.Equal(got, want) { //nolint:gosec // a file of this test
			t.Errorf("%s does not hold the frame that the server sends (%v); with BATON_WRITE_FRAMES=1 this test writes it:\n%s", file, err, want)
		}
	}
	for _, name := range namesIn(t, folder) {
		if frames[name] == nil {
			t.Errorf("%s/%s.json is a frame that the server does not send", folder, name)
		}
	}
}

func TestServerTakesTheFramesInTheFiles(t *testing.T) {
	h := open(t, options{})
	folder := filepath.Join("testdata", "frames", "client")
	tried := map[string]bool{}
	for _, name := range namesIn(t, folder) {
		file := filepath.Join(folder, name+".json")
		frame, err := os.ReadFile(file) //nolint:gosec // a file of this test
		if err != nil {
			t.Fatal(err)
		}
		var r request
		if err := decode(frame, &r); err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		v, known := h.hub.verbs[r.Type]
		if !known {
			t.Errorf("%s: there is no frame of type %q", file, r.Type)
			continue
		}
		tried[r.Type] = true
		if err := fits(&r, v); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		if again := encoded(t, &r); !bytes.Equal(again, canonical(t, frame)) {
			t.Errorf("%s was read as %s", file, again)
		}
	}
	for kind := range h.hub.verbs {
		if !tried[kind] {
			t.Errorf("no file in %s has a frame of type %q", folder, kind)
		}
	}
}

// golden is when everything in the files happened.
var golden = time.Date(2026, 3, 14, 15, 9, 26, 535_000_000, time.UTC)

func serverFrames(t *testing.T, h *house) map[string][]byte {
	t.Helper()
	session := goldenSession()
	row := func(kind string, row any) []byte {
		frame, err := rowFrame(kind, row)
		if err != nil {
			t.Fatal(err)
		}
		return frame
	}
	agent := &core.Agent{
		ID: "agt_1", Email: "ida@example.com", Name: "Ida Nyberg", Role: core.Supervisor, Status: core.Available, Capacity: 5, Active: 3,
		Load: 4, Queues: []string{"que_1"}, Skills: []string{"refund"}, Languages: []string{"en", "de"}, SeenAt: golden, Rev: 12,
	}
	queue := &core.QueueState{Queue: core.Queue{ID: "que_1", Name: "general", Strategy: "longest_idle", HoldLimit: time.Minute, Rules: core.DefaultRules(), Rev: 7}, Open: true, NextChange: golden, Waiting: 2, Free: 3, OldestWaitingSince: golden}
	refusal := &core.Error{Kind: core.Invalid, Detail: "the text is empty", Fields: []core.FieldError{{Pointer: "/text", Detail: "the text is empty"}}}
	frames := map[string][]byte{
		"welcome":          appendWelcome(nil, "v0.4.0", golden),
		"ok":               appendOK(nil, "c1", reply{}),
		"ok.message":       appendOK(nil, "c2", reply{message: "msg_1", seq: 42}),
		"ok.note":          appendOK(nil, "c3", reply{note: "not_1", seq: 43}),
		"ok.session":       appendOK(nil, "c4", reply{session: "ses_1", seq: 44, epoch: 2}),
		"problem":          problemFrame("c5", "", refusal),
		"problem.stream":   problemFrame("", "ses_1", core.Missing()),
		"resync":           appendResync(nil, "ses_1"),
		"typing":           appendTyping(nil, "ses_1", core.ActorRef{Role: core.CustomerRole, ID: "cus_1", Name: "Hana Sato"}),
		"receipt":          appendReceipt(nil, "ses_1", core.CustomerSide, core.Receipt{Delivered: 41, Read: 40}),
		"place":            placeFrame("ses_1", desk.Standing{Place: 2, Wait: &core.Range{Low: 60, High: 180}}),
		"place.words":      placeFrame("ses_1", desk.Standing{Words: desk.WaitMinutes}),
		"place.none":       placeFrame("ses_1", desk.Standing{}),
		"queue.opened":     openingFrame(&core.QueueState{Queue: core.Queue{ID: "que_1", Name: "general"}, Open: true}),
		"queue.closed":     openingFrame(&core.QueueState{Queue: core.Queue{ID: "que_1", Name: "general"}, NextOpening: golden}),
		"offer":            appendOffer(nil, "ses_1", session.Offer),
		"offer_gone":       appendOfferGone(nil, "ses_1"),
		"session_gone":     appendSessionGone(nil, "ses_1"),
		"viewers":          appendViewers(nil, "ses_1", []core.Ref{{ID: "agt_1", Name: "Ida Nyberg"}}),
		"presence":         appendPresence(nil, "ses_1", visit{here: true, at: golden}),
		"presence.gone":    appendPresence(nil, "ses_1", visit{at: golden}),
		"session":          row("session", desk.Row(core.Actor{Role: core.AgentRole, ID: "agt_1"}, session)),
		"session.customer": row("session", desk.Row(core.Actor{Role: core.CustomerRole, ID: "cus_1"}, session)),
		"agent":            row("agent", h.Desk.ViewAgent(agent, golden)),
		"queue":            row("queue", desk.ViewQueue(queue)),
	}
	for i, data := range goldenEvents() {
		e := goldenEvent(t, int64(i+1), data)
		frames["event."+string(e.Type())] = worded(t, desk.ForStaff, e)
		if to := desk.ForCustomer; to.Sees(e) && differs(t, e) {
			frames["event."+string(e.Type())+".customer"] = worded(t, to, e)
		}
	}
	return frames
}

func goldenEvent(t *testing.T, seq int64, data core.Data) *core.Event {
	t.Helper()
	stored, err := core.Encode(data)
	if err != nil {
		t.Fatal(err)
	}
	prev := core.StaffOnly
	if data.Public() {
		prev = seq - 1
	}
	actor := core.ActorRef{Role: core.AgentRole, ID: "agt_1", Name: "Ida Nyberg"}
	return &core.Event{Session: "ses_1", Seq: seq, PublicPrev: prev, At: golden, Actor: actor, Data: data, JSON: stored}
}

// worded is the frame of an event as an audience gets it.
func worded(t *testing.T, to desk.Audience, e *core.Event) []byte {
	t.Helper()
	frame, err := appendEventFrame(nil, to, e)
	if err != nil {
		t.Fatal(err)
	}
	return frame
}

// differs says whether customers see an event in another form than staff.
func differs(t *testing.T, e *core.Event) bool {
	t.Helper()
	return !bytes.Equal(worded(t, desk.ForStaff, e), worded(t, desk.ForCustomer, e))
}

func goldenCustomer() core.Customer {
	return core.Customer{
		ID: "cus_1", ExternalID: "u1", Name: "Hana Sato", Email: "hana@example.com", Phone: "+4741200118", Locale: "en-GB", Verified: true,
		Attributes: map[string]any{"orders": 14},
	}
}

func goldenSession() *core.Session {
	sentiment, ida := -0.62, core.Ref{ID: "agt_1", Name: "Ida Nyberg"}
	return &core.Session{
		ID: "ses_1", Status: core.StatusActive, Queue: core.Ref{ID: "que_1", Name: "general"}, Agent: &ida,
		Bot: &core.Ref{ID: "bot_1", Name: "shop"}, Customer: goldenCustomer(), ConversationID: "c-48213", Channel: "web", Subject: "Parcel 48213",
		Language: "en", Priority: core.High, Tags: []string{"delivery"}, Reason: &core.Reason{Code: "customer_request", Text: "Asked for a person"},
		Summary: "Order 48213 found or replaced", Tried: []string{"Delivery status"}, Intent: &core.Intent{Name: "missing_parcel", Score: 0.91},
		Sentiment: &sentiment, Context: json.RawMessage(`{"order":48213}`), Continues: "ses_0", Epoch: 2, CreatedAt: golden, WaitingSince: golden,
		AcceptedAt: golden, EndedAt: golden, Offer: &core.Offer{Agent: core.Ref{ID: "agt_2", Name: "Jonas"}, ExpiresAt: golden.Add(30 * time.Second), Seq: 40},
		End:    &core.Ended{By: core.AgentRole, Reason: "resolved", ReturnTo: "bot", Disposition: "refunded", Summary: "Sent a new one"},
		Rating: &core.Rated{Score: 4, Comment: "Quick"}, Seq: 44, PublicSeq: 42, LastAt: golden,
		Last: &core.Last{Text: "It was due on Monday.", Role: core.CustomerRole, At: golden}, UnreadSeqs: []int64{42}, UnansweredSince: golden,
		Receipts: core.Receipts{Customer: core.Receipt{Delivered: 41, Read: 40}, Agent: core.Receipt{Delivered: 39, Read: 38}},
	}
}

// goldenEvents have every part that an event can have.
func goldenEvents() []core.Data {
	s := goldenSession()
	ida, jonas, subject := core.Ref{ID: "agt_1", Name: "Ida Nyberg"}, core.Ref{ID: "agt_2", Name: "Jonas"}, "Parcel 48213, again"
	customer := goldenCustomer()
	return []core.Data{
		&core.Requested{
			Customer: customer, Queue: s.Queue, Bot: s.Bot, ConversationID: s.ConversationID, Channel: s.Channel, Subject: s.Subject, Language: s.Language,
			Priority: s.Priority, Tags: s.Tags, Reason: s.Reason, Summary: s.Summary, Tried: s.Tried, Intent: s.Intent, Sentiment: s.Sentiment,
			Context: s.Context, Skills: []string{"refund"}, PreferredAgent: "agt_1", Continues: s.Continues,
		},
		&core.Waiting{Reason: "agent_gone"},
		&core.Offered{Agent: jonas, ExpiresAt: core.Time(golden), From: &ida, Note: "Speaks Norwegian"},
		&core.Accepted{Agent: jonas},
		&core.Declined{Agent: jonas, Reason: "busy"},
		&core.Expired{Agent: jonas, Withdrawn: "away"},
		&core.Assigned{Agent: jonas, Forced: true},
		&core.Transferred{From: &ida, To: &jonas, Queue: &s.Queue, Note: "Speaks Norwegian"},
		&core.PriorityChanged{Priority: core.Urgent},
		&core.Updated{Subject: &subject, Context: s.Context, Customer: &customer},
		s.End,
		s.Rating,
		&core.Posted{
			ID: "msg_1", ClientID: "k1", Author: core.ActorRef{Role: core.CustomerRole, ID: "cus_1", Name: "Hana Sato"}, Text: "This is my door.",
			Attachments: []core.Attachment{{ID: "att_1", Name: "door.png", Type: "image/png", Size: 184213, Width: 640, Height: 480}},
			History:     true, Whisper: false, Original: json.RawMessage(`{"id":7}`),
		},
		&core.NoteAdded{ID: "not_1", Text: "Another door on the courier's photo"},
		&core.TagAdded{Tag: "travelling"},
		&core.TagRemoved{Tag: "travelling"},
	}
}

// namesIn lists the files of a folder without their endings.
func namesIn(t *testing.T, folder string) (names []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no frames in %s (%v)", folder, err)
	}
	for _, file := range files {
		names = append(names, strings.TrimSuffix(filepath.Base(file), ".json"))
	}
	slices.Sort(names)
	return names
}

func indented(t *testing.T, frame []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := json.Indent(&b, frame, "", "  "); err != nil {
		t.Fatalf("%v in %s", err, frame)
	}
	return append(b.Bytes(), '\n')
}

// encoded writes a request as a client would: without what it does not have.
func encoded(t *testing.T, r *request) []byte {
	t.Helper()
	text, err := jsonv2.Marshal(r, jsonv2.OmitZeroStructFields(true))
	if err != nil {
		t.Fatal(err)
	}
	return canonical(t, text)
}

// canonical writes JSON with its members in order.
func canonical(t *testing.T, text []byte) []byte {
	t.Helper()
	var members map[string]any
	if err := json.Unmarshal(text, &members); err != nil {
		t.Fatal(err)
	}
	sorted, err := json.Marshal(members)
	if err != nil {
		t.Fatal(err)
	}
	return sorted
}
