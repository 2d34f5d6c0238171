package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"baton/adapters/argon2id"
	"baton/adapters/sqlstore"
	"baton/core"
	"baton/core/access"
)

// A history is what a server that has been in use for long finds at its start.
type history struct {
	dir      string // with the SQLite file
	sessions int
	open     int
	visitors []visitor // of the active sessions
	agent    string    // the e-mail of one who has them
}

type visitor struct{ token, session string }

// The big history, and the one for a hurried run. A tenth of the sessions is open.
const (
	historySessions      = 100_000
	historyQuickSessions = 20_000
	historyOpen          = 10_000
	historyActive        = 9_000
	historyQuickOpen     = 2_000
	historyQuickActive   = 1_500
)

// seed writes a history straight through the store, since the public API would take far longer. The log and all
// that is made from it are what the API would have left.
func (w *workshop) seed(ctx context.Context, dir string) (*history, error) {
	h := &history{dir: dir, sessions: historySessions, open: historyOpen, visitors: make([]visitor, historyActive), agent: "ann@bench.example"}
	if w.quick {
		h.sessions, h.open, h.visitors = historyQuickSessions, historyQuickOpen, make([]visitor, historyQuickActive)
	}
	store, err := sqlstore.Open(ctx, sqlstore.Config{DSN: "sqlite:" + filepath.Join(dir, "baton.db")})
	if err != nil {
		return nil, err
	}
	running, end := context.WithCancel(ctx)
	ran := make(chan error, 1)
	go func() { ran <- store.Run(running) }()
	select {
	case <-store.Ready():
		err = h.fill(ctx, store)
	case err = <-ran:
		ran <- nil
	}
	end()
	return h, errors.Join(err, <-ran, store.Close())
}

// fill writes all sessions, the open ones last.
func (h *history) fill(ctx context.Context, store *sqlstore.Store) error {
	door := access.New(store, argon2id.New(argon2id.Config{}), nil, access.Config{})
	agent, err := door.AddUser(ctx, core.Desk, access.UserRequest{Email: h.agent, Name: "Ann", Role: core.AgentRole, Password: password})
	if err != nil {
		return err
	}
	queue, err := store.Queue(ctx, "general")
	if err != nil {
		return err
	}
	ended := h.sessions - h.open
	var made atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	for range 300 {
		group.Go(func() error {
			for n := int(made.Add(1)) - 1; n < h.sessions; n = int(made.Add(1)) - 1 {
				s := &past{queue: queue.Ref(), agent: agent.Ref(), ended: n < ended, active: n >= ended && n-ended < len(h.visitors)}
				s.customer = core.Customer{ID: core.NewID(core.CustomerPrefix), Name: "Customer " + strconv.Itoa(n)}
				var token string
				if s.active {
					if token, s.customer, err = door.MakeVisitor(ctx, access.VisitorRequest{Name: s.customer.Name}); err != nil {
						return err
					}
				}
				id, err := s.write(ctx, store)
				if err != nil {
					return err
				}
				if s.active {
					h.visitors[n-ended] = visitor{token: token, session: id}
				}
			}
			return nil
		})
	}
	return group.Wait()
}

// past is a session of the history.
type past struct {
	customer      core.Customer
	queue, agent  core.Ref
	ended, active bool
}

func (p *past) write(ctx context.Context, store *sqlstore.Store) (id string, err error) {
	committed, err := store.Begin(ctx, core.Desk, core.NewID(core.SessionPrefix), func(_ *core.Session, tx core.Tx) error {
		customer := core.ActorRef{Role: core.CustomerRole, ID: p.customer.ID, Name: p.customer.Name}
		tx.Emit(customer, &core.Requested{
			Customer: p.customer, Queue: p.queue, Channel: "web", Subject: "Where is parcel 48213?", Priority: core.Normal,
			Summary: "The parcel has not come, and the tracking page shows nothing since Monday.", Tried: []string{"tracking"}, Tags: []string{"parcel"},
		})
		tx.Emit(customer, p.said(customer, "Hello there, it is about my order 4711 which has not come yet, can you look?"))
		tx.Emit(core.Desk.Ref(), &core.Waiting{})
		if p.ended || p.active {
			agent := core.ActorRef{Role: core.AgentRole, ID: p.agent.ID, Name: p.agent.Name}
			tx.Emit(agent, &core.Assigned{Agent: p.agent}, p.said(agent, "It is on its way and will be with you tomorrow."))
			if p.ended {
				tx.Emit(agent, &core.Ended{By: core.AgentRole, Reason: "resolved", ReturnTo: "none"})
			}
		}
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("write a past session: %w", err)
	}
	return committed.Session.ID, nil
}

func (p *past) said(by core.ActorRef, text string) core.Data {
	return &core.Posted{ID: core.NewID(core.MessagePrefix), ClientID: "1", Author: by, Text: text, Attachments: []core.Attachment{}}
}
