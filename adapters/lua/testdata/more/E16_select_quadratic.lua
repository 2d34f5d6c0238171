-- title:    E16_select_quadratic
-- hook:     assign
-- expect:   error:limit
-- message:  limit
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      select over thousands of arguments
function assign(session, agents, ctx)
  local big = {}
  for i = 1, 4000 do big[i] = i end
  local function f(...) local n = 0 for i = 1, 1e9 do n = n + select(i % 4000 + 1, ...) end end
  f(unpack(big))
end
