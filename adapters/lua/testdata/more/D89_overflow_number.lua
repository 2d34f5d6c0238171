-- title:    D89_overflow_number
-- hook:     overflow
-- expect:   error:result
-- message:  name of a queue
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      a number as a queue
function overflow() return 7 end
