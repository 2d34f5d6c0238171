-- title:    D09_write_ctx
-- hook:     assign
-- expect:   error:runtime
-- message:  read-only
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      the counter
function assign(session, agents, ctx)
  local n = ctx.counter
  ctx.counter = n + 1
end
