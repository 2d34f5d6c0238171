-- title:    D35_concat_meta
-- hook:     assign
-- expect:   error:runtime or error:limit
-- message:  stack overflow | limit
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      __concat concatenates itself
function assign(session, agents, ctx)
  local t = setmetatable({}, {__concat = function(a, b) return a .. b end})
  return t .. t
end
