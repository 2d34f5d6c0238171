-- title:    D36_len_meta
-- hook:     assign
-- expect:   error:runtime or error:limit
-- message:  stack overflow | limit
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      __len asks for its length
function assign(session, agents, ctx)
  local t = setmetatable({}, {__len = function(t) return #t end})
  return #t
end
