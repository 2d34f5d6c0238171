-- title:    D10_read_everything
-- hook:     assign
-- expect:   ok
-- message:  agent id
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      pairs, ipairs, next, # and select work on what is given
function assign(session, agents, ctx)
  local n = 0
  for k, v in pairs(session) do n = n + 1 end
  for k, v in pairs(agents[1]) do n = n + 1 end
  for i, a in ipairs(agents) do n = n + #a.skills end
  for k in pairs(agents[2].skills) do n = n + 1 end
  assert(next(agents) == 1 and rawget(agents, 1) == agents[1] and rawequal(agents[1], agents[1]))
  assert(#agents == 5 and select('#', unpack(agents)) == 5 and n > 30)
  assert(session.context.order.id == 4711 and session.nothing == nil and agents[1].skills.refund == true)
  return agents[1].id, n .. ' things'
end
