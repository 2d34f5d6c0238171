-- title:    D54_char_flood
-- hook:     tag
-- expect:   error:limit
-- message:  limit
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      char in a loop
function tag(session, message)
  local keep = {}
  for i = 1, 1e9 do keep[i] = string.char(unpack({65, 66, 67, 68})):rep(1000) end
end
