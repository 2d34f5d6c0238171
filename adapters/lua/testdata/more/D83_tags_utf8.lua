-- title:    D83_tags_utf8
-- hook:     tag
-- expect:   error:result
-- message:  UTF-8
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      a tag that is no text
function tag() return {'\255\254'} end
