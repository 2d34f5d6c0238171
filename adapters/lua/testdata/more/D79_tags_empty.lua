-- title:    D79_tags_empty
-- hook:     tag
-- expect:   error:result
-- message:  tag #2 is empty
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      an empty tag
function tag() return {'a', '  '} end
