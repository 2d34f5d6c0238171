-- title:    D53_format_missing
-- hook:     tag
-- expect:   error:runtime
-- message:  bad argument | expected
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      fewer values than directives
function tag(session, message)
  return {string.format('%d %d', 1)}
end
