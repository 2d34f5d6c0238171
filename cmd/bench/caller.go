package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// caller calls the public API of one server.
type caller struct {
	host string
	http *http.Client
}

func newCaller(addr string) *caller {
	return &caller{host: addr, http: &http.Client{
		Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64, MaxConnsPerHost: 64},
	}}
}

// reply are the parts of answers that measurements need.
type reply struct {
	ID     string `json:"id"`
	Token  string `json:"token"`
	Seq    int64  `json:"seq"`
	Status string `json:"status"`
	Agent  struct {
		ID string `json:"id"`
	} `json:"agent"`
}

// call sends a JSON body (nil sends none) and reads the answer.
func (c *caller) call(ctx context.Context, token, method, path string, body any) (reply, error) {
	var answer reply
	var sent io.Reader = http.NoBody
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return answer, err
		}
		sent = bytes.NewReader(encoded)
	}
	text, err := c.text(ctx, token, method, path, sent)
	if err != nil || len(text) == 0 {
		return answer, err
	}
	return answer, json.Unmarshal(text, &answer)
}

func (c *caller) text(ctx context.Context, token, method, path string, body io.Reader) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, "http://"+c.host+path, body)
	if err != nil {
		return nil, err
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	if body != http.NoBody {
		request.Header.Set("Content-Type", "application/json")
	}
	answer, err := c.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode >= http.StatusBadRequest {
		err = fmt.Errorf("%s %s: %s %s", method, path, answer.Status, strings.TrimSpace(string(text)))
	}
	return text, err
}

// metrics are the figures that the server exports, by name with its labels.
func (c *caller) metrics(ctx context.Context) (map[string]float64, error) {
	text, err := c.text(ctx, "", http.MethodGet, "/metrics", http.NoBody)
	if err != nil {
		return nil, err
	}
	figures := map[string]float64{}
	for line := range strings.Lines(string(text)) {
		at := strings.LastIndexByte(strings.TrimSpace(line), ' ')
		var value float64
		if at > 0 && line[0] != '#' {
			if _, err := fmt.Sscan(line[at:], &value); err == nil {
				figures[line[:at]] = value
			}
		}
	}
	return figures, nil
}
