-- title:    E23_tostring_address
-- hook:     assign
-- expect:   ok
-- message:  any
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      no address of the host comes out
function assign(session, agents, ctx)
  local s = tostring({}) .. tostring(print) .. tostring(agents)
  assert(not s:find('0x'), s)
  local ok, e = pcall(function() return agents.nothing[{}] end)
  assert(not ok and not e:find('0x'), e)
  return agents[1].id, s
end
