-- title:    D06_metatable_of_agent
-- hook:     assign
-- expect:   error:runtime
-- message:  read-only
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      setmetatable on what was given
function assign(session, agents, ctx)
  setmetatable(agents[1], {__index = function() return 'x' end})
end
