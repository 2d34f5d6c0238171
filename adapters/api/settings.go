package api

import (
	"context"
	"strings"
	"time"

	"baton/core"
)

type (
	// Limits are the bounds of what can be sent, so that a browser can tell of them first.
	Limits struct {
		TextBytes       int      `json:"text_bytes" doc:"Of one text"`
		AttachmentBytes int64    `json:"attachment_bytes" doc:"Of one file"`
		AttachmentTypes []string `json:"attachment_types" doc:"How the names of acceptable files end" example:"[\"png\",\"pdf\"]"`
	}
	// Settings are whose desk this is, and what the configuration says that a browser must know.
	Settings struct {
		Name        string         `json:"name" doc:"The company's name; may be empty"`
		TimeZone    string         `json:"time_zone" example:"Europe/Berlin"`
		Schedule    core.Ref       `json:"schedule" doc:"Of all queues that have none of their own"`
		Widget      WidgetSettings `json:"widget"`
		Limits      Limits         `json:"limits"`
		CapacityMax int            `json:"capacity_max" doc:"How many chats an agent may have at once at most"`
	}
	// WidgetSettings are what the configuration says of the chat window.
	WidgetSettings struct {
		Origins []string `json:"origins" doc:"The pages that may show it"`
	}
	settingsOutput      struct{ Body Settings }
	changeSettingsInput struct {
		Body struct {
			Name     *string `json:"name,omitempty" doc:"Empty takes it away"`
			TimeZone *string `json:"time_zone,omitempty" doc:"IANA name" example:"Europe/Berlin"`
			Schedule *string `json:"schedule,omitempty" doc:"The id of the schedule of all queues that have none of their own"`
		}
	}
	// Widget is what the chat window needs before anybody is known.
	Widget struct {
		Name        string     `json:"name" doc:"The company's name; may be empty"`
		Open        bool       `json:"open" doc:"Whether people are there at this hour"`
		NextOpening *core.Time `json:"next_opening" doc:"When people are there again, or null"`
		Languages   []string   `json:"languages" doc:"What the window speaks; the first when the visitor's own is not among them"`
		Limits      Limits     `json:"limits"`
	}
	widgetOutput struct{ Body Widget }
)

func settingsHandlers() handlers {
	return handlers{
		"readSettings":   typed((*Server).readSettings),
		"changeSettings": typed((*Server).changeSettings),
		"readWidget":     typed((*Server).readWidget),
	}
}

func (s *Server) readSettings(ctx context.Context, _ *empty) (*settingsOutput, error) {
	account, err := s.desk.Account(ctx)
	if err != nil {
		return nil, err
	}
	return s.settings(account), nil
}

func (s *Server) changeSettings(ctx context.Context, in *changeSettingsInput) (*settingsOutput, error) {
	account, err := s.desk.ChangeAccount(ctx, actorOf(ctx), core.AccountChange{
		Name: in.Body.Name, TimeZone: in.Body.TimeZone, Schedule: in.Body.Schedule,
	})
	if err != nil {
		return nil, err
	}
	return s.settings(account), nil
}

func (s *Server) settings(account core.Account) *settingsOutput {
	origins := s.cfg.WidgetOrigins
	if origins == nil {
		origins = []string{}
	}
	return &settingsOutput{Body: Settings{
		Name: account.Name, TimeZone: account.TimeZone, Schedule: account.Schedule, Widget: WidgetSettings{Origins: origins}, Limits: s.bounds(),
		CapacityMax: s.desk.Limits().CapacityMax,
	}}
}

// bounds are those of what anybody can send.
func (s *Server) bounds() Limits {
	var endings []string
	for _, kind := range fileTypes() {
		for _, extension := range kind.extensions {
			endings = append(endings, strings.TrimPrefix(extension, "."))
		}
	}
	return Limits{TextBytes: s.desk.Limits().TextBytes, AttachmentBytes: s.cfg.Attachment, AttachmentTypes: endings}
}

// widgetLanguages are those that the chat window is written in.
func widgetLanguages() []string { return []string{"en", "de"} }

func (s *Server) readWidget(ctx context.Context, _ *empty) (*widgetOutput, error) {
	account, err := s.desk.Account(ctx)
	if err != nil {
		return nil, err
	}
	state, next, err := s.desk.Open(ctx, "", time.Now())
	if err != nil {
		return nil, err
	}
	return &widgetOutput{Body: Widget{Name: account.Name, Open: state.Open, NextOpening: moment(next), Languages: widgetLanguages(), Limits: s.bounds()}}, nil
}
