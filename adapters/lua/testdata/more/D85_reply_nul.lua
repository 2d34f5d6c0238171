-- title:    D85_reply_nul
-- hook:     reply
-- expect:   error:result
-- message:  NUL
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      a NUL in a reply
function reply() return 'a\0b' end
