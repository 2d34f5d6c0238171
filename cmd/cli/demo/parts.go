package demo

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"time"
)

// settings are what a part is told on the first line of its standard input. The input stays open after it: its
// end asks the part to come to an end.
type settings struct {
	URL  string  `json:"url"`  // of the server
	Seed uint64  `json:"seed"` // of what is left to chance
	Pace float64 `json:"pace"` // 1 for people, less for those in a hurry
	// For the bot: its key. For the customers: where the bot listens, and how long new ones come.
	Key     string        `json:"key,omitempty"`
	BotURL  string        `json:"bot_url,omitempty"`
	Arrive  time.Duration `json:"arrive,omitempty"`
	Members []member      `json:"members,omitempty"` // for the agents
}

// member is an agent who is signed in.
type member struct {
	Token string `json:"token"`
	ID    string `json:"id"`
	Name  string `json:"name"`
	Habit string `json:"habit"`
}

// line is what a part tells the demo on its standard output: where it is to be reached, or something that was
// said which the server does not know of.
type line struct {
	Ready        string `json:"ready,omitempty"`
	Conversation string `json:"conversation,omitempty"`
	Role         string `json:"role,omitempty"`
	Name         string `json:"name,omitempty"`
	Text         string `json:"text,omitempty"`
}

// part is a process of the demo: the shop's bot, its customers, or its agents.
type part struct {
	settings
	finish <-chan struct{} // closed when the part is to come to an end
	mu     sync.Mutex      // guards out and chance
	out    *json.Encoder
	chance *rand.Rand
}

// Play is one process of the demo: bot, customers or agents. It reads its settings from in, and comes to an end
// when in does.
func Play(ctx context.Context, role string, in io.Reader, out io.Writer) error {
	play, known := map[string]func(*part, context.Context) error{
		"bot": (*part).bot, "customers": (*part).customers, "agents": (*part).agents,
	}[role]
	if !known {
		return fmt.Errorf("the demo has no part %q", role)
	}
	lines := bufio.NewReader(in)
	first, err := lines.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("read the settings of the %s: %w", role, err)
	}
	p := &part{out: json.NewEncoder(out)}
	if err := json.Unmarshal(first, &p.settings); err != nil {
		return fmt.Errorf("read the settings of the %s: %w", role, err)
	}
	p.chance = rand.New(rand.NewPCG(p.Seed, uint64(len(role))))
	finish := make(chan struct{})
	p.finish = finish
	go func() {
		defer close(finish)
		_, _ = io.Copy(io.Discard, lines) // however it ends, it has ended
	}()
	if err := play(p, ctx); err != nil && ctx.Err() == nil && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("the %s of the demo: %w", role, err)
	}
	return nil
}

// tell tells the demo.
func (p *part) tell(l line) {
	p.mu.Lock()
	defer p.mu.Unlock()
	// Nobody left to tell means that the demo is over, which the input says as well.
	_ = p.out.Encode(l)
}

// draw gives a number from 0 to n-1.
func (p *part) draw(n int) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.chance.IntN(n)
}

// take waits as long as this takes a person, a little more or less.
func (p *part) take(ctx context.Context, about time.Duration) error {
	wait := time.Duration(float64(about) * p.Pace * (0.7 + 0.6*float64(p.draw(100))/100))
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// write waits as long as it takes to read what was said and to write this.
func (p *part) write(ctx context.Context, text string) error {
	return p.take(ctx, min(700*time.Millisecond+time.Duration(len(text))*25*time.Millisecond, 3*time.Second))
}

// untilFinish gives a context that ends when the part is to come to an end.
func (p *part) untilFinish(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		select {
		case <-p.finish:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}
