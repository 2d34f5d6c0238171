-- title:    E03_store_key
-- hook:     assign
-- expect:   error:runtime
-- message:  key
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      the counter is not the script's to write
function assign(session, agents, ctx)
  store.set('\0counter/support', 99)
end
