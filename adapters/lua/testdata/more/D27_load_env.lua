-- title:    D27_load_env
-- hook:     assign
-- expect:   error:runtime
-- message:  non-function | nil
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      load with an environment
function assign(session, agents, ctx)
  return load('return x', 'x', 't', {x = agents[1].id})()
end
