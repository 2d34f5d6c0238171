package scripting

import "baton/core"

func Sample(hook core.Hook) *core.Case { return &core.Case{Hook: hook} }
