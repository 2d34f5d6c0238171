-- title:    E14_many_closures
-- hook:     assign
-- expect:   error:limit
-- message:  limit
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      functions with many upvalues, without end
function assign(session, agents, ctx)
  local keep = {}
  for i = 1, 1e9 do
    local a,b,c,d,e,f,g,h = 1,2,3,4,5,6,7,8
    keep[i] = function() return a,b,c,d,e,f,g,h end
  end
end
