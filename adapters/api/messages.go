package api

import (
	"context"

	"baton/core"
	"baton/core/desk"
)

type (
	messageInput struct {
		One
		Body struct {
			ClientID    string       `json:"client_id" doc:"1 to 64 characters of the sender's own, the same for a repeat"`
			Text        string       `json:"text,omitempty" doc:"May be empty when there are attachments"`
			Attachments []string     `json:"attachments,omitempty" doc:"Ids of files uploaded for this session"`
			As          desk.Speaker `json:"as,omitempty" enum:"customer,bot,whisper" doc:"Bots only: in whose name; customer when missing"`
			Epoch       int64        `json:"epoch,omitempty" doc:"Needed as bot: the epoch that it has seen"`
		}
	}
	// SentAnswer is what was made in a session: its id, and its place in the log.
	SentAnswer struct {
		ID  string `json:"id"`
		Seq int64  `json:"seq"`
	}
	sentOutput struct{ Body SentAnswer }
	readInput  struct {
		One
		Body struct {
			Seq int64 `json:"seq" minimum:"0"`
		}
	}
)

func messageHandlers() handlers {
	return handlers{
		"postMessage": typed((*Server).postMessage),
		"sendTyping":  typed((*Server).sendTyping),
		"markRead":    typed((*Server).markRead),
	}
}

func (s *Server) postMessage(ctx context.Context, in *messageInput) (*sentOutput, error) {
	b := &in.Body
	return once(ctx, s, created, func(ctx context.Context) (*sentOutput, error) {
		sent, err := s.desk.Post(ctx, actorOf(ctx), in.ID, desk.Message{
			ClientID: b.ClientID, Text: b.Text, Attachments: b.Attachments, As: b.As, Epoch: b.Epoch,
		})
		if err != nil {
			return nil, hide(err)
		}
		return &sentOutput{Body: SentAnswer{ID: sent.ID, Seq: sent.Seq}}, nil
	}, func(_ context.Context, kept *core.Idempotency) (*sentOutput, error) {
		return &sentOutput{Body: SentAnswer{ID: kept.Result, Seq: kept.Seq}}, nil
	})
}

func (s *Server) sendTyping(ctx context.Context, in *One) (*empty, error) {
	return nil, hide(s.typist.Typing(ctx, actorOf(ctx), in.ID))
}

func (s *Server) markRead(ctx context.Context, in *readInput) (*empty, error) {
	return nil, hide(s.desk.Read(ctx, actorOf(ctx), in.ID, in.Body.Seq))
}
