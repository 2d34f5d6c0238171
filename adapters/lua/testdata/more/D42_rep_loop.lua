-- title:    D42_rep_loop
-- hook:     tag
-- expect:   error:limit
-- message:  limit
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      many strings of a megabyte
function tag(session, message)
  local keep = {}
  for i = 1, 1e9 do keep[i] = ('x'):rep(2^20 - i) end
end
