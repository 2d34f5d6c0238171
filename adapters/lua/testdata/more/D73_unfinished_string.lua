-- title:    D73_unfinished_string
-- hook:     assign
-- expect:   error:compile
-- message:  line:
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      a string that does not end
function assign(session, agents, ctx)
  return 'abc
end
