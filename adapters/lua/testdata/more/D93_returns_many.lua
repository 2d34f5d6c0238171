-- title:    D93_returns_many
-- hook:     assign
-- expect:   ok
-- message:  agent id
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      what comes after why is not looked at
function assign(session, agents, ctx)
  return agents[1].id, 'why', 3, {}, nil, error
end
