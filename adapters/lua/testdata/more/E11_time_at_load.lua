-- title:    E11_time_at_load
-- hook:     assign
-- expect:   error:runtime
-- message:  no time while
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      time while the script loads
local now = os.time()
function assign(session, agents, ctx)
end
