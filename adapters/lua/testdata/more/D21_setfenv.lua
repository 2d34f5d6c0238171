-- title:    D21_setfenv
-- hook:     assign
-- expect:   error:runtime
-- message:  non-function | nil
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      no environments
function assign(session, agents, ctx)
  setfenv(1, {})
end
