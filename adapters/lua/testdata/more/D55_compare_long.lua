-- title:    D55_compare_long
-- hook:     tag
-- expect:   error:limit or ok
-- message:  limit
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      comparing two megabytes is one instruction
function tag(session, message)
  local a, b = ('x'):rep(1000000), ('x'):rep(1000000)
  local n = 0
  for i = 1, 1e9 do if a < b then n = n + 1 end end
end
