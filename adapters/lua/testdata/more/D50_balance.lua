-- title:    D50_balance
-- hook:     tag
-- expect:   error:limit or ok
-- message:  limit
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      %b that never closes, from each place
function tag(session, message)
  local s = ('('):rep(100000)
  if s:find('%b()x') then return {'x'} end
  return {}
end
