-- title:    E07_re_size
-- hook:     tag
-- expect:   error:runtime
-- message:  too complex | invalid repeat
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      an expression that becomes a million instructions
function tag(session, message)
  return {re.find(message.text, '((x{100}){100}){100}')}
end
