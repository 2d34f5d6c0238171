package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"time"
)

// measureOffers times how long it takes until an agent sees a chat on his screen: after a request while he is
// free, and after his place comes free while others wait.
func measureOffers(ctx context.Context, w *workshop, r *report) error {
	dir, err := os.MkdirTemp(w.dir, "data-")
	if err != nil {
		return err
	}
	onSQLite := func(ctx context.Context) (*server, error) { return w.onSQLite(ctx, dir) }
	for _, store := range []struct {
		name  string
		start func(context.Context) (*server, error)
	}{{"SQLite", onSQLite}, {"PostgreSQL", w.onPostgres}} {
		s, err := store.start(ctx)
		if err != nil {
			return err
		}
		if err := errors.Join(s.measureOffers(ctx, store.name, r), s.stop()); err != nil {
			return err
		}
	}
	return nil
}

func (s *server) measureOffers(ctx context.Context, store string, r *report) error {
	n := 200
	if s.workshop.quick {
		n = 50
	}
	o, err := s.offeree(ctx)
	if err != nil {
		return err
	}
	defer o.screen.close()
	requested, answered, err := o.requests(ctx, n)
	if err != nil {
		return fmt.Errorf("requests: %w", err)
	}
	freed, err := o.freePlaces(ctx, n)
	if err != nil {
		return fmt.Errorf("free places: %w", err)
	}
	limit := "the request's own answer, " + shownTime(quantile(answered, 0.99))
	for _, f := range []struct {
		what string
		took []time.Duration
	}{{"request → offer on the screen", requested}, {"free place → offer on the screen", freed}} {
		p99 := quantile(f.took, 0.99)
		r.add(figure{
			what: f.what + ", p99, " + store, shown: fmt.Sprintf("%s (p50 %s)", shownTime(p99), shownTime(quantile(f.took, 0.5))), limit: limit,
			ratio: float64(p99) / float64(quantile(answered, 0.99)), value: millis(p99), dueValue: 100, dueShown: "100 ms",
		})
	}
	return nil
}

// offeree is an agent who looks at his screen, and the bot that asks for him.
type offeree struct {
	*server
	bot, agent string // tokens
	screen     *socket
	offers     chan offer
	asked      int
	freed      time.Time // when the end of the last chat was asked for
}

type offer struct {
	session string
	at      time.Time
}

func (s *server) offeree(ctx context.Context) (*offeree, error) {
	bot, err := s.command(ctx, "", "key", "add", "shop")
	if err != nil {
		return nil, err
	}
	agent, err := s.person(ctx, "ann", "agent")
	if err != nil {
		return nil, err
	}
	o := &offeree{server: s, bot: bot, agent: agent, offers: make(chan offer, 100)}
	if o.screen, err = dial(s.addr, "/v1/socket", agent, 0); err != nil {
		return nil, err
	}
	if err := o.screen.send(opText, []byte(`{"type":"subscribe","id":"s","feed":"desk"}`)); err != nil {
		return nil, err
	}
	if _, err := o.screen.await(frameOK, nil); err != nil {
		return nil, err
	}
	go o.look()
	_, err = s.call(ctx, agent, "PUT", "/v1/me", map[string]any{"status": "available", "capacity": 1})
	return o, err
}

// look notes when offers come, until the socket is closed.
func (o *offeree) look() {
	defer close(o.offers)
	var buf []byte
	for {
		frame, err := o.screen.await(frameOffer, buf)
		if err != nil {
			return
		}
		at := time.Now()
		var said struct {
			Session string `json:"session"`
		}
		if json.Unmarshal(frame, &said) == nil {
			o.offers <- offer{session: said.Session, at: at}
		}
		buf = frame
	}
}

func (o *offeree) next(ctx context.Context) (offer, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	select {
	case got, open := <-o.offers:
		if !open {
			return got, errors.New("the agent's socket was closed")
		}
		return got, nil
	case <-ctx.Done():
		return offer{}, errors.New("no offer came within 10 s")
	}
}

func (o *offeree) ask(ctx context.Context) (reply, error) {
	o.asked++
	id := strconv.Itoa(o.asked)
	return o.call(ctx, o.bot, "POST", "/v1/handoffs", map[string]any{
		"conversation_id": "c" + id, "customer": map[string]string{"external_id": "u" + id, "name": "Bo"}, "summary": "Where is parcel 48213?",
		"transcript": []map[string]any{{"author": map[string]string{"role": "customer"}, "text": "I want a person"}},
	})
}

// finish accepts a chat and ends it.
func (o *offeree) finish(ctx context.Context, session string) error {
	if _, err := o.call(ctx, o.agent, "POST", "/v1/sessions/"+session+"/accept", nil); err != nil {
		return err
	}
	o.freed = time.Now()
	_, err := o.call(ctx, o.agent, "POST", "/v1/sessions/"+session+"/end", map[string]string{"reason": "resolved", "return_to": "bot"})
	return err
}

// requests asks again and again while the agent is free. It gives how long the offers and the answers took.
func (o *offeree) requests(ctx context.Context, n int) (offers, answers []time.Duration, err error) {
	for range n {
		began := time.Now()
		asked, err := o.ask(ctx)
		if err != nil {
			return nil, nil, err
		}
		answers = append(answers, time.Since(began))
		got, err := o.next(ctx)
		if err != nil {
			return nil, nil, err
		}
		if got.session != asked.ID {
			return nil, nil, fmt.Errorf("asked for %s and offered %s", asked.ID, got.session)
		}
		offers = append(offers, got.at.Sub(began))
		if err := o.finish(ctx, got.session); err != nil {
			return nil, nil, err
		}
	}
	slices.Sort(offers)
	slices.Sort(answers)
	return offers, answers, nil
}

// freePlaces lets n sessions wait behind the one chat that the agent can have, and ends one after the other.
func (o *offeree) freePlaces(ctx context.Context, n int) ([]time.Duration, error) {
	for range n + 1 {
		if _, err := o.ask(ctx); err != nil {
			return nil, err
		}
	}
	var took []time.Duration
	for k := range n + 1 {
		got, err := o.next(ctx)
		if err != nil {
			return nil, err
		}
		if k > 0 {
			took = append(took, got.at.Sub(o.freed))
		}
		if err := o.finish(ctx, got.session); err != nil {
			return nil, err
		}
	}
	slices.Sort(took)
	return took, nil
}
