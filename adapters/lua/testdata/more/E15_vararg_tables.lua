-- title:    E15_vararg_tables
-- hook:     assign
-- expect:   error:limit or error:runtime
-- message:  limit | overflow
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      each call keeps all its arguments
function assign(session, agents, ctx)
  local keep = {}
  local big = {}
  for i = 1, 4000 do big[i] = i end
  local function f(...) for i = 1, 1e9 do keep[i] = {...} end end
  f(unpack(big))
end
