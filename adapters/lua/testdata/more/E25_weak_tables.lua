-- title:    E25_weak_tables
-- hook:     assign
-- expect:   error:limit
-- message:  limit
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      weak tables hold as others do
function assign(session, agents, ctx)
  local keep = setmetatable({}, {__mode = 'kv'})
  for i = 1, 1e9 do keep[i] = {i} end
end
