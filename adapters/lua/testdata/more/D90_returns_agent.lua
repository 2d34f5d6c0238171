-- title:    D90_returns_agent
-- hook:     assign
-- expect:   error:result
-- message:  expected agent id (string) or nil
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      the agent and not its id
function assign(session, agents, ctx)
  return agents[1]
end
