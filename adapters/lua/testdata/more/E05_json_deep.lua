-- title:    E05_json_deep
-- hook:     assign
-- expect:   error:runtime
-- message:  too deep
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      a thousand brackets
function assign(session, agents, ctx)
  return json.decode(('['):rep(1000) .. (']'):rep(1000))
end
