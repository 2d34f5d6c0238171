-- title:    D87_after_hours_table
-- hook:     after_hours
-- expect:   error:result
-- message:  key 'sms'
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      a table with a key that nobody knows
function after_hours() return {text = 'closed', sms = true} end
