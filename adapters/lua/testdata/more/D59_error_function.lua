-- title:    D59_error_function
-- hook:     assign
-- expect:   error:runtime
-- message:  error value is a function
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      a function as an error
function assign(session, agents, ctx)
  error(function() end)
end
