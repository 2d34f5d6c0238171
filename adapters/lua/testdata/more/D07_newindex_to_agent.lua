-- title:    D07_newindex_to_agent
-- hook:     assign
-- expect:   error:runtime
-- message:  read-only
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      a table whose __newindex is an agent writes to it
function assign(session, agents, ctx)
  local t = setmetatable({}, {__newindex = agents[1]})
  t.id = 'a9'
  return agents[1].id
end
