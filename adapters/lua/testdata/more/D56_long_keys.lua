-- title:    D56_long_keys
-- hook:     tag
-- expect:   error:limit or ok
-- message:  limit
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      looking up by a megabyte is one instruction
function tag(session, message)
  local t, k = {}, ('x'):rep(1000000)
  t[k] = 1
  for i = 1, 1e9 do local v = t[k] end
end
