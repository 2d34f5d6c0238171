-- title:    D38_unm_arith
-- hook:     assign
-- expect:   error:runtime
-- message:  cannot perform | __unm
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      arithmetic on tables
function assign(session, agents, ctx)
  pcall(function() return -{} end)
  return {} + 1
end
