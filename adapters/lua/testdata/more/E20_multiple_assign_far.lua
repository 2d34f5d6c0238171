-- title:    E20_multiple_assign_far
-- hook:     assign
-- expect:   error:limit
-- message:  limit
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      two far writes at once
function assign(session, agents, ctx)
  local keep, n = {}, 65000
  for i = 1, 1e9 do local a, b = {}, {} a[n], b[n] = 1, 2 keep[i] = a end
end
