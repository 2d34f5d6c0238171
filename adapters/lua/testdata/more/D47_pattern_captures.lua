-- title:    D47_pattern_captures
-- hook:     tag
-- expect:   error:runtime
-- message:  too many captures | complex | malformed
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      forty captures
function tag(session, message)
  return {(message.text:match(('(.)'):rep(40)))}
end
