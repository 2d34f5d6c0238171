package api

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"net"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"baton/core"
)

const (
	// drainBytes and drainTime bound what is taken of a body that was refused.
	drainBytes = 32 << 20
	drainTime  = 2 * time.Second
)

// bodyTime gives a body its own time once the headers are there.
func (s *Server) bodyTime(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
	if h.ContentLength() == 0 || h.ContentLength() == -2 {
		return fasthttp.RequestConfig{}
	}
	if bytes.HasPrefix(h.RequestURI(), []byte("/v1/attachments")) {
		return fasthttp.RequestConfig{ReadTimeout: s.cfg.FileSilence}
	}
	return fasthttp.RequestConfig{ReadTimeout: s.cfg.BodyTime}
}

// boundContext gives huma the body that the gate has read and looked at.
type boundContext struct {
	inside
	body []byte
}

// inside is a name to embed huma's context by: its own is taken by a method.
type inside = huma.Context

// Unwrap leads back to fiber's context.
func (c *boundContext) Unwrap() huma.Context { return c.inside }

// BodyReader reads the body again.
func (c *boundContext) BodyReader() io.Reader { return bytes.NewReader(c.body) }

// SetReadDeadline does nothing: the body has been read.
func (c *boundContext) SetReadDeadline(time.Time) error { return nil }

// readBody reads the JSON of a route that takes some, within its size and time, and refuses what is none.
func (s *Server) readBody(_ context.Context, f *fiber.Ctx, c *call) error {
	limit := s.cfg.JSONBody
	switch c.route.Body {
	case noBody, fileBody:
		return nil
	case handoffBody:
		limit = s.cfg.HandoffBody
	}
	body, err := readAll(f.Context(), limit, s.cfg.BodyTime)
	if err != nil {
		return err
	}
	if len(body) == 0 {
		return nil // whether that will do is the schema's business
	}
	if kind, params, err := mime.ParseMediaType(f.Get(fiber.HeaderContentType)); err != nil || kind != jsonType || !utf8Charset(params["charset"]) {
		return core.Refuse(core.Unsupported, "send the body as Content-Type: application/json")
	}
	c.body = body
	return acceptable(body)
}

func utf8Charset(charset string) bool { return charset == "" || strings.EqualFold(charset, "utf-8") }

// readAll reads a body of at most limit bytes, within some time.
func readAll(f *fasthttp.RequestCtx, limit int64, within time.Duration) ([]byte, error) {
	tooLarge := core.Refuse(core.TooLarge, "the body is larger than %d bytes", limit)
	if int64(f.Request.Header.ContentLength()) > limit {
		return nil, tooLarge
	}
	stream := f.RequestBodyStream()
	if stream == nil {
		return nil, nil
	}
	if err := f.SetReadDeadline(time.Now().Add(within)); err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(stream, limit+1))
	switch {
	case err != nil:
		return nil, unreadable(f, err)
	case int64(len(body)) > limit:
		return nil, tooLarge
	}
	return body, nil
}

// unreadable says why a body did not arrive. The connection is of no more use then.
func unreadable(f *fasthttp.RequestCtx, err error) error {
	f.SetConnectionClose()
	var slow net.Error
	if errors.As(err, &slow) && slow.Timeout() {
		return wrong(kindSlow, "the body took too long to arrive")
	}
	return core.Refuse(core.Malformed, "the body broke off or is not framed as HTTP").Because(err)
}

// drain takes what a refused caller is still sending, for a moment: a connection that is closed on unread bytes
// is reset, and the answer is lost with it.
func drain(f *fasthttp.RequestCtx) {
	stream := f.RequestBodyStream()
	if stream == nil || f.Response.ConnectionClose() {
		return
	}
	if f.SetReadDeadline(time.Now().Add(drainTime)) != nil {
		return
	}
	if n, err := io.CopyN(io.Discard, stream, drainBytes); n == drainBytes || err != nil && !errors.Is(err, io.EOF) {
		f.SetConnectionClose()
	}
}

// streamed is the body of an upload: it must keep moving, and it has an end.
type streamed struct {
	f       *fasthttp.RequestCtx
	from    io.Reader
	silence time.Duration
	rate    int64
	limit   int64
	began   time.Time
	got     int64
}

// Read reads on, as long as the caller keeps up the least rate.
func (r *streamed) Read(p []byte) (int, error) {
	due := r.began.Add(r.silence + time.Duration(float64(r.got)/float64(r.rate)*float64(time.Second)))
	if silence := time.Now().Add(r.silence); silence.Before(due) {
		due = silence
	}
	if err := r.f.SetReadDeadline(due); err != nil {
		return 0, err
	}
	n, err := r.from.Read(p)
	if r.got += int64(n); r.got > r.limit {
		return 0, core.Refuse(core.TooLarge, "the upload is larger than it may be")
	}
	return n, err
}
