package client

import (
	"encoding/json"
	"fmt"
	"time"
)

// The things of the contract, with the fields that the programs here look at.
type (
	// Ref names an agent, a queue or a bot.
	Ref struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	// Actor is who did something.
	Actor struct {
		Role string `json:"role"`
		ID   string `json:"id,omitempty"`
		Name string `json:"name,omitempty"`
	}
	// Login is somebody who has just signed in.
	Login struct {
		Token string `json:"token"`
		Agent Agent  `json:"agent"`
	}
	// Agent is a person of the team.
	Agent struct {
		ID       string   `json:"id"`
		Email    string   `json:"email"`
		Name     string   `json:"name"`
		Role     string   `json:"role"`
		Status   string   `json:"status"`
		Presence string   `json:"presence"`
		Capacity int      `json:"capacity"`
		Active   int      `json:"active"`
		Load     int      `json:"load"`
		Queues   []string `json:"queues"`
		Rev      int64    `json:"rev"`
	}
	// Queue is where chats wait.
	Queue struct {
		ID      string `json:"id"`
		Name    string `json:"name"`
		Waiting int    `json:"waiting"`
		Free    int    `json:"free"`
	}
	// Key is a bot's key with its secret.
	Key struct {
		Key string `json:"key"`
		ID  string `json:"id"`
		Bot Ref    `json:"bot"`
	}
	// Visitor is a customer who has just come.
	Visitor struct {
		Token    string  `json:"token"`
		Customer string  `json:"customer"`
		Open     bool    `json:"open"`
		Session  *string `json:"session"`
	}
	// Me is a customer to himself.
	Me struct {
		Customer Customer `json:"customer"`
		Session  *string  `json:"session"`
	}
	// Customer is the person on the other side.
	Customer struct {
		ID         string         `json:"id,omitempty"`
		ExternalID string         `json:"external_id,omitempty"`
		Name       string         `json:"name,omitempty"`
		Email      string         `json:"email,omitempty"`
		Locale     string         `json:"locale,omitempty"`
		Attributes map[string]any `json:"attributes,omitempty"`
	}
	// Attachment is a file that was sent.
	Attachment struct {
		ID     string `json:"id"`
		Name   string `json:"name"`
		Type   string `json:"type"`
		Size   int64  `json:"size"`
		Width  int    `json:"width"`
		Height int    `json:"height"`
	}
	// Sent is what was made in a session, and its place in the log.
	Sent struct {
		ID  string `json:"id"`
		Seq int64  `json:"seq"`
	}
	// Availability is how a request would fare now.
	Availability struct {
		Open            bool `json:"open"`
		AgentsAvailable int  `json:"agents_available"`
		Position        *int `json:"position"`
	}
)

