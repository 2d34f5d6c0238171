-- title:    D64_break_outside
-- hook:     assign
-- expect:   error:compile
-- message:  break | syntax
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      break without a loop
function assign(session, agents, ctx)
  break
end
