-- title:    E00_store_flood
-- hook:     assign
-- expect:   error:runtime
-- message:  keys of the store
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      thousands of keys
function assign(session, agents, ctx)
  for i = 1, 1e6 do store.set('k' .. i, i) end
end
