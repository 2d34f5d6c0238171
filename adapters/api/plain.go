package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"baton/core"
)

// readyWithin is how long the parts of the house may take to say whether they are ready.
const readyWithin = time.Second

func plainHandlers() handlers {
	return handlers{
		"live":    raw((*Server).live),
		"ready":   raw((*Server).isReady),
		"metrics": raw((*Server).showMetrics),
		"openapi": raw((*Server).showDocument),
		"docs":    raw((*Server).showManual),
	}
}

func send(c huma.Context, contentType string, body []byte) error {
	c.SetHeader("Content-Type", contentType)
	c.SetStatus(http.StatusOK)
	_, err := c.BodyWriter().Write(body)
	return err
}

func (s *Server) live(_ context.Context, c huma.Context) error {
	return send(c, "text/plain; charset=utf-8", []byte("alive\n"))
}

// isReady says busy while the server goes down or something that it needs is not there.
func (s *Server) isReady(ctx context.Context, c huma.Context) error {
	if s.room.shut() {
		return core.Overloaded()
	}
	if s.ready != nil {
		within, cancel := context.WithTimeout(ctx, readyWithin)
		defer cancel()
		if err := s.ready(within); err != nil {
			return core.Overloaded().Because(err)
		}
	}
	return send(c, "text/plain; charset=utf-8", []byte("ready\n"))
}

func (s *Server) showDocument(_ context.Context, c huma.Context) error {
	c.SetHeader("Cache-Control", "no-cache")
	return send(c, jsonType, s.document)
}

// servePages puts the browser's part where people and host pages look for it, and leads / to the dashboard.
func (s *Server) servePages() {
	s.app.Get("/", func(f *fiber.Ctx) error { return f.Redirect("/app/", http.StatusFound) })
	s.app.Get("/app", func(f *fiber.Ctx) error { return f.Redirect("/app/", http.StatusFound) })
	for _, path := range []string{"/app/*", "/setup", "/invite", "/reset", "/widget", "/widget/*", "/widget.js"} {
		s.app.Get(path, s.page)
	}
}

func (s *Server) page(f *fiber.Ctx) error {
	if s.pages == nil {
		return fiber.ErrNotFound
	}
	status, headers, body, there := s.pages.Page(f.Path(), func(name string) string { return f.Get(name) })
	if !there {
		return fiber.ErrNotFound
	}
	for name, value := range headers {
		f.Set(name, value)
	}
	return f.Status(status).Send(body)
}
