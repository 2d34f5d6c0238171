// Package shop is an example of a page that shows Baton's chat: a small outdoor shop with a bot of its own, which
// hands over to people by the public API. It is a process of its own and shares nothing with the server.
package shop

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"html/template"
	"net"
	"net/http"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"baton/cmd/client"
)

//go:embed assets
var assets embed.FS

// Config says which server the shop's people sit at. Server and Key must be there.
type Config struct {
	Server string // where browsers and the bot reach Baton, such as http://127.0.0.1:8080
	Key    string // of the bot
	// IdentityKey, with its id, lets the shop vouch for customers who have signed in; none when empty.
	IdentityID, IdentityKey string
}

// Shop serves the pages and talks to their visitors.
type Shop struct {
	cfg   Config
	bot   *bot
	pages *template.Template
}

// New makes a shop; it starts nothing.
func New(c Config) (*Shop, error) {
	c.Server = strings.TrimSuffix(c.Server, "/")
	pages, err := template.New("").Funcs(template.FuncMap{"lower": strings.ToLower}).ParseFS(assets, "assets/*.html")
	if err != nil {
		return nil, fmt.Errorf("read the pages of the shop: %w", err)
	}
	return &Shop{cfg: c, bot: newBot(client.New(c.Server).As(c.Key)), pages: pages}, nil
}

// Run serves on the listener until ctx ends.
func (s *Shop) Run(ctx context.Context, listener net.Listener) error {
	group, ctx := errgroup.WithContext(ctx)
	server := &http.Server{Handler: s.handler(), ReadHeaderTimeout: 5 * time.Second, BaseContext: func(net.Listener) context.Context { return ctx }}
	group.Go(func() error { return s.bot.run(ctx) })
	group.Go(func() error {
		<-ctx.Done()
		return server.Close()
	})
	group.Go(func() error {
		if err := server.Serve(listener); err != nil && ctx.Err() == nil {
			return fmt.Errorf("serve the shop: %w", err)
		}
		return nil
	})
	if err := group.Wait(); err != nil && ctx.Err() == nil {
		return err
	}
	return nil
}

func (s *Shop) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.show("home"))
	mux.HandleFunc("GET /gear/{slug}", s.showItem)
	mux.HandleFunc("GET /orders", s.show("orders"))
	mux.HandleFunc("GET /delivery", s.show("delivery"))
	mux.HandleFunc("GET /favicon.ico", s.file("icon.svg", "image/svg+xml"))
	mux.HandleFunc("GET /shop.css", s.file("shop.css", "text/css; charset=utf-8"))
	mux.HandleFunc("GET /shop.js", s.file("shop.js", "text/javascript; charset=utf-8"))
	mux.HandleFunc("GET /talk", s.hearTalk)
	mux.HandleFunc("POST /talk", s.sayTalk)
	mux.HandleFunc("POST /sign-in", s.signIn)
	mux.HandleFunc("POST /sign-out", s.signOut)
	mux.HandleFunc("GET /identity", s.identity)
	policy := s.policy()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "strict-origin-when-cross-origin")
		mux.ServeHTTP(w, r)
	})
}

// policy is all that a page with Baton's chat needs to allow beside its own: the script, and the frame.
func (s *Shop) policy() string {
	return "default-src 'none'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; " +
		"frame-ancestors 'none'; script-src 'self' " + s.cfg.Server + "; frame-src " + s.cfg.Server
}

// view is what a page is drawn with.
type view struct {
	Page     string
	Server   string
	SignsIn  bool // there is a key to vouch with
	Customer *customer
	Items    []item
	Item     *item
	Number   string // of the order that was asked for
	Order    *order
}

func (s *Shop) view(r *http.Request, page string) view {
	v := view{Page: page, Server: s.cfg.Server, SignsIn: s.cfg.IdentityKey != "", Customer: signedIn(r), Items: items()}
	if v.Number = strings.TrimSpace(r.URL.Query().Get("number")); v.Number != "" {
		v.Order = orderOf(v.Number)
	}
	return v
}

func (s *Shop) show(page string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { s.draw(w, s.view(r, page)) }
}

func (s *Shop) showItem(w http.ResponseWriter, r *http.Request) {
	v := s.view(r, "item")
	for _, it := range v.Items {
		if it.Slug == r.PathValue("slug") {
			v.Item = &it
			s.draw(w, v)
			return
		}
	}
	http.NotFound(w, r)
}

func (s *Shop) draw(w http.ResponseWriter, v view) {
	var page bytes.Buffer
	if err := s.pages.ExecuteTemplate(&page, v.Page+".html", v); err != nil {
		http.Error(w, "the page could not be drawn", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	// A visitor who has gone does not read the page.
	_, _ = w.Write(page.Bytes())
}

func (s *Shop) file(name, kind string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", kind)
		http.ServeFileFS(w, r, assets, "assets/"+name)
	}
}
