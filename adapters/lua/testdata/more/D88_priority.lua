-- title:    D88_priority
-- hook:     prioritise
-- expect:   error:result
-- message:  urgent
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      a priority that does not exist
function prioritise() return 'asap' end
