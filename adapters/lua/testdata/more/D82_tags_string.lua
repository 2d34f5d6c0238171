-- title:    D82_tags_string
-- hook:     tag
-- expect:   error:result
-- message:  list of tags
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      a text instead of a list
function tag() return 'vip' end