type (
	// Handoff is a request for a person.
	Handoff struct {
		ConversationID string          `json:"conversation_id,omitempty"`
		Customer       Customer        `json:"customer,omitzero"`
		Channel        string          `json:"channel,omitempty"`
		Subject        string          `json:"subject,omitempty"`
		Reason         *Reason         `json:"reason,omitempty"`
		Summary        string          `json:"summary,omitempty"`
		Tried          []string        `json:"tried,omitempty"`
		Intent         *Intent         `json:"intent,omitempty"`
		Sentiment      *float64        `json:"sentiment,omitempty"`
		NoteToAgent    string          `json:"note_to_agent,omitempty"`
		Routing        Routing         `json:"routing,omitzero"`
		Transcript     []Line          `json:"transcript,omitempty"`
		Context        json.RawMessage `json:"context,omitempty"`
		Tags           []string        `json:"tags,omitempty"`
	}
	// Reason is why a person is wanted.
	Reason struct {
		Code string `json:"code,omitempty"`
		Text string `json:"text,omitempty"`
	}
	// Intent is what the bot understood.
	Intent struct {
		Name  string  `json:"name"`
		Score float64 `json:"score"`
	}
	// Routing says who should get the chat.
	Routing struct {
		Queue    string   `json:"queue,omitempty"`
		Skills   []string `json:"skills,omitempty"`
		Priority string   `json:"priority,omitempty"`
		Language string   `json:"language,omitempty"`
	}
	// Line is something that was said before.
	Line struct {
		ClientID  string    `json:"client_id,omitempty"`
		Author    Actor     `json:"author"`
		Text      string    `json:"text"`
		CreatedAt time.Time `json:"created_at,omitzero"`
	}
	// HandoffAnswer is how a request stands.
	HandoffAnswer struct {
		ID       string `json:"id"`
		Status   string `json:"status"`
		Epoch    int64  `json:"epoch"`
		Seq      int64  `json:"seq"`
		Queue    string `json:"queue"`
		Position *int   `json:"position"`
	}
	// Session is a chat as the caller may see it.
	Session struct {
		ID             string     `json:"id"`
		Status         string     `json:"status"`
		Queue          Ref        `json:"queue"`
		Agent          *Ref       `json:"agent"`
		Bot            *Ref       `json:"bot"`
		Customer       Customer   `json:"customer"`
		ConversationID string     `json:"conversation_id"`
		Channel        string     `json:"channel"`
		Subject        string     `json:"subject"`
		Summary        string     `json:"summary"`
		Tags           []string   `json:"tags"`
		Intent         *Intent    `json:"intent"`
		Epoch          int64      `json:"epoch"`
		Seq            int64      `json:"seq"`
		CreatedAt      time.Time  `json:"created_at"`
		AcceptedAt     *time.Time `json:"accepted_at"`
		EndedAt        *time.Time `json:"ended_at"`
		Offer          *Offer     `json:"offer"`
		End            *End       `json:"end"`
		Rating         *Rating    `json:"rating"`
		Position       *int       `json:"position"`
		Unread         int        `json:"unread"`
	}
	// Offer is an open offer.
	Offer struct {
		Agent     Ref       `json:"agent"`
		ExpiresAt time.Time `json:"expires_at"`
	}
	// End is how a chat ended, or is to end.
	End struct {
		By          string `json:"by,omitempty"`
		Reason      string `json:"reason,omitempty"`
		ReturnTo    string `json:"return_to,omitempty"`
		Disposition string `json:"disposition,omitempty"`
		Summary     string `json:"summary,omitempty"`
	}
	// Rating is the customer's judgement.
	Rating struct {
		Score   int    `json:"score"`
		Comment string `json:"comment,omitempty"`
	}
)

type (
	// Message is something to be said. Session is part of a frame only: in a call it stands in the path.
	Message struct {
		Session     string   `json:"session,omitempty"`
		ClientID    string   `json:"client_id"`
		Text        string   `json:"text,omitempty"`
		Attachments []string `json:"attachments,omitempty"`
		As          string   `json:"as,omitempty"`
		Epoch       int64    `json:"epoch,omitempty"`
	}
	// Event is one entry of a session's log.
	Event struct {
		Type  string          `json:"type"`
		At    time.Time       `json:"at"`
		Actor Actor           `json:"actor"`
		Data  json.RawMessage `json:"data"`
	}
	// Entry is an event with its place in the log as the caller sees it.
	Entry struct {
		Seq   int64 `json:"seq"`
		Prev  int64 `json:"prev"`
		Event Event `json:"event"`
	}
	// EventData is the data of any type of event; each fills its part.
	EventData struct {
		ID          string       `json:"id"`
		ClientID    string       `json:"client_id"`
		Author      Actor        `json:"author"`
		Text        string       `json:"text"`
		Attachments []Attachment `json:"attachments"`
		History     bool         `json:"history"`
		Whisper     bool         `json:"whisper"`
		Agent       Ref          `json:"agent"`
		From        *Ref         `json:"from"`
		To          *Ref         `json:"to"`
		Queue       *Ref         `json:"queue"`
		Note        string       `json:"note"`
		Reason      any          `json:"reason"`
		Withdrawn   string       `json:"withdrawn"`
		Tag         string       `json:"tag"`
		By          string       `json:"by"`
		ReturnTo    string       `json:"return_to"`
		Disposition string       `json:"disposition"`
		Summary     string       `json:"summary"`
		Score       int          `json:"score"`
		Comment     string       `json:"comment"`
	}
)

// Read gives the data of the event.
func (e *Event) Read() (*EventData, error) {
	data := &EventData{}
	if err := json.Unmarshal(e.Data, data); err != nil {
		return nil, fmt.Errorf("understand a %s: %w", e.Type, err)
	}
	return data, nil
}
