package api

import (
	"context"

	"baton/core"
	"baton/core/stats"
)

type (
	// Asked is a period, and the queues that a question is about.
	Asked struct {
		From  string   `query:"from" doc:"The first day, in the account's time zone; 29 days before the last when missing" example:"2026-10-20"`
		To    string   `query:"to" doc:"The last day, included; today when missing" example:"2026-10-29"`
		Queue []string `query:"queue" doc:"Names or ids; all when missing"`
	}
	breakdownInput struct {
		Asked
		By string `query:"by" required:"true" enum:"priority,status,queue,tag,bot,channel,reason,outcome" doc:"What the chats have in common"`
	}
	scriptsAskInput struct {
		From string `query:"from" doc:"The first day, in the account's time zone; 29 days before the last when missing"`
		To   string `query:"to" doc:"The last day, included; today when missing"`
	}
	figuresOutput[T any] struct{ Body *T }
	definitionsOutput    struct{ Body List[stats.Definition] }
)

func analyticsHandlers() handlers {
	return handlers{
		"readSummary":     typed(answersWith((*stats.Figures).Summary)),
		"readDaily":       typed(answersWith((*stats.Figures).Daily)),
		"readAgentStats":  typed(answersWith((*stats.Figures).Agents)),
		"readQueueStats":  typed(answersWith((*stats.Figures).Queues)),
		"readRatings":     typed(answersWith((*stats.Figures).Ratings)),
		"readHeatmap":     typed(answersWith((*stats.Figures).Heatmap)),
		"readBreakdown":   typed((*Server).readBreakdown),
		"readScriptStats": typed((*Server).readScriptStats),
		"readDefinitions": typed((*Server).readDefinitions),
	}
}

// answersWith serves a question about a period.
func answersWith[T any](answer func(*stats.Figures, context.Context, stats.Ask) (*T, error)) func(*Server, context.Context, *Asked) (*figuresOutput[T], error) {
	return func(s *Server, ctx context.Context, in *Asked) (*figuresOutput[T], error) {
		ask, err := s.ask(ctx, *in)
		if err != nil {
			return nil, err
		}
		out, err := answer(s.figures, ctx, ask)
		return &figuresOutput[T]{Body: out}, err
	}
}

// ask makes a question of what a caller asks for. A queue that there is not is refused: its figures would be zeros.
func (s *Server) ask(ctx context.Context, in Asked) (stats.Ask, error) {
	ask := stats.Ask{From: in.From, To: in.To}
	for _, name := range in.Queue {
		queue, err := s.dir.Queue(ctx, name)
		if core.KindOf(err) == core.NotFound || name == "" {
			return ask, core.RefuseField("queue", "there is no queue %q; GET /v1/queues lists them", name)
		}
		if err != nil {
			return ask, err
		}
		ask.Queues = append(ask.Queues, queue.ID)
	}
	return ask, nil
}

func (s *Server) readBreakdown(ctx context.Context, in *breakdownInput) (*figuresOutput[stats.Breakdown], error) {
	ask, err := s.ask(ctx, in.Asked)
	if err != nil {
		return nil, err
	}
	out, err := s.figures.Breakdown(ctx, ask, in.By)
	return &figuresOutput[stats.Breakdown]{Body: out}, err
}

func (s *Server) readScriptStats(ctx context.Context, in *scriptsAskInput) (*figuresOutput[stats.Scripts], error) {
	out, err := s.figures.Scripts(ctx, stats.Ask{From: in.From, To: in.To})
	return &figuresOutput[stats.Scripts]{Body: out}, err
}

func (s *Server) readDefinitions(context.Context, *empty) (*definitionsOutput, error) {
	return &definitionsOutput{Body: List[stats.Definition]{Data: stats.Definitions()}}, nil
}
