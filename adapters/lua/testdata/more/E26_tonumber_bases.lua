-- title:    E26_tonumber_bases
-- hook:     assign
-- expect:   ok
-- message:  agent id
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      numbers in odd spellings
function assign(session, agents, ctx)
  assert(tonumber('1e5') == 100000 and tonumber('0x10') == 16 and tonumber('zz', 36) == 1295)
  assert(not tonumber('1_000') and not tonumber('inf') and not tonumber('nan') and not tonumber('') and not tonumber('10', 99))
  return agents[1].id
end
