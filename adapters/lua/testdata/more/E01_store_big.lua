-- title:    E01_store_big
-- hook:     assign
-- expect:   error:runtime
-- message:  too long
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      a value of a megabyte
function assign(session, agents, ctx)
  store.set('k', ('x'):rep(1000000))
end
