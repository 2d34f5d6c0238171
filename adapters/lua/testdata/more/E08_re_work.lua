-- title:    E08_re_work
-- hook:     tag
-- expect:   error:runtime or error:limit
-- message:  too long | limit
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      a long text and a large expression
function tag(session, message)
  return re.find_all(('a'):rep(100000), '(a|b|c){1,100}x')
end
