-- title:    D29_coroutine_wrap_gsub
-- hook:     tag
-- expect:   error:runtime
-- message:  nil
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      coroutine inside gsub
function tag(session, message)
  return {message.text:gsub('.', coroutine.wrap(function() end))}
end
