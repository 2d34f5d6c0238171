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
		Scopes    []string  `json:"scopes" doc:"What it is narrowed to; empty allows everything"`
		Prefix    string    `json:"prefix" doc:"How the key begins; empty for keys that are older than this field"`
		CreatedAt core.Time `json:"created_at"`
		// LastUsedAt counts an open socket as use.
		LastUsedAt *core.Time `json:"last_used_at" doc:"To the minute; null when it never was"`
	}
	// KeyAnswer is a key that was just made, with its secret.
	KeyAnswer struct {
		KeyView
		Key string `json:"key" doc:"Shown this once"`
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
	return paged(s.sign, "keys", *in, keys, func(k access.Key) string { return k.ID }, viewKey)
}

func viewKey(k access.Key) KeyView {
	v := KeyView{ID: k.ID, Bot: k.Bot, Scopes: k.Scopes, Prefix: k.Prefix, CreatedAt: core.Time(k.CreatedAt)}
	if v.Scopes == nil {
		v.Scopes = []string{}
	}
	if !k.UsedAt.IsZero() {
		used := core.Time(k.UsedAt)
		v.LastUsedAt = &used
	}
	return v
}

func (s *Server) makeKey(ctx context.Context, in *makeKeyInput) (*keyOutput, error) {
	for i, scope := range in.Body.Scopes {
		if !slices.Contains(desk.Scopes(), scope) {
			return nil, core.RefuseField(fmt.Sprintf("/scopes/%d", i), "a scope is one of %s, not %q", strings.Join(desk.Scopes(), ", "), clip(scope))
		}
	}
	secret, key, err := s.access.MakeKey(ctx, actorOf(ctx), in.Body.Name, in.Body.Scopes)
	if err != nil {
		return nil, err
	}
	return &keyOutput{Body: KeyAnswer{KeyView: viewKey(key), Key: secret}}, nil
}

func (s *Server) revokeKey(ctx context.Context, in *One) (*empty, error) {
	return nil, hide(s.access.RevokeKey(ctx, actorOf(ctx), in.ID))
}
