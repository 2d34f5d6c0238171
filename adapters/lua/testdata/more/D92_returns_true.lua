-- title:    D92_returns_true
-- hook:     assign
-- expect:   error:result
-- message:  expected agent id (string) or nil
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      true is no answer
function assign(session, agents, ctx)
  return true
end
