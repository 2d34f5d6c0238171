package api

import (
	"context"

	"baton/core"
	"baton/core/desk"
)

// Whose a quick reply is.
const (
	personalScope = "personal"
	teamScope     = "team"
)

type (
	// QuickReplyView is a text that agents insert by its shortcut.
	QuickReplyView struct {
		ID       string    `json:"id"`
		Scope    string    `json:"scope" enum:"personal,team" doc:"Whether it is mine or the team's"`
		Shortcut string    `json:"shortcut" doc:"In lower case; unique among mine, and among the team's"`
		Title    string    `json:"title"`
		Text     string    `json:"text" doc:"With {{first_name}} and other names to be filled in"`
		Language *string   `json:"language"`
		Queue    *core.Ref `json:"queue" doc:"Of the team's: the queue that it is for, or null for all"`
		Used     int64     `json:"used" doc:"How often it was inserted"`
		Rev      int64     `json:"rev"`
	}
	makeQuickReplyInput struct {
		Body struct {
			Scope    string  `json:"scope" enum:"personal,team"`
			Shortcut string  `json:"shortcut" doc:"1 to 32 letters, digits, - or _; a leading / is dropped"`
			Text     string  `json:"text" doc:"At most 16 KiB"`
			Title    string  `json:"title,omitempty"`
			Language string  `json:"language,omitempty" example:"en"`
			Queue    *string `json:"queue,omitempty" doc:"Of the team's: the queue that it is for, by name or id; all when missing"`
		}
	}
	changeQuickReplyInput struct {
		One
		Body struct {
			Shortcut *string `json:"shortcut,omitempty"`
			Text     *string `json:"text,omitempty"`
			Title    *string `json:"title,omitempty" doc:"Empty takes it away"`
			Language *string `json:"language,omitempty" doc:"Empty takes it away"`
			Queue    *string `json:"queue,omitempty" doc:"Empty is for all queues"`
		}
	}
	quickReplyOutput struct{ Body QuickReplyView }
)

func quickReplyHandlers() handlers {
	return handlers{
		"listQuickReplies": typed((*Server).listQuickReplies),
		"makeQuickReply":   typed((*Server).makeQuickReply),
		"changeQuickReply": typed((*Server).changeQuickReply),
		"removeQuickReply": typed((*Server).removeQuickReply),
		"useQuickReply":    typed((*Server).useQuickReply),
	}
}

func (s *Server) listQuickReplies(ctx context.Context, in *Page) (*listOutput[QuickReplyView], error) {
	replies, err := s.desk.QuickReplies(ctx, actorOf(ctx))
	if err != nil {
		return nil, err
	}
	return paged(s.sign, "quick-replies", *in, replies, func(r core.QuickReply) string { return r.ID }, viewQuickReply)
}

func (s *Server) makeQuickReply(ctx context.Context, in *makeQuickReplyInput) (*quickReplyOutput, error) {
	b := &in.Body
	return showQuickReply(s.desk.AddQuickReply(ctx, actorOf(ctx), b.Scope == teamScope, desk.QuickReplyChange{
		Shortcut: &b.Shortcut, Text: &b.Text, Title: &b.Title, Language: &b.Language, Queue: b.Queue,
	}))
}

func (s *Server) changeQuickReply(ctx context.Context, in *changeQuickReplyInput) (*quickReplyOutput, error) {
	b := &in.Body
	return showQuickReply(s.desk.ChangeQuickReply(ctx, actorOf(ctx), in.ID, desk.QuickReplyChange{
		Shortcut: b.Shortcut, Text: b.Text, Title: b.Title, Language: b.Language, Queue: b.Queue,
	}))
}

func (s *Server) removeQuickReply(ctx context.Context, in *One) (*empty, error) {
	return nil, hide(s.desk.RemoveQuickReply(ctx, actorOf(ctx), in.ID))
}

func (s *Server) useQuickReply(ctx context.Context, in *One) (*empty, error) {
	return nil, hide(s.desk.UseQuickReply(ctx, actorOf(ctx), in.ID))
}

func showQuickReply(r core.QuickReply, err error) (*quickReplyOutput, error) {
	if err != nil {
		return nil, hide(err)
	}
	return &quickReplyOutput{Body: viewQuickReply(r)}, nil
}

func viewQuickReply(r core.QuickReply) QuickReplyView {
	v := QuickReplyView{ID: r.ID, Scope: personalScope, Shortcut: r.Shortcut, Title: r.Title, Text: r.Text, Queue: r.Queue, Used: r.Used, Rev: r.Rev}
	if r.Team() {
		v.Scope = teamScope
	}
	if r.Language != "" {
		v.Language = &r.Language
	}
	return v
}
