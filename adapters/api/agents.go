package api

import (
	"context"
	"fmt"
	"time"

	"baton/core"
	"baton/core/access"
	"baton/core/desk"
)

type (
	// One names what a call is about.
	One struct {
		ID string `path:"id"`
	}
	changeAgentInput struct {
		One
		Body struct {
			Name      *string    `json:"name,omitempty"`
			Role      *core.Role `json:"role,omitempty" enum:"owner,admin,supervisor,agent,viewer"`
			Queues    *[]string  `json:"queues,omitempty" doc:"Names or ids of all queues that the agent is in"`
			Skills    *[]string  `json:"skills,omitempty"`
			Languages *[]string  `json:"languages,omitempty"`
			Capacity  *int       `json:"capacity,omitempty"`
			Disabled  *bool      `json:"disabled,omitempty"`
		}
	}
)

func agentHandlers() handlers {
	return handlers{
		"listAgents":  typed((*Server).listAgents),
		"readAgent":   typed((*Server).readAgent),
		"changeAgent": typed((*Server).changeAgent),
	}
}

func (s *Server) listAgents(ctx context.Context, in *Page) (*listOutput[*desk.AgentView], error) {
	agents, err := s.dir.Agents(ctx)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	return paged(s.sign, "agents", *in, agents, func(a *core.Agent) string { return a.ID },
		func(a *core.Agent) *desk.AgentView { return s.desk.ViewAgent(a, now) })
}

func (s *Server) readAgent(ctx context.Context, in *One) (*agentOutput, error) {
	agent, err := s.dir.Agent(ctx, in.ID)
	if err != nil {
		return nil, hide(err)
	}
	return &agentOutput{Body: s.desk.ViewAgent(agent, time.Now())}, nil
}

// hide makes every answer about what is not there the same.
func hide(err error) error {
	if core.KindOf(err) == core.NotFound {
		return core.Missing()
	}
	return err
}

func (s *Server) changeAgent(ctx context.Context, in *changeAgentInput) (*agentOutput, error) {
	b := &in.Body
	if b.Queues != nil {
		if err := s.queueIDs(ctx, *b.Queues); err != nil {
			return nil, err
		}
	}
	agent, err := s.access.ChangeUser(ctx, actorOf(ctx), in.ID, access.UserChange{
		Name: b.Name, Role: b.Role, Queues: b.Queues, Skills: b.Skills, Languages: b.Languages, Capacity: b.Capacity, Disabled: b.Disabled,
	})
	if err != nil {
		return nil, hide(err)
	}
	if !agent.TakesChats() {
		if err := s.desk.Relieve(ctx, agent.Ref()); err != nil {
			return nil, err
		}
	}
	return s.readAgent(ctx, &in.One)
}

// queueIDs puts ids in place of the names of queues.
func (s *Server) queueIDs(ctx context.Context, names []string) error {
	for i, name := range names {
		queue, err := s.dir.Queue(ctx, name)
		if core.KindOf(err) == core.NotFound {
			return core.RefuseField(fmt.Sprintf("/queues/%d", i), "there is no queue %q; GET /v1/queues lists them", clip(name))
		}
		if err != nil {
			return err
		}
		names[i] = queue.ID
	}
	return nil
}
