-- title:    D51_frontier
-- hook:     tag
-- expect:   error:runtime
-- message:  missing '[' | malformed
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      a frontier without a set
function tag(session, message)
  return {message.text:find('%f')}
end
