-- title:    D80_tags_long
-- hook:     tag
-- expect:   error:result
-- message:  tag #1 is too long
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      a tag of 65 bytes
function tag() return {('x'):rep(65)} end
