-- title:    D62_goto_loop
-- hook:     assign
-- expect:   error:limit
-- message:  limit
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      a loop made of goto
function assign(session, agents, ctx)
  ::again::
  goto again
end
