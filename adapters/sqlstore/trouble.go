package sqlstore

import (
	"errors"
	"slices"
	"time"

	"baton/core"
)

// trouble deals with a batch that was not written, or of which that is not known. Its commands are decided
// again, or refused; none is forgotten.
func (c *committer) trouble(err error, b *batch, cmds []*command) {
	var stale *errStale
	var missed *errCondition
	switch {
	case errors.As(err, &stale):
		c.becomeShared(stale.sessions, cmds)
	case errors.As(err, &missed):
		c.isolate(b, cmds, missed.concerns, missed.refusal())
	case errors.Is(err, errTaken) && b != nil && mayTryAgain(cmds):
		c.becomeShared(b.written(), cmds)
	case errors.Is(err, errBadData), errors.Is(err, errTaken):
		c.log.Error("the database refused a value", "error", err, "commands", len(cmds))
		c.isolate(b, cmds, anyOf, core.Refuse(core.Invalid, "the database cannot keep this value"))
	case errors.Is(err, errFull):
		c.refuse(cmds, core.Refuse(core.StorageFull, "the disk of the server is full; nothing was kept"))
	case errors.Is(err, errUnknown):
		c.findOut(b, cmds)
	case errors.Is(err, errRetry) || b == nil:
		c.again(cmds)
	default:
		c.log.Error("writing a batch", "error", err, "commands", len(cmds))
		c.isolate(b, cmds, anyOf, err)
	}
}

// becomeShared decides again, after the sessions in which another node was faster have been read: these commands
// go to the head of their sessions' lines.
func (c *committer) becomeShared(sessions []string, cmds []*command) {
	until := time.Now().Add(sharedFor)
	for _, id := range sessions {
		if c.postgres {
			c.shared[id] = until
		} else {
			c.heads.forget(id)
		}
	}
	c.front = append(cmds, c.front...)
}

// mayTryAgain counts a try, and says whether these commands may have another one together.
func mayTryAgain(cmds []*command) bool {
	may := true
	for _, cmd := range cmds {
		cmd.tries++
		may = may && cmd.tries <= triesTogether
	}
	return may
}

// written names the sessions of the batch that were there before it.
func (b *batch) written() (ids []string) {
	for _, st := range b.order {
		if st.before != nil {
			ids = append(ids, st.session.ID)
		}
	}
	return ids
}

// isolate finds the command that a batch stumbled over: of those that it concerns a single one is refused, more
// go one by one. All others are decided again, since they may rest on what was only staged.
func (c *committer) isolate(b *batch, cmds []*command, concerns func(*decided) bool, why error) {
	var suspects []*command
	for _, d := range b.decided {
		if concerns(d) {
			suspects = append(suspects, d.cmd)
		}
	}
	for _, cmd := range suspects {
		cmd.alone = true
	}
	if len(suspects) == 1 {
		found := suspects[0]
		cmds = slices.DeleteFunc(cmds, func(cmd *command) bool { return cmd == found })
		if c.final(found, why) {
			found.done(nil, why)
		} else {
			c.await(found) // on the newest picture it may not even ask for this
		}
	}
	c.front = append(cmds, c.front...)
}

// anyOf suspects every command.
func anyOf(*decided) bool { return true }

func (c *committer) refuse(cmds []*command, why error) {
	for _, cmd := range cmds {
		cmd.done(nil, why)
	}
}

// commandsKeptFor is how long a command is tried again; its caller has long been told to come back.
const commandsKeptFor = 15 * time.Second

// triesTogether is how often commands share a batch that was not written: after that each goes alone, in case one
// of them, or their sheer size, is what stands in the way.
const triesTogether = 5

// again decides the whole batch anew on a new connection, after a pause. When the oldest command has waited for too
// long all that wait are given up, since one that overtook another would turn its author's words around. Nothing
// of them was written, and their callers come back with the same client id or key.
func (c *committer) again(cmds []*command) {
	c.writer.reset()
	now := time.Now()
	if slices.ContainsFunc(cmds, func(cmd *command) bool { return now.Sub(cmd.queued) > commandsKeptFor }) {
		c.refuse(cmds, core.Overloaded())
		c.giveUp()
		cmds = nil
	}
	for _, cmd := range cmds {
		cmd.tries++
		cmd.alone = cmd.alone || cmd.tries > triesTogether
	}
	c.front = append(slices.Clone(cmds), c.front...)
	pause := time.NewTimer(retryPause)
	defer pause.Stop()
	<-pause.C
}

// findOut asks whether a batch was written when the answer to its commit was lost. Until that is known nothing
// else is decided, since a fresh decision on these sessions might double what is there.
func (c *committer) findOut(b *batch, cmds []*command) {
	for tries := 0; ; tries++ {
		c.writer.reset()
		written, err := c.writer.written(b)
		switch {
		case err == nil && written:
			c.settle(b, c.undecided(b, cmds), b.at)
			return
		case err == nil:
			c.again(cmds)
			return
		}
		if c.stopping() && tries > triesAtEnd {
			c.refuse(cmds, core.Overloaded())
			return
		}
		if tries%triesPerLine == 0 {
			c.log.Warn("asking whether a batch was written", "error", err, "tries", tries)
		}
		pause := time.NewTimer(retryPause)
		<-pause.C
	}
}

// triesAtEnd is how often a committer that is to stop asks a database that does not answer.
const triesAtEnd = 20

// triesPerLine is how many tries share a line of the log.
const triesPerLine = 100

func (c *committer) stopping() bool {
	select {
	case <-c.ending:
		return true
	default:
		return false
	}
}

// undecided are the commands of a written batch that were not part of what it wrote: they are decided again.
func (c *committer) undecided(b *batch, cmds []*command) *outcome {
	part := make(map[*command]bool, len(b.decided))
	for _, d := range b.decided {
		part[d.cmd] = true
	}
	out := new(outcome)
	for _, cmd := range cmds {
		if !part[cmd] {
			out.later = append(out.later, cmd)
		}
	}
	return out
}
