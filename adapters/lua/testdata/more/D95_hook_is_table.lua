-- title:    D95_hook_is_table
-- hook:     assign
-- expect:   error:load
-- message:  does not define
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      assign is a table
assign = {}
