-- title:    E04_json_bomb
-- hook:     assign
-- expect:   error:runtime or error:limit
-- message:  too long | limit
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      what is small in memory is large as JSON
function assign(session, agents, ctx)
  local t = {1}
  for i = 1, 30 do t = {t, t} end
  return json.encode(t)
end
