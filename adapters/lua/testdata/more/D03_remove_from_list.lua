-- title:    D03_remove_from_list
-- hook:     assign
-- expect:   error:runtime
-- message:  read-only
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      table.remove on the list
function assign(session, agents, ctx)
  table.remove(agents, 1)
end
