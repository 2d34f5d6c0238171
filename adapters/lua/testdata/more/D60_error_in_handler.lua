-- title:    D60_error_in_handler
-- hook:     assign
-- expect:   error:runtime
-- message:  twice
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      the handler of xpcall fails
function assign(session, agents, ctx)
  xpcall(function() error('once') end, function(e) error('twice') end)
end
