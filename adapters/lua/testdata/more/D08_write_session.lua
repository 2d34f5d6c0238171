-- title:    D08_write_session
-- hook:     assign
-- expect:   error:runtime
-- message:  read-only
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      the session and what is in it
function assign(session, agents, ctx)
  local ok = pcall(function() session.tags.vip = nil end)
  assert(not ok and session.tags.vip)
  session.customer.name = 'x'
end
