-- title:    E21_function_field_far
-- hook:     assign
-- expect:   error:runtime
-- message:  read-only
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      function a.b() writes too
function assign(session, agents, ctx)
  function agents.x() end
end
