package torture

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"baton/cmd/client"
)

// The whole job once, as a newcomer would do it by hand: from an empty folder to a rated chat and back to the bot.
func TestFromAnEmptyFolderToARatedChatAndBackToTheBot(t *testing.T) {
	onEachStore(t, func(t *testing.T, h *house) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		w := &walk{t: t, ctx: ctx, team: h.found(ctx, h.serve(), 2)}
		w.people()
		w.handoff()
		w.talk()
		w.notes()
		w.picture()
		w.drop()
		w.transfer()
		w.end()
		w.readBack()
		w.visitorAsks()
		w.botAsksForVisitor()
	})
}

// walk is what is known so far.
type walk struct {
	*team
	t             *testing.T
	ctx           context.Context
	first, second *member        // first is offered the chat
	desk          *client.Socket // of first
	ann           *client.Client // a visitor of the page, for whom the bot asks
	annID         string
	page          *client.Socket // of the visitor
	session       string
	messages      []string // texts in the order in which they were acknowledged
}

func (w *walk) check(doing string, err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatalf("%s: %v", doing, err)
	}
}

// await waits for a frame on a socket, for a second at most times five on a busy machine.
func (w *walk) await(what string, s *client.Socket, wanted func(client.Frame) bool) client.Frame {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, 5*time.Second)
	defer cancel()
	f, err := s.Await(ctx, wanted)
	if err != nil {
		w.t.Fatalf("waiting for %s: %v", what, err)
	}
	return f
}

func isEvent(kind string) func(client.Frame) bool {
	return func(f client.Frame) bool { return f.Type == "event" && f.Event.Type == kind }
}

// posted is the message.posted with this text.
func posted(text string) func(client.Frame) bool {
	return func(f client.Frame) bool {
		if !isEvent("message.posted")(f) {
			return false
		}
		data, err := f.Event.Read()
		return err == nil && data.Text == text
	}
}

// people brings the agents to their desks, and a visitor to the page.
func (w *walk) people() {
	w.first, w.second = w.agents[0], w.agents[1]
	me, err := w.first.Be(w.ctx, "available")
	w.check("come to the desk", err)
	if me.Status != "available" || me.Capacity != 4 || me.Load != 0 {
		w.t.Errorf("a new agent who came to the desk is %+v", me)
	}
	w.desk = run(w.ctx, w.t, w.first.Socket(client.SocketConfig{Ticket: true}))
	w.desk.FollowDesk(w.ctx)
	w.check("open the agent's socket", w.desk.Up(w.ctx))

	visitor, err := w.anyone.Visit(w.ctx, "Ann")
	w.check("visit the page", err)
	if visitor.Session != nil {
		w.t.Errorf("a new visitor has the session %s already", *visitor.Session)
	}
	w.ann, w.annID = w.anyone.As(visitor.Token), visitor.Customer
	w.page = run(w.ctx, w.t, w.ann.Socket(client.SocketConfig{Ticket: true}))
	w.check("open the visitor's socket", w.page.Up(w.ctx))
}

// handoff is the bot's request, and the offer that it becomes.
func (w *walk) handoff() {
	free, err := w.bot.Availability(w.ctx, "general")
	w.check("ask whether somebody is there", err)
	if !free.Open || free.AgentsAvailable != 1 {
		w.t.Errorf("with one agent at his desk availability is %+v", free)
	}
	sentiment := -0.62
	request := client.Handoff{
		ConversationID: "conv-1", Customer: client.Customer{ID: w.annID}, Channel: "web", Subject: "Parcel 48213",
		Reason:  &client.Reason{Code: "customer_request", Text: "she wants a person"},
		Summary: "Where is the parcel?", Tried: []string{"looked up the order"}, Intent: &client.Intent{Name: "parcel_lost", Score: 0.91},
		Sentiment: &sentiment, NoteToAgent: "canary: has complained before", Routing: client.Routing{Priority: "high"},
		Transcript: []client.Line{
			{ClientID: "t1", Author: client.Actor{Role: "customer", Name: "Ann"}, Text: "Where is my parcel?", CreatedAt: time.Now().Add(-time.Minute)},
			{ClientID: "t2", Author: client.Actor{Role: "bot", Name: "Shop"}, Text: "It left us on Monday."},
		},
		Context: json.RawMessage(`{"order":"48213"}`), Tags: []string{"vip"},
	}
	asked := time.Now()
	answer, status, err := w.bot.Handoff(w.ctx, request, "walk-1")
	w.check("ask for a person", err)
	if status != 201 || answer.Status != "pending" || answer.Epoch != 1 || answer.Queue != "general" {
		w.t.Fatalf("with a free agent the handoff answered %d %+v", status, answer)
	}
	offer := w.await("the offer", w.desk, func(f client.Frame) bool { return f.Type == "offer" && f.Session == answer.ID })
	if took := offer.Heard.Sub(asked); took > 5*100*time.Millisecond {
		w.t.Errorf("the offer was on the agent's socket %v after the request", took)
	}
	row := w.await("the session on the visitor's socket", w.page, func(f client.Frame) bool { return f.Row != nil })
	if row.Session != answer.ID || row.Row.Customer.ID != w.annID {
		w.t.Errorf("the visitor's socket was told of %+v", row.Row)
	}
	again, status, err := w.bot.Handoff(w.ctx, request, "")
	w.check("ask for the same again", err)
	if status != 200 || again.ID != answer.ID {
		w.t.Errorf("a second request for the conversation answered %d with %s, not the open %s", status, again.ID, answer.ID)
	}
	w.session = answer.ID
	w.page.Subscribe(w.ctx, w.session, 0)
}

