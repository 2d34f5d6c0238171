-- title:    D43_rep_separator
-- hook:     tag
-- expect:   error:runtime or error:limit
-- message:  too large | limit
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      rep with a separator
function tag(session, message)
  return {(''):rep(1e9, ('y'):rep(1000))}
end
