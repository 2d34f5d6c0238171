package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/sync/errgroup"

	"baton/cmd/client"
)

// shopper is one customer in one conversation.
type shopper struct {
	*part
	scene        scene
	name         string
	conversation string
	visitor      *client.Client // a visitor of the page, or nil
	socket       *client.Socket
	customer     client.Customer
}

// customers come one after the other, all scenes once at least, and then by chance until it is time to finish.
func (p *part) customers(ctx context.Context) error {
	all := scenes()
	group, inside := errgroup.WithContext(ctx)
	closing := time.NewTimer(p.Arrive)
	defer closing.Stop()
	for n, closed := 0, false; n < len(all) || !closed; n++ {
		s := all[n%len(all)]
		if n >= len(all) {
			s = all[p.draw(len(all))]
		}
		name := firstNames()[(n+int(p.Seed))%len(firstNames())]
		group.Go(func() error { return p.shop(inside, s, name, n) })
		if err := p.take(inside, 3*time.Second); err != nil {
			break
		}
		select {
		case <-closing.C:
			closed = true
		case <-p.finish:
			closed = true
		default:
		}
	}
	return group.Wait()
}

// shop is one customer from the first word to the last.
func (p *part) shop(ctx context.Context, s scene, name string, n int) error {
	ctx, leave := context.WithCancel(ctx)
	defer leave()
	c := &shopper{part: p, scene: s, name: name, conversation: fmt.Sprintf("talk-%d", n+1)}
	c.customer = client.Customer{ExternalID: fmt.Sprintf("+49170%06d", n), Name: name}
	group, ctx := errgroup.WithContext(ctx)
	if s.channel != "whatsapp" {
		visitor, err := client.New(p.URL).Visit(ctx, name)
		if err != nil {
			return err
		}
		c.visitor, c.customer = client.New(p.URL).As(visitor.Token), client.Customer{ID: visitor.Customer, Name: name}
		c.socket = c.visitor.Socket(client.SocketConfig{Ticket: true})
		group.Go(func() error { return c.socket.Run(ctx) })
	}
	group.Go(func() error {
		defer leave()
		if err := c.converse(ctx); err != nil {
			return fmt.Errorf("%s (%s): %w", c.name, c.scene.name, err)
		}
		return nil
	})
	return group.Wait()
}

// converse talks to the bot first, and to a person when one takes over.
func (c *shopper) converse(ctx context.Context) error {
	session, err := c.ask(ctx)
	if err != nil || session == "" {
		return err
	}
	hear := c.hearBot
	if c.socket != nil {
		c.socket.Subscribe(ctx, session, 0)
		hear = func(ctx context.Context) (heard, error) { return c.hearPage(ctx, session) }
	}
	for _, text := range c.scene.waiting {
		if err := c.says(ctx, session, text, false); err != nil {
			return err
		}
	}
	if err := c.reply(ctx, session, hear); err != nil {
		return err
	}
	if c.scene.score > 0 {
		rating := client.Act{"type": "rate", "session": session, "score": c.scene.score, "comment": c.scene.comment}
		if _, err := c.socket.Ask(ctx, rating); err != nil {
			return fmt.Errorf("rate: %w", err)
		}
	}
	if c.scene.channel == "own" {
		return nil
	}
	_, err = c.toBot(ctx, "No, that was all. Thanks!")
	return err
}

// reply answers each message of an agent until the chat ends.
func (c *shopper) reply(ctx context.Context, session string, hear func(context.Context) (heard, error)) error {
	for n := 0; ; {
		h, err := hear(ctx)
		if err != nil || h.Ended {
			return err
		}
		if n < len(c.scene.replies) {
			n++
			if err := c.says(ctx, session, c.scene.replies[n-1], n == c.scene.picture); err != nil {
				return err
			}
		}
	}
}

// ask is the way to a person: a few words with the bot, or a request of one's own. No session means that the
// bot could help.
func (c *shopper) ask(ctx context.Context) (session string, err error) {
	if c.scene.channel == "own" {
		if err := c.write(ctx, c.scene.opening[0]); err != nil {
			return "", err
		}
		answer, _, err := c.visitor.Handoff(ctx, client.Handoff{Subject: c.scene.opening[0], Routing: client.Routing{Queue: "billing"}}, "")
		return answer.ID, err
	}
	for _, text := range c.scene.opening {
		a, err := c.toBot(ctx, text)
		if err != nil || a.Session != "" {
			return a.Session, err
		}
	}
	return "", nil
}

// toBot writes to the bot.
func (c *shopper) toBot(ctx context.Context, text string) (a answer, err error) {
	if err := c.write(ctx, text); err != nil {
		return a, err
	}
	words := said{Conversation: c.conversation, Channel: c.scene.channel, Customer: c.customer, Text: text}
	_, err = client.New(c.BotURL).Do(ctx, http.MethodPost, "/say", words, &a)
	return a, err
}

// says writes to the person who has the chat: over the page's socket, or through the bot.
func (c *shopper) says(ctx context.Context, session, text string, picture bool) error {
	if c.socket == nil {
		_, err := c.toBot(ctx, text)
		return err
	}
	c.socket.Tell(ctx, client.Act{"type": "typing", "session": session})
	if err := c.write(ctx, text); err != nil {
		return err
	}
	m := client.Message{Session: session, Text: text}
	if picture {
		file, err := c.visitor.Upload(ctx, session, "lamp.png", "image/png", drawLamp())
		if err != nil {
			return fmt.Errorf("send a picture: %w", err)
		}
		m.Attachments = []string{file.ID}
	}
	_, err := c.socket.Say(ctx, m)
	if client.CodeOf(err) == "session_ended" {
		return nil // the agent was quicker; the end is what comes next
	}
	return err
}

// hearPage waits for the next word of an agent on the page, or the end.
func (c *shopper) hearPage(ctx context.Context, session string) (heard, error) {
	for {
		f, err := c.socket.Next(ctx)
		if err != nil {
			return heard{}, err
		}
		if f.Type != "event" {
			continue
		}
		data, err := f.Event.Read()
		if err != nil {
			return heard{}, err
		}
		switch {
		case f.Event.Type == "session.ended":
			return heard{Ended: true}, nil
		case f.Event.Type == "message.posted" && data.Author.Role == "agent" && !data.History:
			c.socket.Tell(ctx, client.Act{"type": "read", "session": session, "seq": f.Seq})
			return heard{Text: data.Text}, nil
		}
	}
}

// hearBot waits for the next word that the bot relays, or the end.
func (c *shopper) hearBot(ctx context.Context) (h heard, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.BotURL+"/hear?conversation="+url.QueryEscape(c.conversation), nil)
	if err != nil {
		return h, err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return h, err
	}
	defer answer.Body.Close()
	return h, json.NewDecoder(answer.Body).Decode(&h)
}

// drawLamp is the picture of a lamp that has seen better days.
func drawLamp() []byte {
	lamp := image.NewRGBA(image.Rect(0, 0, 120, 80))
	for x := range 120 {
		for y := range 80 {
			lamp.Set(x, y, color.RGBA{R: uint8(2 * x), G: uint8(3 * y), B: 90, A: 255})
		}
	}
	var b bytes.Buffer
	// An image in memory of a few bytes is always encoded.
	_ = png.Encode(&b, lamp)
	return b.Bytes()
}
