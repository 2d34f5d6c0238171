-- title:    E12_clock_wait
-- hook:     assign
-- expect:   error:limit
-- message:  limit
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      waiting by the clock
function assign(session, agents, ctx)
  local t = os.clock()
  while os.clock() - t < 10 do end
end
