-- title:    D04_sort_agents
-- hook:     assign
-- expect:   error:runtime
-- message:  read-only
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      table.sort on the list
function assign(session, agents, ctx)
  table.sort(agents, function(a, b) return a.load < b.load end)
end
