-- title:    E13_many_tables
-- hook:     assign
-- expect:   error:limit
-- message:  limit
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      small tables without end
function assign(session, agents, ctx)
  local keep = {}
  for i = 1, 1e9 do local t = {} t.a = i keep[i] = t end
end
