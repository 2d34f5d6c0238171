package api

import (
	"context"
	"time"

	"baton/core"
	"baton/core/desk"
)

type (
	changeMeInput struct {
		Body struct {
			Status   *core.AgentStatus `json:"status,omitempty" enum:"available,busy,away,offline"`
			Capacity *int              `json:"capacity,omitempty" doc:"How many chats at once"`
			Name     *string           `json:"name,omitempty"`
		}
	}
	// CustomerMe is a customer to himself.
	CustomerMe struct {
		Customer desk.CustomerView `json:"customer"`
		Open     bool              `json:"open" doc:"Whether people are there at this hour"`
		Session  *string           `json:"session" doc:"The newest open session"`
	}
	// BotMe is a bot to itself.
	BotMe struct {
		ID     string    `json:"id"`
		Name   string    `json:"name"`
		Role   core.Role `json:"role"`
		Scopes []string  `json:"scopes" doc:"What the key is narrowed to; empty allows everything"`
	}
	// AgentMe is a person of the company to himself.
	AgentMe struct {
		desk.AgentView
		Permissions []desk.Act `json:"permissions" doc:"What a person of this role may ask for; the rules of each act still apply"`
	}
	meOutput      struct{ Body any }
	agentMeOutput struct{ Body AgentMe }
	agentOutput   struct{ Body *desk.AgentView }
)

func meHandlers() handlers {
	return handlers{"readMe": typed((*Server).readMe), "changeMe": typed((*Server).changeMe)}
}

func (s *Server) readMe(ctx context.Context, _ *empty) (*meOutput, error) {
	by := actorOf(ctx)
	switch {
	case by.Role == core.BotRole:
		return &meOutput{Body: BotMe{ID: by.ID, Name: by.Name, Role: by.Role, Scopes: by.Scopes}}, nil
	case by.Role == core.CustomerRole:
		me, err := s.customerMe(ctx, by)
		return &meOutput{Body: me}, err
	}
	agent, err := s.dir.Agent(ctx, by.ID)
	if err != nil {
		return nil, err
	}
	return &meOutput{Body: s.agentMe(agent)}, nil
}

// agentMe shows a person of the company to himself.
func (s *Server) agentMe(a *core.Agent) AgentMe {
	return AgentMe{AgentView: *s.desk.ViewAgent(a, time.Now()), Permissions: desk.Permissions(a.Role)}
}

func (s *Server) customerMe(ctx context.Context, by core.Actor) (*CustomerMe, error) {
	customer, err := s.dir.Customer(ctx, by.ID)
	if err != nil {
		return nil, err
	}
	state, _, err := s.desk.Open(ctx, "", time.Now())
	if err != nil {
		return nil, err
	}
	session, err := s.openSession(ctx, by.ID)
	return &CustomerMe{Customer: customerView(customer), Open: state.Open, Session: session}, err
}

// openSession names the customer's newest open session, if there is one.
func (s *Server) openSession(ctx context.Context, customer string) (*string, error) {
	id, err := s.dir.OpenSessionOf(ctx, customer)
	if err != nil || id == "" {
		return nil, err
	}
	return &id, nil
}

func (s *Server) changeMe(ctx context.Context, in *changeMeInput) (*agentMeOutput, error) {
	agent, err := s.desk.SetAgent(ctx, actorOf(ctx), core.AgentChange{Status: in.Body.Status, Capacity: in.Body.Capacity, Name: in.Body.Name})
	if err != nil {
		return nil, err
	}
	return &agentMeOutput{Body: s.agentMe(agent)}, nil
}

// customerView shows a customer to himself.
func customerView(c core.Customer) desk.CustomerView {
	text := func(s string) *string {
		if s == "" {
			return nil
		}
		return &s
	}
	return desk.CustomerView{ID: c.ID, Name: c.Name, Email: text(c.Email), Phone: text(c.Phone), Locale: c.Locale, Verified: c.Verified}
}
