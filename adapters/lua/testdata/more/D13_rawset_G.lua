-- title:    D13_rawset_G
-- hook:     assign
-- expect:   error:runtime
-- message:  read-only
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      rawset on the globals
function assign(session, agents, ctx)
  rawset(_G, 'assign', nil)
end
