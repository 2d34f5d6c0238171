package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"time"

	"baton/core"
)

var _ core.Store = (*Store)(nil)

// engine is what turns commands into the log: it is there once Run has begun.
type engine struct {
	committer *committer
	ready     chan struct{} // closed when commands are taken
	heads     heads
	outbox    func(*core.Event) []string
	wrap      func(writer) writer // lets a test have accidents; nil changes nothing
	log       *slog.Logger
	node      string
	startedAt time.Time
	tally     tally // of messages, on PostgreSQL until the next flush
	uncounted bool
}

func newEngine(log *slog.Logger) *engine {
	return &engine{
		ready:  make(chan struct{}),
		heads:  heads{m: map[string]*head{}},
		outbox: func(*core.Event) []string { return nil },
		log:    log, node: core.NewID("nod_"), startedAt: time.Now(),
	}
}

// Outbox names, for an event, the followers for whom a row is written in the same transaction. It must be called
// before Run; without it there are none.
func (s *Store) Outbox(of func(*core.Event) []string) { s.engine.outbox = of }

// startCommitter makes the committer; Run runs it.
func (s *Store) startCommitter() error {
	w, rows, err := s.newWriter()
	if err != nil {
		return err
	}
	if s.engine.wrap != nil {
		w = s.engine.wrap(w)
	}
	s.engine.committer = &committer{
		store: s, node: s.engine.node, writer: w, rows: rows, heads: &s.engine.heads, postgres: s.dialect.postgres, log: s.engine.log,
		queue: make(chan *command, queueLength), loaded: make(chan loaded, queueLength), foreign: make(chan string, queueLength),
		ended: make(chan struct{}), lines: map[string][]*command{}, shared: map[string]time.Time{},
	}
	return nil
}

func (s *Store) newWriter() (writer, rowFlusher, error) {
	outbox := func(e *core.Event) []string { return s.engine.outbox(e) }
	if !s.dialect.postgres {
		w, err := newSQLiteWriter(s.write.DB, s.engine.node, outbox)
		return w, w, err
	}
	connect := func() (*sql.DB, error) {
		connector, err := s.pgConnector(committerParams)
		if err != nil {
			return nil, err
		}
		return sql.OpenDB(connector), nil
	}
	return &pgWriter{connect: connect, followers: outbox}, pgFlusher{db: s.write.DB}, nil
}

// Change decides on the newest picture of a session and writes what work collected. See core.Store.
func (s *Store) Change(ctx context.Context, by core.Actor, session string, work core.Work) (*core.Committed, error) {
	return s.wait(ctx, &command{session: session, by: by, work: work})
}

// Submit is Change for those who do not wait. See core.Store.
func (s *Store) Submit(ctx context.Context, by core.Actor, session string, work core.Work, done func(*core.Committed, error)) error {
	return s.enqueue(ctx, &command{session: session, by: by, work: work, done: done})
}

// Receive moves watermarks. See core.Store.
func (s *Store) Receive(ctx context.Context, by core.Actor, session string, work func(*core.Session) (core.Side, core.Receipt, error)) error {
	_, err := s.wait(ctx, &command{session: session, by: by, receive: work})
	return err
}

// beginTries is how often Begin looks for the open session that stood in its way: it may end meanwhile.
const beginTries = 3

// Begin makes a session. See core.Store.
func (s *Store) Begin(ctx context.Context, by core.Actor, id string, work core.Work) (*core.Committed, error) {
	for range beginTries {
		var opening *core.Session
		committed, err := s.wait(ctx, &command{begins: id, by: by, work: func(session *core.Session, tx core.Tx) error {
			err := work(session, tx)
			if opening == nil {
				opened := *session
				opening = &opened
			}
			return err
		}})
		if !errors.Is(err, errOpenElsewhere) {
			return committed, err
		}
		open, err := s.openInPlaceOf(ctx, opening)
		if err != nil {
			return nil, err
		}
		if open != "" {
			return nil, &core.AlreadyOpen{Session: open}
		}
	}
	return nil, core.Overloaded()
}

// wait queues a command and waits for its answer, for two seconds at most; the command goes on.
func (s *Store) wait(ctx context.Context, cmd *command) (*core.Committed, error) {
	type answer struct {
		committed *core.Committed
		err       error
	}
	answered := make(chan answer, 1)
	cmd.done = func(c *core.Committed, err error) { answered <- answer{c, err} }
	within, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	if err := s.enqueue(within, cmd); err != nil {
		return nil, err
	}
	select {
	case a := <-answered:
		return a.committed, a.err
	case <-within.Done():
		return nil, core.Overloaded()
	}
}

// enqueue makes sure that the session's head is there, read here and not by the committer, and queues the command.
func (s *Store) enqueue(ctx context.Context, cmd *command) error {
	cmd.queued = time.Now()
	if cmd.session == "" && cmd.begins == "" {
		return core.Missing()
	}
	if cmd.session != "" && s.engine.heads.session(cmd.session) == nil {
		h, err := s.readHead(ctx, cmd.session)
		if err != nil {
			return busyIfPassing(err)
		}
		s.engine.heads.offer(h)
	}
	return s.engine.committer.take(ctx, cmd)
}

// busyIfPassing makes trouble with reaching the database a Busy refusal: the same request may work in a moment.
func busyIfPassing(err error) error {
	if err == nil || isRefusal(err) {
		return err
	}
	if lost := errors.Is(pgTrouble(err, false), errRetry) || errors.Is(sqliteTrouble(err), errRetry); lost {
		return core.Overloaded().Because(err)
	}
	return err
}

// readHead reads the newest picture of a session. It is NotFound when there is none.
func (s *Store) readHead(ctx context.Context, session string) (*head, error) {
	list, err := s.readHeads(ctx, []string{session}, true)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, core.Missing()
	}
	return list[0], nil
}

// answerRepeat answers a message whose client id may have been used before: with the first one, or, when the log
// shows that only the hashes are alike, by deciding it again.
func (s *Store) answerRepeat(c *committer, r repeat) {
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), answerWithin)
		defer cancel()
		first, err := s.firstMessage(ctx, r.cmd.session, r.is)
		switch {
		case err != nil:
			r.cmd.done(nil, busyIfPassing(err))
		case first != nil:
			r.cmd.done(&core.Committed{Session: s.engine.heads.session(r.cmd.session), Events: []*core.Event{first}, Repeat: true}, nil)
		default:
			r.cmd.unlike = append(r.cmd.unlike, r.is.hash)
			if err := c.take(context.Background(), r.cmd); err != nil {
				r.cmd.done(nil, err)
			}
		}
	}()
}

// firstMessage finds the message that this author sent with this client id, or nil.
func (s *Store) firstMessage(ctx context.Context, session string, is *errRepeat) (*core.Event, error) {
	var rows []eventRow
	if err := s.read.NewSelect().Model(&rows).Where("session_id = ?", session).Where("client_hash = ?", is.hash).Order("seq").Scan(ctx); err != nil {
		return nil, wrap(err, "look for the first message with a client id")
	}
	events, err := eventsOf(rows)
	if err != nil {
		return nil, err
	}
	for _, e := range events {
		if p, ok := e.Data.(*core.Posted); ok && p.ClientID == is.clientID && p.Author.Role == is.author.Role && p.Author.ID == is.author.ID {
			return e, nil
		}
	}
	return nil, nil
}
