-- title:    D37_tostring_number
-- hook:     assign
-- expect:   error:runtime
-- message:  must return a string
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      __tostring gives a number
function assign(session, agents, ctx)
  return tostring(setmetatable({}, {__tostring = function() return 1 end}))
end
