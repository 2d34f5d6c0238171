-- title:    E27_on_event
-- hook:     on_event
-- expect:   ok
-- message:  any
-- fallback: if error
-- bounds:   time <= wall limit + 20 ms; memory <= 64 MiB above idle; no Go panic escapes; other sessions served meanwhile
-- why:      an event is read and logged
function on_event(event, ctx)
  log.info(event.type .. ' ' .. event.actor.role .. ' ' .. event.data.reason .. ' ' .. event.session.id)
  store.incr('ended')
  assert(store.get('ended') == 1)
end
