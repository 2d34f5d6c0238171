package live

import (
	"context"
	"errors"
	"runtime/debug"
	"time"
	"unicode/utf8"

	"baton/core"
)

// errNotText ends a connection whose text is no UTF-8.
var errNotText = errors.New("text that is not UTF-8")

// take acts on one message. An error ends the connection; anything else that is wrong with the message is
// answered with a problem.
func (c *conn) take(kind byte, frame []byte) (err error) {
	defer func() {
		if v := recover(); v != nil {
			c.panicked(v)
			err = context.Canceled
		}
	}()
	if kind == opText && !utf8.Valid(frame) {
		return errNotText
	}
	var r request
	var refusal error
	if kind != opText {
		refusal = core.Refuse(core.Malformed, "frames are JSON text; this one is binary")
	} else {
		refusal = decode(frame, &r)
	}
	if err := c.notTooFast(r.Type == "message"); err != nil {
		return c.tooFast(r.ID, err)
	}
	c.refused = 0
	if refusal == nil {
		refusal = c.act(&r)
	}
	if refusal != nil {
		c.refuse(r.ID, refusal)
	}
	return nil
}

// notTooFast counts a frame. A bot is only held back, never refused.
func (c *conn) notTooFast(message bool) error {
	cfg, now := &c.hub.cfg, time.Now()
	rate, burst, counted := callsPerSecond, callsBurst, &c.calls
	actor := c.actor.Load()
	switch {
	case actor.Role == core.BotRole:
		return nil
	case message && actor.Role == core.CustomerRole:
		rate, burst, counted = cfg.CustomerMessages, cfg.CustomerBurst, &c.messages
	case message:
		rate, burst, counted = cfg.AgentMessages, cfg.AgentBurst, &c.messages
	}
	if counted.take(now, float64(rate), burst) {
		return nil
	}
	return &core.Error{Kind: core.TooMany, Detail: "that is faster than we can follow; send it again in a moment", RetryAfter: time.Second}
}

// What a connection may send beside messages.
const (
	callsPerSecond = 100
	callsBurst     = 400
)

// tooFast refuses a frame, and ends the connection of somebody who does not slow down.
func (c *conn) tooFast(id string, refusal error) error {
	if c.refused++; c.refused > c.hub.cfg.CustomerBurst {
		return errFlooded
	}
	c.refuse(id, refusal)
	return nil
}

// refuse answers a frame with a problem. Where the fault is ours, the answer is an id and the log has the rest.
func (c *conn) refuse(id string, err error) {
	if payload := c.problem(id, err); payload != nil {
		c.push(payload)
	}
}

// problem words a refusal, or nil when there is nobody left to tell.
func (c *conn) problem(id string, err error) []byte {
	var refusal *core.Error
	switch {
	case c.ctx.Err() != nil && errors.Is(err, context.Canceled):
		return nil
	case errors.Is(err, context.DeadlineExceeded):
		refusal = core.Overloaded()
	case !errors.As(err, &refusal) || refusal.Kind == core.Internal:
		fault := core.NewID(faultPrefix)
		c.hub.log.Error("a frame could not be answered", "fault", fault, "error", err)
		refusal = core.Refuse(core.Internal, "this is our fault, not yours; it is in our log as %s", fault)
	}
	return problemFrame(id, "", refusal)
}

// faultPrefix begins the ids under which our own faults are logged.
const faultPrefix = "err_"

// panicked ends a connection whose handling went wrong. The peer learns the id under which the log has it.
func (c *conn) panicked(v any) {
	fault := core.NewID(faultPrefix)
	c.hub.log.Error("a connection was closed by a panic", "fault", fault, "panic", v, "stack", string(debug.Stack()))
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.code == 0 {
		c.fault = fault
	}
	c.stopLocked(closeFault)
}
