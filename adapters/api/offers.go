package api

import (
	"context"

	"baton/core"
)

type (
	declineInput struct {
		One
		Body *struct {
			Reason string `json:"reason,omitempty"`
		}
	}
	assignInput struct {
		One
		Body struct {
			AgentID string `json:"agent_id"`
			Force   bool   `json:"force,omitempty" doc:"Go above the capacity, which needs the permission"`
		}
	}
	takeOverInput struct {
		One
		Body *struct {
			Force bool `json:"force,omitempty" doc:"Go above my capacity, which needs the permission"`
		}
	}
	transferInput struct {
		One
		Body struct {
			AgentID string `json:"agent_id,omitempty" doc:"Either an agent"`
			Queue   string `json:"queue,omitempty" doc:"or a queue, by name or id"`
			Note    string `json:"note,omitempty" doc:"For the colleague"`
		}
	}
)

func offerHandlers() handlers {
	return handlers{
		"acceptSession":   typed((*Server).acceptSession),
		"declineSession":  typed((*Server).declineSession),
		"assignSession":   typed((*Server).assignSession),
		"takeOverSession": typed((*Server).takeOverSession),
		"transferSession": typed((*Server).transferSession),
		"reopenSession":   typed((*Server).reopenSession),
	}
}

func (s *Server) acceptSession(ctx context.Context, in *One) (*sessionOutput, error) {
	session, err := s.desk.Accept(ctx, actorOf(ctx), in.ID)
	return s.show(ctx, session, err)
}

func (s *Server) declineSession(ctx context.Context, in *declineInput) (*sessionOutput, error) {
	reason := ""
	if in.Body != nil {
		reason = in.Body.Reason
	}
	session, err := s.desk.Decline(ctx, actorOf(ctx), in.ID, reason)
	return s.show(ctx, session, err)
}

func (s *Server) assignSession(ctx context.Context, in *assignInput) (*sessionOutput, error) {
	session, err := s.desk.Assign(ctx, actorOf(ctx), in.ID, in.Body.AgentID, in.Body.Force)
	return s.show(ctx, session, err)
}

func (s *Server) takeOverSession(ctx context.Context, in *takeOverInput) (*sessionOutput, error) {
	force := in.Body != nil && in.Body.Force
	session, err := s.desk.TakeOver(ctx, actorOf(ctx), in.ID, force)
	return s.show(ctx, session, err)
}

func (s *Server) transferSession(ctx context.Context, in *transferInput) (*sessionOutput, error) {
	by, b := actorOf(ctx), &in.Body
	var session *core.Session
	var err error
	switch {
	case (b.AgentID == "") == (b.Queue == ""):
		return nil, core.RefuseField("/agent_id", "name either an agent or a queue")
	case b.AgentID != "":
		session, err = s.desk.Transfer(ctx, by, in.ID, b.AgentID, b.Note)
	default:
		session, err = s.desk.TransferToQueue(ctx, by, in.ID, b.Queue, b.Note)
	}
	return s.show(ctx, session, err)
}

func (s *Server) reopenSession(ctx context.Context, in *One) (*sessionOutput, error) {
	session, err := s.desk.Reopen(ctx, actorOf(ctx), in.ID)
	return s.show(ctx, session, err)
}
