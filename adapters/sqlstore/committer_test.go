package sqlstore

import (
	"sync"
	"testing"
	"time"

	"baton/core"
	"baton/core/coretest"
	"baton/core/desk"
)

func TestAPanicInOneCommandIsItsOwn(t *testing.T) {
	n, s, _ := startFaulty(t, "sqlite::memory:")
	bot := coretest.Bot("shop")
	session := n.Request(t, bot, "c1")
	_, err := s.Change(t.Context(), bot, session.ID, func(*core.Session, core.Tx) error { panic("a bug") })
	if core.KindOf(err) != core.Internal {
		t.Errorf("the command with the bug got %v", err)
	}
	if _, err := n.Desk.End(t.Context(), bot, session.ID, desk.End{}); err != nil {
		t.Errorf("the next command got %v", err)
	}
}

func TestCommandsAreGivenUpTogetherSoThatNoneOvertakes(t *testing.T) {
	s := database("sqlite::memory:")(t).(*Store)
	defer s.Close()
	if err := s.startCommitter(); err != nil {
		t.Fatal(err)
	}
	c := s.engine.committer
	defer c.writer.close()
	var told []string
	waits := func(name string, since time.Duration) *command {
		return &command{session: "ses_x", queued: time.Now().Add(-since), done: func(_ *core.Committed, err error) {
			told = append(told, name+" "+string(core.KindOf(err)))
		}}
	}
	c.again([]*command{waits("old", 2*commandsKeptFor), waits("young", 0)})
	if len(told) != 2 || told[0] != "old busy" || told[1] != "young busy" || len(c.front) != 0 {
		t.Errorf("the callers were told %q and %d commands are tried again", told, len(c.front))
	}
}

func TestRevokedCallersAreKnownToEveryBatchAfterTheRevocation(t *testing.T) {
	n, s, w := startFaulty(t, "sqlite::memory:")
	bot := coretest.Bot("shop")
	session := n.Request(t, bot, "c1")
	writing, goOn := make(chan struct{}), make(chan struct{})
	finish := sync.OnceFunc(func() { close(goOn) })
	t.Cleanup(finish)
	w.set(func() {
		w.before = func(*batch) error {
			close(writing)
			<-goOn
			w.set(func() { w.before = nil })
			return nil
		}
	})
	said := make(chan error, 1)
	go func() {
		_, err := n.Desk.End(t.Context(), bot, session.ID, desk.End{})
		said <- err
	}()
	<-writing
	revoked := make(chan struct{})
	go func() {
		s.revoke(revocation{subject: bot.ID, generation: bot.Generation + 1, at: time.Now()})
		close(revoked)
	}()
	coretest.Until(t, "the revocation is known", func() bool { return s.Revoked(bot) })
	select {
	case <-revoked:
		t.Error("the revocation returned while a batch that did not know of it was being written")
	default:
	}
	finish()
	<-revoked
	if log := n.Log(t, session.ID); log[len(log)-1].Type() != core.EventEnded {
		t.Errorf("the revocation did not wait for the batch under way: the log is %v", coretest.Types(log))
	}
	if err := <-said; err != nil {
		t.Errorf("what was under way got %v", err)
	}
	if _, err := s.Change(t.Context(), bot, session.ID, func(*core.Session, core.Tx) error { return nil }); core.KindOf(err) != core.Unauthorized {
		t.Errorf("after the revocation the bot got %v", err)
	}
}
