-- title:    D45_gsub_keeps_matching
-- hook:     tag
-- expect:   error:limit or ok
-- message:  limit
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      an empty pattern on a long text, a thousand times
function tag(session, message)
  local s = ('x'):rep(1000000)
  for i = 1, 1000 do s:gsub('', '') end
  return {}
end
