-- title:    E09_re_quadratic
-- hook:     tag
-- expect:   error:limit or error:runtime or error:result or ok
-- message:  limit | too long | too many
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      each match looks at all that follows
function tag(session, message)
  return re.find_all(('a'):rep(20000), 'a.*b|a')
end
