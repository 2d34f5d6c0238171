package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"baton/cmd/client"
)

// shopBot is a small scripted bot with a chat of its own, as every bot platform has one: customers talk to it,
// and when it is at its wits' end it hands over to Baton.
type shopBot struct {
	*part
	calls  *client.Client
	socket *client.Socket

	mu    sync.Mutex // guards what follows
	talks map[string]*talk
}

// talk is one conversation with the bot. The bot's lock guards session.
type talk struct {
	mu         sync.Mutex // held while the bot thinks; guards transcript, confused and handoffs
	id         string
	channel    string
	customer   client.Customer
	transcript []client.Line
	confused   int    // answers in a row that it did not find
	session    string // while people have the conversation
	handoffs   int
	toCustomer chan heard // what the bot relays to a customer who is not on the page
}

// said is what a customer says to the bot, and answer what it says to that.
type (
	said struct {
		Conversation string          `json:"conversation"`
		Channel      string          `json:"channel"`
		Customer     client.Customer `json:"customer"`
		Text         string          `json:"text"`
	}
	answer struct {
		Text    string `json:"text"`
		Session string `json:"session"` // when a person takes over
	}
	// heard is what a relayed customer hears while people have the conversation.
	heard struct {
		Text  string `json:"text"`
		Ended bool   `json:"ended"`
	}
)

// bot serves the bot's own chat until the part is to end.
func (p *part) bot(ctx context.Context) error {
	ctx, cancel := p.untilFinish(ctx)
	defer cancel()
	b := &shopBot{part: p, calls: client.New(p.URL).As(p.Key), talks: map[string]*talk{}}
	b.socket = b.calls.Socket(client.SocketConfig{})
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /say", b.serveSay)
	mux.HandleFunc("GET /hear", b.serveHear)
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, BaseContext: func(net.Listener) context.Context { return ctx }}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return b.socket.Run(ctx) })
	group.Go(func() error { return b.follow(ctx) })
	group.Go(func() error {
		<-ctx.Done()
		return server.Close()
	})
	group.Go(func() error {
		if err := server.Serve(listener); err != nil && ctx.Err() == nil {
			return err
		}
		return nil
	})
	p.tell(line{Ready: "http://" + listener.Addr().String()})
	return group.Wait()
}

// follow hears what becomes of the conversations that people have.
func (b *shopBot) follow(ctx context.Context) error {
	for {
		f, err := b.socket.Next(ctx)
		if err != nil {
			return err // the end of the part
		}
		if f.Type != "event" {
			continue
		}
		data, err := f.Event.Read()
		if err != nil {
			return err
		}
		t := b.talkOf(f.Session)
		switch {
		case t == nil:
		case f.Event.Type == "message.posted" && data.Author.Role == "agent":
			t.relay(heard{Text: data.Text})
		case f.Event.Type == "session.ended":
			if err := b.takeBack(ctx, t, f.Event.Actor.Name); err != nil {
				return err // the end of the part
			}
		}
	}
}

func (b *shopBot) talkOf(session string) *talk {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, t := range b.talks {
		if t.session == session {
			return t
		}
	}
	return nil
}

// takeBack goes on with a conversation that people have given back.
func (b *shopBot) takeBack(ctx context.Context, t *talk, agent string) error {
	b.mu.Lock()
	t.session = ""
	b.mu.Unlock()
	if err := b.take(ctx, 500*time.Millisecond); err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	b.speaks(t, fmt.Sprintf("%s has given you back to me. Is there anything else?", agent))
	t.relay(heard{Ended: true})
	return nil
}

// relay tells a customer who is not on the page himself.
func (t *talk) relay(h heard) {
	if t.channel == "web" {
		return
	}
	select {
	case t.toCustomer <- h:
	default: // a customer who has left does not listen
	}
}

func (b *shopBot) serveSay(w http.ResponseWriter, r *http.Request) {
	var s said
	if err := json.NewDecoder(r.Body).Decode(&s); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	a, err := b.say(r.Context(), s)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	// A customer who does not wait for the answer has left.
	_ = json.NewEncoder(w).Encode(a)
}

func (b *shopBot) serveHear(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	t := b.talks[r.URL.Query().Get("conversation")]
	b.mu.Unlock()
	if t == nil {
		http.NotFound(w, r)
		return
	}
	select {
	case h := <-t.toCustomer:
		_ = json.NewEncoder(w).Encode(h)
	case <-r.Context().Done():
	}
}

