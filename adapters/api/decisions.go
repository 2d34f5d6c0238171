package api

import (
	"context"

	"baton/core"
)

type (
	// Decision is one line of the ledger: what was known, what each script said, and what came of it.
	Decision struct {
		ID         string            `json:"id"`
		At         core.Time         `json:"at"`
		Session    string            `json:"session"`
		Hook       core.Hook         `json:"hook" enum:"assign,prioritise,after_hours,overflow,tag,reply,on_event"`
		Outcome    string            `json:"outcome" doc:"An agent's id, a priority, tags ..., hold, or nobody"`
		Answered   string            `json:"answered" doc:"The script that decided; empty when none did"`
		Why        string            `json:"why"`
		Count      int               `json:"count" doc:"How often the same was decided in a row"`
		LastAt     core.Time         `json:"last_at" doc:"The last time"`
		Candidates []core.Candidate  `json:"candidates" doc:"The agents of the queue and what became of each, 50 at most"`
		Others     map[core.Fate]int `json:"others" doc:"How many more agents met which fate"`
		Opinions   []core.Opinion    `json:"opinions" doc:"What each script said, in the order in which they were asked"`
		Case       *core.Case        `json:"case,omitempty" doc:"What the scripts were asked; only when one decision is read"`
	}
	decisionsInput struct {
		One
		Page
	}
	scriptDecisionsInput struct {
		ByName
		Page
		Hook core.Hook `query:"hook" enum:"assign,prioritise,after_hours,overflow,tag,reply,on_event"`
	}
	decisionOutput struct{ Body *Decision }
)

func decisionHandlers() handlers {
	return handlers{
		"listSessionDecisions": typed((*Server).listSessionDecisions),
		"listAgentDecisions":   typed((*Server).listAgentDecisions),
		"listScriptDecisions":  typed((*Server).listScriptDecisions),
		"readDecision":         typed((*Server).readDecision),
	}
}

func viewDecision(d *core.Decision) *Decision {
	v := &Decision{
		ID: d.ID, At: core.Time(d.At), Session: d.Session, Hook: d.Hook, Outcome: d.Outcome, Answered: d.Answered, Why: d.Why,
		Count: d.Count, LastAt: core.Time(d.LastAt), Candidates: d.Candidates, Others: d.Others, Opinions: d.Opinions,
	}
	if v.Candidates == nil {
		v.Candidates = []core.Candidate{}
	}
	if v.Opinions == nil {
		v.Opinions = []core.Opinion{}
	}
	if v.Others == nil {
		v.Others = map[core.Fate]int{}
	}
	return v
}

// pageOfDecisions reads a page of decisions by their ids.
func (s *Server) pageOfDecisions(list string, p Page, read func(after string, limit int) ([]*core.Decision, error)) (*listOutput[*Decision], error) {
	after, err := s.sign.place(list, p.After)
	if err != nil {
		return nil, err
	}
	found, err := read(after, p.limit())
	if err != nil {
		return nil, hide(err)
	}
	out := &listOutput[*Decision]{Body: List[*Decision]{Data: []*Decision{}}}
	for _, d := range found {
		out.Body.Data = append(out.Body.Data, viewDecision(d))
	}
	if len(found) == p.limit() {
		out.Body.Next = s.sign.cursor(list, found[len(found)-1].ID)
	}
	return out, nil
}

func (s *Server) listSessionDecisions(ctx context.Context, in *decisionsInput) (*listOutput[*Decision], error) {
	return s.pageOfDecisions("decisions "+in.ID, in.Page, func(after string, limit int) ([]*core.Decision, error) {
		return s.desk.SessionDecisions(ctx, actorOf(ctx), in.ID, after, limit)
	})
}

func (s *Server) listAgentDecisions(ctx context.Context, in *decisionsInput) (*listOutput[*Decision], error) {
	return s.pageOfDecisions("decisions "+in.ID, in.Page, func(after string, limit int) ([]*core.Decision, error) {
		return s.desk.AgentDecisions(ctx, actorOf(ctx), in.ID, after, limit)
	})
}

func (s *Server) listScriptDecisions(ctx context.Context, in *scriptDecisionsInput) (*listOutput[*Decision], error) {
	if _, err := s.scripts.Script(in.Name); err != nil {
		return nil, err
	}
	return s.pageOfDecisions("decisions of "+in.Name, in.Page, func(after string, limit int) ([]*core.Decision, error) {
		return s.desk.ScriptDecisions(ctx, in.Name, in.Hook, after, limit)
	})
}

func (s *Server) readDecision(ctx context.Context, in *One) (*decisionOutput, error) {
	d, err := s.desk.Decision(ctx, actorOf(ctx), in.ID)
	if err != nil {
		return nil, hide(err)
	}
	v := viewDecision(d)
	v.Case = d.Case
	return &decisionOutput{Body: v}, nil
}
