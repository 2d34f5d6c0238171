-- title:    D99_load_memory
-- hook:     assign
-- expect:   error:limit
-- message:  limit
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      the script fills the memory while it loads
local keep = {}
for i = 1, 1e9 do keep[i] = ('x'):rep(10000) end
function assign(session, agents, ctx)
end
