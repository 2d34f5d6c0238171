-- title:    D01_write_new_field
-- hook:     assign
-- expect:   error:runtime
-- message:  read-only
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      a field that is not there
function assign(session, agents, ctx)
  agents[1].score = 1
end
