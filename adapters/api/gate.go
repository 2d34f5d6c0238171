package api

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"baton/core"
	"baton/core/desk"
)

// answerWithin is how long a call may take before it is answered with busy: everybody hears within two seconds.
const answerWithin = 1900 * time.Millisecond

// loginCookie is the name of the cookie that holds a login.
const loginCookie = "baton_login"

const callLocal = "baton.call"

// outermost is around everything: it names the request, keeps a panic from ending more than its request, and
// puts the security headers on every answer.
func (s *Server) outermost(next fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(f *fasthttp.RequestCtx) {
		began := time.Now()
		c := &call{server: s, id: core.NewID("req_"), path: string(f.URI().PathOriginal()), address: s.addressOf(f), host: string(f.Host()), secure: s.secureScheme(f)}
		f.SetUserValue(callLocal, c)
		defer func() {
			if panicked := recover(); panicked != nil {
				s.log.Error("a request panicked", "request_id", c.id, "call", c.name(), "panic", panicked, "stack", string(debug.Stack()))
				f.Response.Reset()
				s.write(f, s.problem(c, core.Refuse(core.Internal, "panic")))
			}
			s.finish(f, c)
			s.metrics.answered(c.name(), f.Response.StatusCode(), time.Since(began))
		}()
		if smuggles(&f.Request.Header) {
			f.SetConnectionClose()
			s.write(f, s.problem(c, core.Refuse(core.Malformed, "a request has one length: Content-Length or chunks, not both")))
			return
		}
		if !slices.Contains(fiber.DefaultMethods, string(f.Method())) {
			s.write(f, s.problem(c, wrong(kindNoMethod, "there is no such method")))
			return
		}
		if isPreflight(f) {
			s.preflight(f, c)
			return
		}
		next(f)
	}
}

