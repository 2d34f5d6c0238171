package api

import (
	"context"
	"slices"
	"strings"
	"time"

	"baton/core"
	"baton/core/desk"
)

type (
	queueBody struct {
		Name string `json:"name"`
	}
	makeQueueInput   struct{ Body queueBody }
	changeQueueInput struct {
		One
		Body struct {
			Name      *string `json:"name,omitempty"`
			Strategy  *string `json:"strategy,omitempty" doc:"The script that chooses an agent when no rule does" example:"round_robin"`
			HoldLimit *int    `json:"hold_limit,omitempty" minimum:"0" maximum:"3600" doc:"Seconds for which scripts may keep a chat waiting while somebody could take it"`
			Schedule  *string `json:"schedule,omitempty" doc:"The id of the schedule that says when it is open; empty is the account's"`
		}
	}
	queueOutput       struct{ Body *desk.QueueView }
	availabilityInput struct {
		Queue string `query:"queue" doc:"Name or id; general when missing"`
	}
	availabilityOutput struct{ Body *desk.Availability }
)

func queueHandlers() handlers {
	return handlers{
		"listQueues":       typed((*Server).listQueues),
		"makeQueue":        typed((*Server).makeQueue),
		"changeQueue":      typed((*Server).changeQueue),
		"readAvailability": typed((*Server).readAvailability),
	}
}

func (s *Server) listQueues(ctx context.Context, in *Page) (*listOutput[*desk.QueueView], error) {
	queues, err := s.desk.Queues(ctx)
	if err != nil {
		return nil, err
	}
	return paged(s.sign, "queues", *in, queues, func(q *core.QueueState) string { return q.ID }, desk.ViewQueue)
}

func (s *Server) makeQueue(ctx context.Context, in *makeQueueInput) (*queueOutput, error) {
	name, err := core.CheckName("/name", in.Body.Name)
	if err != nil {
		return nil, err
	}
	queue, err := s.dir.MakeQueue(ctx, actorOf(ctx), name)
	if err != nil {
		return nil, err
	}
	return s.showQueue(ctx, queue)
}

func (s *Server) changeQueue(ctx context.Context, in *changeQueueInput) (*queueOutput, error) {
	change := core.QueueChange{Strategy: in.Body.Strategy, Schedule: in.Body.Schedule}
	if in.Body.Name != nil {
		name, err := core.CheckName("/name", *in.Body.Name)
		if err != nil {
			return nil, err
		}
		change.Name = &name
	}
	if change.Strategy != nil {
		if strategies := s.scripts.Strategies(); !slices.Contains(strategies, *change.Strategy) {
			return nil, core.RefuseField("/strategy", "there is no strategy %q; there are %s", *change.Strategy, strings.Join(strategies, ", "))
		}
	}
	if in.Body.HoldLimit != nil {
		limit := time.Duration(*in.Body.HoldLimit) * time.Second
		change.HoldLimit = &limit
	}
	queue, err := s.dir.ChangeQueue(ctx, actorOf(ctx), in.ID, change)
	if err != nil {
		return nil, hide(err)
	}
	return s.showQueue(ctx, queue)
}

func (s *Server) showQueue(ctx context.Context, queue *core.Queue) (*queueOutput, error) {
	states, err := s.desk.Queues(ctx)
	if err != nil {
		return nil, err
	}
	for _, state := range states {
		if state.ID == queue.ID {
			return &queueOutput{Body: desk.ViewQueue(state)}, nil
		}
	}
	return nil, core.Missing()
}

func (s *Server) readAvailability(ctx context.Context, in *availabilityInput) (*availabilityOutput, error) {
	now, err := s.desk.Availability(ctx, in.Queue)
	return &availabilityOutput{Body: now}, err
}
