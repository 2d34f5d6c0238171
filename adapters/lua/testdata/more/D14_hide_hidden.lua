-- title:    D14_hide_hidden
-- hook:     assign
-- expect:   error:runtime
-- message:  no name for a global
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      the hidden functions are not to be replaced
_G['(assign)'] = print
function assign(session, agents, ctx)
end
