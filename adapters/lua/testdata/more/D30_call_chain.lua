-- title:    D30_call_chain
-- hook:     assign
-- expect:   error:runtime
-- message:  non-function | stack overflow
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      __call of a table whose __call is a table
function assign(session, agents, ctx)
  local t = {}
  setmetatable(t, {__call = setmetatable({}, {__call = function() return agents[1].id end})})
  return t()
end
