-- title:    E17_insert_front
-- hook:     assign
-- expect:   error:limit
-- message:  limit
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      inserting at the front
function assign(session, agents, ctx)
  local t = {}
  for i = 1, 1e9 do table.insert(t, 1, i) end
end
