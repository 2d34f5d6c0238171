-- title:    E06_json_numbers
-- hook:     assign
-- expect:   error:runtime
-- message:  not finite
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      NaN as JSON
function assign(session, agents, ctx)
  return json.encode({0/0})
end
