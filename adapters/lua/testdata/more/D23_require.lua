-- title:    D23_require
-- hook:     assign
-- expect:   error:runtime
-- message:  non-function | nil
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      no modules, at load
local x = require('os')
function assign(session, agents, ctx)
end
