-- title:    E02_store_cycle
-- hook:     assign
-- expect:   error:runtime
-- message:  too deep
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      a value that contains itself
function assign(session, agents, ctx)
  local t = {} t.t = t
  store.set('k', t)
end
