-- title:    D44_rep_empty
-- hook:     tag
-- expect:   error:result or ok
-- message:  empty
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      a billion times nothing
function tag(session, message)
  return {(''):rep(1e15)}
end
