-- title:    D00_write_agent
-- hook:     assign
-- expect:   error:runtime
-- message:  read-only
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      an agent's field that is there
function assign(session, agents, ctx)
  agents[1].id = 'a9'
  return agents[1].id
end
