-- title:    D24_module
-- hook:     assign
-- expect:   error:runtime
-- message:  non-function | nil
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      no modules
function assign(session, agents, ctx)
  module('x', package.seeall)
end
