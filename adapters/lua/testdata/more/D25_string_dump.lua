-- title:    D25_string_dump
-- hook:     assign
-- expect:   error:runtime
-- message:  non-function | nil
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      no bytecode out
function assign(session, agents, ctx)
  return string.dump(assign)
end
