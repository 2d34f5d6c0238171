package api

import (
	"context"
	"slices"
	"time"

	"baton/core"
)

type (
	shadowInput struct {
		ByName
		Body struct {
			Source string `json:"source"`
		}
	}
	canaryInput struct {
		ByName
		Body struct {
			Source string `json:"source"`
			Share  int    `json:"share" doc:"Percent of the chats, 1 to 99"`
		}
	}
	trialOutput struct {
		Body struct {
			Figures   core.TrialFigures `json:"figures"`
			Decisions []*Decision       `json:"decisions" doc:"The newest in which the draft took part"`
		}
	}
)

func trialHandlers() handlers {
	return handlers{
		"startShadow":      typed((*Server).startShadow),
		"startCanary":      typed((*Server).startCanary),
		"endTrial":         typed((*Server).endTrial),
		"readTrial":        typed((*Server).readTrial),
		"listScriptErrors": typed((*Server).listScriptErrors),
	}
}

func (s *Server) startShadow(ctx context.Context, in *shadowInput) (*scriptOutput, error) {
	if err := s.scripts.StartTrial(ctx, actorOf(ctx), in.Name, in.Body.Source, core.ModeShadow, 0); err != nil {
		return nil, err
	}
	return s.readScript(ctx, &in.ByName)
}

func (s *Server) startCanary(ctx context.Context, in *canaryInput) (*scriptOutput, error) {
	if err := s.scripts.StartTrial(ctx, actorOf(ctx), in.Name, in.Body.Source, core.ModeCanary, in.Body.Share); err != nil {
		return nil, err
	}
	return s.readScript(ctx, &in.ByName)
}

func (s *Server) endTrial(ctx context.Context, in *ByName) (*struct{}, error) {
	if _, err := s.scripts.Script(in.Name); err != nil {
		return nil, err
	}
	return nil, s.scripts.EndTrial(ctx, actorOf(ctx), in.Name)
}

// trialShown is how many decisions of a trial are shown, errorsShown how many failures of a script.
const (
	trialShown  = 50
	errorsShown = 20
)

func (s *Server) readTrial(ctx context.Context, in *ByName) (*trialOutput, error) {
	st, err := s.scripts.Script(in.Name)
	if err != nil {
		return nil, err
	}
	var since time.Time
	if st.Kept != nil {
		since = st.Kept.Trial.Since
	}
	out := &trialOutput{}
	out.Body.Decisions = []*Decision{}
	if since.IsZero() {
		return out, nil
	}
	list, figures, err := s.desk.ScriptTrial(ctx, in.Name, since, trialShown)
	if err != nil {
		return nil, err
	}
	out.Body.Figures = figures
	for _, d := range list {
		out.Body.Decisions = append(out.Body.Decisions, viewDecision(d))
	}
	return out, nil
}

// ScriptFailure is one time that a script went wrong.
type ScriptFailure struct {
	Decision string            `json:"decision"`
	At       core.Time         `json:"at"`
	Session  string            `json:"session"`
	Hook     core.Hook         `json:"hook"`
	Version  string            `json:"version" doc:"Of the source"`
	Error    *core.ScriptError `json:"error"`
	Answered string            `json:"answered" doc:"Who answered instead; empty when nobody did"`
	Count    int               `json:"count"`
}

func (s *Server) listScriptErrors(ctx context.Context, in *ByName) (*listOutput[*ScriptFailure], error) {
	if _, err := s.scripts.Script(in.Name); err != nil {
		return nil, err
	}
	found, err := s.desk.ScriptErrors(ctx, in.Name, errorsShown)
	if err != nil {
		return nil, err
	}
	out := &listOutput[*ScriptFailure]{Body: List[*ScriptFailure]{Data: []*ScriptFailure{}}}
	for _, d := range found {
		i := slices.IndexFunc(d.Opinions, func(o core.Opinion) bool { return o.Script == in.Name && o.Error != nil && o.Mode != core.ModeShadow })
		if i < 0 {
			continue
		}
		o := d.Opinions[i]
		out.Body.Data = append(out.Body.Data, &ScriptFailure{
			Decision: d.ID, At: core.Time(d.LastAt), Session: d.Session, Hook: d.Hook, Version: o.Version, Error: o.Error,
			Answered: d.Answered, Count: d.Count,
		})
	}
	return out, nil
}
