-- title:    D40_table_concat_growth
-- hook:     tag
-- expect:   error:runtime or error:limit
-- message:  too large | limit
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      table.concat of what it made
function tag(session, message)
  local s = 'xxxxxxxx'
  while true do s = table.concat({s, s, s, s}) end
end
