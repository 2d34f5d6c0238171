-- title:    D61_nested_pcall_deep
-- hook:     assign
-- expect:   error:limit or error:runtime or ok
-- message:  limit | stack overflow
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      pcall in pcall in pcall, in a loop
function assign(session, agents, ctx)
  local function f(n) if n > 0 then pcall(f, n - 1) pcall(f, n - 1) end end
  f(60)
end
