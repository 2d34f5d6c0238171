package client

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"
)

// Client makes calls as one caller. It is safe for many goroutines.
type Client struct {
	base  *atomic.Pointer[string] // shared by all that As gave
	token string
	http  *http.Client
}

// New gives a client that has not signed in, for a server at a URL like http://127.0.0.1:8080.
func New(url string) *Client {
	transport := &http.Transport{MaxIdleConnsPerHost: 64, IdleConnTimeout: time.Minute}
	c := &Client{base: new(atomic.Pointer[string]), http: &http.Client{
		Transport: transport,
		Timeout:   30 * time.Second,
	}}
	c.Move(url)
	return c
}

// As gives a client that calls with another token, at the same address.
func (c *Client) As(token string) *Client {
	other := *c
	other.token = token
	return &other
}

// Move sends the calls and connections that follow to another address, for all clients that As gave too: a
// server that was started again, or another node.
func (c *Client) Move(url string) { c.base.Store(&url) }

// Apart gives the same caller with an address of his own, which a Move of others does not touch.
func (c *Client) Apart(url string) *Client {
	other := *c
	other.base = new(atomic.Pointer[string])
	other.Move(url)
	return &other
}

// Token is what the client shows with each call, or "".
func (c *Client) Token() string { return c.token }

// URL is where the server is.
func (c *Client) URL() string { return *c.base.Load() }

// NewID gives an id of the caller's own for a message or a request.
func NewID() string { return rand.Text() }

// Problem is a refusal by the server.
type Problem struct {
	Status     int           `json:"status"`
	Code       string        `json:"code"`
	Detail     string        `json:"detail"`
	RequestID  string        `json:"request_id"`
	RetryAfter time.Duration `json:"-"`
}

// Error tells the refusal with its status and code.
func (p *Problem) Error() string { return fmt.Sprintf("%d %s: %s", p.Status, p.Code, p.Detail) }

// CodeOf is the code of a refusal, or "" for any other error.
func CodeOf(err error) string {
	var p *Problem
	if errors.As(err, &p) {
		return p.Code
	}
	return ""
}

// passing says whether the same request may succeed a little later.
func passing(code string) bool {
	return code == "busy" || code == "too_many" || code == "idempotency_in_progress"
}

// Do makes one call. In is sent as JSON unless it is nil; out, unless it is nil, is filled from the answer.
// Header is names and values in turn. The error is a *Problem when the server refused.
func (c *Client) Do(ctx context.Context, method, path string, in, out any, header ...string) (status int, err error) {
	var body io.Reader
	if in != nil {
		encoded, err := json.Marshal(in)
		if err != nil {
			return 0, err
		}
		body = bytes.NewReader(encoded)
		header = append(header, "Content-Type", "application/json")
	}
	return c.send(ctx, method, path, body, out, header)
}

func (c *Client) send(ctx context.Context, method, path string, body io.Reader, out any, header []string) (int, error) {
	request, err := http.NewRequestWithContext(ctx, method, c.URL()+path, body)
	if err != nil {
		return 0, err
	}
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	answer, err := c.http.Do(request)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		return 0, fmt.Errorf("read the answer to %s %s: %w", method, path, err)
	}
	return answer.StatusCode, take(answer, content, out)
}

// take reads an answer.
func take(answer *http.Response, content []byte, out any) error {
	if answer.StatusCode >= http.StatusBadRequest {
		return problemOf(answer, content)
	}
	switch to := out.(type) {
	case nil:
		return nil
	case *[]byte:
		*to = content
		return nil
	}
	if err := json.Unmarshal(content, out); err != nil {
		return fmt.Errorf("understand the answer to %s: %w", answer.Request.URL.Path, err)
	}
	return nil
}

func problemOf(answer *http.Response, content []byte) error {
	p := &Problem{}
	if json.Unmarshal(content, p) != nil || p.Code == "" {
		p.Code, p.Detail = "unexplained", string(content)
	}
	p.Status = answer.StatusCode
	if seconds, err := strconv.Atoi(answer.Header.Get("Retry-After")); err == nil {
		p.RetryAfter = time.Duration(seconds) * time.Second
	}
	return p
}

// Insist is Do for a request that is safe to repeat: one that only reads, or that carries a client_id or an
// Idempotency-Key. It repeats the call until there is a definite answer or ctx ends.
func (c *Client) Insist(ctx context.Context, method, path string, in, out any, header ...string) (status int, err error) {
	var pause Backoff
	for {
		status, err = c.Do(ctx, method, path, in, out, header...)
		var p *Problem
		if err == nil || errors.As(err, &p) && !passing(p.Code) {
			return status, err
		}
		if pauseAfter(ctx, &pause, p) != nil {
			return status, err
		}
	}
}

// pauseAfter waits before a repeat, as long as the server asked for if it did.
func pauseAfter(ctx context.Context, by *Backoff, p *Problem) error {
	wait := by.next()
	if p != nil && p.RetryAfter > 0 {
		wait = p.RetryAfter
	}
	return pause(ctx, wait)
}
