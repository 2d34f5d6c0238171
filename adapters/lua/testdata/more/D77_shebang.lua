-- title:    D77_shebang
-- hook:     assign
-- expect:   error:compile or ok
-- message:  line:
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      a shebang
#!/usr/bin/lua
function assign(session, agents, ctx)
end
