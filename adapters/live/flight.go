package live

import (
	"time"

	"baton/core"
	"baton/core/desk"
)

// maxInFlight is how many messages of one connection may wait for their commit before it is not read.
const maxInFlight = 64

// keptFlights is for how many of them an idle connection keeps the space.
const keptFlights = 4

// flight is a message on its way to the log.
type flight struct {
	c     *conn
	id    string
	since time.Time
	// late: it was answered as busy. What becomes of it in the end is not said; a repeat finds it out.
	late bool // guarded by c.mu
}

// post queues a message. It is answered after its commit, while later frames are read already.
func (c *conn) post(r *request) error {
	f, err := c.takeOff(r.ID)
	if err != nil {
		return err
	}
	h := c.hub
	m := desk.Message{ClientID: r.ClientID, Text: r.Text, Attachments: r.Attachments, As: r.As, Epoch: r.Epoch}
	err = h.desk.PostAsync(c.ctx, *c.actor.Load(), r.Session, m, func(sent desk.Sent, err error) {
		h.answer(answer{flight: f, sent: sent, err: err})
	})
	if err != nil {
		c.touchDown(f)
	}
	return err
}

// takeOff waits until fewer than maxInFlight messages of this connection wait for their commit.
func (c *conn) takeOff(id string) (*flight, error) {
	for c.waiting() >= maxInFlight {
		select {
		case <-c.landed:
		case <-c.ctx.Done():
			return nil, c.ctx.Err()
		}
	}
	f := &flight{c: c, id: id, since: time.Now()}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.flights = append(c.flights, f)
	return f, nil
}

// waiting is how many messages wait for their commit.
func (c *conn) waiting() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.flights)
}

// touchDown says that a message is no longer on its way.
func (c *conn) touchDown(f *flight) {
	c.mu.Lock()
	if c.flights = without(c.flights, f); len(c.flights) == 0 && cap(c.flights) > keptFlights {
		c.flights = nil // an idle connection keeps little
	}
	c.mu.Unlock()
	ring(c.landed)
}

// overdue gives the messages that have waited too long and have not been told so. They stay on their way.
func (c *conn) overdue(now time.Time) (late []*flight) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, f := range c.flights {
		if !f.late && now.Sub(f.since) > answerWithin {
			f.late = true
			late = append(late, f)
		}
	}
	return late
}

// wasLate says whether the sender has got his answer already.
func (f *flight) wasLate() bool {
	f.c.mu.Lock()
	defer f.c.mu.Unlock()
	return f.late
}

// tellOverdue answers messages that the store cannot take: they may be sent again.
func (c *conn) tellOverdue(now time.Time) {
	for _, f := range c.overdue(now) {
		c.refuse(f.id, core.Overloaded())
	}
}
