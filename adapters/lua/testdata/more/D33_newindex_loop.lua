-- title:    D33_newindex_loop
-- hook:     assign
-- expect:   error:runtime
-- message:  recursions in settable
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      __newindex in a circle
function assign(session, agents, ctx)
  local a, b = {}, {}
  setmetatable(a, {__newindex = b}) setmetatable(b, {__newindex = a})
  a.x = 1
end