// talk is both sides talking, each with its acknowledgements.
func (w *walk) talk() {
	w.desk.Subscribe(w.ctx, w.session, 0)
	_, err := w.desk.Ask(w.ctx, client.Act{"type": "accept", "session": w.session})
	w.check("accept", err)
	w.await("the agent's joining on the visitor's socket", w.page, isEvent("session.accepted"))
	for i := range 3 {
		w.say(w.desk, w.page, fmt.Sprintf("answer %d", i))
		w.say(w.page, w.desk, fmt.Sprintf("question %d", i))
	}
	_, err = w.bot.Post(w.ctx, w.session, client.Message{ClientID: "too-late", Text: "me again", As: "bot", Epoch: 1})
	if client.CodeOf(err) != "not_owner" {
		w.t.Errorf("a bot that speaks over an agent got %v", err)
	}
	w.page.Tell(w.ctx, client.Act{"type": "typing", "session": w.session})
	w.await("the visitor's typing", w.desk, func(f client.Frame) bool { return f.Type == "typing" })
	session, err := w.first.Session(w.ctx, w.session)
	w.check("read the session", err)
	w.check("mark as read", w.first.Read(w.ctx, w.session, session.Seq))
	w.await("the agent's receipt", w.page, func(f client.Frame) bool { return f.Type == "receipt" && f.Side == "agent" && f.Read > 0 })
}

// say sends a message, and hears it at the other end with the seq that the sender was told.
func (w *walk) say(from, to *client.Socket, text string) {
	w.t.Helper()
	sent, err := from.Say(w.ctx, client.Message{Session: w.session, Text: text})
	w.check("say "+text, err)
	heard := w.await(text, to, posted(text))
	if heard.Seq != sent.Seq || heard.Session != w.session {
		w.t.Errorf("%q was acknowledged as seq %d and heard as %d of %s", text, sent.Seq, heard.Seq, heard.Session)
	}
	w.messages = append(w.messages, text)
}

// notes are what the visitor never sees.
func (w *walk) notes() {
	_, err := w.first.Note(w.ctx, w.session, "canary: she is right, it was us")
	w.check("leave a note", err)
	w.check("tag", w.first.Tag(w.ctx, w.session, "canary/lost parcel"))
	_, err = w.bot.Post(w.ctx, w.session, client.Message{ClientID: "whisper", Text: "canary: the bot's guess", As: "whisper"})
	w.check("whisper to the agent", err)
	w.await("the note on the agent's own socket", w.desk, isEvent("note.added"))
	// What comes next on the visitor's socket must be this, and be the next for him.
	_, err = w.desk.Say(w.ctx, client.Message{Session: w.session, Text: "found it"})
	w.check("go on", err)
	for {
		f := w.await("the message after the notes", w.page, func(f client.Frame) bool { return true })
		if bytes.Contains(f.Raw, []byte("canary")) {
			w.t.Errorf("the visitor's socket carried %s", f.Raw)
		}
		if posted("found it")(f) {
			break
		}
	}
	w.messages = append(w.messages, "found it")
	if gaps := w.page.Counters().Gaps; gaps != 0 {
		w.t.Errorf("notes tore %d gaps into the visitor's stream", gaps)
	}
}

