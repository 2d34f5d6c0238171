-- title:    D94_why_table
-- hook:     assign
-- expect:   error:result
-- message:  why
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      a table as why
function assign(session, agents, ctx)
  return agents[1].id, {}
end
