-- title:    D98_load_error
-- hook:     assign
-- expect:   error:runtime
-- message:  at load
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      the script fails while it loads
error('at load')
function assign(session, agents, ctx)
end
