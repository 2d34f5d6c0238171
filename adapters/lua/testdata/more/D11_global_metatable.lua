-- title:    D11_global_metatable
-- hook:     assign
-- expect:   error:runtime
-- message:  read-only
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      strict mode for globals is not the script's to make
setmetatable(_G, {__index = function() error('no') end})
function assign(session, agents, ctx)
end