// picture is a file from the visitor that the agent can see.
func (w *walk) picture() {
	var picture bytes.Buffer
	w.check("draw", png.Encode(&picture, image.NewRGBA(image.Rect(0, 0, 3, 2))))
	file, err := w.ann.Upload(w.ctx, w.session, "label.png", "image/png", picture.Bytes())
	w.check("upload a picture", err)
	if file.Width != 3 || file.Height != 2 || file.Type != "image/png" {
		w.t.Errorf("the picture became %+v", file)
	}
	_, err = w.page.Say(w.ctx, client.Message{Session: w.session, Text: "see here", Attachments: []string{file.ID}})
	w.check("send the picture", err)
	w.messages = append(w.messages, "see here")
	data, err := w.await("the picture", w.desk, posted("see here")).Event.Read()
	w.check("understand the picture's message", err)
	if len(data.Attachments) != 1 || data.Attachments[0].ID != file.ID {
		w.t.Fatalf("the agent saw the attachments %+v", data.Attachments)
	}
	seen, err := w.first.Download(w.ctx, file.ID)
	w.check("look at the picture", err)
	if !bytes.Equal(seen, picture.Bytes()) {
		w.t.Errorf("the agent sees %d bytes that are not the %d of the picture", len(seen), picture.Len())
	}
}

// drop is a socket that breaks while the other side talks, and goes on where it was.
func (w *walk) drop() {
	before := w.page.Counters().Connections
	w.page.Drop()
	for i := range 5 {
		text := fmt.Sprintf("while you were away %d", i)
		_, err := w.desk.Say(w.ctx, client.Message{Session: w.session, Text: text})
		w.check("talk to somebody who is away", err)
		w.messages = append(w.messages, text)
	}
	for i := range 5 {
		w.await("what was said meanwhile", w.page, posted(fmt.Sprintf("while you were away %d", i)))
	}
	if c := w.page.Counters(); c.Connections != before+1 || c.Gaps != 0 {
		w.t.Errorf("after one drop the visitor's socket counts %+v", c)
	}
}

// transfer gives the chat to the second agent, who then has it.
func (w *walk) transfer() {
	_, err := w.second.Be(w.ctx, "available")
	w.check("come to the desk", err)
	other := run(w.ctx, w.t, w.second.Socket(client.SocketConfig{}))
	other.FollowDesk(w.ctx)
	w.check("open the second agent's socket", other.Up(w.ctx))
	_, err = w.desk.Ask(w.ctx, client.Act{"type": "transfer", "session": w.session, "agent_id": w.second.id, "note": "canary: you know the carrier"})
	w.check("pass the chat on", err)
	w.await("the colleague's offer", other, func(f client.Frame) bool { return f.Type == "offer" && f.Session == w.session })
	w.say(w.desk, w.page, "one moment, a colleague comes")
	other.Subscribe(w.ctx, w.session, 0)
	_, err = other.Ask(w.ctx, client.Act{"type": "accept", "session": w.session})
	w.check("accept the transfer", err)
	_, err = w.desk.Say(w.ctx, client.Message{Session: w.session, Text: "me still"})
	if client.CodeOf(err) != "not_owner" {
		w.t.Errorf("the agent who passed the chat on could still write: %v", err)
	}
	w.say(other, w.page, "hello, I took over")
	session, err := w.owner.Session(w.ctx, w.session)
	w.check("read the session", err)
	if session.Agent == nil || session.Agent.ID != w.second.id || session.Epoch != 3 {
		w.t.Errorf("after the transfer the session is with %+v at epoch %d", session.Agent, session.Epoch)
	}
}

// end gives the conversation back to the bot, and the visitor judges.
func (w *walk) end() {
	bot := run(w.ctx, w.t, w.bot.Socket(client.SocketConfig{}))
	bot.Subscribe(w.ctx, w.session, 0)
	_, err := w.second.Act(w.ctx, w.session, "end", client.End{Summary: "sent again", Disposition: "canary/carrier"})
	w.check("end the chat", err)
	data, err := w.await("the end on the bot's socket", bot, isEvent("session.ended")).Event.Read()
	w.check("understand the end", err)
	if data.ReturnTo != "bot" || data.Summary != "sent again" || data.Disposition != "" || data.By != "agent" {
		w.t.Errorf("the bot was told that it ended like this: %+v", data)
	}
	w.await("the end on the visitor's socket", w.page, isEvent("session.ended"))
	_, err = w.page.Say(w.ctx, client.Message{Session: w.session, Text: "one more thing"})
	if client.CodeOf(err) != "session_ended" {
		w.t.Errorf("a message after the end got %v", err)
	}
	_, err = w.page.Ask(w.ctx, client.Act{"type": "rate", "session": w.session, "score": 5, "comment": "quick"})
	w.check("rate", err)
	_, err = w.ann.Act(w.ctx, w.session, "rating", client.Rating{Score: 1})
	if client.CodeOf(err) != "conflict" {
		w.t.Errorf("a second rating got %v", err)
	}
	for _, agent := range []*member{w.first, w.second} {
		var me client.Agent
		_, err := agent.Do(w.ctx, "GET", "/v1/me", nil, &me)
		w.check("read me", err)
		if me.Load != 0 || me.Active != 0 {
			w.t.Errorf("after the end %s has load %d and %d chats", me.Name, me.Load, me.Active)
		}
	}
}

