-- title:    D48_pattern_long
-- hook:     tag
-- expect:   error:runtime or error:limit
-- message:  malformed | complex | limit
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      a pattern of a megabyte
function tag(session, message)
  return {message.text:match(('a?'):rep(500000))}
end
