-- title:    D31_call_recursion
-- hook:     assign
-- expect:   error:runtime
-- message:  stack overflow
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      __call calls itself
function assign(session, agents, ctx)
  local t = setmetatable({}, {__call = function(self) return 1 + self() end})
  return t()
end
