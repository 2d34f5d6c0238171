-- title:    E29_shared_registers
-- hook:     assign
-- expect:   ok
-- message:  agent id
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      values of several assignments at once
function assign(session, agents, ctx)
  local a, t, i = 1, {}, 1
  a, t.x = tostring(7), 5
  assert(a == '7' and t.x == 5)
  i, t[i] = 2, 'one'
  assert(i == 2 and t[1] == 'one' and t[2] == nil)
  local x, y = 1, 2
  x, y = y, x
  assert(x == 2 and y == 1)
  t.a, t.b, t.c = (function() return 1, 2 end)()
  assert(t.a == 1 and t.b == 2 and t.c == nil)
  return agents[1].id
end
