-- title:    D78_tags_duplicate
-- hook:     tag
-- expect:   ok
-- message:  any
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      tags that come twice count once
function tag() return {'a', 'a', 'a', 'b'} end