// readBack reads the whole story, as staff and as the visitor.
func (w *walk) readBack() {
	log, err := w.owner.Events(w.ctx, w.session, 0)
	w.check("read the log", err)
	var kinds, texts []string
	for i, entry := range log {
		if entry.Seq != int64(i+1) || entry.Prev != int64(i) {
			w.t.Errorf("entry %d of the log has seq %d and prev %d", i+1, entry.Seq, entry.Prev)
		}
		data, err := entry.Event.Read()
		w.check("understand the log", err)
		if entry.Event.Type == "message.posted" && !data.History && !data.Whisper {
			texts = append(texts, data.Text)
		} else {
			kinds = append(kinds, strings.TrimPrefix(entry.Event.Type, "session."))
		}
	}
	want := "message.posted message.posted requested note.added offered accepted note.added tag.added message.posted " +
		"offered transferred accepted ended rated"
	if got := strings.Join(kinds, " "); got != want {
		w.t.Errorf("the log tells\n  %s\nwant\n  %s", got, want)
	}
	if !slices.Equal(texts, w.messages) {
		w.t.Errorf("the log has the messages\n  %q\nacknowledged were\n  %q", texts, w.messages)
	}
	seen, err := w.ann.Events(w.ctx, w.session, 0)
	w.check("read the log as the visitor", err)
	prev := int64(0)
	for _, entry := range seen {
		if entry.Prev != prev {
			w.t.Errorf("the visitor's log has prev %d at seq %d, after %d", entry.Prev, entry.Seq, prev)
		}
		prev = entry.Seq
		if bytes.Contains(entry.Event.Data, []byte("canary")) || strings.HasPrefix(entry.Event.Type, "note") {
			w.t.Errorf("the visitor reads %s %s", entry.Event.Type, entry.Event.Data)
		}
	}
}

// visitorAsks is a visitor's own request, which another bot's request does not double.
func (w *walk) visitorAsks() {
	answer, status, err := w.ann.Handoff(w.ctx, client.Handoff{Subject: "an invoice"}, "")
	w.check("ask for a person as a visitor", err)
	if status != 201 || answer.Status != "pending" {
		w.t.Errorf("a visitor's request answered %d %+v", status, answer)
	}
	row := w.await("his session on the visitor's socket", w.page, func(f client.Frame) bool { return f.Row != nil && f.Session == answer.ID })
	if row.Row.Subject != "an invoice" {
		w.t.Errorf("the visitor's row is %+v", row.Row)
	}
	again, status, err := w.ann.Handoff(w.ctx, client.Handoff{Subject: "an invoice"}, "")
	w.check("ask again", err)
	if status != 200 || again.ID != answer.ID {
		w.t.Errorf("asking again answered %d with %s, not %s", status, again.ID, answer.ID)
	}
	_, err = w.ann.Act(w.ctx, answer.ID, "end", nil)
	w.check("leave the line", err)
	session, err := w.owner.Session(w.ctx, answer.ID)
	w.check("read the session", err)
	if session.End == nil || session.End.Reason != "abandoned" {
		w.t.Errorf("a visitor who left the line ended his session like this: %+v", session.End)
	}
}

// botAsksForVisitor is a bot's request for somebody who looks at the page right now.
func (w *walk) botAsksForVisitor() {
	answer, _, err := w.bot.Handoff(w.ctx, client.Handoff{ConversationID: "conv-2", Customer: client.Customer{ID: w.annID}, Subject: "a return"}, "walk-2")
	w.check("ask for a person for the visitor", err)
	w.await("the bot's session on the visitor's socket", w.page, func(f client.Frame) bool { return f.Row != nil && f.Session == answer.ID })
	me, err := w.ann.Me(w.ctx)
	w.check("read me as the visitor", err)
	if me.Session == nil || *me.Session != answer.ID {
		w.t.Errorf("the visitor's own page names %v, not %s", me.Session, answer.ID)
	}
	mine, err := w.owner.Sessions(w.ctx, url.Values{"customer": {w.annID}})
	w.check("list the visitor's sessions", err)
	if len(mine) != 3 || mine[0].ID != answer.ID {
		w.t.Errorf("the list has %d sessions of the visitor, the newest %s", len(mine), mine[0].ID)
	}
}
