-- title:    D12_write_through_G
-- hook:     assign
-- expect:   error:runtime
-- message:  read-only after load
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      _G is the same table
function assign(session, agents, ctx)
  _G.turn = 1
end
