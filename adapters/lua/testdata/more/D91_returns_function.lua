-- title:    D91_returns_function
-- hook:     assign
-- expect:   error:result
-- message:  expected agent id (string) or nil
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      a function
function assign(session, agents, ctx)
  return function() end
end
