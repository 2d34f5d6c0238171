-- title:    E18_next_churn
-- hook:     assign
-- expect:   error:limit
-- message:  limit
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      a table whose keys come and go
function assign(session, agents, ctx)
  local t = {}
  for i = 1, 1e9 do t['k' .. i] = true t['k' .. i] = nil next(t) end
end
