package api

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"baton/core"
)

// takePublicOrigin makes the public address one of our own origins.
func (s *Server) takePublicOrigin() error {
	if s.cfg.PublicURL == "" {
		return nil
	}
	u, err := url.Parse(s.cfg.PublicURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("the public URL %q is not an address like https://desk.example.com", s.cfg.PublicURL)
	}
	s.cfg.PublicURL = u.Scheme + "://" + u.Host
	return nil
}

// checkOrigin refuses pages of others. A page of widget.origins may make the calls of customers, and is told so;
// a caller who shows a token of his own may come from anywhere, since no browser adds a token by itself.
func (s *Server) checkOrigin(_ context.Context, f *fiber.Ctx, c *call) error {
	origin := f.Get(fiber.HeaderOrigin)
	if origin == "" || s.ownOrigin(f.Context(), origin) {
		return nil
	}
	if c.route.Widget && s.widgetOrigin(origin) {
		s.allowOrigin(f.Context(), origin)
		return nil
	}
	if c.route.Act == "socket.open" || f.Get(fiber.HeaderAuthorization) == "" {
		return core.Refuse(core.Forbidden, "pages of %s may not call this; widget.origins lists those that may show the chat", clip(origin))
	}
	return nil
}

// widgetOrigin says whether pages of this origin may show the chat. One of the list may end in :* and stands for every
// port then.
func (s *Server) widgetOrigin(origin string) bool {
	if s.origins[origin] {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && origin == u.Scheme+"://"+u.Host && s.origins[u.Scheme+"://"+u.Hostname()+":*"]
}

// ownOrigin says whether a page of this origin is one of ours.
func (s *Server) ownOrigin(f *fasthttp.RequestCtx, origin string) bool {
	if s.cfg.PublicURL != "" && origin == s.cfg.PublicURL {
		return true
	}
	scheme := "http://"
	if s.secureScheme(f) {
		scheme = "https://"
	}
	return origin == scheme+string(f.Host())
}

// allowOrigin lets a page of widget.origins read the answer. It never gets to use the cookie.
func (s *Server) allowOrigin(f *fasthttp.RequestCtx, origin string) {
	f.Response.Header.Set("Access-Control-Allow-Origin", origin)
	f.Response.Header.Set("Vary", "Origin")
	f.Response.Header.Set("Cross-Origin-Resource-Policy", "cross-origin")
	f.Response.Header.Set("Access-Control-Expose-Headers", "Retry-After, X-Request-Id")
}

// checkCookieCaller keeps other pages from acting with a visitor's cookie: what changes something must come from
// a page of ours.
func (s *Server) checkCookieCaller(f *fiber.Ctx, c *call) error {
	foreign := core.Refuse(core.Forbidden, "this came from a page that is not ours; a login by cookie is for our own pages")
	if origin := f.Get(fiber.HeaderOrigin); origin != "" && !s.ownOrigin(f.Context(), origin) {
		return foreign
	}
	if c.route.Method == get {
		return nil
	}
	switch f.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
		return nil
	}
	return foreign
}

// preflight answers a browser that asks whether a page may make a call.
func (s *Server) preflight(f *fasthttp.RequestCtx, c *call) {
	origin, method := string(f.Request.Header.Peek("Origin")), string(f.Request.Header.Peek("Access-Control-Request-Method"))
	if !s.widgetOrigin(origin) || !s.widgetMay(method, c.path) {
		s.write(f, s.problem(c, core.Refuse(core.Forbidden, "pages of other origins may not make this call")))
		return
	}
	s.allowOrigin(f, origin)
	f.Response.Header.Set("Access-Control-Allow-Methods", method)
	f.Response.Header.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Idempotency-Key")
	f.Response.Header.Set("Access-Control-Max-Age", "600")
	f.SetStatusCode(http.StatusNoContent)
}

func isPreflight(f *fasthttp.RequestCtx) bool {
	return f.IsOptions() && len(f.Request.Header.Peek("Access-Control-Request-Method")) > 0 && len(f.Request.Header.Peek("Origin")) > 0
}

// widgetMay says whether there is such a call for the pages of customers.
func (s *Server) widgetMay(method, path string) bool {
	for _, route := range s.routes {
		if route.Widget && route.Method == method && matches(route.Path, path) {
			return true
		}
	}
	return false
}

// matches compares a path with a route's, whose {parts} stand for anything.
func matches(pattern, path string) bool {
	want, got := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return false
	}
	for i, part := range want {
		if part != got[i] && !strings.HasPrefix(part, "{") {
			return false
		}
	}
	return true
}

// addressOf is where a request comes from. Forwarded headers count only when a trusted proxy says so: then it is
// the last address that no trusted proxy stands behind.
func (s *Server) addressOf(f *fasthttp.RequestCtx) netip.Addr {
	peer, _ := netip.AddrFromSlice(f.RemoteIP())
	peer = peer.Unmap()
	if !s.trusted(peer) {
		return peer
	}
	var all []string
	for _, header := range f.Request.Header.PeekAll("X-Forwarded-For") {
		all = append(all, strings.Split(string(header), ",")...)
	}
	for i := len(all) - 1; i >= 0; i-- {
		addr, err := netip.ParseAddr(strings.TrimSpace(all[i]))
		if err != nil {
			return peer
		}
		if peer = addr.Unmap(); !s.trusted(peer) {
			break
		}
	}
	return peer
}

func (s *Server) trusted(addr netip.Addr) bool {
	for _, prefix := range s.cfg.TrustedProxies {
		if prefix.Contains(addr) {
			return true
		}
	}
	return false
}

// secureScheme says whether the caller speaks https, to us or to a proxy that we trust.
func (s *Server) secureScheme(f *fasthttp.RequestCtx) bool {
	if f.IsTLS() || strings.HasPrefix(s.cfg.PublicURL, "https://") {
		return true
	}
	peer, _ := netip.AddrFromSlice(f.RemoteIP())
	return s.trusted(peer.Unmap()) && strings.EqualFold(string(f.Request.Header.Peek("X-Forwarded-Proto")), "https")
}

// subnet is what an address counts as against a limit: one person holds a whole /64 of IPv6.
func subnet(addr netip.Addr) string {
	if addr.Is6() {
		if prefix, err := addr.Prefix(64); err == nil {
			return prefix.String()
		}
	}
	return addr.String()
}
