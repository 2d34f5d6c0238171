package api

import (
	"context"
	"slices"

	"baton/core"
	"baton/core/scripting"
)

type (
	runScriptInput struct {
		ByName
		Body struct {
			Source   string     `json:"source"`
			Hook     core.Hook  `json:"hook" enum:"assign,prioritise,after_hours,overflow,tag,reply,on_event"`
			Decision string     `json:"decision,omitempty" doc:"Run the case of this decision again"`
			Session  string     `json:"session,omitempty" doc:"Make the case of this chat as it is now"`
			Case     *core.Case `json:"case,omitempty" doc:"Take this case; with none of the three it is the built-in sample"`
		}
	}
	// DryRun is what a script did with a case. Nothing came of it.
	DryRun struct {
		Opinion core.Opinion     `json:"opinion"`
		Steps   []scripting.Step `json:"steps"`
		Case    *core.Case       `json:"case"`
		Limits  DryRunLimits     `json:"limits"`
	}
	// DryRunLimits are the bounds of one call.
	DryRunLimits struct {
		Steps  int64 `json:"steps"`
		Micros int64 `json:"micros"`
	}
	dryRunOutput struct{ Body *DryRun }

	// ScriptTest is a kept test of a script.
	ScriptTest struct {
		Name string `json:"name"`
		Body string `json:"body" doc:"A txtar file with request, agents and what is wanted"`
	}
	keepTestInput struct {
		ByName
		Body struct {
			Name     string `json:"name"`
			Decision string `json:"decision" doc:"The decision that the script must go on making"`
		}
	}
	removeTestInput struct {
		ByName
		Test string `path:"test"`
	}
	testScriptInput struct {
		ByName
		Body struct {
			Source string `json:"source"`
		}
	}
	testScriptOutput struct {
		Body struct {
			Tests []scripting.Outcome `json:"tests"`
		}
	}
)

func dryRunHandlers() handlers {
	return handlers{
		"runScript":        typed((*Server).runScript),
		"testScript":       typed((*Server).testScript),
		"listScriptTests":  typed((*Server).listScriptTests),
		"keepScriptTest":   typed((*Server).keepScriptTest),
		"removeScriptTest": typed((*Server).removeScriptTest),
	}
}

func (s *Server) runScript(ctx context.Context, in *runScriptInput) (*dryRunOutput, error) {
	c, store, err := s.caseFor(ctx, in)
	if err != nil {
		return nil, err
	}
	opinion, steps, err := s.scripts.Trace(ctx, in.Name, in.Body.Source, c, store)
	if err != nil {
		return nil, err
	}
	if steps == nil {
		steps = []scripting.Step{}
	}
	limits := s.scripts.Limits()
	return &dryRunOutput{Body: &DryRun{Opinion: opinion, Steps: steps, Case: c, Limits: DryRunLimits{Steps: limits.Steps, Micros: limits.Wall.Microseconds()}}}, nil
}

// caseFor finds the case of a dry run, with what the script's store held then.
func (s *Server) caseFor(ctx context.Context, in *runScriptInput) (*core.Case, core.ScriptStore, error) {
	switch b := in.Body; {
	case b.Decision != "":
		d, err := s.desk.Decision(ctx, actorOf(ctx), b.Decision)
		if err != nil {
			return nil, nil, hide(err)
		}
		if d.Case == nil {
			return nil, nil, core.RefuseField("/decision", "no script was asked in this decision; take a chat instead")
		}
		c, store := scripting.CaseOf(d, in.Name)
		return c, store, nil
	case b.Session != "":
		c, err := s.desk.CaseOf(ctx, actorOf(ctx), b.Session, b.Hook)
		return c, scripting.NoStore{}, hide(err)
	case b.Case != nil:
		b.Case.Hook = b.Hook
		return b.Case, scripting.NoStore{}, nil
	}
	return scripting.Sample(in.Body.Hook), scripting.NoStore{}, nil
}

func (s *Server) testScript(ctx context.Context, in *testScriptInput) (*testScriptOutput, error) {
	tests, err := s.scripts.Test(ctx, in.Name, in.Body.Source)
	if err != nil {
		return nil, core.RefuseField("/source", "the script does not compile: %s", err.Error())
	}
	out := &testScriptOutput{}
	out.Body.Tests = tests
	return out, nil
}

func (s *Server) listScriptTests(ctx context.Context, in *ByName) (*listOutput[*ScriptTest], error) {
	if _, err := s.scripts.Script(in.Name); err != nil {
		return nil, err
	}
	tests, err := s.scripts.Tests(ctx, in.Name)
	if err != nil {
		return nil, err
	}
	out := &listOutput[*ScriptTest]{Body: List[*ScriptTest]{Data: []*ScriptTest{}}}
	for name, body := range tests {
		out.Body.Data = append(out.Body.Data, &ScriptTest{Name: name, Body: body})
	}
	slices.SortFunc(out.Body.Data, func(a, b *ScriptTest) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return out, nil
}

func (s *Server) keepScriptTest(ctx context.Context, in *keepTestInput) (*struct{}, error) {
	if _, err := s.scripts.Script(in.Name); err != nil {
		return nil, err
	}
	d, err := s.desk.Decision(ctx, actorOf(ctx), in.Body.Decision)
	if err != nil {
		return nil, hide(err)
	}
	i := slices.IndexFunc(d.Opinions, func(o core.Opinion) bool { return o.Script == in.Name && o.Mode != core.ModeShadow })
	if d.Case == nil || i < 0 {
		return nil, core.RefuseField("/decision", "%s was not asked in this decision", in.Name)
	}
	c, _ := scripting.CaseOf(d, in.Name)
	return nil, s.scripts.KeepTest(ctx, actorOf(ctx), in.Name, in.Body.Name, c, d.Opinions[i])
}

func (s *Server) removeScriptTest(ctx context.Context, in *removeTestInput) (*struct{}, error) {
	return nil, s.scripts.RemoveTest(ctx, actorOf(ctx), in.Name, in.Test)
}