// finish puts on what every answer carries.
func (s *Server) finish(f *fasthttp.RequestCtx, c *call) {
	secure(&f.Response.Header)
	f.Response.Header.Set("X-Request-Id", c.id)
	if c.secure {
		f.Response.Header.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// secure sets the headers of every answer; what a route set itself is left alone. X-Frame-Options cannot name
// pages, so it is left out where a policy of the route's own says who may frame the answer.
func secure(h *fasthttp.ResponseHeader) {
	framed := h.Peek("Content-Security-Policy")
	namesFrames := len(framed) > 0 && !bytes.Contains(framed, []byte("frame-ancestors 'none'"))
	for _, header := range [...][2]string{
		{"X-Content-Type-Options", "nosniff"},
		{"X-Frame-Options", "DENY"},
		{"Referrer-Policy", "no-referrer"},
		{"Cross-Origin-Resource-Policy", "same-origin"},
		{"Cross-Origin-Opener-Policy", "same-origin"},
		{"Permissions-Policy", "camera=(), microphone=(), geolocation=()"},
		{"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"},
		{"Cache-Control", "no-store"},
	} {
		if len(h.Peek(header[0])) == 0 && !(namesFrames && header[0] == "X-Frame-Options") {
			h.Set(header[0], header[1])
		}
	}
}

// answerError is for what never reached a route: no such path or method, or a request that could not be read.
func (s *Server) answerError(f *fiber.Ctx, err error) error {
	c, there := f.Context().UserValue(callLocal).(*call)
	if !there {
		c = &call{server: s, id: core.NewID("req_")}
		defer s.finish(f.Context(), c)
	}
	code := fiber.StatusInternalServerError
	if e := (*fiber.Error)(nil); errors.As(err, &e) {
		code = e.Code
	}
	switch code {
	case http.StatusNotFound:
		err = wrong(kindNoRoute, "there is nothing at this path; /docs lists what there is")
	case http.StatusMethodNotAllowed:
		err = wrong(kindNoMethod, "this path does not take %s", strings.ToUpper(f.Method()))
	case http.StatusRequestTimeout:
		err = wrong(kindSlow, "the request took too long to arrive")
	case http.StatusRequestEntityTooLarge:
		err = core.Refuse(core.TooLarge, "the request is too large")
	case http.StatusRequestHeaderFieldsTooLarge:
		err = wrong(kindHeaders, "the headers have more than %d bytes", headerBytes)
	case http.StatusUpgradeRequired:
		err = wrong(kindUpgrade, "open this with a WebSocket (version 13)")
	case http.StatusBadRequest, http.StatusBadGateway:
		err = core.Refuse(core.Malformed, "this is not acceptable as HTTP").Because(err)
		f.Context().SetConnectionClose()
	}
	s.write(f.Context(), s.problem(c, err))
	return nil
}

// write sends a problem.
func (s *Server) write(f *fasthttp.RequestCtx, p *Problem) {
	f.SetStatusCode(p.Status)
	f.Response.Header.SetContentType(problemType)
	challenge(p, f.Response.Header.Set)
	f.Response.ResetBody()
	if err := writeJSON(f.Response.BodyWriter(), p); err != nil {
		s.log.Error("a problem could not be written", "request_id", p.RequestID, "error", err)
	}
}

// refuse answers with a problem from within the gate or a raw route. What the caller is still sending is taken
// for a moment, or he would not get to read the answer.
func (s *Server) refuse(c huma.Context, err error) {
	f := humafiber.Unwrap(c).Context()
	drain(f)
	s.write(f, s.problem(f.UserValue(callLocal).(*call), err))
}

// gate lets a call through to its route: origin, credential, policy, limits, then the body. The first that
// stands in the way answers.
func (s *Server) gate(c huma.Context, next func(huma.Context)) {
	f := humafiber.Unwrap(c)
	made := f.Context().UserValue(callLocal).(*call)
	made.route = s.routes[c.Operation().OperationID]
	ctx := context.WithValue(c.Context(), callKey{}, made)
	if made.route.Body != fileBody && made.route.Act != desk.ActSocket {
		within, cancel := context.WithTimeout(ctx, answerWithin)
		defer cancel()
		ctx = within
	}
	for _, step := range [...]func(context.Context, *fiber.Ctx, *call) error{
		s.checkOrigin, s.authenticate, s.checkPolicy, s.checkLimits, s.checkAccept, s.checkAddress, s.readBody, s.takeKey,
	} {
		if err := step(ctx, f, made); err != nil {
			s.refuse(c, err)
			return
		}
	}
	next(&boundContext{inside: huma.WithContext(c, ctx), body: made.body})
}

// authenticate finds out who is calling. A route for everybody does not ask: a stale cookie must not keep
// anybody from signing in.
func (s *Server) authenticate(ctx context.Context, f *fiber.Ctx, c *call) error {
	rule := s.rules[c.route.Act]
	if rule.Admits(core.Actor{}) == nil {
		return nil
	}
	token, err := s.credential(f, c)
	if err != nil {
		return err
	}
	if ticket, is := ticketOf(f); is && c.route.Act == desk.ActSocket {
		c.actor, err = s.access.RedeemTicket(ctx, ticket)
		return err
	}
	if token == "" {
		return nil // the policy says whether that will do
	}
	c.actor, err = s.access.Authenticate(ctx, token)
	if err == nil && c.actor.Login() {
		s.sawAlive(ctx, c)
	}
	return err
}

// credential is the token of the Authorization header, or else the cookie's. A socket never reads the cookie,
// because any page may open one.
func (s *Server) credential(f *fiber.Ctx, c *call) (string, error) {
	if header := f.Get(fiber.HeaderAuthorization); header != "" {
		scheme, token, _ := strings.Cut(header, " ")
		if !strings.EqualFold(scheme, "Bearer") || token == "" {
			return "", core.Refuse(core.Unauthorized, "the Authorization header is Bearer and a token")
		}
		return strings.TrimSpace(token), nil
	}
	token := f.Cookies(loginCookie)
	if token == "" || c.route.Act == desk.ActSocket {
		return "", nil
	}
	c.cookie = true
	return token, s.checkCookieCaller(f, c)
}

func (s *Server) checkPolicy(_ context.Context, _ *fiber.Ctx, c *call) error {
	return s.rules[c.route.Act].Admits(c.actor)
}

// checkAccept refuses before the act what could not be answered after it.
func (s *Server) checkAccept(_ context.Context, f *fiber.Ctx, c *call) error {
	accept := f.Get(fiber.HeaderAccept)
	if accept == "" || c.route.OtherTypes {
		return nil
	}
	for part := range strings.SplitSeq(accept, ",") {
		kind, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if quality := strings.ReplaceAll(params, " ", ""); quality == "q=0" || strings.HasPrefix(quality, "q=0.000") {
			continue
		}
		switch strings.ToLower(strings.TrimSpace(kind)) {
		case "*/*", "application/*", jsonType, problemType:
			return nil
		}
	}
	return wrong(kindNotAcceptable, "answers are application/json")
}

// checkAddress refuses text in path or query that no database keeps alike.
func (s *Server) checkAddress(_ context.Context, f *fiber.Ctx, c *call) error {
	good := func(text []byte) bool { return utf8.Valid(text) && bytes.IndexByte(text, 0) < 0 }
	whole := good([]byte(c.path))
	for name, value := range f.Context().QueryArgs().All() {
		whole = whole && good(name) && good(value)
	}
	if !whole {
		return core.Refuse(core.Malformed, "path and query must be UTF-8 without NUL")
	}
	return nil
}

// smuggles says whether a request gives two lengths of its body: whoever stands before us may have believed the
// other one.
func smuggles(h *fasthttp.RequestHeader) bool {
	if h.ContentLength() != -1 {
		return false
	}
	for line := range bytes.Lines(h.RawHeaders()) {
		name, _, _ := bytes.Cut(line, []byte(":"))
		if strings.EqualFold(strings.TrimSpace(string(name)), fiber.HeaderContentLength) {
			return true
		}
	}
	return false
}
