-- title:    D16_env
-- hook:     assign
-- expect:   error:runtime
-- message:  nil
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      _ENV is of another Lua
function assign(session, agents, ctx)
  _ENV.x = 1
end
