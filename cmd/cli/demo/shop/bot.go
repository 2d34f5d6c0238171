package shop

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"baton/cmd/client"
)

// botName is what the bot calls itself in the transcript.
const botName = "Tarn's bot"

// bot talks to the visitors of the pages, each in a talk of his own, and hands over to people.
type bot struct {
	calls  *client.Client
	socket *client.Socket
	asked  chan request // for people

	mu    sync.Mutex // guards talks, and all of every talk
	talks map[string]*talk
}

// request is a talk whose visitor needs a person.
type request struct {
	talk *talk
	why  *client.Reason
	page string // where the visitor is
}

// talk is what one visitor and the bot have said.
type talk struct {
	id       string // the bot's own name for the conversation; the cookie is the visitor's secret and stays here
	lines    []client.Line
	visitor  string // of Baton, once the page knows him
	name     string // of a customer who has signed in
	session  string // while people have the conversation
	busy     bool   // a request for a person is under way
	handoffs int
	mind     mind
	changed  chan struct{} // closed at every change, and made anew
}

// state is a talk as the page draws it.
type state struct {
	Lines  []stateLine `json:"lines"`
	Person bool        `json:"person"` // people have the conversation
}

type stateLine struct {
	Who  string `json:"who"` // you, or bot
	Text string `json:"text"`
}

func newBot(calls *client.Client) *bot {
	return &bot{calls: calls, socket: calls.Socket(client.SocketConfig{}), asked: make(chan request), talks: map[string]*talk{}}
}

// run asks for people, and hears what becomes of the conversations that they have, until ctx ends.
func (b *bot) run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return b.socket.Run(ctx) })
	group.Go(func() error {
		for {
			select {
			case r := <-b.asked:
				group.Go(func() error { return b.handOver(ctx, r) })
			case <-ctx.Done():
				return nil
			}
		}
	})
	group.Go(func() error { return b.hear(ctx) })
	return group.Wait()
}

// hear waits for conversations that people give back, until ctx ends.
func (b *bot) hear(ctx context.Context) error {
	for ctx.Err() == nil {
		f, err := b.socket.Next(ctx)
		if err == nil && f.Type == "event" && f.Event.Type == "session.ended" {
			err = b.takeBack(f)
		}
		if err != nil && ctx.Err() == nil {
			return err
		}
	}
	return nil
}

// takeBack goes on with a conversation that people have given back.
func (b *bot) takeBack(f client.Frame) error {
	data, err := f.Event.Read()
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, t := range b.talks {
		if t.session != f.Session {
			continue
		}
		t.session, t.mind = "", mind{}
		switch {
		case data.By == "customer":
			t.speak("You are with me again. Is there anything else?")
		case data.ReturnTo == "bot":
			t.speak(fmt.Sprintf("%s has handed you back to me. Is there anything else?", nameOr(f.Event.Actor.Name, "My colleague")))
		}
		t.change()
	}
	return nil
}

func nameOr(name, otherwise string) string {
	if name == "" {
		return otherwise
	}
	return name
}

// find gives the talk of a cookie, which is begun if there is none and begin says so.
func (b *bot) find(secret string, begin bool) *talk {
	b.mu.Lock()
	defer b.mu.Unlock()
	t := b.talks[secret]
	if t == nil && begin {
		t = &talk{id: "shop-" + client.NewID(), changed: newSignal()}
		t.speak(greeting)
		b.talks[secret] = t
	}
	return t
}

func newSignal() chan struct{} { return make(chan struct{}) }

// look gives the talk as it stands, and what is closed when it changes.
func (b *bot) look(t *talk) (state, <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := state{Lines: []stateLine{}, Person: t.session != ""}
	for _, l := range t.lines {
		who := "bot"
		if l.Author.Role == "customer" {
			who = "you"
		}
		s.Lines = append(s.Lines, stateLine{Who: who, Text: l.Text})
	}
	return s, t.changed
}

// speak is the bot's own voice. b.mu is held.
func (t *talk) speak(text string) { t.add("bot", botName, text) }

func (t *talk) add(role, name, text string) {
	t.lines = append(t.lines, client.Line{ClientID: client.NewID(), Author: client.Actor{Role: role, Name: name}, Text: text, CreatedAt: time.Now()})
}