// say takes a customer's words: to the people who have his conversation, or to the bot's own small mind.
func (b *shopBot) say(ctx context.Context, s said) (answer, error) {
	t, session := b.talk(s)
	t.mu.Lock()
	defer t.mu.Unlock()
	if session != "" {
		_, err := b.socket.Say(ctx, client.Message{Session: session, Text: s.Text})
		if client.CodeOf(err) == "session_ended" {
			return answer{}, nil // the agent was quicker; the end is what the customer hears next
		}
		return answer{}, err
	}
	t.transcript = append(t.transcript, client.Line{Author: client.Actor{Role: "customer", Name: t.customer.Name}, Text: s.Text, CreatedAt: time.Now()})
	b.tell(line{Conversation: t.id, Role: "customer", Name: t.customer.Name, Text: s.Text})
	if err := b.take(ctx, 400*time.Millisecond); err != nil {
		return answer{}, err
	}
	reply, why := t.think(s.Text)
	if why == nil {
		b.speaks(t, reply)
		return answer{Text: reply}, nil
	}
	return b.handOver(ctx, t, why)
}

// talk finds the conversation, and the session while people have it.
func (b *shopBot) talk(s said) (t *talk, session string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	t = b.talks[s.Conversation]
	if t == nil {
		t = &talk{id: s.Conversation, channel: s.Channel, customer: s.Customer, toCustomer: make(chan heard, 64)}
		b.talks[s.Conversation] = t
	}
	return t, t.session
}

// speaks is the bot's own voice.
func (b *shopBot) speaks(t *talk, text string) {
	t.transcript = append(t.transcript, client.Line{Author: client.Actor{Role: "bot", Name: botName}, Text: text, CreatedAt: time.Now()})
	b.tell(line{Conversation: t.id, Role: "bot", Name: botName, Text: text})
}

const botName = "Shop bot"

// handOver asks for a person, after a look whether there is one.
func (b *shopBot) handOver(ctx context.Context, t *talk, why *client.Reason) (answer, error) {
	intent := t.intent()
	free, err := b.calls.Availability(ctx, "general")
	if err != nil {
		return answer{}, err
	}
	reply := "I am getting a colleague for you."
	if free.AgentsAvailable == 0 && free.Position != nil {
		reply = fmt.Sprintf("All my colleagues are talking. You are number %d in line.", *free.Position)
	}
	b.speaks(t, reply)
	t.handoffs++
	h := client.Handoff{
		ConversationID: t.id, Customer: t.customer, Channel: t.channel, Subject: subject(intent.Name), Reason: why,
		Summary: t.transcript[0].Text, Tried: []string{"order lookup", "help pages"}, Intent: &intent, Transcript: t.transcript,
		Routing: client.Routing{Priority: "normal"},
	}
	if intent.Name == "complaint" {
		mood := -0.9
		h.Sentiment, h.Routing.Priority, h.NoteToAgent = &mood, "high", "Third complaint this month"
	}
	got, _, err := b.calls.Handoff(ctx, h, fmt.Sprintf("%s/%d", t.id, t.handoffs))
	if err != nil {
		return answer{}, err
	}
	b.mu.Lock()
	t.session = got.ID
	b.mu.Unlock()
	b.socket.Subscribe(ctx, got.ID, got.Seq)
	return answer{Text: reply, Session: got.ID}, nil
}

func subject(intent string) string {
	return map[string]string{
		"parcel_lost": "A parcel that does not come", "double_charge": "Charged twice", "complaint": "A late delivery",
		"damaged_item": "Broken on arrival", "other": "Something else",
	}[intent]
}

// think gives the bot's answer, or why a person should take over.
func (t *talk) think(text string) (reply string, why *client.Reason) {
	has := func(words ...string) bool {
		for _, word := range words {
			if strings.Contains(strings.ToLower(text), word) {
				return true
			}
		}
		return false
	}
	switch {
	case has("person", "human", "somebody"):
		return "", &client.Reason{Code: "customer_request", Text: "asked for a person"}
	case has("!!", "ridiculous"):
		return "", &client.Reason{Code: "sentiment", Text: "is angry"}
	case has("charged", "refund"):
		return "", &client.Reason{Code: "policy", Text: "money is a matter for people"}
	case has("thank", "that was all"):
		return "You are welcome!", nil
	case has("return"):
		return "Returns are free for 30 days: shop.example/returns prints the label.", nil
	case has("order", "parcel"):
		return "It left our warehouse on Monday and is on its way.", nil
	}
	if t.confused++; t.confused > 1 {
		return "", &client.Reason{Code: "low_confidence", Text: "did not understand twice"}
	}
	return "I am not sure that I understood. Could you put it in other words?", nil
}

// intent is what the bot believes that this is about.
func (t *talk) intent() client.Intent {
	var all strings.Builder
	for _, l := range t.transcript {
		if l.Author.Role == "customer" {
			all.WriteString(strings.ToLower(l.Text))
		}
	}
	for _, known := range []struct {
		word string
		client.Intent
	}{
		{"ridiculous", client.Intent{Name: "complaint", Score: 0.97}}, {"charged", client.Intent{Name: "double_charge", Score: 0.91}},
		{"broken", client.Intent{Name: "damaged_item", Score: 0.88}}, {"order", client.Intent{Name: "parcel_lost", Score: 0.83}},
	} {
		if strings.Contains(all.String(), known.word) {
			return known.Intent
		}
	}
	return client.Intent{Name: "other", Score: 0.31}
}
