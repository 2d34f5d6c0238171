package api

import (
	"context"
	"net/netip"

	"github.com/danielgtaylor/huma/v2"

	"baton/core"
	"baton/core/desk"
)

// call is what is known of one request while it is answered.
type call struct {
	server  *Server
	id      string // how our log knows it
	path    string
	route   *Route // nil until a route matched
	actor   core.Actor
	address netip.Addr // of the caller, as far as trusted proxies tell
	host    string     // that the caller used for us
	body    []byte     // of a JSON route; of an upload what its form said
	key     string     // the Idempotency-Key of a bot
	cookie  bool       // the credential came by cookie
	secure  bool       // the caller speaks https
}

// name is what logs and metrics call it.
func (c *call) name() string {
	if c.route == nil {
		return "none"
	}
	return c.route.ID
}

// instance is what was asked for. The code of a link is not repeated: answers get into reports and screenshots.
func (c *call) instance() string {
	if c.route != nil && c.route.Act == desk.ActUseLink {
		return c.route.Path
	}
	return c.path
}

type callKey struct{}

// callOf gives the call that a handler's context belongs to.
func callOf(ctx context.Context) *call {
	c, _ := ctx.Value(callKey{}).(*call)
	return c
}

// actorOf gives who is calling.
func actorOf(ctx context.Context) core.Actor { return callOf(ctx).actor }

// handlers are what serve the routes, by id.
type handlers map[string]func(s *Server, op huma.Operation)

// typed serves a route by a function from its input to its output; huma reads, checks and documents both.
func typed[I, O any](serve func(*Server, context.Context, *I) (*O, error)) func(*Server, huma.Operation) {
	return func(s *Server, op huma.Operation) {
		huma.Register(s.huma, op, func(ctx context.Context, in *I) (*O, error) {
			out, err := serve(s, ctx, in)
			if err != nil {
				return nil, s.problem(callOf(ctx), err)
			}
			return out, nil
		})
	}
}

// raw serves a route that reads or answers something else than JSON.
func raw(serve func(*Server, context.Context, huma.Context) error) func(*Server, huma.Operation) {
	return func(s *Server, op huma.Operation) {
		s.huma.OpenAPI().AddOperation(&op)
		s.huma.Adapter().Handle(&op, s.huma.Middlewares().Handler(func(c huma.Context) {
			if err := serve(s, c.Context(), c); err != nil {
				s.refuse(c, err)
			}
		}))
	}
}
