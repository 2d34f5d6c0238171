-- title:    E28_hold
-- hook:     assign
-- expect:   ok
-- message:  any
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      false lets the chat wait
function assign(session, agents, ctx)
  return false, 'later'
end
