-- title:    E19_constructor_far
-- hook:     assign
-- expect:   error:limit
-- message:  limit
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      a constructor that reaches far
function assign(session, agents, ctx)
  local keep, n = {}, 65000
  for i = 1, 1e9 do keep[i] = {[n] = 1} end
end
