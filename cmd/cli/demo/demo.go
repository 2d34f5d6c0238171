// Package demo shows the whole job in a terminal: a server with a seeded team, a small shop bot, customers and
// agents, each a process of its own that speaks the public API only, and a line for everything that happens.
package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"baton/cmd/client"
)

// Config says how the demo goes. Program, Out and Err must be there.
type Config struct {
	Program string // the binary whose serve and demo-part it runs
	For     time.Duration
	Seed    uint64
	Fast    bool   // people are in a great hurry
	Keep    string // the folder for the data, which stays; a temporary one when empty
	Out     io.Writer
	Err     io.Writer
	Colour  bool
}

// hurried is the pace of --fast.
const hurried = 0.02

// stage is a demo that runs.
type stage struct {
	*Config
	dir    string
	server *process
	shop   *process   // the page that people may visit
	parts  []*process // in the order in which they came
	anyone *client.Client
	owner  *client.Client
	story  *story
}

// Run shows the demo until its time is over and everybody has finished what he began. It leaves no process
// behind, however it ends; ctx ends it early, which is no error.
func Run(ctx context.Context, c Config) (err error) {
	s := &stage{Config: &c, dir: c.Keep}
	if s.dir == "" {
		if s.dir, err = os.MkdirTemp("", "baton-demo-"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(s.dir)) }()
	}
	err = s.run(ctx)
	if ctx.Err() != nil {
		return s.endAll((*process).end)
	}
	return errors.Join(err, s.endAll(func(p *process) error { return p.finish(10 * time.Second) }))
}

func (s *stage) run(ctx context.Context) error {
	began := time.Now()
	code, err := s.serve()
	if err != nil {
		return err
	}
	fmt.Fprintf(s.Out, "The server is at %s; sign in as %s with %q.\n", s.anyone.URL(), ownerEmail, password)
	seats, key, err := s.seed(ctx, code)
	if err != nil {
		return fmt.Errorf("seed the team: %w", err)
	}
	if err := s.openShop(ctx); err != nil {
		return err
	}
	s.story = newStory(s.Out, s.Colour, began)
	group, inside := errgroup.WithContext(ctx)
	watching, stopWatching := context.WithCancel(inside)
	defer stopWatching()
	socket := s.owner.Socket(client.SocketConfig{})
	socket.FollowDesk(ctx)
	group.Go(func() error { return socket.Run(watching) })
	group.Go(func() error {
		if err := s.story.watch(watching, socket); !errors.Is(err, context.Canceled) {
			return err
		}
		return nil
	})
	group.Go(func() error {
		defer stopWatching()
		if err := s.play(inside, seats, key); err != nil {
			return err
		}
		return s.settle(inside)
	})
	if err := group.Wait(); err != nil {
		return err
	}
	return s.sum(ctx)
}

// serve starts the server and gives the code of its set-up link.
func (s *stage) serve() (code string, err error) {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return "", err
	}
	expire := "6s"
	if s.Fast {
		expire = "500ms"
	}
	env := []string{
		"BATON_DATABASE_DSN=", "BATON_DATA_DIR=" + s.dir, "BATON_OFFERS_EXPIRE_AFTER=" + expire, "BATON_OFFERS_AGAIN_AFTER=5s",
		"BATON_LIMITS_VISITORS=6000", "BATON_LIMITS_DISK_FREE=0", "BATON_LOG_LEVEL=error",
		"BATON_WIDGET_ORIGINS=", "BATON_WIDGET_IDENTITY_KEYS=" + identityID + "=" + identityKey,
	}
	if s.server, err = s.start("server", s.dir, env, "serve", "--addr", "127.0.0.1:0"); err != nil {
		return "", err
	}
	for _, wanted := range []string{"listening on ", "/setup#"} {
		text, err := s.server.line(20 * time.Second)
		if err != nil {
			return "", err
		}
		_, value, found := strings.Cut(text, wanted)
		if !found {
			return "", fmt.Errorf("the server said %q; the demo needs a folder without a team", text)
		}
		if s.anyone == nil {
			s.anyone = client.New(value)
		}
		code = value
	}
	return code, nil
}

// openShop starts the example page, so that whoever watches the demo can be a customer of it.
func (s *stage) openShop(ctx context.Context) error {
	key, err := s.owner.MakeKey(ctx, "Tarn's bot")
	if err != nil {
		return err
	}
	s.shop, err = s.start("shop", s.dir, nil, "shop", "--server", s.anyone.URL(), "--key", key.Key, "--identity", identityID+":"+identityKey)
	if err != nil {
		return err
	}
	first, err := s.shop.line(20 * time.Second)
	if err != nil {
		return err
	}
	_, address, found := strings.Cut(first, "the shop is at ")
	if !found {
		return fmt.Errorf("the shop said %q, not where it is", first)
	}
	fmt.Fprintf(s.Out, "Be a customer yourself: the shop is at %s\n", address)
	return nil
}

