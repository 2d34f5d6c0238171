-- title:    E24_log_flood
-- hook:     assign
-- expect:   ok or error:limit
-- message:  limit
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      lines of a megabyte
function assign(session, agents, ctx)
  for i = 1, 1000 do log.info(('x'):rep(10000)) end
  return agents[1].id
end
