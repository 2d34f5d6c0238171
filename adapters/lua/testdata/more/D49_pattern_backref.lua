-- title:    D49_pattern_backref
-- hook:     tag
-- expect:   error:limit or ok
-- message:  limit
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      back references over a long text
function tag(session, message)
  local s = ('ab'):rep(20000)
  if s:find('(.+)%1%1%1c') then return {'x'} end
  return {}
end
