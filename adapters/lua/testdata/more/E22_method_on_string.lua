-- title:    E22_method_on_string
-- hook:     assign
-- expect:   error:runtime
-- message:  read-only
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      a method for all strings
function string:shout() return self:upper() .. '!' end
function assign(session, agents, ctx)
end
