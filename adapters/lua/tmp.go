package lua

import (
	"context"
	"time"

	"baton/core"
	"baton/core/scripting"
)

type Config struct{}
type Engine struct{}

func New(Config) *Engine { return &Engine{} }
func (*Engine) Compile(name, source string) (scripting.Program, []core.ScriptProblem, error) {
	return nil, nil, &core.ScriptError{Kind: core.FaultCompile, Message: "no engine"}
}
func (*Engine) Test(context.Context, scripting.Program, string, []byte) scripting.Outcome {
	return scripting.Outcome{}
}
func (*Engine) WriteTest(*core.Case, core.Opinion) ([]byte, error) { return nil, nil }
func (*Engine) Reference() []scripting.Entry                       { return nil }
func (*Engine) Limits() scripting.Limits                           { return scripting.Limits{Steps: 1, Wall: time.Second} }
