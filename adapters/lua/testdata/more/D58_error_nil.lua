-- title:    D58_error_nil
-- hook:     assign
-- expect:   error:runtime
-- message:  error value is a nil
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      error(nil)
function assign(session, agents, ctx)
  error(nil)
end
