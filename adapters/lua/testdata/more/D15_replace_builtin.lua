-- title:    D15_replace_builtin
-- hook:     assign
-- expect:   ok
-- message:  agent id
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      a script may name its own function like one of the host
function print(x) return x end
function assign(session, agents, ctx)
  return print(agents[1].id)
end
