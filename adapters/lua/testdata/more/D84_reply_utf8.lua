-- title:    D84_reply_utf8
-- hook:     reply
-- expect:   error:result
-- message:  UTF-8
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      a reply that is no text
function reply() return '\255hello' end
