-- title:    D96_hook_removed
-- hook:     assign
-- expect:   error:load
-- message:  does not define
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      assign is nil in the end
function assign(session, agents, ctx)
end
assign = nil
