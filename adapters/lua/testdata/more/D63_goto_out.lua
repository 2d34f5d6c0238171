-- title:    D63_goto_out
-- hook:     assign
-- expect:   error:compile
-- message:  label
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      goto without a label
function assign(session, agents, ctx)
  goto nowhere
end
