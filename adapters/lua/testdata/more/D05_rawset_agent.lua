-- title:    D05_rawset_agent
-- hook:     assign
-- expect:   error:runtime
-- message:  read-only
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      rawset goes the same way
function assign(session, agents, ctx)
  rawset(agents[1], 'id', 'x')
end
