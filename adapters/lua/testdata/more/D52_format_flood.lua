-- title:    D52_format_flood
-- hook:     tag
-- expect:   error:limit or error:runtime
-- message:  limit | too large
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      format in a loop
function tag(session, message)
  local s = ''
  while true do s = string.format('%s%99.99f', s, 1/3) end
end
