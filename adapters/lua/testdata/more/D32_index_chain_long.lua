-- title:    D32_index_chain_long
-- hook:     assign
-- expect:   error:runtime
-- message:  recursions in gettable
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      a chain of 1,000 __index
function assign(session, agents, ctx)
  local t = {}
  for i = 1, 1000 do t = setmetatable({}, {__index = t}) end
  return t.x
end
