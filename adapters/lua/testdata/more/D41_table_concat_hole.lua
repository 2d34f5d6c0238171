-- title:    D41_table_concat_hole
-- hook:     tag
-- expect:   error:runtime
-- message:  invalid value
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      concat far past the end
function tag(session, message)
  return {table.concat({'a'}, ',', 1, 1e15)}
end
