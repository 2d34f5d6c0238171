-- title:    E10_time_zone
-- hook:     assign
-- expect:   error:runtime
-- message:  time zone
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      a zone that leads out of the folder of zones
function assign(session, agents, ctx)
  return time.format('%H', 0, '../../etc/passwd')
end
