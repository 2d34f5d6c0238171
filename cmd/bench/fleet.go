package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// side is one end of a talk: where its socket is opened, and by whom.
type side struct{ path, token string }

// talk is a pair of people who could be connected: a customer who writes and an agent who reads.
type talk struct {
	customer, agent side
	session         string // empty on the raw relay
	seq             int64  // of the last event before the measurement
}

// talks makes n talks on the server by its public API: visitors ask for a person, and agents take the chats.
func (s *server) talks(ctx context.Context, n int) ([]talk, error) {
	const agents = 5
	var tokens [agents]string
	for i := range tokens {
		token, err := s.person(ctx, "agent"+strconv.Itoa(i), "agent")
		if err != nil {
			return nil, err
		}
		if _, err := s.call(ctx, token, "PUT", "/v1/me", map[string]int{"capacity": n}); err != nil {
			return nil, err
		}
		tokens[i] = token
	}
	list := make([]talk, n)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(32)
	for i := range list {
		group.Go(func() (err error) {
			list[i], err = s.talk(ctx, tokens[i%agents])
			return err
		})
	}
	return list, group.Wait()
}

func (s *server) talk(ctx context.Context, agent string) (talk, error) {
	visitor, err := s.call(ctx, "", "POST", "/v1/visitors", map[string]string{"name": "Bo"})
	if err != nil {
		return talk{}, err
	}
	session, err := s.call(ctx, visitor.Token, "POST", "/v1/handoffs", map[string]string{"subject": "Where is parcel 48213?"})
	if err != nil {
		return talk{}, err
	}
	taken, err := s.call(ctx, agent, "POST", "/v1/sessions/"+session.ID+"/takeover", map[string]bool{"force": false})
	const path = "/v1/socket"
	return talk{customer: side{path, visitor.Token}, agent: side{path, agent}, session: session.ID, seq: taken.Seq}, err
}

// rawTalks are the same pairs for the raw relay.
func rawTalks(n int) []talk {
	list := make([]talk, n)
	for i := range list {
		pair := strconv.Itoa(i)
		list[i] = talk{customer: side{path: "/socket/customer/" + pair}, agent: side{path: "/socket/agent/" + pair}, session: "ses_00000000000000000000000000"}
	}
	return list
}

// fleet is a number of talks with both ends connected.
type fleet struct {
	pairs []*pair
	mark  string // makes the client ids of this fleet unlike those of earlier ones
}

// pair is one talk; customer waits for the answer to each message before he sends the next.
type pair struct {
	*talk
	from, to *socket
	sent     int
	acked    atomic.Int64
	frame    []byte
}

// connect opens both ends of the talks. The agent follows his session; on the raw relay nobody needs to.
func connect(addr string, talks []talk) (*fleet, error) {
	f := &fleet{mark: strconv.FormatInt(time.Now().UnixNano(), 36), pairs: make([]*pair, len(talks))}
	var group errgroup.Group
	group.SetLimit(32)
	for i := range talks {
		group.Go(func() (err error) {
			t := &talks[i]
			p := &pair{talk: t}
			f.pairs[i] = p
			if p.from, err = dial(addr, t.customer.path, t.customer.token, 2*i); err != nil {
				return err
			}
			if p.to, err = dial(addr, t.agent.path, t.agent.token, 2*i+1); err != nil {
				return err
			}
			if t.agent.token != "" {
				if err := p.to.subscribe(t.session, t.seq); err != nil {
					return err
				}
			}
			go p.to.listen()
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		f.close()
		return nil, err
	}
	return f, nil
}

func (s *socket) subscribe(session string, after int64) error {
	frame := fmt.Appendf(nil, `{"type":"subscribe","id":"s","session":%q,"after":%d}`, session, after)
	if err := s.send(opText, frame); err != nil {
		return err
	}
	_, err := s.await(frameOK, nil)
	return err
}

// close ends all sockets and notes how far each talk has come.
func (f *fleet) close() {
	for _, p := range f.pairs {
		if p == nil {
			continue
		}
		p.seq += p.acked.Load()
		for _, s := range []*socket{p.from, p.to} {
			if s != nil {
				s.close()
			}
		}
	}
}

// counts are the messages that were answered and those that reached the other side.
func (f *fleet) counts() (acked, got int64) {
	for _, p := range f.pairs {
		acked += p.acked.Load()
		got += p.to.got.Load()
	}
	return acked, got
}

// message words the next message of a pair.
func (p *pair) message(mark string) []byte {
	p.sent++
	p.frame = append(p.frame[:0], `{"type":"message","id":"m","session":"`...)
	p.frame = append(p.frame, p.session...)
	p.frame = append(append(p.frame, `","client_id":"`...), mark...)
	p.frame = strconv.AppendInt(append(p.frame, '-'), int64(p.sent), 10)
	return append(p.frame, `","text":"Hello there, it is about my order 4711 which has not come yet, can you look?"}`...)
}

// talkOn sends message after message until stop is closed, each when the one before was answered.
func (p *pair) talkOn(mark string, stop <-chan struct{}) error {
	buf := make([]byte, 0, readBuffer)
	for {
		select {
		case <-stop:
			return nil
		default:
		}
		if err := p.from.send(opText, p.message(mark)); err != nil {
			return err
		}
		frame, err := p.from.await(frameOK, buf)
		if err != nil {
			return err
		}
		buf = frame
		p.acked.Add(1)
	}
}

// settle waits until all that was answered has reached the other side, and is an error when it does not.
func (f *fleet) settle(already int64) error {
	var acked, got int64
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if acked, got = f.counts(); acked == got-already {
			return nil
		}
	}
	for _, p := range f.pairs {
		if lost := p.to.lost.Load(); lost != nil {
			return fmt.Errorf("an agent's socket ended: %w", *lost)
		}
	}
	return fmt.Errorf("%d messages were answered and %d reached the other side", acked, got-already)
}

// race lets all pairs talk for a while and counts what got through in the middle of it.
func (f *fleet) race(warm, length time.Duration, cpu func() (own, database time.Duration)) (lap, error) {
	stop := make(chan struct{})
	ackedBefore, gotBefore := f.counts()
	var group errgroup.Group
	for _, p := range f.pairs {
		group.Go(func() error { return p.talkOn(f.mark, stop) })
	}
	time.Sleep(warm)
	own, database := cpu()
	acked, _ := f.counts()
	began := time.Now()
	time.Sleep(length)
	took := time.Since(began)
	ackedAfter, _ := f.counts()
	ownAfter, databaseAfter := cpu()
	close(stop)
	err := errors.Join(group.Wait(), f.settle(gotBefore-ackedBefore))
	n := float64(max(ackedAfter-acked, 1))
	return lap{
		rate: n / took.Seconds(), cpu: micros(ownAfter-own) / n, database: micros(databaseAfter-database) / n,
	}, err
}

// lap is what one race came to: messages a second, and microseconds of processor time per message.
type lap struct{ rate, cpu, database float64 }

func micros(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }
