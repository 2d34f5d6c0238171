-- title:    D02_write_list
-- hook:     assign
-- expect:   error:runtime
-- message:  read-only
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      the list of agents
function assign(session, agents, ctx)
  agents[#agents + 1] = {id = 'x'}
end
