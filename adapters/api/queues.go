package api

import (
	"context"

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
		Body queueBody
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
	name, err := core.CheckName("/name", in.Body.Name)
	if err != nil {
		return nil, err
	}
	queue, err := s.dir.RenameQueue(ctx, actorOf(ctx), in.ID, name)
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
	return &queueOutput{Body: desk.ViewQueue(&core.QueueState{Queue: *queue})}, nil
}

func (s *Server) readAvailability(ctx context.Context, in *availabilityInput) (*availabilityOutput, error) {
	now, err := s.desk.Availability(ctx, in.Queue)
	return &availabilityOutput{Body: now}, err
}
