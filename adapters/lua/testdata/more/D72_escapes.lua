-- title:    D72_escapes
-- hook:     assign
-- expect:   ok
-- message:  agent id
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      every escape there is
function assign(session, agents, ctx)
  local s = '\a\b\f\n\r\t\v\\\'\0\255\065' .. [==[
]]]=]]==]
  assert(#s > 10)
  return agents[1].id
end
