-- title:    D86_reply_table
-- hook:     reply
-- expect:   error:result
-- message:  expected string or nil
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      a table as a reply
function reply() return {} end
