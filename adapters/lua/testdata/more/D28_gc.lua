-- title:    D28_gc
-- hook:     assign
-- expect:   ok
-- message:  agent id
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      __gc is never called
function assign(session, agents, ctx)
  setmetatable({}, {__gc = function() error('gc') end})
  return agents[1].id
end
