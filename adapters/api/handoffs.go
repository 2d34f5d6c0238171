package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"baton/core"
)

type (
	handoffInput struct{ Body Handoff }
	// Handoff is a request for a person. Only conversation_id is needed, and only from a bot.
	Handoff struct {
		ConversationID string           `json:"conversation_id,omitempty" doc:"The bot's own id; each has one open session"`
		Customer       HandoffCustomer  `json:"customer,omitzero"`
		Channel        string           `json:"channel,omitempty" doc:"web, whatsapp, telegram …; web for visitors and api for bots when missing"`
		Subject        string           `json:"subject,omitempty"`
		Reason         *HandoffReason   `json:"reason,omitempty" doc:"Why a person"`
		Summary        string           `json:"summary,omitempty" doc:"What the customer wants"`
		Tried          []string         `json:"tried,omitempty" doc:"What the bot did already"`
		Intent         *core.Intent     `json:"intent,omitempty"`
		Sentiment      *float64         `json:"sentiment,omitempty"`
		NoteToAgent    string           `json:"note_to_agent,omitempty" doc:"Private: becomes a note"`
		Routing        HandoffRouting   `json:"routing,omitzero"`
		Transcript     []TranscriptLine `json:"transcript,omitempty"`
		Context        json.RawMessage  `json:"context,omitempty" doc:"Any JSON up to 64 KiB"`
		Tags           []string         `json:"tags,omitempty"`
	}
	// HandoffCustomer is the person on the other side: a visitor of the page by id, or the bot's own by external_id.
	HandoffCustomer struct {
		ID         string         `json:"id,omitempty" doc:"The cus_… of a visitor of the page"`
		ExternalID string         `json:"external_id,omitempty" doc:"The bot's own id of the person"`
		Name       string         `json:"name,omitempty"`
		Email      string         `json:"email,omitempty"`
		Phone      string         `json:"phone,omitempty"`
		Locale     string         `json:"locale,omitempty"`
		TimeZone   string         `json:"time_zone,omitempty" doc:"IANA name of where he is" example:"Europe/Berlin"`
		Attributes map[string]any `json:"attributes,omitempty"`
	}
	// HandoffReason is why the bot asks for a person.
	HandoffReason struct {
		Code string `json:"code,omitempty" enum:"customer_request,low_confidence,repeated_fallback,policy,sentiment,bot_error,other"`
		Text string `json:"text,omitempty"`
	}
	// HandoffRouting says who should get the chat.
	HandoffRouting struct {
		Queue          string        `json:"queue,omitempty" doc:"Name or id; general when missing"`
		Skills         []string      `json:"skills,omitempty"`
		Priority       core.Priority `json:"priority,omitempty" enum:"low,normal,high,urgent"`
		Language       string        `json:"language,omitempty"`
		PreferredAgent string        `json:"preferred_agent,omitempty"`
	}
	// TranscriptLine is something that was said before.
	TranscriptLine struct {
		ClientID  string           `json:"client_id,omitempty"`
		Author    TranscriptAuthor `json:"author"`
		Text      string           `json:"text"`
		CreatedAt *time.Time       `json:"created_at,omitempty"`
		Original  json.RawMessage  `json:"original,omitempty" doc:"The line as the platform had it"`
	}
	// TranscriptAuthor is who said it.
	TranscriptAuthor struct {
		Role core.Role `json:"role" enum:"customer,bot,agent,system"`
		Name string    `json:"name,omitempty"`
	}
	// HandoffAnswer is how a request stands.
	HandoffAnswer struct {
		ID         string           `json:"id"`
		Status     core.Status      `json:"status" enum:"pending,waiting,active,ended"`
		Epoch      int64            `json:"epoch"`
		Seq        int64            `json:"seq"`
		Queue      string           `json:"queue" doc:"The queue's name"`
		Position   *int             `json:"position" doc:"Its place in line from 1; null when it stands in none, or the queue does not tell"`
		Wait       *core.Range      `json:"wait" doc:"Seconds; null where nobody can say, or the queue does not tell"`
		WaitWords  *string          `json:"wait_words" enum:"soon,minutes,long" doc:"The wait in a word, where the queue shows only that"`
		AfterHours *core.AfterHours `json:"after_hours" doc:"Nobody is there: what to tell the customer. The chat is kept until the opening, or has ended."`
		Ask        *string          `json:"ask" enum:"email" doc:"The customer may leave a message with his address: POST /v1/sessions/{id}/ticket"`
	}
	handoffOutput struct {
		Status int
		Body   HandoffAnswer
	}
)

func handoffHandlers() handlers {
	return handlers{"requestHandoff": typed((*Server).requestHandoff)}
}

func (s *Server) requestHandoff(ctx context.Context, in *handoffInput) (*handoffOutput, error) {
	return once(ctx, s, created, func(ctx context.Context) (*handoffOutput, error) {
		requested, err := s.desk.Request(ctx, actorOf(ctx), in.Body.request())
		if err != nil {
			return nil, err
		}
		status := created
		if requested.Repeated {
			status = http.StatusOK
		}
		return s.handoffAnswer(ctx, requested.Session, status)
	}, func(ctx context.Context, kept *core.Idempotency) (*handoffOutput, error) {
		session, err := s.desk.Session(ctx, actorOf(ctx), kept.Session)
		if err != nil {
			return nil, err
		}
		return s.handoffAnswer(ctx, session, kept.Status)
	})
}

func (s *Server) handoffAnswer(ctx context.Context, session *core.Session, status int) (*handoffOutput, error) {
	v, err := s.desk.Show(ctx, actorOf(ctx), session)
	if err != nil {
		return nil, err
	}
	return &handoffOutput{Status: status, Body: HandoffAnswer{
		ID: v.ID, Status: v.Status, Epoch: v.Epoch, Seq: v.Seq, Queue: v.Queue.Name, Position: v.Position, Wait: v.Wait,
		WaitWords: v.WaitWords, AfterHours: v.AfterHours, Ask: v.Ask,
	}}, nil
}

func (h *Handoff) request() core.Handoff {
	r := core.Handoff{
		ConversationID: h.ConversationID, Channel: h.Channel, Subject: h.Subject, Summary: h.Summary, Tried: h.Tried, Intent: h.Intent,
		Sentiment: h.Sentiment, NoteToAgent: h.NoteToAgent, Queue: h.Routing.Queue, Skills: h.Routing.Skills, Priority: h.Routing.Priority,
		Language: h.Routing.Language, PreferredAgent: h.Routing.PreferredAgent, Context: notNull(h.Context), Tags: h.Tags,
		Customer: core.Customer{
			ID: h.Customer.ID, ExternalID: h.Customer.ExternalID, Name: h.Customer.Name, Email: h.Customer.Email, Phone: h.Customer.Phone,
			Locale: h.Customer.Locale, TimeZone: h.Customer.TimeZone, Attributes: h.Customer.Attributes,
		},
	}
	if h.Reason != nil {
		r.Reason = &core.Reason{Code: h.Reason.Code, Text: h.Reason.Text}
	}
	for _, line := range h.Transcript {
		l := core.Line{ClientID: line.ClientID, Role: line.Author.Role, Name: line.Author.Name, Text: line.Text, Original: notNull(line.Original)}
		if line.CreatedAt != nil {
			l.At = *line.CreatedAt
		}
		r.Transcript = append(r.Transcript, l)
	}
	return r
}

// notNull takes null for what was not said.
func notNull(raw json.RawMessage) json.RawMessage {
	if string(raw) == "null" {
		return nil
	}
	return raw
}
