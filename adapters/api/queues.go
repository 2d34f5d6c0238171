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
			QueueRulesChange
		}
	}
	// QueueRulesChange is what is to change about the rules of a queue.
	QueueRulesChange struct {
		Show        *core.Shown           `json:"show,omitempty" enum:"place_and_wait,place,wait,words,nothing" doc:"What customers and bots are told of their place"`
		Ageing      *core.Seconds         `json:"ageing,omitempty" doc:"Seconds by which each step of priority puts a chat ahead; 0: priorities are strict"`
		MaxWait     *core.Seconds         `json:"max_wait,omitempty" doc:"Seconds, then when_too_long is done; 0: never"`
		WhenTooLong *core.Remedy          `json:"when_too_long,omitempty"`
		MaxLength   *int                  `json:"max_length,omitempty" doc:"Chats in line from which on when_too_many is done to those that come; 0: never"`
		WhenTooMany *core.Remedy          `json:"when_too_many,omitempty"`
		FirstReply  *core.Seconds         `json:"first_reply,omitempty" doc:"Seconds in which an agent who has joined must answer, or the chat is taken back; 0: any"`
		IdleWarning *core.Seconds         `json:"idle_warning,omitempty" doc:"Seconds of a customer's silence, then he is warned; 0: never"`
		IdleClose   *core.Seconds         `json:"idle_close,omitempty" doc:"Seconds after the warning, then the chat ends; 0: never"`
		Closing     *core.Closing         `json:"closing,omitempty" enum:"keep,tell,ticket" doc:"What becomes of those who wait when the queue closes"`
		AfterHours  *core.AfterHoursRules `json:"after_hours,omitempty" doc:"All of it"`
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
	if err := s.checkRemedies(ctx, in.ID, &in.Body.QueueRulesChange); err != nil {
		return nil, err
	}
	change.Rules = in.Body.rules()
	queue, err := s.dir.ChangeQueue(ctx, actorOf(ctx), in.ID, change)
	if err != nil {
		return nil, hide(err)
	}
	return s.showQueue(ctx, queue)
}

// rules gives what changes about a queue's rules, or nil.
func (b *QueueRulesChange) rules() func(core.QueueRules) (core.QueueRules, error) {
	if *b == (QueueRulesChange{}) {
		return nil
	}
	return func(r core.QueueRules) (core.QueueRules, error) {
		replace(&r.Show, b.Show)
		replace(&r.Ageing, b.Ageing)
		replace(&r.MaxWait, b.MaxWait)
		replace(&r.WhenTooLong, b.WhenTooLong)
		replace(&r.MaxLength, b.MaxLength)
		replace(&r.WhenTooMany, b.WhenTooMany)
		replace(&r.FirstReply, b.FirstReply)
		replace(&r.IdleWarning, b.IdleWarning)
		replace(&r.IdleClose, b.IdleClose)
		replace(&r.Closing, b.Closing)
		replace(&r.AfterHours, b.AfterHours)
		return r, r.Check()
	}
}

// replace takes over what is said.
func replace[T any](into, said *T) {
	if said != nil {
		*into = *said
	}
}

// checkRemedies refuses queues that are not there, and a queue that would overflow into itself.
func (s *Server) checkRemedies(ctx context.Context, queue string, b *QueueRulesChange) error {
	for pointer, remedy := range map[string]*core.Remedy{"/when_too_long": b.WhenTooLong, "/when_too_many": b.WhenTooMany} {
		if remedy == nil || remedy.Queue == nil {
			continue
		}
		to, err := s.dir.Queue(ctx, *remedy.Queue)
		switch {
		case core.KindOf(err) == core.NotFound:
			return core.RefuseField(pointer+"/queue", "there is no queue %q; GET /v1/queues lists them", *remedy.Queue)
		case err != nil:
			return err
		case to.ID == queue:
			return core.RefuseField(pointer+"/queue", "a queue does not overflow into itself")
		}
		remedy.Queue = &to.ID
	}
	return nil
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
	now, err := s.desk.Availability(ctx, actorOf(ctx), in.Queue)
	return &availabilityOutput{Body: now}, err
}