// change tells the pages that look at the talk. b.mu is held.
func (t *talk) change() {
	close(t.changed)
	t.changed = newSignal()
}

// meet remembers who the visitor is: by the page's word, and by his own when he has signed in.
func (b *bot) meet(t *talk, visitor, name string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if visitor != "" {
		t.visitor = visitor
	}
	t.name = name
	t.change()
}

// say takes a visitor's words: the bot answers, or asks for a person. What was said stays said when the visitor goes on
// to the next page.
func (b *bot) say(ctx context.Context, t *talk, text, page string) {
	if why := b.answer(t, text); why != nil {
		select {
		case b.asked <- request{talk: t, why: why, page: page}:
		case <-ctx.Done():
		}
	}
}

// answer lets the bot think, and says why a person should take over, if one should.
func (b *bot) answer(t *talk, text string) *client.Reason {
	b.mu.Lock()
	defer b.mu.Unlock()
	defer t.change()
	if t.session != "" || t.busy {
		return nil // people have the conversation: the page shows where
	}
	t.add("customer", t.name, text)
	reply, why := t.mind.think(text)
	if why == nil {
		t.speak(reply)
	}
	t.busy = why != nil
	return why
}

// acquainted waits until the page has said who the visitor is: without that the chat would open nowhere.
func (b *bot) acquainted(ctx context.Context, t *talk) error {
	for {
		b.mu.Lock()
		known, changed := t.visitor != "", t.changed
		b.mu.Unlock()
		if known {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// handOverWithin is how long the bot tries to reach people.
const handOverWithin = 15 * time.Second

// handOver asks for a person, and tells the visitor how that went.
func (b *bot) handOver(ctx context.Context, r request) error {
	within, cancel := context.WithTimeout(ctx, handOverWithin)
	defer cancel()
	answer, err := b.ask(within, r)
	t := r.talk
	b.mu.Lock()
	defer b.mu.Unlock()
	defer t.change()
	t.busy = false
	if err != nil {
		t.speak("I cannot reach my colleagues just now. Please try again in a minute.")
		return nil
	}
	t.session = answer.ID
	b.socket.Subscribe(ctx, answer.ID, answer.Seq)
	return nil
}

// ask makes the handoff, after a look whether somebody is free.
func (b *bot) ask(ctx context.Context, r request) (answer client.HandoffAnswer, err error) {
	if err := b.acquainted(ctx, r.talk); err != nil {
		return answer, err
	}
	free, err := b.calls.Availability(ctx, "general")
	if err != nil {
		return answer, err
	}
	words := "I am getting a colleague for you. Your chat goes on in the corner of the page."
	if free.AgentsAvailable == 0 {
		words = "My colleagues are busy; I have put you in line. Your chat goes on in the corner of the page."
	}
	h, key := b.handoff(r.talk, r.why, words, r.page)
	answer, _, err = b.calls.Handoff(ctx, h, key)
	return answer, err
}

// handoff is all that the bot knows, for the person who takes over.
func (b *bot) handoff(t *talk, why *client.Reason, words, page string) (h client.Handoff, key string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	t.speak(words)
	t.change()
	t.handoffs++
	m, mood := &t.mind, t.mind.mood()
	h = client.Handoff{
		ConversationID: t.id, Customer: client.Customer{ID: t.visitor, Name: t.name}, Channel: "web", Subject: m.subject(), Reason: why,
		Summary: m.summary(), Tried: m.tried, Sentiment: &mood, Transcript: t.lines[:len(t.lines):len(t.lines)], Context: facts(m, page),
	}
	if m.intent != "" && m.intent != "other" {
		h.Intent = &client.Intent{Name: m.intent, Score: m.sureness()}
	}
	if mood < -0.5 {
		h.Routing.Priority = "high"
	}
	return h, fmt.Sprintf("%s/%d", t.id, t.handoffs)
}

// facts are shown beside the chat.
func facts(m *mind, page string) json.RawMessage {
	all := map[string]any{"page": page}
	if m.order != "" {
		o := orderOf(m.order)
		all["order"], all["item"], all["order_status"] = o.Number, o.Item, o.Status
	}
	// A map of texts is always encoded.
	encoded, _ := json.Marshal(all)
	return encoded
}
