-- title:    D34_eq_endless
-- hook:     assign
-- expect:   error:limit
-- message:  instruction limit | time limit
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      __eq never ends
function assign(session, agents, ctx)
  local mt = {__eq = function() while true do end end}
  return setmetatable({}, mt) == setmetatable({}, mt)
end
