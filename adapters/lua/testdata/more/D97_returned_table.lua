-- title:    D97_returned_table
-- hook:     assign
-- expect:   ok
-- message:  agent id
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      hooks in a returned table
local M = {}
function M.assign(session, agents) return agents[1].id end
return M
