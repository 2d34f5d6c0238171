-- title:    D57_pcall_error_object
-- hook:     assign
-- expect:   ok
-- message:  any
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      error objects with __tostring and nil
function assign(session, agents, ctx)
  local e = setmetatable({}, {__tostring = function() return 'boom' end})
  local ok, got = pcall(error, e)
  assert(not ok and got == e and tostring(got) == 'boom')
  assert(select('#', pcall(error, nil)) == 2)
  return agents[1].id
end
