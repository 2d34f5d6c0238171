-- title:    D46_gmatch_endless
-- hook:     tag
-- expect:   error:limit
-- message:  limit
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      gmatch of nothing on a megabyte, over and over
function tag(session, message)
  local s = ('x'):rep(1000000)
  while true do for m in s:gmatch('()') do end end
end
