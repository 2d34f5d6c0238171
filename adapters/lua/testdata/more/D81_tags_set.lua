-- title:    D81_tags_set
-- hook:     tag
-- expect:   error:result
-- message:  list of tags
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      a set instead of a list
function tag() return {vip = true} end