// The key by which the example page vouches for those who have signed in there.
const (
	identityID  = "shop"
	identityKey = "the key of a demo on this machine"
)

// Who signs in where. The passwords are those of a server on this machine that is gone in a minute.
const (
	ownerEmail = "owner@example.com"
	password   = "correct horse battery staple"
)

// seed makes the team: the owner by the set-up code, agents by command, and the rest by calls.
func (s *stage) seed(ctx context.Context, code string) (seats []member, key string, err error) {
	login, err := s.anyone.SetUp(ctx, code, ownerEmail, "Olga", password)
	if err != nil {
		return nil, "", err
	}
	s.owner = s.anyone.As(login.Token)
	bot, err := s.owner.MakeKey(ctx, botName)
	if err != nil {
		return nil, "", err
	}
	if _, err := s.owner.MakeQueue(ctx, "billing"); err != nil {
		return nil, "", err
	}
	for _, m := range []struct{ name, habit, queue string }{
		{"Milo", "dreams", "general"}, {"Chen", "picks", "general"}, {"Rosa", "", "general"}, {"Dana", "", "billing"},
	} {
		seat, err := s.hire(ctx, m.name, m.queue)
		if err != nil {
			return nil, "", fmt.Errorf("hire %s: %w", m.name, err)
		}
		seat.Habit = m.habit
		seats = append(seats, seat)
	}
	return seats, bot.Key, nil
}

// hire adds an agent by the command that operators use, and signs him in.
func (s *stage) hire(ctx context.Context, name, queue string) (m member, err error) {
	email := strings.ToLower(name) + "@example.com"
	add := exec.CommandContext(ctx, s.Program, "user", "add", "--email", email, "--name", name, "--role", "agent", "--password-stdin")
	add.Dir, add.Stdin = s.dir, strings.NewReader(password+"\n")
	add.Env = append(os.Environ(), "BATON_DATABASE_DSN=", "BATON_DATA_DIR="+s.dir)
	if out, err := add.CombinedOutput(); err != nil {
		return m, fmt.Errorf("%w: %s", err, out)
	}
	login, err := s.anyone.SignIn(ctx, email, password)
	if err != nil {
		return m, err
	}
	_, err = s.owner.ChangeAgent(ctx, login.Agent.ID, map[string]any{"queues": []string{queue}, "capacity": 3})
	return member{Token: login.Token, ID: login.Agent.ID, Name: name}, err
}

// play starts the parts, lets them play, and waits until the customers have gone.
func (s *stage) play(ctx context.Context, seats []member, key string) error {
	common := settings{URL: s.anyone.URL(), Seed: s.Seed, Pace: 1}
	if s.Fast {
		common.Pace = hurried
	}
	forAgents, forBot, forCustomers := common, common, common
	forAgents.Members, forBot.Key = seats, key
	if _, err := s.join("agents", forAgents); err != nil {
		return err
	}
	bot, err := s.join("bot", forBot)
	if err != nil {
		return err
	}
	// The last who come are to have time to finish.
	forCustomers.BotURL, forCustomers.Arrive = bot, s.For*6/10
	customers, err := s.Config.play("customers", forCustomers)
	if err != nil {
		return err
	}
	s.parts = append(s.parts, customers)
	select {
	case <-customers.ended:
		return customers.err
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(s.For + 2*time.Minute):
		return fmt.Errorf("the customers did not come to an end")
	}
}

// join starts a part and waits until it is ready; what it says from then on is part of the story.
func (s *stage) join(role string, settings settings) (ready string, err error) {
	p, err := s.Config.play(role, settings)
	if err != nil {
		return "", err
	}
	s.parts = append(s.parts, p)
	first, err := p.line(20 * time.Second)
	if err != nil {
		return "", err
	}
	l, err := readLine(first)
	if err != nil {
		return "", err
	}
	go func() {
		for text := range p.lines {
			s.story.overhear(text)
		}
	}()
	return l.Ready, nil
}

// settle waits until no chat is open any more, so that the sum is that of whole stories.
func (s *stage) settle(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	pause := client.Backoff{Most: 200 * time.Millisecond}
	for {
		open, err := s.owner.Sessions(ctx, map[string][]string{"status": {"pending,waiting,active"}})
		if err != nil {
			return err
		}
		if len(open) == 0 {
			return s.story.complete(ctx)
		}
		if err := pause.Wait(ctx); err != nil {
			return fmt.Errorf("%d chats did not come to an end", len(open))
		}
	}
}

// endAll ends the parts that still run, the newest first, and then the shop and the server.
func (s *stage) endAll(end func(*process) error) error {
	var all error
	for _, p := range slices.Backward(s.parts) {
		all = errors.Join(all, end(p))
	}
	for _, p := range []*process{s.shop, s.server} {
		if p != nil {
			all = errors.Join(all, p.end())
		}
	}
	return all
}
