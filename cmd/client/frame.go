package client

import (
	"encoding/json"
	"fmt"
	"time"
)

// Frame is what came over a socket, of any type; each type fills its part.
type Frame struct {
	Type    string `json:"type"`
	ID      string `json:"id"`
	Session string `json:"-"`
	// Row is the session of a row: {"type":"session","session":{…}}.
	Row       *Session  `json:"-"`
	Seq       int64     `json:"seq"`
	Prev      int64     `json:"prev"`
	Event     *Event    `json:"event"`
	Message   string    `json:"message"`
	Note      string    `json:"note"`
	Epoch     int64     `json:"epoch"`
	Code      string    `json:"code"`
	Detail    string    `json:"detail"`
	ExpiresAt time.Time `json:"expires_at"`
	Position  *int      `json:"position"`
	Side      string    `json:"side"`
	Delivered int64     `json:"delivered"`
	Read      int64     `json:"read"`
	Actor     *Actor    `json:"actor"`
	Agent     *Agent    `json:"agent"`
	Agents    []Ref     `json:"agents"`
	Queue     *Queue    `json:"queue"`
	Build     string    `json:"build"`
	// Raw is the frame as it came.
	Raw []byte `json:"-"`
	// Heard is when it came.
	Heard time.Time `json:"-"`
}

func readFrame(raw []byte) (f Frame, err error) {
	if err := json.Unmarshal(raw, &f); err != nil {
		return f, fmt.Errorf("understand the frame %s: %w", raw, err)
	}
	f.Raw, f.Heard = raw, time.Now()
	var about struct {
		Session json.RawMessage `json:"session"`
	}
	if err := json.Unmarshal(raw, &about); err != nil {
		return f, err
	}
	switch {
	case len(about.Session) == 0:
		return f, nil
	case about.Session[0] == '{':
		f.Row = &Session{}
		if err := json.Unmarshal(about.Session, f.Row); err != nil {
			return f, fmt.Errorf("understand the row %s: %w", raw, err)
		}
		f.Session = f.Row.ID
		return f, nil
	}
	return f, json.Unmarshal(about.Session, &f.Session)
}

// problem is the refusal that a frame carries.
func (f *Frame) problem() error { return &Problem{Code: f.Code, Detail: f.Detail} }

// Act is a frame to be sent: its type and its fields.
type Act map[string]any
