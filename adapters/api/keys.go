package api

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"baton/core"
	"baton/core/access"
	"baton/core/desk"
)

type (
	makeKeyInput struct {
		Body struct {
			Name   string   `json:"name" doc:"The bot's name; a bot that is known by it gets a second key"`
			Scopes []string `json:"scopes,omitempty" doc:"What the key is narrowed to: handoffs, messages, sessions, read; everything when missing"`
		}
	}
	// KeyView is a bot's key without its secret.
	KeyView struct {
		ID        string    `json:"id"`
		Bot       core.Ref  `json:"bot"`
		Scopes    []string  `json:"scopes"`
		CreatedAt core.Time `json:"created_at"`
	}
	// KeyAnswer is a key that was just made, with its secret.
	KeyAnswer struct {
		Key string   `json:"key" doc:"Shown this once"`
		ID  string   `json:"id"`
		Bot core.Ref `json:"bot"`
	}
	keyOutput struct{ Body KeyAnswer }
)

func keyHandlers() handlers {
	return handlers{
		"listKeys":  typed((*Server).listKeys),
		"makeKey":   typed((*Server).makeKey),
		"revokeKey": typed((*Server).revokeKey),
	}
}

func (s *Server) listKeys(ctx context.Context, in *Page) (*listOutput[KeyView], error) {
	keys, err := s.access.Keys(ctx, actorOf(ctx))
	if err != nil {
		return nil, err
	}
	return paged(s.sign, "keys", *in, keys, func(k access.Key) string { return k.ID }, func(k access.Key) KeyView {
		return KeyView{ID: k.ID, Bot: k.Bot, Scopes: k.Scopes, CreatedAt: core.Time(k.CreatedAt)}
	})
}

func (s *Server) makeKey(ctx context.Context, in *makeKeyInput) (*keyOutput, error) {
	for i, scope := range in.Body.Scopes {
		if !slices.Contains(desk.Scopes(), scope) {
			return nil, core.RefuseField(fmt.Sprintf("/scopes/%d", i), "a scope is one of %s, not %q", strings.Join(desk.Scopes(), ", "), clip(scope))
		}
	}
	key, bot, id, err := s.access.MakeKey(ctx, actorOf(ctx), in.Body.Name, in.Body.Scopes)
	return &keyOutput{Body: KeyAnswer{Key: key, ID: id, Bot: bot}}, err
}

func (s *Server) revokeKey(ctx context.Context, in *One) (*empty, error) {
	return nil, hide(s.access.RevokeKey(ctx, actorOf(ctx), in.ID))
}
